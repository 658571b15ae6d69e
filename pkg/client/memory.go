package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

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
// precondition_failed; without one the last writer wins. It does not look whether
// what was seen there before has gone.
func (c *Caller) PutMemory(ctx context.Context, space service.Name, k service.MemoryKey, value secret.Secret, when Condition) (api.MemoryStored, error) {
	known := c.seen(space, k).Version
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
	// AcceptRollback takes an older one, and forgets that there was a newer. That one
	// which was seen is gone becomes as if it had been removed here.
	AcceptRollback bool
}

// GetMemory returns a value and its version. Another version than the expected one
// is precondition_failed, one that is older than what was seen before
// memory_rolled_back, and what was seen before, was not removed here and is not
// there memory_gone: then no value is returned.
func (c *Caller) GetMemory(ctx context.Context, space service.Name, k service.MemoryKey, o GetOptions) (secret.Secret, uint64, error) {
	var tag string
	// What others see while this call is on its way must not make its answer old.
	known := c.seen(space, k)
	body, err := c.memory(ctx, opGet, space, k, call{
		when: Condition{Version: o.Version}, answered: func(h http.Header) { tag = h.Get("ETag") },
	})
	if err != nil {
		return secret.Secret{}, 0, c.missed(space, k, known, o.AcceptRollback, err)
	}
	defer clear(body)
	version, err := api.ParseETag(tag)
	if err != nil {
		return secret.Secret{}, 0, fmt.Errorf("the memory worker does not say which version it gave: %w", err)
	}
	if o.Version != 0 && version != o.Version {
		return secret.Secret{}, 0, apierr.New(apierr.PreconditionFailed, "the memory worker gave version %d, not %d", version, o.Version)
	}
	if version < known.Version && !o.AcceptRollback {
		return secret.Secret{}, 0, apierr.New(apierr.MemoryRolledBack, "%s of %s is version %d now, and %d was seen here before", k, space, version, known.Version)
	}
	c.saw(space, k, version, version < known.Version)
	return secret.New(body), version, nil
}

// missed is what a get that found nothing answers: err, unless something was there.
func (c *Caller) missed(space service.Name, k service.MemoryKey, known Known, accept bool, err error) error {
	var answer *api.RemoteError
	// That a host has no such path is another not_found than the worker's.
	if !errors.As(err, &answer) || answer.Code != apierr.NotFound || answer.Layer != apierr.LayerWorker || !known.There() {
		return err
	}
	if accept {
		c.Versions.Removed(space, k, known.Version+1)
		return err
	}
	if c.seen(space, k) != known { // another process of this identity was at it
		return err
	}
	return apierr.New(apierr.MemoryGone, "%s of %s was version %d when it was last seen here, and is gone; nobody here removed it", k, space, known.Version)
}

// ListOptions say which page is listed.
type ListOptions struct {
	After string // the cursor of the page before; absent: from the beginning
	Limit int    // 0: as many as there may be
	// AcceptRollback is that of GetOptions for all that is missing in the page.
	AcceptRollback bool
}

// Listing is a page, and what is missing in it.
type Listing struct {
	api.MemoryPage
	// Missing was seen before, was not removed here, and would stand in this page;
	// in the order of the page.
	Missing []Missing `json:"missing,omitzero"`
}

// Missing is a memory that was seen and is not listed.
type Missing struct {
	Key  service.MemoryKey `json:"key"`
	Seen uint64            `json:"seen_version"`
}

// ListMemory names one page of what is stored in a namespace. A list shows no
// version: that an older one was put back, only GetMemory sees.
func (c *Caller) ListMemory(ctx context.Context, space service.Name, o ListOptions) (Listing, error) {
	body, err := strictjson.Encode(api.MemoryListRequest{After: o.After, Limit: o.Limit})
	if err != nil {
		return Listing{}, err
	}
	known := c.all(space)
	page, err := decode[api.MemoryPage](c.memory(ctx, opPage, space, service.MemoryKey{}, call{contentType: "application/json", body: body}))
	if err != nil {
		return Listing{}, err
	}
	out := Listing{MemoryPage: page, Missing: missing(known, page, o.After)}
	if len(out.Missing) == 0 {
		return out, nil
	}
	if o.AcceptRollback {
		for _, m := range out.Missing {
			c.Versions.Removed(space, m.Key, m.Seen+1)
		}
		out.Missing = nil
		return out, nil
	}
	now := c.all(space) // another process of this identity may have been at it
	out.Missing = slices.DeleteFunc(out.Missing, func(m Missing) bool { return now[m.Key] != known[m.Key] })
	return out, nil
}

// missing is what is known to be there, would stand in a page that begins behind
// after, and does not.
func missing(known map[service.MemoryKey]Known, page api.MemoryPage, after string) (out []Missing) {
	for _, e := range page.Entries {
		delete(known, e.Key)
	}
	for k, is := range known {
		behind := after == "" || api.CompareMemoryKeys(k.String(), after) > 0
		if is.There() && behind && (page.Next == "" || api.CompareMemoryKeys(k.String(), page.Next) < 0) {
			out = append(out, Missing{k, is.Version})
		}
	}
	slices.SortFunc(out, func(a, b Missing) int { return api.CompareMemoryKeys(a.Key.String(), b.Key.String()) })
	return out
}

// TeardownMemory removes a value; one that is not there is no error unless a version
// is expected.
func (c *Caller) TeardownMemory(ctx context.Context, space service.Name, k service.MemoryKey, version uint64) (api.MemoryTornDown, error) {
	before := c.seen(space, k)
	// Before it is sent, and not before that: whoever finds nothing while the answer is on
	// its way, or after this process was killed, must not be told that nobody here removed
	// it; and what never left this machine removed nothing.
	perhaps := func() {
		if before.There() {
			c.Versions.Removed(space, k, 0)
		}
	}
	out, err := decode[api.MemoryTornDown](c.memory(ctx, opForget, space, k, call{when: Condition{Version: version}, sending: perhaps}))
	switch known := max(before.Version, version); {
	case err == nil && known != 0 && c.Versions != nil:
		// What was removed must not come back unseen: whatever is stored next is newer.
		c.Versions.Removed(space, k, known+1)
	case before.There() && refused(err):
		c.saw(space, k, before.Version, false)
	}
	return out, err
}

// refused tells that a host answered, and did nothing.
func refused(err error) bool {
	var answer *api.RemoteError
	return errors.As(err, &answer) && answer.Status < http.StatusInternalServerError
}

// call is what one request to the memory worker has of its own.
type call struct {
	contentType string
	body        []byte
	when        Condition
	answered    func(http.Header)
	sending     func() // called before the request leaves for the worker; nil: nobody is told
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
		if r.sending != nil {
			r.sending()
		}
		return c.API.Post(ctx, req)
	})
}
