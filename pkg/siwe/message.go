// Package siwe is Sign-In with Ethereum (ERC-4361): the message that a device
// key signs to sign in, and its verification (EIP-191 personal message).
//
// The laws that hold here:
//
//   - There is one text for one [Message]: [Parse] accepts exactly what
//     [Message.String] writes. It is a subset of ERC-4361: no scheme before the
//     domain, a statement, version 1, an expiration time, an optional
//     not-before; no request id and no resources, in which something could
//     hide. Times are whole seconds of UTC, the address has its EIP-55
//     checksum.
//   - Only [Verify] yields a [Verified]. It compares domain, URI, chain id and
//     statement with what the server is configured to be, never with what a
//     request says.
//   - A signature is r || s || v with s in the lower half and v 27 or 28, by
//     the address in the message. Contract wallets (EIP-1271) do not sign in:
//     a K10 is a key.
//
// It does not know nonces: the caller must consume [Verified.Nonce] for
// [Verified.Address], once, after Verify.
package siwe

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// ErrInvalid is wrapped by every refusal of a message.
var ErrInvalid = errors.New("invalid sign-in message")

// maxMessage bounds a message before it is looked at.
const maxMessage = 4 << 10

// Message is what is signed.
type Message struct {
	Domain    string // host, or host:port
	Address   common.Address
	Statement string // one line of printable ASCII
	URI       string
	ChainID   uint64
	Nonce     string // at least 8 letters and digits
	IssuedAt  time.Time
	ExpiresAt time.Time
	NotBefore time.Time // zero: from the beginning
}

var (
	domainForm    = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?$`)
	uriForm       = regexp.MustCompile(`^https?://[!-~]{1,512}$`)
	nonceForm     = regexp.MustCompile(`^[A-Za-z0-9]{8,64}$`)
	statementForm = regexp.MustCompile(`^[ -~]{1,512}$`)
)

// Validate reports a message that has no text.
func (m Message) Validate() error {
	switch {
	case !domainForm.MatchString(m.Domain):
		return fmt.Errorf("%w: domain is not a host with an optional port", ErrInvalid)
	case m.Address == common.Address{}:
		return fmt.Errorf("%w: address is zero", ErrInvalid)
	case !statementForm.MatchString(m.Statement):
		return fmt.Errorf("%w: statement is not one line of printable ASCII", ErrInvalid)
	case !uriForm.MatchString(m.URI):
		return fmt.Errorf("%w: URI is not an http or https URI", ErrInvalid)
	case m.ChainID == 0:
		return fmt.Errorf("%w: chain id is zero", ErrInvalid)
	case !nonceForm.MatchString(m.Nonce):
		return fmt.Errorf("%w: nonce is not 8 to 64 letters and digits", ErrInvalid)
	case m.IssuedAt.IsZero() || !m.ExpiresAt.After(m.IssuedAt):
		return fmt.Errorf("%w: it does not expire after it was issued", ErrInvalid)
	}
	return nil
}

const (
	greeting     = " wants you to sign in with your Ethereum account:"
	uriTag       = "URI: "
	versionLine  = "Version: 1"
	chainTag     = "Chain ID: "
	nonceTag     = "Nonce: "
	issuedTag    = "Issued At: "
	expiresTag   = "Expiration Time: "
	notBeforeTag = "Not Before: "
)

// String is the text to sign. It is meaningful for a valid message only.
func (m Message) String() string {
	lines := []string{
		m.Domain + greeting,
		m.Address.Hex(), // with the EIP-55 checksum
		"",
		m.Statement,
		"",
		uriTag + m.URI,
		versionLine,
		chainTag + strconv.FormatUint(m.ChainID, 10),
		nonceTag + m.Nonce,
		issuedTag + stamp(m.IssuedAt),
		expiresTag + stamp(m.ExpiresAt),
	}
	if !m.NotBefore.IsZero() {
		lines = append(lines, notBeforeTag+stamp(m.NotBefore))
	}
	return strings.Join(lines, "\n")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Parse reads the text of a message. It takes the fields where they stand and
// then demands that they write the very same text, so that whatever a lenient
// conversion let pass (a wrong checksum, a leading zero, a second fraction, a
// line too many) is refused.
func Parse(text string) (Message, error) {
	if len(text) > maxMessage {
		return Message{}, fmt.Errorf("%w: longer than %d bytes", ErrInvalid, maxMessage)
	}
	l := strings.Split(text, "\n")
	if len(l) != 11 && len(l) != 12 {
		return Message{}, fmt.Errorf("%w: %d lines, want 11 or 12", ErrInvalid, len(l))
	}
	chain, err := strconv.ParseUint(strings.TrimPrefix(l[7], chainTag), 10, 64)
	if err != nil {
		return Message{}, fmt.Errorf("%w: chain id is not a number", ErrInvalid)
	}
	m := Message{
		Domain: strings.TrimSuffix(l[0], greeting), Address: common.HexToAddress(l[1]), Statement: l[3],
		URI: strings.TrimPrefix(l[5], uriTag), ChainID: chain, Nonce: strings.TrimPrefix(l[8], nonceTag),
	}
	times := []struct {
		into *time.Time
		tag  string
	}{{&m.IssuedAt, issuedTag}, {&m.ExpiresAt, expiresTag}, {&m.NotBefore, notBeforeTag}}
	for i, line := range l[9:] {
		t, err := time.Parse(time.RFC3339, strings.TrimPrefix(line, times[i].tag))
		if err != nil {
			return Message{}, fmt.Errorf("%w: %s is not a time", ErrInvalid, strings.TrimSuffix(times[i].tag, ": "))
		}
		*times[i].into = t.UTC()
	}
	if err := m.Validate(); err != nil {
		return Message{}, err
	}
	if m.String() != text {
		return Message{}, fmt.Errorf("%w: not the one text of its fields", ErrInvalid)
	}
	return m, nil
}
