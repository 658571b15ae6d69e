package api

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Paths of the audit role.
const (
	// PathAuditEmit takes what roles decided: entries that each emitter signed.
	PathAuditEmit = "/v1/audit/emit"
	// PathAuditAppend takes the notes of operators and agents.
	PathAuditAppend = "/v1/audit/append"
	// PathAuditFlush is followed by /<operator omni>.
	PathAuditFlush    = "/v1/audit/flush"
	PathAuditFlushAll = "/v1/audit/flush-all" // on the admin listener alone
	PathAuditEvents   = "/v1/audit/events"
	// PathAuditProof is followed by /<event id>.
	PathAuditProof   = "/v1/audit/proof"
	PathAuditBatches = "/v1/audit/batches"
	PathAuditStatus  = "/v1/audit/status"
	// PathAuditEmitters names whose receipts the journal takes.
	PathAuditEmitters = "/v1/audit/emitters"
)

const (
	// MaxEmitted bounds the entries of one call of PathAuditEmit.
	MaxEmitted = 256
	// MaxNotes bounds the notes of one call of PathAuditAppend.
	MaxNotes = 64
	// MaxAuditPage bounds a page of events or batches.
	MaxAuditPage = 500
	// DefaultAuditPage is a page for which no size was asked.
	DefaultAuditPage = 100
)

// AuditEmit hands entries to the journal, in their order. Each carries the
// receipt that its emitter signed ([audit.Sign]) as its signature.
type AuditEmit struct {
	Entries []journal.Entry `json:"entries" oas:"minItems=1,maxItems=256"`
}

// Validate implements httpd's check of the input.
func (a AuditEmit) Validate() error {
	if n := len(a.Entries); n == 0 || n > MaxEmitted {
		return fmt.Errorf("entries must be 1 to %d", MaxEmitted)
	}
	return nil
}

// AuditPlaces says where each of the entries stands, in the order of the
// request: it is durable there.
type AuditPlaces struct {
	Places []journal.Place `json:"places"`
}

// AuditAppend hands in notes, in their order, all or none. The emitter, its
// operator, actor and device come from the session.
type AuditAppend struct {
	Notes []AuditNote `json:"notes" oas:"minItems=1,maxItems=64"`
}

// AuditNote is what an operator or an agent has to say.
type AuditNote struct {
	// Key makes a repetition harmless: the same note under the same key is the same
	// event. It is the caller's own, in the form of jose.NewID; the event's
	// identifier follows from it ([NoteID]), so that nobody can take that of
	// another event.
	Key string `json:"key" oas:"form=id"`
	// Op is a word of the caller's own for what happened, such as "deploy".
	Op service.Op `json:"op"`
	// Service is what it was about, or empty.
	Service string `json:"service,omitzero"`
	// Note is one line of printable text, at most [audit.MaxNote] bytes.
	Note string `json:"note"`
}

// NoteID is the identifier of the event of a note: the base64url of the first 16
// bytes of SHA-256("agentkeys note v1\x00" || operator || actor || key).
func NoteID(operator omni.Operator, actor omni.Actor, key string) string {
	o, a := operator.Bytes(), actor.Bytes()
	h := sha256.New()
	for _, part := range [][]byte{[]byte("agentkeys note v1\x00"), o[:], a[:], []byte(key)} {
		h.Write(part)
	}
	return jose.EncodeSegment(h.Sum(nil)[:16])
}

// Validate implements httpd's check of the input.
func (a AuditAppend) Validate() error {
	if n := len(a.Notes); n == 0 || n > MaxNotes {
		return fmt.Errorf("notes must be 1 to %d", MaxNotes)
	}
	for i, n := range a.Notes {
		if !jose.IsID(n.Key) {
			return fmt.Errorf("notes[%d]: key must be 22 base64url characters that the caller drew", i)
		}
	}
	return nil
}

// AuditOperator is the input of a route that ends in an operator's omni.
type AuditOperator struct{ Operator omni.Operator }

// DecodeURL implements httpd.URLInput.
func (a *AuditOperator) DecodeURL(last string, query url.Values) (err error) {
	if a.Operator, err = omni.ParseOperator(last); err != nil {
		return err
	}
	return only(query)
}

