package keys

import (
	"encoding/binary"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Binding names one object of one actor. Everything in it is authenticated with
// the object: an envelope opens under exactly the binding it was sealed under.
type Binding struct {
	Class    service.Class
	Operator omni.Operator
	Actor    omni.Actor
	Service  service.Name
	// Key is the memory key; empty for credentials.
	Key string
	// Version is the object's version where the caller keeps one; 0 for
	// credentials.
	Version uint64
}

// The first part of each additional data, so that what was made for one
// purpose never opens for another.
const (
	wrapFormat = "agentkeys/dek-wrap/v1"
	kekFormat  = "agentkeys/kek/v1"
)

// AAD is the canonical encoding of the binding under a format id: every part
// as its length in four bytes, big-endian, and its bytes; numbers as eight bytes.
// No two different (format, binding) share an encoding.
func (b Binding) AAD(format string) ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	op, actor := b.Operator.Bytes(), b.Actor.Bytes()
	out := make([]byte, 0, 256)
	out = part(out, []byte(format))
	out = part(out, []byte(b.Class))
	out = part(out, op[:])
	out = part(out, actor[:])
	out = part(out, []byte(b.Service.String()))
	out = part(out, []byte(b.Key))
	return number(out, b.Version), nil
}

// check refuses a binding that leaves open whose object it names.
func (b Binding) check() error {
	if _, err := service.ParseClass(string(b.Class)); err != nil {
		return apierr.Wrap(apierr.InvalidInput, err, "an object has no such data class")
	}
	if b.Operator.IsZero() || b.Actor.IsZero() || b.Service.IsZero() {
		return apierr.New(apierr.InvalidInput, "an object has an operator, an actor and a service")
	}
	return nil
}

// wrapAAD binds a wrap to the object and to the epoch.
func (b Binding) wrapAAD(epoch uint64) ([]byte, error) {
	aad, err := b.AAD(wrapFormat)
	if err != nil {
		return nil, err
	}
	return number(aad, epoch), nil
}

// kekInfo is what one KEK is derived for: it leaves out service, key and
// version, which the wrap's AAD binds.
func (b Binding) kekInfo() string {
	op, actor := b.Operator.Bytes(), b.Actor.Bytes()
	out := part(nil, []byte(kekFormat))
	out = part(out, []byte(b.Class))
	out = part(out, op[:])
	return string(part(out, actor[:]))
}

func part(out, p []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(p)))
	return append(out, p...)
}

func number(out []byte, n uint64) []byte {
	return part(out, binary.BigEndian.AppendUint64(nil, n))
}
