package keeper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Bucket is the storage of one data class, opened with a maintenance session.
// Open is asked for every page of work, so that a session can be renewed.
type Bucket struct {
	Class service.Class
	Open  func(ctx context.Context) (*blob.Session, error)
}

const (
	// A page is what is worked on before the next objects are listed: one answer
	// of storage, or what may lie in memory at a time.
	pageObjects = 1000
	pageBytes   = 32 << 20
	// DefaultParallel is how many storage requests run side by side.
	DefaultParallel = 16
)

// Census is how many objects are sealed under each epoch.
type Census struct {
	Objects map[uint64]int `json:"objects_by_epoch"`
	Total   int            `json:"objects"`
	// Strange are objects of a name or content that this system does not write.
	Strange int `json:"strange,omitzero"`
	// Names are the first of those whose content it is.
	Names []string `json:"strange_objects,omitzero"`
}

// maxNamed bounds how many strange or failed objects a report names.
const maxNamed = 20

// Count looks at every object of the buckets: the first bytes tell the epoch.
// progress, if set, is told how many were looked at.
func Count(ctx context.Context, buckets []Bucket, actor omni.Actor, progress func(done int)) (Census, error) {
	out := Census{Objects: map[uint64]int{}}
	var mu sync.Mutex // guards out
	for _, b := range buckets {
		n, err := pages(ctx, b, actor, blob.Key{}, func(ctx context.Context, s *blob.Session, objects []blob.Object) error {
			g, ctx := errgroup.WithContext(ctx)
			g.SetLimit(DefaultParallel)
			for _, o := range objects {
				g.Go(func() error {
					epoch, err := peek(ctx, s, o.Key)
					if apierr.CodeOf(err) == apierr.NotFound {
						return nil
					}
					mu.Lock()
					defer mu.Unlock()
					switch {
					case apierr.CodeOf(err) == apierr.EnvelopeInvalid:
						out.strange(o.Key.String())
					case err != nil:
						return err
					default:
						out.Objects[epoch]++
						out.Total++
					}
					return nil
				})
			}
			err := g.Wait()
			if progress != nil {
				progress(out.Total + out.Strange)
			}
			return err
		})
		out.Strange += n
		if err != nil {
			return out, fmt.Errorf("looking at the objects of class %s: %w", b.Class, err)
		}
	}
	return out, nil
}

func (c *Census) strange(name string) {
	if c.Strange++; len(c.Names) < maxNamed {
		c.Names = append(c.Names, name)
	}
}

func peek(ctx context.Context, s *blob.Session, k blob.Key) (uint64, error) {
	head, err := s.Head(ctx, k, envelope.EpochSize)
	if err != nil {
		return 0, err
	}
	return envelope.PeekEpoch(head)
}

// errFull ends a walk when a page is full.
var errFull = errors.New("the page is full")

// pages walks over a bucket in the order of the names and hands out pages, each
// with a session that was opened for it: a run may outlive any session. It
// returns how many names it left out because this system writes none such.
func pages(ctx context.Context, b Bucket, actor omni.Actor, after blob.Key, work func(context.Context, *blob.Session, []blob.Object) error) (strange int, err error) {
	for {
		s, err := b.Open(ctx)
		if err != nil {
			return strange, err
		}
		var objects []blob.Object
		var bytes int64
		n, err := s.Walk(ctx, blob.Scope{Class: b.Class, Actor: actor, After: after}, func(o blob.Object) error {
			objects = append(objects, o)
			if bytes += o.Size; len(objects) == pageObjects || bytes >= pageBytes {
				return errFull
			}
			return nil
		})
		strange += n
		if err != nil && !errors.Is(err, errFull) {
			return strange, err
		}
		full := err != nil
		if len(objects) > 0 {
			if err := work(ctx, s, objects); err != nil {
				return strange, err
			}
			after = objects[len(objects)-1].Key
		}
		if !full {
			return strange, nil
		}
	}
}

// owners remembers whose actors are.
type owners struct {
	chain *chain.Client
	known map[omni.Actor]omni.Operator
}

