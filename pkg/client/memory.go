package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

var (
	opPut    = operation{service.Memory, api.PathCapMemoryPut, api.PathMemoryPut, "write"}
	opGet    = operation{service.Memory, api.PathCapMemoryGet, api.PathMemoryGet, "read"}
	opPage   = operation{service.Memory, api.PathCapMemoryList, api.PathMemoryList, "read"}
	opForget = operation{service.Memory, api.PathCapMemoryTeardown, api.PathMemoryTeardown, "write"}
)

// Versions remembers, for one identity, the greatest version of each memory that it
// wrote or read. It is how an older object that was put back is seen without anybody
// naming a version. What it forgets is not seen: it never fails.
type Versions interface {
	// Seen is the version that is known; 0: none is.
	Seen(space service.Name, k service.MemoryKey) uint64
	// Saw remembers a version, unless a greater one is known: of two that saw at the
	// same time, the one who is late takes nothing back.
	Saw(space service.Name, k service.MemoryKey, version uint64)
	// Accept remembers a version in the place of what is known, also of a greater one.
	Accept(space service.Name, k service.MemoryKey, version uint64)
}

// ErrRolledBack says that storage holds an older version of a memory than this
// identity has seen.
var ErrRolledBack = errors.New("an older version than was seen before")

// Condition is what must hold of what is stored. The zero Condition always holds.
type Condition struct {
	Version uint64 // that must be there; 0: any
	Absent  bool   // nothing may be there; for a put
}

func (c Condition) set(h http.Header) {
	if c.Version != 0 {
		h.Set("If-Match", api.ETag(c.Version))
	}
	if c.Absent {
		h.Set("If-None-Match", "*")
	}
}

// rounds is how often a put without a condition is sent when others write at the
// same time.
const rounds = 5

// PutMemory stores a value of the caller's own under a key of a namespace
// (memory:<namespace>) and tells its version. A condition that does not hold is
// precondition_failed; without one the last writer wins.
func (c *Caller) PutMemory(ctx context.Context, space service.Name, k service.MemoryKey, value secret.Secret, when Condition) (api.MemoryStored, error) {
	known := c.seen(space, k)
	for round := 1; ; round++ {
		body, err := c.memory(ctx, opPut, space, k, call{contentType: "application/octet-stream", body: value.Reveal(), when: when})
		if when == (Condition{}) && apierr.CodeOf(err) == apierr.PreconditionFailed && round < rounds {
			continue // another put came first: this one is made anew, as a later one
		}
		out, err := decode[api.MemoryStored](body, err)
		if err == nil {
			// One's own is the newest, also by a worker's clock that was set back.
			c.saw(space, k, out.Version, out.Version < known)
		}
		return out, err
	}
}

// GetOptions say which version of a memory is taken.
type GetOptions struct {
	Version uint64 // that is expected; 0: any that is not older than one that was seen
	// AcceptRollback takes an older one, and forgets that there was a newer.
	AcceptRollback bool
}

// GetMemory returns a value and its version. Another version than the expected one
// is precondition_failed, one that is older than what was seen before
// ErrRolledBack: then no value is returned.
func (c *Caller) GetMemory(ctx context.Context, space service.Name, k service.MemoryKey, o GetOptions) (secret.Secret, uint64, error) {
	var tag string
	// What others see while this call is on its way must not make its answer old.
	known := c.seen(space, k)
	body, err := c.memory(ctx, opGet, space, k, call{
		when: Condition{Version: o.Version}, answered: func(h http.Header) { tag = h.Get("ETag") },
	})
	if err != nil {
		return secret.Secret{}, 0, err
	}
	defer clear(body)
	version, err := api.ParseETag(tag)
	if err != nil {
		return secret.Secret{}, 0, fmt.Errorf("the memory worker does not say which version it gave: %w", err)
	}
	if o.Version != 0 && version != o.Version {
		return secret.Secret{}, 0, apierr.New(apierr.PreconditionFailed, "the memory worker gave version %d, not %d", version, o.Version)
	}
	if version < known && !o.AcceptRollback {
		return secret.Secret{}, 0, fmt.Errorf("%w: %s of %s is version %d now, and %d was seen", ErrRolledBack, k, space, version, known)
	}
	c.saw(space, k, version, version < known)
	return secret.New(body), version, nil
}

// ListMemory names one page of what is stored in a namespace: after is the cursor of
// the page before, limit 0 as many as there may be.
func (c *Caller) ListMemory(ctx context.Context, space service.Name, after string, limit int) (api.MemoryPage, error) {
	body, err := strictjson.Encode(api.MemoryListRequest{After: after, Limit: limit})
	if err != nil {
		return api.MemoryPage{}, err
	}
	return decode[api.MemoryPage](c.memory(ctx, opPage, space, service.MemoryKey{}, call{contentType: "application/json", body: body}))
}

// TeardownMemory removes a value; one that is not there is no error unless a version
// is expected.
func (c *Caller) TeardownMemory(ctx context.Context, space service.Name, k service.MemoryKey, version uint64) (api.MemoryTornDown, error) {
	known := max(c.seen(space, k), version)
	out, err := decode[api.MemoryTornDown](c.memory(ctx, opForget, space, k, call{when: Condition{Version: version}}))
	// What was removed must not come back unseen: whatever is stored next is newer.
	if err == nil && known != 0 {
		c.saw(space, k, known+1, false)
	}
	return out, err
}

// call is what one request to the memory worker has of its own.
type call struct {
	contentType string
	body        []byte
	when        Condition
	answered    func(http.Header)
}

func (c *Caller) memory(ctx context.Context, op operation, space service.Name, k service.MemoryKey, r call) ([]byte, error) {
	if c.Hosts.Memory == "" {
		return nil, errors.New("the profile names no memory host: agents have no memory here")
	}
	req := api.Request{URL: c.Hosts.Memory + op.path, Key: c.Key, ContentType: r.contentType, Body: r.body, Answered: r.answered}
	if !k.IsZero() {
		req.URL += "/" + k.String()
		req.Objects = []string{k.String()}
	}
	return c.work(ctx, op, omni.Actor{}, space.String(), func(capability string, creds sts.Credentials) ([]byte, error) {
		req.Token, req.Header = capability, http.Header{}
		sts.SetHeaders(req.Header, creds)
		r.when.set(req.Header)
		return c.API.Post(ctx, req)
	})
}

func (c *Caller) seen(space service.Name, k service.MemoryKey) uint64 {
	if c.Versions == nil {
		return 0
	}
	return c.Versions.Seen(space, k)
}

func (c *Caller) saw(space service.Name, k service.MemoryKey, version uint64, older bool) {
	switch {
	case c.Versions == nil:
	case older:
		c.Versions.Accept(space, k, version)
	default:
		c.Versions.Saw(space, k, version)
	}
}