// AuditFlushed answers a flush.
type AuditFlushed struct {
	// Batch is what was put together; absent when nothing was new.
	Batch *AuditBatch `json:"batch,omitzero"`
}

// AuditFlushedAll answers flush-all: what was put together, and for which
// operators it could not be.
type AuditFlushedAll struct {
	Batches []AuditBatch      `json:"batches"`
	Faults  map[string]string `json:"faults,omitzero"`
}

// AuditBatch is a run of entries whose root is, or will be, on chain.
type AuditBatch struct {
	Operator omni.Operator `json:"operator_omni"`
	// Index is the batch's place on chain, from 0.
	Index uint64 `json:"index"`
	// First is the position of its first entry; Count of them follow each other.
	First uint64       `json:"first"`
	Count uint64       `json:"count"`
	Root  journal.Hash `json:"root"`
	// State is built, submitted, mined or confirmed; Tx, Block and BlockHash are
	// those of the anchor as far as it is.
	State     journal.State `json:"state"`
	Tx        journal.Hash  `json:"tx,omitzero"`
	Block     uint64        `json:"block,omitzero"`
	BlockHash journal.Hash  `json:"block_hash,omitzero"`
}

// BatchOf is the wire form of a batch.
func BatchOf(b journal.Batch) AuditBatch {
	return AuditBatch{
		Operator: b.Operator, Index: b.Index, First: b.First, Count: b.Count, Root: journal.Hash(b.Root), State: b.Anchor.State,
		Tx: b.Anchor.Tx, Block: b.Anchor.Block, BlockHash: b.Anchor.BlockHash,
	}
}

// AuditQuery asks for a page of events, or of batches (After and Limit alone). A
// zero field does not restrict. The operator is the session's; an agent sees its
// own.
type AuditQuery struct {
	Actor   omni.Actor   `query:"actor"`
	Service string       `query:"service"`
	Op      service.Op   `query:"op"`
	Result  audit.Result `query:"result"`
	// Request is the identifier of the request that the events are about: what the
	// answer to it names as request_id.
	Request string `query:"request" oas:"form=request"`
	// From is the earliest time, To the first one too late; RFC 3339.
	From time.Time `query:"from"`
	To   time.Time `query:"to"`
	// Cursor is Next of the page before; empty at the beginning.
	Cursor string `query:"cursor" oas:"form=cursor"`
	// Limit is the size of the page, 1 to MaxAuditPage; 0: DefaultAuditPage.
	Limit int `query:"limit" oas:"min=1,max=500"`
}

// Encode is the query of the URL.
func (q AuditQuery) Encode() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if !q.Actor.IsZero() {
		v.Set("actor", q.Actor.String())
	}
	set("service", q.Service)
	set("op", string(q.Op))
	set("result", string(q.Result))
	set("request", q.Request)
	if !q.From.IsZero() {
		v.Set("from", q.From.UTC().Format(time.RFC3339Nano))
	}
	if !q.To.IsZero() {
		v.Set("to", q.To.UTC().Format(time.RFC3339Nano))
	}
	set("cursor", q.Cursor)
	if q.Limit != 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v.Encode()
}

// DecodeURL implements httpd.URLInput.
func (q *AuditQuery) DecodeURL(_ string, v url.Values) error {
	if err := only(v, "actor", "service", "op", "result", "request", "from", "to", "cursor", "limit"); err != nil {
		return err
	}
	var errs [6]error
	if s := v.Get("actor"); s != "" {
		q.Actor, errs[0] = omni.ParseActor(s)
	}
	q.Service, q.Op, q.Result, q.Cursor = v.Get("service"), service.Op(v.Get("op")), audit.Result(v.Get("result")), v.Get("cursor")
	for i, f := range []struct {
		name string
		into *time.Time
	}{{"from", &q.From}, {"to", &q.To}} {
		if s := v.Get(f.name); s != "" {
			var err error
			if *f.into, err = time.Parse(time.RFC3339, s); err != nil {
				errs[1+i] = fmt.Errorf("%s must be a time such as 2027-01-31T09:00:00Z", f.name)
			}
		}
	}
	if s := v.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if q.Limit = n; err != nil || n < 1 || n > MaxAuditPage || strconv.Itoa(n) != s {
			errs[3] = fmt.Errorf("limit must be 1 to %d", MaxAuditPage)
		}
	}
	if _, err := q.After(); err != nil {
		errs[4] = err
	}
	if q.Request = v.Get("request"); q.Request != "" && !audit.IsRequestID(q.Request) {
		errs[5] = errors.New("request must be an identifier of a request, as answers name it")
	}
	return errors.Join(errs[:]...)
}

