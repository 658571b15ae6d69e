package blob

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Memory is one stored memory.
type Memory struct {
	Key      service.MemoryKey
	Size     int64 // of the sealed object, in bytes
	Modified time.Time
}

// ListMemories names at most limit (1 to 1000) memories of one namespace of an
// actor, in the order of the objects' names, from the one after the key after on;
// the zero key begins. more tells that there may be others after the last one.
// Objects whose name is none that this system writes are left out.
//
// Whatever after is, nothing outside the namespace's folder is asked for or shown.
func (s *Session) ListMemories(ctx context.Context, actor omni.Actor, space service.Name, after service.MemoryKey, limit int) (out []Memory, more bool, err error) {
	switch {
	case actor.IsZero() || space.Class() != service.Memory:
		return nil, false, fmt.Errorf("object storage: no namespace to list")
	case limit < 1 || limit > pageSize:
		return nil, false, fmt.Errorf("object storage: a page has 1 to %d entries, not %d", pageSize, limit)
	}
	under := namespace(actor, space)
	last := MemoryKey(actor, space, after).text // empty for the zero key
	for range maxPages {
		// One more than wanted, so that the end is seen with the last entry.
		names, cut, err := s.page(ctx, under, last, min(limit-len(out)+1, pageSize))
		if err != nil {
			return nil, false, err
		}
		for _, n := range names {
			if n.name <= last || !strings.HasPrefix(n.name, under) {
				return nil, false, errOrder()
			}
			last = n.name
			k, ok := memoryOf(under, n.name)
			if !ok {
				continue
			}
			if len(out) == limit {
				return out, true, nil
			}
			out = append(out, Memory{k, n.size, n.modified})
		}
		if !cut {
			return out, false, nil
		}
	}
	return nil, false, apierr.New(apierr.StorageUnavailable, "storage holds too many objects of other names in this namespace")
}

func errOrder() error {
	return apierr.New(apierr.StorageUnavailable, "storage does not list the names that were asked for, in order")
}
