// Package audit is what a role says of each decision, and where it says it.
//
// The laws that hold here:
//
//   - When [Sink.Emit] returns nil, the event is durable in the sink's sense.
//     What releases a secret or changes something emits first and goes on only
//     then; a denial may be answered without waiting.
//   - An [Event] holds identifiers and outcomes, never a secret, a token, a
//     proof or a key; nothing in it can break a line of a log.
//   - The members have one name each, those of the capability token where both
//     have them, and one encoding (RFC 8785: sorted, compact).
//
// What an emitter signs for an event is its receipt: the caller is given it with
// the answer, and the same text stands in the journal, so that an event that was
// dropped or edited is missed by whoever keeps the receipt. Events that become
// durable together share one signature ([SignGroup]); each receipt is whole by
// itself all the same. It is a text of four or five segments of base64url:
//
//	header.group.signature    a compact JWS (RFC 7515, ES256, typ [ReceiptType]) of
//	                          the identity key over 42 bytes: the root (32), the
//	                          number of the first event (8), how many there are (2)
//	.statement                the event's identifier (16), its number (8), the SHA-256
//	                          of its encoding (32), the source of the number (text)
//	.path                     the siblings (32 each) from the leaf up to the root;
//	                          the segment is absent when there are none
//
// Integers are big-endian. The tree is that of RFC 9162 section 2.1.1 over the
// statements of a group, in the order of their numbers: a leaf is
// SHA-256(0x00 || statement), a node SHA-256(0x01 || left || right). Where a leaf
// stands follows from its number, which siblings its path has, from that and the
// size: there is one path for a statement, at most eight hashes long, and one text
// for a receipt. What is signed is 42 bytes under a type of its own, which is no
// statement, no event and no other token.
//
// The durable sink is pkg/journal; what a role says on another host goes through
// pkg/emit. [LogSink] writes a line per event into a log. This package does not
// number, collapse or anchor events.
package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Sink takes events. Emit returns once the event is durable in the sink's sense,
// with the receipt that its emitter signed for it (see [Sign]), which is empty
// where nobody signs. Every error carries audit_unavailable, also for an event
// that is not valid, and the event may or may not be there then. Sinks are safe
// for concurrent use.
type Sink interface {
	Emit(ctx context.Context, e Event) (receipt string, err error)
}

// Result is what was decided, or what became of it.
type Result string

// The results. A decision is Allowed or Denied before anything happens;
// Completed and Failed say of an allowed one what became of it; Noted are the
// words of an operator or an agent, which decide nothing.
const (
	Allowed   Result = "allowed"
	Denied    Result = "denied"
	Completed Result = "completed"
	Failed    Result = "failed"
	Noted     Result = "noted"
)

// The emitters of notes: who signed in. Every other emitter is a role.
const (
	EmitterOperator = "operator"
	EmitterAgent    = "agent"
)

// MaxNote bounds a note, in bytes.
const MaxNote = 1024

// Event is one decision of a role. The fields stand in the order of their
// names, which is the order of RFC 8785.
type Event struct {
	// Actor, Operator and Device are whose data and whose key it was about;
	// zero where there is none, as for a new epoch. The device of an EOA that is
	// no device, such as the maintainer, is the hash of its address all the same.
	Actor omni.Actor `json:"actor_omni,omitzero"`
	// Code says why it was denied or failed: one of the table; empty otherwise.
	Code apierr.Code `json:"code,omitzero"`
	// Count is how many denials this event stands for: like that of Decision, by
	// the same device, until Time. Zero where it stands for itself.
	Count uint64        `json:"count,omitzero"`
	Class service.Class `json:"data_class,omitzero"`
	// Decision is the ID of the event that this one follows: whose outcome it is,
	// or which it repeats.
	Decision string         `json:"decision,omitzero"`
	Device   omni.DeviceKey `json:"device_key_hash,omitzero"`
	// Emitter is the role that decided, such as "signer".
	Emitter string `json:"emitter"`
	// ID is the event's own: see NewID.
	ID string `json:"id"`
	// Epoch is the key epoch that was used or asked for, or zero.
	Epoch uint32 `json:"k3_epoch,omitzero"`
	// Note is what an operator or an agent wrote: one line of printable text.
	Note string `json:"note,omitzero"`
	// ObjectKey names the stored object, such as bots/…/github.enc, or is empty.
	ObjectKey string `json:"object_key,omitzero"`
	// Op is what was asked for: of a capability, or the role's own, such as
	// "rewrap".
	Op       service.Op    `json:"op"`
	Operator omni.Operator `json:"operator_omni,omitzero"`
	// RequestID is that of the request's log line, or empty without a request.
	RequestID string `json:"request_id,omitzero"`
	Result    Result `json:"result"`
	// Service is the service's name, "*" for a list, or empty.
	Service string `json:"service,omitzero"`
	// Time is when it was decided, to the millisecond.
	Time time.Time `json:"time"`
}

