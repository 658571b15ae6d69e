package keeper

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	// page is how many objects are worked on before the next are listed.
	page = 256
	// DefaultParallel is how many storage requests run side by side.
	DefaultParallel = 16
)

// Census is how many objects are sealed under each epoch.
type Census struct {
	Objects map[uint64]int `json:"objects_by_epoch"`
	Total   int            `json:"objects"`
	// Strange are objects of a name or content that this system does not write.
	Strange []string `json:"strange,omitzero"`
	// StrangeTotal counts them all; Strange names the first.
	StrangeTotal int `json:"strange_total,omitzero"`
}

// maxNamed bounds how many strange or failed objects a report names.
const maxNamed = 20

// Count looks at every object of the buckets: the first bytes tell the epoch.
// progress, if set, is told how many were looked at.
func Count(ctx context.Context, buckets []Bucket, actor omni.Actor, progress func(done int)) (Census, error) {
	out := Census{Objects: map[uint64]int{}}
	var mu sync.Mutex // guards out
	for _, b := range buckets {
		err := pages(ctx, b, actor, "", func(ctx context.Context, s *blob.Session, objects []blob.Object) error {
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
				progress(out.Total + out.StrangeTotal)
			}
			return err
		}, func(name string) { mu.Lock(); defer mu.Unlock(); out.strange(name) })
		if err != nil {
			return out, fmt.Errorf("looking at the objects of class %s: %w", b.Class, err)
		}
	}
	return out, nil
}

func (c *Census) strange(name string) {
	if c.StrangeTotal++; len(c.Strange) < maxNamed {
		c.Strange = append(c.Strange, name)
	}
}

func peek(ctx context.Context, s *blob.Session, k blob.Key) (uint64, error) {
	head, err := s.Head(ctx, k, envelope.EpochSize)
	if err != nil {
		return 0, err
	}
	return envelope.PeekEpoch(head)
}

// pages lists a bucket in the order of the names and hands out pages.
func pages(ctx context.Context, b Bucket, actor omni.Actor, after string, work func(context.Context, *blob.Session, []blob.Object) error, strange func(string)) error {
	for {
		s, err := b.Open(ctx)
		if err != nil {
			return err
		}
		p, err := s.Page(ctx, blob.Range{Class: b.Class, Actor: actor, After: after, Limit: page})
		if err != nil {
			return err
		}
		for _, name := range p.Strange {
			strange(name)
		}
		if len(p.Objects) > 0 {
			if err := work(ctx, s, p.Objects); err != nil {
				return err
			}
		}
		if after = p.Next; after == "" {
			return nil
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
func (o *owners) binding(b blob.Object, class service.Class) keys.Binding {
	return keys.Binding{Class: class, Operator: o.known[b.Actor], Actor: b.Actor, Service: b.Service}
}

// ErrNeeded: objects are still sealed under the epoch.
var ErrNeeded = errors.New("objects are still sealed under this epoch")

// Destruction erases the key of an epoch at every signer.
type Destruction struct {
	Signers []*Signer
	Buckets []Bucket
	Step    func(string)
	Looked  func(done int)
}

// Run looks at all of storage first. Objects under the epoch, or objects of
// which nobody knows what they are, stop it.
func (d *Destruction) Run(ctx context.Context, epoch uint64) (Census, error) {
	c, err := Count(ctx, d.Buckets, omni.Actor{}, d.Looked)
	if err != nil {
		return c, err
	}
	if n := c.Objects[epoch]; n > 0 {
		return c, fmt.Errorf("%w: %d of %d objects need epoch %d", ErrNeeded, n, c.Total, epoch)
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

// Total lists the buckets and counts what a run would look at.
func Total(ctx context.Context, buckets []Bucket, actor omni.Actor, after map[string]string) (int, error) {
	n := 0
	for _, b := range buckets {
		err := pages(ctx, b, actor, after[string(b.Class)], func(_ context.Context, _ *blob.Session, objects []blob.Object) error {
			n += len(objects)
			return nil
		}, func(string) {})
		if err != nil {
			return n, fmt.Errorf("listing the objects of class %s: %w", b.Class, err)
		}
	}
	return n, nil
}