// After is the position that the cursor names, or 0.
func (q AuditQuery) After() (uint64, error) {
	if q.Cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(q.Cursor, 10, 53)
	if err != nil || strconv.FormatUint(n, 10) != q.Cursor {
		return 0, errors.New("cursor must be the next of the page before")
	}
	return n, nil
}

// only refuses parameters that are unknown, empty, or given twice.
func only(v url.Values, names ...string) error {
	for name, values := range v {
		switch {
		case !slices.Contains(names, name):
			return errors.New("the query has a parameter that this route does not know")
		case len(values) != 1 || values[0] == "":
			return fmt.Errorf("%s must stand in the query once, and not be empty", name)
		}
	}
	return nil
}

// AuditEntry is an entry as the journal holds it.
type AuditEntry struct {
	Hash journal.Hash `json:"hash"`
	// Leaf is the entry's record in its one encoding (RFC 8785): exactly these
	// bytes are in the tree. [journal.DecodeRecord] reads it.
	Leaf string `json:"leaf"`
}

// AuditEvents is a page of entries, in the order of their positions.
type AuditEvents struct {
	Events []AuditEntry `json:"events"`
	// Next is the cursor of the page that follows; empty at the end.
	Next string `json:"next,omitzero"`
}

// AuditBatches is a page of batches, in the order of their indices.
type AuditBatches struct {
	Batches []AuditBatch `json:"batches"`
	Next    string       `json:"next,omitzero"`
}

// AuditEventID is the input of a route that ends in an event's identifier.
type AuditEventID struct{ ID string }

// DecodeURL implements httpd.URLInput.
func (a *AuditEventID) DecodeURL(last string, query url.Values) error {
	if a.ID = last; !jose.IsID(last) {
		return errors.New("an event's identifier is 22 base64url characters")
	}
	return only(query)
}

// AuditProof shows that an event is in a batch.
type AuditProof struct {
	Leaf string `json:"leaf"`
	// Position is the entry's in its journal; it is Position - Batch.First in the
	// tree, from 0.
	Position uint64         `json:"position"`
	Siblings []journal.Hash `json:"siblings"` // from the leaf up
	Batch    AuditBatch     `json:"batch"`
}

// AuditStatus is how an operator's journal stands.
type AuditStatus struct {
	Operator omni.Operator `json:"operator_omni"`
	// Position and Hash are those of the last entry.
	Position uint64       `json:"position"`
	Hash     journal.Hash `json:"hash"`
	// Batches is how many there are, Covered the last position in one.
	Batches uint64 `json:"batches"`
	Covered uint64 `json:"covered"`
	// Unanchored is how many batches are not confirmed on chain; Reason says why
	// the role does not anchor them, or is empty.
	Unanchored uint64 `json:"unanchored"`
	Reason     string `json:"reason,omitzero"`
	// Relayer is the account that the role anchors with, or empty.
	Relayer string `json:"relayer,omitzero"`
}

// AuditEmitters is the form of the file of emitters, and what the role publishes
// of it: whose receipts are in the journal.
type AuditEmitters struct {
	Format   string         `json:"format"`
	Emitters []AuditEmitter `json:"emitters"`
}

// AuditEmittersFormat is the format of AuditEmitters.
const AuditEmittersFormat = "agentkeys-emitters-1"

// AuditEmitter is the identity keys of a role.
type AuditEmitter struct {
	Role string    `json:"role"`
	Keys jose.JWKS `json:"keys"`
}
