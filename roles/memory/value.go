package memory

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
)

// tries is how often a call looks again at an object that others replace.
const tries = 5

func (w *Worker) put(ctx context.Context, g named, _ httpd.Raw) (api.MemoryStored, error) {
	s := w.Objects().Open(g.Session)
	have, err := w.look(ctx, s, g.Object)
	if err != nil {
		return api.MemoryStored{}, err
	}
	if err := g.In.holds(have); err != nil {
		return api.MemoryStored{}, err
	}
	version := have.after(w.Now())
	r := w.request(g, version)
	r.Epoch = uint64(g.Decision.Epoch)
	sealed, err := envelope.SealVersioned(ctx, g.Keys(), r, g.In.value)
	if err != nil {
		return api.MemoryStored{}, err
	}
	if err := w.replace(ctx, s, g, sealed, version, have); err != nil {
		return api.MemoryStored{}, err
	}
	return api.MemoryStored{
		Namespace: g.ServiceName().Namespace(), Key: g.In.key, Version: version, Bytes: len(g.In.value), Epoch: g.Decision.Epoch,
	}, nil
}

// replace puts what was sealed as version in the place of what was seen there. Where
// that was replaced meanwhile it looks again, and goes on if the caller's condition
// still holds and the version is still the greatest: the data key is for this version,
// and the proof has had its one.
func (w *Worker) replace(ctx context.Context, s *blob.Session, g named, sealed []byte, version uint64, have present) error {
	for range tries {
		var err error
		if have.there {
			_, err = s.PutIfMatch(ctx, g.Object, sealed, have.etag)
		} else {
			_, err = s.PutIfAbsent(ctx, g.Object, sealed)
		}
		if code := apierr.CodeOf(err); code != apierr.PreconditionFailed && code != apierr.NotFound {
			return err
		}
		if have, err = w.look(ctx, s, g.Object); err != nil {
			return err
		}
		if err := g.In.holds(have); err != nil {
			return err
		}
		if have.version >= version {
			return apierr.New(apierr.PreconditionFailed, "another put came first: %s; put again", have.words())
		}
	}
	return apierr.New(apierr.PreconditionFailed, "it was replaced again and again: %s; put again", have.words())
}

func (w *Worker) get(ctx context.Context, g named, _ httpd.None) (httpd.Bytes, error) {
	sealed, err := w.Objects().Open(g.Session).Get(ctx, g.Object)
	if err != nil {
		return httpd.Bytes{}, err
	}
	version, err := envelope.PeekVersion(sealed)
	if err != nil {
		return httpd.Bytes{}, err
	}
	if version == 0 || version > api.MaxVersion {
		return httpd.Bytes{}, apierr.New(apierr.EnvelopeInvalid, "the stored object has a version that is never given")
	}
	if err := g.In.holds(present{there: true, version: version}); err != nil {
		return httpd.Bytes{}, err
	}
	plain, err := envelope.Open(ctx, g.Keys(), w.request(g, version), sealed)
	if err != nil {
		return httpd.Bytes{}, err
	}
	return httpd.Bytes{Data: plain, ETag: api.ETag(version)}, nil
}

func (w *Worker) list(ctx context.Context, g listed, _ httpd.Seen) (api.MemoryPage, error) {
	var after service.MemoryKey
	if g.In.After != "" {
		var err error
		if after, err = service.ParseMemoryKey(g.In.After); err != nil {
			return api.MemoryPage{}, err
		}
	}
	limit := g.In.Limit
	if limit == 0 {
		limit = api.MaxMemoryPage
	}
	found, more, err := w.Objects().Open(g.Session).ListMemories(ctx, g.Actor(), g.ServiceName(), after, limit)
	if err != nil {
		return api.MemoryPage{}, err
	}
	out := api.MemoryPage{Namespace: g.ServiceName().Namespace(), Entries: []api.MemoryEntry{}}
	for _, m := range found {
		out.Entries = append(out.Entries, api.MemoryEntry{Key: m.Key, Size: m.Size, Modified: m.Modified})
		if more {
			out.Next = m.Key.String()
		}
	}
	return out, nil
}

func (w *Worker) teardown(ctx context.Context, g named, _ httpd.None) (api.MemoryTornDown, error) {
	s := w.Objects().Open(g.Session)
	var err error
	if g.In.match == 0 {
		err = s.Delete(ctx, g.Object)
	} else {
		err = w.remove(ctx, s, g)
	}
	return api.MemoryTornDown{Namespace: g.ServiceName().Namespace(), Key: g.In.key}, err
}

// remove takes away the version that the caller expects. Bytes of that version that
// changed meanwhile are those of a key epoch: it looks again.
func (w *Worker) remove(ctx context.Context, s *blob.Session, g named) error {
	for range tries {
		have, err := w.look(ctx, s, g.Object)
		if err != nil {
			return err
		}
		if err := g.In.holds(have); err != nil {
			return err
		}
		if err := s.DeleteIfMatch(ctx, g.Object, have.etag); apierr.CodeOf(err) != apierr.PreconditionFailed {
			return err
		}
	}
	return apierr.New(apierr.PreconditionFailed, "it was replaced again and again")
}

// request names the object as one version: what is bound into it.
func (w *Worker) request(g named, version uint64) keys.Request {
	return keys.Request{
		Binding: keys.Binding{
			Class: service.Memory, Operator: g.Operator(), Actor: g.Actor(), Service: g.ServiceName(), Key: g.In.key.String(), Version: version,
		},
		Evidence: g.Evidence,
	}
}
