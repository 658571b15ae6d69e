package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ReceiptType is the JOSE type of a receipt.
const ReceiptType = "agentkeys-receipt+jwt"

// MaxReceipt bounds a receipt, in characters.
const MaxReceipt = 1024

// Statement is what an emitter signs of an event: that it decided exactly this,
// as its event of this number.
type Statement struct {
	// Event is the event's ID.
	Event string `json:"event"`
	// Sequence is the emitter's own number of the event, from 1 in steps of 1.
	Sequence uint64 `json:"sequence"`
	// SHA256 is the base64url of the SHA-256 of the event's one encoding.
	SHA256 string `json:"sha256"`
	// Source is whose number it is; see [NewSource].
	Source string `json:"source"`
}

// ErrReceipt is wrapped by every refusal of a receipt.
var ErrReceipt = errors.New("the receipt is not genuine")

// NewSource names a series of numbers: "<role>:<thumbprint of the identity key>:<serial>".
// The serial belongs to what remembers the numbers: one that starts anew is a
// series of its own, and no hole in another.
func NewSource(role string, key jose.PublicKey, serial string) string {
	return role + ":" + key.Thumbprint() + ":" + serial
}

// ParseSource reads what NewSource writes.
func ParseSource(s string) (role, thumbprint string, err error) {
	part := strings.Split(s, ":")
	if len(part) != 3 || !isEmitter(part[0]) || !jose.IsThumbprint(part[1]) || part[2] == "" || len(s) > 64 {
		return "", "", errors.New("a source is role:thumbprint:serial")
	}
	return part[0], part[1], nil
}

// Sign makes the receipt of an event: a compact JWS (RFC 7515, ES256) of type
// [ReceiptType] over its [Statement], by the identity key that the source names.
func Sign(k jose.PrivateKey, source string, sequence uint64, e Event) (string, error) {
	encoded, err := e.Encode()
	if err != nil {
		return "", err
	}
	payload, err := strictjson.Encode(Statement{Event: e.ID, Sequence: sequence, SHA256: digest(encoded), Source: source})
	if err != nil {
		return "", fmt.Errorf("encoding a receipt: %w", err)
	}
	return jose.Sign(k, ReceiptType, payload)
}

// VerifyReceipt returns what an emitter of the set stated. Its source is that of
// the key that signed; whether that key may speak for the source's role is the
// caller's to know. Errors wrap [ErrReceipt].
func VerifyReceipt(emitters jose.KeySet, receipt string) (Statement, error) {
	if len(receipt) > MaxReceipt {
		return Statement{}, fmt.Errorf("%w: it is too long", ErrReceipt)
	}
	payload, by, err := emitters.VerifyBy(receipt, ReceiptType)
	if err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	var s Statement
	if err := strictjson.Decode(payload, &s); err != nil {
		return Statement{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	_, key, err := ParseSource(s.Source)
	switch sum, bad := jose.DecodeSegment(s.SHA256); {
	case err != nil:
		return Statement{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	case key != by:
		return Statement{}, fmt.Errorf("%w: its source is another key's", ErrReceipt)
	case !jose.IsID(s.Event) || bad != nil || len(sum) != sha256.Size || s.Sequence == 0 || s.Sequence > maxCount:
		return Statement{}, fmt.Errorf("%w: it states no event", ErrReceipt)
	}
	return s, nil
}

// Covers refuses an event that is not exactly the one that was stated, or that
// names another role than the source. Errors wrap [ErrReceipt].
func (s Statement) Covers(e Event) error {
	encoded, err := e.Encode()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	role, _, err := ParseSource(s.Source)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrReceipt, err)
	case role != e.Emitter:
		return fmt.Errorf("%w: it is of the role %s, the event names %s", ErrReceipt, role, e.Emitter)
	case s.Event != e.ID || s.SHA256 != digest(encoded):
		return fmt.Errorf("%w: the event is not what was stated", ErrReceipt)
	}
	return nil
}

func digest(encoded []byte) string {
	sum := sha256.Sum256(encoded)
	return jose.EncodeSegment(sum[:])
}
