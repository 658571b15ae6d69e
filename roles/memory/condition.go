package memory

import (
	"context"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// condition is what the caller says must hold of what is stored. The zero condition
// always holds.
type condition struct {
	match  uint64 // the version that must be there; 0: any
	absent bool   // nothing may be there
}

// readCondition reads If-Match: "<version>" or If-None-Match: *, and refuses every
// other form, so that no condition is ever passed over.
func readCondition(c *httpd.Call) (condition, error) {
	match, none := c.Header.Values("If-Match"), c.Header.Values("If-None-Match")
	for _, other := range []string{"If-Modified-Since", "If-Unmodified-Since", "If-Range"} {
		if len(c.Header.Values(other)) > 0 {
			return condition{}, apierr.New(apierr.InvalidInput, "%s is no condition that is known here", other)
		}
	}
	switch {
	case len(match) == 0 && len(none) == 0:
		return condition{}, nil
	case len(match)+len(none) > 1:
		return condition{}, apierr.New(apierr.InvalidInput, "send one condition, once")
	case len(none) == 1 && none[0] != "*":
		return condition{}, apierr.New(apierr.InvalidInput, "If-None-Match takes * alone: nothing may be stored there")
	case len(none) == 1:
		return condition{absent: true}, nil
	}
	v, err := api.ParseETag(match[0])
	if err != nil {
		return condition{}, apierr.Wrap(apierr.InvalidInput, err, "If-Match: %s", err)
	}
	return condition{match: v}, nil
}

// present is what storage has under a name.
type present struct {
	there   bool
	etag    string // of storage
	version uint64 // as the envelope tells; 0 where it tells none that can be
}

// ahead is how far before this worker's clock a version may be. What claims more was
// not made here: it must not push the versions of what is stored next out of reach.
const ahead = 24 * time.Hour

// look reads the version and ETag of what is stored. The version is what the header
// tells; only opening shows that it is true.
func (w *Worker) look(ctx context.Context, s *blob.Session, k blob.Key) (present, error) {
	head, etag, err := s.HeadVersion(ctx, k, envelope.VersionSize)
	if apierr.CodeOf(err) == apierr.NotFound {
		return present{}, nil
	}
	if err != nil {
		return present{}, err
	}
	p := present{there: true, etag: etag}
	if v, err := envelope.PeekVersion(head); err == nil && v <= uint64(w.Now().Add(ahead).UnixMilli()) {
		p.version = v
	}
	return p, nil
}

// holds refuses what the caller did not expect, and names what is there.
func (c condition) holds(p present) error {
	switch {
	case c.absent && p.there, c.match != 0 && (!p.there || p.version != c.match):
		return apierr.New(apierr.PreconditionFailed, "%s", p.words())
	}
	return nil
}

func (p present) words() string {
	switch {
	case !p.there:
		return "nothing is stored there"
	case p.version == 0:
		return "what is stored there is no memory with a version"
	}
	return fmt.Sprintf("the version that is stored there is %d", p.version)
}

// after is the version of what replaces p at that time.
func (p present) after(now time.Time) uint64 {
	return max(p.version+1, uint64(now.UnixMilli()))
}