// maxCount is the greatest integer that every reader of JSON understands
// (RFC 7493 section 2.2).
const maxCount = 1<<53 - 1

// Validate refuses an event that is incomplete, contradicts itself, or holds
// text outside its grammar. Its errors do not repeat what is wrong.
func (e Event) Validate() error {
	_, known := apierr.Lookup(e.Code)
	switch {
	case !jose.IsID(e.ID):
		return errors.New("id is not an identifier")
	case e.Time.IsZero() || e.Time.Year() > 9999:
		return errors.New("time is missing")
	case !isEmitter(e.Emitter):
		return errors.New("emitter is not the name of a role")
	case !isOp(string(e.Op)):
		return errors.New("op is not the name of an operation")
	case !slices.Contains([]Result{Allowed, Denied, Completed, Failed, Noted}, e.Result):
		return errors.New("result is none that there is")
	case e.Result != Denied && e.Result != Failed && e.Code != "":
		return errors.New("what was not refused has no code")
	case (e.Result == Denied || e.Result == Failed) && !known:
		return errors.New("code is none of the table")
	case e.RequestID != "" && !IsRequestID(e.RequestID):
		return errors.New("request_id is not an identifier")
	case e.ObjectKey != "" && !isObject(e.ObjectKey):
		return errors.New("object_key is not the name of an object")
	}
	if err := e.follows(); err != nil {
		return err
	}
	if err := e.noted(); err != nil {
		return err
	}
	if e.Class != "" {
		if _, err := service.ParseClass(string(e.Class)); err != nil {
			return errors.New("data_class is none")
		}
	}
	if e.Service != "" && e.Service != service.Any {
		if _, err := service.Parse(e.Service); err != nil {
			return errors.New("service is none")
		}
	}
	return nil
}

// follows: an outcome names its decision, and so does a count of repetitions,
// which only denials have.
func (e Event) follows() error {
	outcome, repeats := e.Result == Completed || e.Result == Failed, e.Count > 0
	switch {
	case repeats && e.Result != Denied:
		return errors.New("count is for denials")
	case e.Count > maxCount:
		return errors.New("count is too large")
	case (outcome || repeats) != (e.Decision != ""):
		return errors.New("decision is for outcomes and repetitions, which have one")
	case e.Decision != "" && (!jose.IsID(e.Decision) || e.Decision == e.ID):
		return errors.New("decision is not the identifier of another event")
	}
	return nil
}

// noted: notes are for those who signed in, and all that they emit.
func (e Event) noted() error {
	switch note, person := e.Result == Noted, e.Emitter == EmitterOperator || e.Emitter == EmitterAgent; {
	case note != person:
		return errors.New("notes are what an operator or an agent emits, and all that they do")
	case note != (e.Note != ""):
		return errors.New("note is for notes, which have one")
	case len(e.Note) > MaxNote:
		return errors.New("note is too long")
	case !utf8.ValidString(e.Note) || strings.ContainsFunc(e.Note, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("note is not one line of printable text")
	}
	return nil
}

// Encode is the one encoding of a valid event.
func (e Event) Encode() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, fmt.Errorf("audit event: %w", err)
	}
	e.Time = e.Time.UTC().Truncate(time.Millisecond)
	b, err := strictjson.Encode(e)
	if err != nil {
		return nil, fmt.Errorf("audit event: %w", err)
	}
	return b, nil
}

// Encoded is an event with its encoding, made once. The zero value is no event.
type Encoded struct {
	id   string
	text []byte
}

// Encoded is [Event.Encode] for who has several uses of it.
func (e Event) Encoded() (Encoded, error) {
	text, err := e.Encode()
	return Encoded{e.ID, text}, err
}

// Text is what Encode returns. It must not be changed.
func (e Encoded) Text() []byte { return e.text }

// Unavailable is the error of a sink that cannot take an event. An error that
// carries audit_unavailable already stays as it is; every other one is a cause
// that the log alone sees.
func Unavailable(cause error) error {
	if apierr.CodeOf(cause) == apierr.AuditUnavailable {
		return cause
	}
	return apierr.Wrap(apierr.AuditUnavailable, cause, "the audit log cannot take the event, so nothing was done; try again")
}
