package audit

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/litentry/agentkeys/pkg/jose"
)

// VerifyReceipt returns what an emitter of the set stated. Its source is that of
// the key that signed; whether that key may speak for the source's role is the
// caller's to know. Errors wrap [ErrReceipt].
func VerifyReceipt(emitters jose.KeySet, receipt string) (Statement, error) {
	return verify(receipt, func(signed, key string) (group, error) {
		g, err := verifyGroup(emitters, signed)
		if err != nil {
			return group{}, err
		}
		return g.signedBy(key)
	})
}

// ReadReceipt returns what a receipt states, whoever signed it: for who has to
// find the event before anything can be verified. Errors wrap [ErrReceipt].
func ReadReceipt(receipt string) (Statement, error) {
	return verify(receipt, func(signed, _ string) (group, error) {
		c, err := jose.Split(signed)
		if err != nil {
			return group{}, err
		}
		return decodeGroup(c.Payload)
	})
}

// Verifier is VerifyReceipt for who reads many receipts: a group's signature is
// verified once as long as it remembers the group, of which it keeps the last few
// hundred. What is remembered is the very text that was verified. A nil one knows no
// emitter. It is safe for concurrent use.
type Verifier struct {
	emitters jose.KeySet

	mu         sync.Mutex // guards what follows
	young, old map[string]signedGroup
}

// maxRemembered bounds each of the two halves of what a Verifier remembers.
const maxRemembered = 256

// NewVerifier verifies the receipts of a set of emitters.
func NewVerifier(emitters jose.KeySet) *Verifier {
	return &Verifier{emitters: emitters, young: map[string]signedGroup{}}
}

// Emitters is whose receipts it verifies.
func (v *Verifier) Emitters() jose.KeySet {
	if v == nil {
		return jose.KeySet{}
	}
	return v.emitters
}

// Verify is [VerifyReceipt].
func (v *Verifier) Verify(receipt string) (Statement, error) {
	if v == nil {
		return VerifyReceipt(jose.KeySet{}, receipt)
	}
	return verify(receipt, func(signed, key string) (group, error) {
		g, known := v.recall(signed)
		if !known {
			var err error
			if g, err = verifyGroup(v.emitters, signed); err != nil {
				return group{}, err
			}
			v.remember(signed, g)
		}
		return g.signedBy(key)
	})
}

func (v *Verifier) recall(signed string) (signedGroup, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	g, known := v.young[signed]
	if !known {
		g, known = v.old[signed]
	}
	return g, known
}

func (v *Verifier) remember(signed string, g signedGroup) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.young) >= maxRemembered {
		v.young, v.old = map[string]signedGroup{}, v.young
	}
	v.young[strings.Clone(signed)] = g // not the whole body that it was cut from
}

// signedGroup is a group and the thumbprint of the key that signed it.
type signedGroup struct {
	group
	by string
}

func verifyGroup(emitters jose.KeySet, signed string) (signedGroup, error) {
	payload, by, err := emitters.VerifyBy(signed, ReceiptType)
	if err != nil {
		return signedGroup{}, err
	}
	g, err := decodeGroup(payload)
	return signedGroup{g, by}, err
}

// signedBy refuses a statement whose source names another key.
func (g signedGroup) signedBy(key string) (group, error) {
	if g.by != key {
		return group{}, errors.New("its source is another key's")
	}
	return g.group, nil
}

// verify takes a receipt apart, has the signed part read, of which the statement
// names the key, and holds the statement against it.
func verify(receipt string, read func(signed, key string) (group, error)) (Statement, error) {
	bad := func(err error) (Statement, error) { return Statement{}, fmt.Errorf("%w: %w", ErrReceipt, err) }
	if len(receipt) > MaxReceipt {
		return Statement{}, fmt.Errorf("%w: it is too long", ErrReceipt)
	}
	signed, stated, path, err := cut(receipt)
	if err != nil {
		return bad(err)
	}
	s, key, err := decodeStatement(stated)
	if err != nil {
		return bad(err)
	}
	g, err := read(signed, key)
	if err != nil {
		return bad(err)
	}
	if err := g.holds(stated, s.Sequence, path); err != nil {
		return bad(err)
	}
	return s, nil
}

// cut takes a receipt apart: the signed part of three segments, then statement and
// path. A path that is empty is not written.
func cut(receipt string) (signed string, statement, path []byte, err error) {
	part := strings.Split(receipt, ".")
	if len(part) != 4 && (len(part) != 5 || part[4] == "") {
		return "", nil, nil, fmt.Errorf("%w: a receipt has four segments, or five", jose.ErrForm)
	}
	signed = receipt[:len(part[0])+len(part[1])+len(part[2])+2]
	if statement, err = jose.DecodeSegment(part[3]); err == nil && len(part) == 5 {
		path, err = jose.DecodeSegment(part[4])
	}
	return signed, statement, path, err
}