// learn asks the chain for the operators of actors that are not known yet. An
// actor that no operator owns is an operator's own, under the same 32 bytes.
func (o *owners) learn(ctx context.Context, objects []blob.Object) error {
	var ask []omni.Actor
	for _, b := range objects {
		if _, ok := o.known[b.Actor]; !ok && !slices.Contains(ask, b.Actor) {
			ask = append(ask, b.Actor)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	have, err := o.chain.ActorOwner(ctx, ask)
	if err != nil {
		return fmt.Errorf("asking the chain whose actors these are: %w", err)
	}
	for i, a := range ask {
		op := have[i]
		if op.IsZero() {
			if op, err = omni.OperatorFromBytes(a.Bytes()); err != nil {
				return err
			}
		}
		o.known[a] = op
	}
	return nil
}

// binding is what an object was sealed under.
func (o *owners) binding(b blob.Object, class service.Class, version uint64) keys.Binding {
	return keys.Binding{Class: class, Operator: o.known[b.Actor], Actor: b.Actor, Service: b.Service, Key: b.Memory.String(), Version: version}
}

// ErrNeeded: objects are still sealed under the epoch.
var ErrNeeded = errors.New("objects are still sealed under this epoch")

// Destruction erases the key of an epoch at every signer.
type Destruction struct {
	Signers []*Signer
	Buckets []Bucket
	DryRun  bool // everything is looked at, nothing erased; signers need no wallet
	Step    func(string)
	Looked  func(done int)
}

// ErrStrange: storage holds what nobody can tell.
var ErrStrange = errors.New("storage holds objects that this system did not write")

// ErrUncovered: a signer gives out keys of a class whose objects are not looked
// at.
var ErrUncovered = errors.New("the signers serve a class whose objects are not looked at")

// Run looks at all of storage first. Objects under the epoch, or objects of
// which nobody knows under which key they are, stop it, and so does a class that
// a signer serves and that has no bucket here.
func (d *Destruction) Run(ctx context.Context, epoch uint64) (Census, error) {
	for _, s := range d.Signers {
		st, err := s.Status(ctx)
		if err != nil {
			return Census{}, fmt.Errorf("asking %s which classes it serves: %w", s.URL(), err)
		}
		for _, class := range st.Classes {
			if !slices.ContainsFunc(d.Buckets, func(b Bucket) bool { return b.Class == class }) {
				return Census{}, fmt.Errorf("%w: %s at %s; name the bucket of that class in the profile, or use the agentkeys that its host runs, or a newer one", ErrUncovered, class, s.URL())
			}
		}
	}
	c, err := Count(ctx, d.Buckets, omni.Actor{}, d.Looked)
	if err != nil {
		return c, err
	}
	if err := c.spares(epoch); err != nil {
		return c, err
	}
	if d.DryRun {
		return c, nil
	}
	for _, s := range d.Signers {
		if d.Step != nil {
			d.Step(fmt.Sprintf("destroying the key of epoch %d at %s", epoch, s.URL()))
		}
		if _, err := s.Destroy(ctx, epoch); err != nil {
			return c, fmt.Errorf("destroying the key of epoch %d at %s: %w", epoch, s.URL(), err)
		}
	}
	return c, nil
}

// spares refuses while something needs the key of an epoch, or may need it. Any
// agent can put such an object into its own folder, so the error says which to
// take away.
func (c Census) spares(epoch uint64) error {
	if n := c.Objects[epoch]; n > 0 {
		return fmt.Errorf("%w: %d of %d objects need epoch %d", ErrNeeded, n, c.Total, epoch)
	}
	if c.Strange == 0 {
		return nil
	}
	names := ""
	if len(c.Names) > 0 {
		names = ", among them " + strings.Join(c.Names, ", ")
	}
	return fmt.Errorf("%w: %d of them, so nobody knows which keys they need%s; take them out of the bucket, or have their owners store them again", ErrStrange, c.Strange, names)
}

// Total lists the buckets and counts what a run would look at.
func Total(ctx context.Context, buckets []Bucket, actor omni.Actor, after map[string]blob.Key) (int, error) {
	n := 0
	for _, b := range buckets {
		_, err := pages(ctx, b, actor, after[string(b.Class)], func(_ context.Context, _ *blob.Session, objects []blob.Object) error {
			n += len(objects)
			return nil
		})
		if err != nil {
			return n, fmt.Errorf("listing the objects of class %s: %w", b.Class, err)
		}
	}
	return n, nil
}
