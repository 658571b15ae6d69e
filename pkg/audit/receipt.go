package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/jose"
)

// ReceiptType is the JOSE type of what signs a group of receipts.
const ReceiptType = "agentkeys-receipts+jws"

// MaxReceipt bounds a receipt, in characters.
const MaxReceipt = 1024

// Statement is what an emitter signs of an event: that it decided exactly this,
// as its event of this number.
type Statement struct {
	// Event is the event's ID.
	Event string
	// Sequence is the emitter's own number of the event, from 1 in steps of 1.
	Sequence uint64
	// SHA256 is that of the event's one encoding.
	SHA256 [sha256.Size]byte
	// Source is whose number it is; see [NewSource].
	Source string
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
	if len(part) != 3 || !isEmitter(part[0]) || !jose.IsThumbprint(part[1]) || part[2] == "" || !IsSource(s) {
		return "", "", errors.New("a source is role:thumbprint:serial")
	}
	return part[0], part[1], nil
}

// Sign makes the receipt of an event that is alone in its group; see [SignGroup].
func Sign(k jose.PrivateKey, source string, sequence uint64, e Event) (string, error) {
	encoded, err := e.Encoded()
	if err != nil {
		return "", err
	}
	receipts, err := SignGroup(k, source, sequence, encoded)
	if err != nil {
		return "", err
	}
	return receipts[0], nil
}

// SignGroup makes the receipts of 1 to [MaxGroup] events, numbered on from first,
// with one signature by the identity key that the source names. Each stands for
// itself: none of the others is needed to verify it.
func SignGroup(k jose.PrivateKey, source string, first uint64, events ...Encoded) ([]string, error) {
	n := len(events)
	if n == 0 || n > MaxGroup || first == 0 || first > maxCount-uint64(n)+1 {
		return nil, fmt.Errorf("signing receipts: %d events from number %d on are no group", n, first)
	}
	statements, leaves := make([][]byte, n), make([]hash, n)
	for i, e := range events {
		var err error
		statements[i], err = Statement{e.id, first + uint64(i), sha256.Sum256(e.text), source}.encode()
		if err != nil {
			return nil, fmt.Errorf("signing receipts: %w", err)
		}
		leaves[i] = leafOf(statements[i])
	}
	levels := treeOver(leaves)
	signed, err := jose.Sign(k, ReceiptType, group{levels[len(levels)-1][0], first, n}.encode())
	if err != nil {
		return nil, fmt.Errorf("signing receipts: %w", err)
	}
	out := make([]string, n)
	for i, s := range statements {
		out[i] = signed + "." + jose.EncodeSegment(s)
		if path := pathOf(levels, i); len(path) > 0 {
			out[i] += "." + jose.EncodeSegment(path)
		}
	}
	return out, nil
}

// statementHeader is how long a statement is without its source: the identifier's
// 16 bytes, the number in 8, big-endian, and the SHA-256.
const statementHeader = 16 + 8 + sha256.Size

// encode is the one encoding of a statement: the header, then the source.
func (s Statement) encode() ([]byte, error) {
	id, err := jose.DecodeSegment(s.Event)
	if err != nil || !jose.IsID(s.Event) {
		return nil, errors.New("a statement is about an event")
	}
	if _, _, err := ParseSource(s.Source); err != nil {
		return nil, err
	}
	b := make([]byte, 0, statementHeader+len(s.Source))
	b = append(b, id...)
	b = binary.BigEndian.AppendUint64(b, s.Sequence)
	b = append(b, s.SHA256[:]...)
	return append(b, s.Source...), nil
}

// decodeStatement reads what encode writes, and which key it is to be signed by.
func decodeStatement(b []byte) (s Statement, key string, err error) {
	if len(b) < statementHeader {
		return Statement{}, "", errors.New("it states no event")
	}
	s = Statement{
		jose.EncodeSegment(b[:16]), binary.BigEndian.Uint64(b[16:]), [sha256.Size]byte(b[24:]), string(b[statementHeader:]),
	}
	if _, key, err = ParseSource(s.Source); err != nil {
		return Statement{}, "", err
	}
	return s, key, nil
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
	case s.Event != e.ID || s.SHA256 != sha256.Sum256(encoded):
		return fmt.Errorf("%w: the event is not what was stated", ErrReceipt)
	}
	return nil
}
