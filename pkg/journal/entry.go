package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Entry is what is appended: an event, and how its emitter numbered and signed
// it. Which emitter it was comes from the caller's credential, never from a body.
type Entry struct {
	Event audit.Event `json:"event"`
	// Sequence is the emitter's own number of the event, from 1 in steps of 1
	// and at most [MaxSequence]; zero where an emitter does not number.
	Sequence uint64 `json:"sequence,omitzero"`
	// Signature is the emitter's over the event, or empty: kept and chained, not
	// verified here. Base64url and dots, at most 1,024 characters.
	Signature string `json:"signature,omitzero"`
	// Source names the emitter among those of its role, as its key's thumbprint;
	// empty stands for the role's name.
	Source string `json:"source"`
}

// MaxSequence is the greatest integer that every reader of JSON understands
// (RFC 7493 section 2.2).
const MaxSequence = 1<<53 - 1

// Record is an entry as it is stored. The members stand in the order of their
// names, which is the order of RFC 8785: its encoding is the leaf.
type Record struct {
	Event audit.Event `json:"event"`
	// Position is the entry's place in its operator's journal, from 1.
	Position uint64 `json:"position"`
	// Previous is the hash of the entry before it; of the first one, [Genesis].
	Previous Hash `json:"previous"`
	// Received is when the journal took it, to the millisecond.
	Received  time.Time `json:"received"`
	Sequence  uint64    `json:"sequence,omitzero"`
	Signature string    `json:"signature,omitzero"`
	Source    string    `json:"source"`
}

// Hash chains entries. In JSON it reads 0x and 64 lower-case hex characters.
type Hash [32]byte

// The domains keep what is hashed here apart from leaves, and from each other.
const (
	genesisDomain = "agentkeys journal genesis v1\x00"
	entryDomain   = "agentkeys journal entry v1\x00"
)

// Genesis is what the first entry of an operator's journal follows.
func Genesis(o omni.Operator) Hash {
	b := o.Bytes()
	return sha256.Sum256(append([]byte(genesisDomain), b[:]...))
}

// HashOf is the hash of an encoded record.
func HashOf(record []byte) (out Hash) {
	h := sha256.New()
	h.Write([]byte(entryDomain))
	h.Write(record)
	h.Sum(out[:0])
	return out
}

// String is the form of JSON.
func (h Hash) String() string { return "0x" + hex.EncodeToString(h[:]) }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(t []byte) error {
	b, err := hex.DecodeString(string(bytes.TrimPrefix(t, []byte("0x"))))
	if err != nil || len(b) != len(h) || Hash(b).String() != string(t) {
		return errors.New("a hash is 0x and 64 lower-case hex characters")
	}
	*h = Hash(b)
	return nil
}

// normal is the entry as it is stored: times in UTC to the millisecond, a source
// of its own. What is not valid is ErrInvalid.
func (e Entry) normal() (Entry, error) {
	if err := e.Event.Validate(); err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if e.Source == "" {
		e.Source = e.Event.Emitter
	}
	e.Event.Time = milliseconds(e.Event.Time)
	switch {
	case e.Event.Time.Year() < 1970 || e.Event.Time.Year() > 9999:
		return Entry{}, fmt.Errorf("%w: time is outside the years 1970 to 9999", ErrInvalid)
	case !audit.IsSource(e.Source):
		return Entry{}, fmt.Errorf("%w: source is not the name of an emitter", ErrInvalid)
	case e.Sequence > MaxSequence:
		return Entry{}, fmt.Errorf("%w: sequence is too large", ErrInvalid)
	case !audit.IsSignature(e.Signature):
		return Entry{}, fmt.Errorf("%w: signature is not base64url, or too long", ErrInvalid)
	}
	return e, nil
}

// record is the stored form of a normal entry.
func (e Entry) record(position uint64, previous Hash, received time.Time) Record {
	return Record{e.Event, position, previous, milliseconds(received), e.Sequence, e.Signature, e.Source}
}

// Entry is what was appended.
func (r Record) Entry() Entry { return Entry{r.Event, r.Sequence, r.Signature, r.Source} }

// DecodeRecord reads a leaf. What it yields encodes to exactly these bytes:
// every other encoding of the same record is refused, as is a record that the
// journal would not have taken.
func DecodeRecord(b []byte) (Record, error) {
	var r Record
	if err := strictjson.Decode(b, &r); err != nil {
		return Record{}, fmt.Errorf("journal record: %w", err)
	}
	e, err := r.Entry().normal()
	if err != nil {
		return Record{}, fmt.Errorf("journal record: %w", err)
	}
	r = e.record(r.Position, r.Previous, r.Received)
	if again, err := strictjson.Encode(r); err != nil || !bytes.Equal(again, b) || r.Position == 0 || r.Position > MaxSequence {
		return Record{}, errors.New("journal record: not the canonical encoding")
	}
	return r, nil
}

func milliseconds(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
