package client

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrNoAudit: a profile may be of a system without an audit role.
var ErrNoAudit = errors.New("the profile names no audit host (hosts.audit)")

// AuditAppend hands notes to the journal, in their order, all or none. It returns
// once they are durable.
func (c *Caller) AuditAppend(ctx context.Context, notes ...api.AuditNote) ([]journal.Place, error) {
	got, err := audited[api.AuditPlaces](ctx, c, "POST", api.PathAuditAppend, api.AuditAppend{Notes: notes})
	if err == nil && len(got.Places) != len(notes) {
		err = errors.New("the audit role answered for other notes than were sent")
	}
	return got.Places, err
}

// AuditFlush puts what is new in an operator's journal into a batch; nil when
// nothing is.
func (c *Caller) AuditFlush(ctx context.Context, o omni.Operator) (*api.AuditBatch, error) {
	got, err := audited[api.AuditFlushed](ctx, c, "POST", api.PathAuditFlush+"/"+o.String(), nil)
	return got.Batch, err
}

// AuditEvents is a page of the journal.
func (c *Caller) AuditEvents(ctx context.Context, q api.AuditQuery) (api.AuditEvents, error) {
	return audited[api.AuditEvents](ctx, c, "GET", withQuery(api.PathAuditEvents, q), nil)
}

// AuditBatches is a page of the journal's batches, from an index on.
func (c *Caller) AuditBatches(ctx context.Context, from uint64, limit int) (api.AuditBatches, error) {
	q := api.AuditQuery{Limit: limit}
	if from > 0 {
		q.Cursor = strconv.FormatUint(from, 10)
	}
	return audited[api.AuditBatches](ctx, c, "GET", withQuery(api.PathAuditBatches, q), nil)
}

// AuditProof asks for the proof of an event, of which nothing is believed.
func (c *Caller) AuditProof(ctx context.Context, event string) (auditproof.Proof, error) {
	if !jose.IsID(event) {
		return auditproof.Proof{}, errors.New("an event's identifier is 22 base64url characters")
	}
	got, err := audited[api.AuditProof](ctx, c, "GET", api.PathAuditProof+"/"+event, nil)
	return auditproof.Proof{Leaf: got.Leaf, Position: got.Position, Siblings: got.Siblings, Batch: BatchOf(got.Batch)}, err
}

// AuditStatus is how the journal stands, as the role says.
func (c *Caller) AuditStatus(ctx context.Context) (api.AuditStatus, error) {
	return audited[api.AuditStatus](ctx, c, "GET", api.PathAuditStatus, nil)
}

// AuditEmitters are those that the role publishes.
func (c *Caller) AuditEmitters(ctx context.Context) (auditproof.Emitters, error) {
	if c.Hosts.Audit == "" {
		return nil, ErrNoAudit
	}
	text, err := c.API.Get(ctx, c.Hosts.Audit+api.PathAuditEmitters)
	if err != nil {
		return nil, err
	}
	return ParseEmitters(text)
}

// ParseEmitters reads the file of emitters, or what a role publishes of it.
func ParseEmitters(text []byte) (auditproof.Emitters, error) {
	var f api.AuditEmitters
	if err := strictjson.DecodeAnswer(text, &f); err != nil {
		return nil, fmt.Errorf("reading the emitters: %w", err)
	}
	if f.Format != api.AuditEmittersFormat {
		return nil, fmt.Errorf("reading the emitters: the format is not %s", api.AuditEmittersFormat)
	}
	keys := map[string][]jose.PublicKey{}
	for _, e := range f.Emitters {
		encoded, err := strictjson.Encode(e.Keys)
		if err != nil {
			return nil, fmt.Errorf("reading the emitters: %w", err)
		}
		set, err := jose.ParseKeySet(encoded)
		if err != nil {
			return nil, fmt.Errorf("reading the emitters: role %.32q: %w", e.Role, err)
		}
		keys[e.Role] = append(keys[e.Role], set.Keys()...)
	}
	out := auditproof.Emitters{}
	for role, of := range keys {
		set, err := jose.NewKeySet(of...)
		if err != nil {
			return nil, fmt.Errorf("reading the emitters: role %.32q: %w", role, err)
		}
		out[role] = audit.NewVerifier(set)
	}
	return out, nil
}

// BatchOf is what a batch of the wire says, less where it is anchored.
func BatchOf(b api.AuditBatch) auditproof.Batch {
	return auditproof.Batch{Operator: b.Operator, Index: b.Index, First: b.First, Count: b.Count, Root: b.Root}
}

func withQuery(path string, q api.AuditQuery) string {
	if text := q.Encode(); text != "" {
		return path + "?" + text
	}
	return path
}

// audited calls the audit role with the caller's session.
func audited[Out any](ctx context.Context, c *Caller, method, path string, in any) (Out, error) {
	if c.Hosts.Audit == "" {
		var none Out
		return none, ErrNoAudit
	}
	return withSession(ctx, c, func(s api.Session) (Out, error) {
		return api.PostJSON[Out](ctx, c.API, api.Request{Method: method, URL: c.Hosts.Audit + path, Token: s.Token, Key: c.Key}, in)
	})
}
