package keeper

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Reencryption moves stored objects to the current epoch: their data keys are
// wrapped anew inside the signer, the data itself is neither opened nor changed.
type Reencryption struct {
	Chain   *chain.Client
	Signer  *Signer
	Buckets []Bucket
	// Actor narrows it to one actor; zero is all.
	Actor omni.Actor
	// Parallel is how many storage requests run side by side; 0 is the default.
	Parallel int
	DryRun   bool
	// After, by class, is where an interrupted run had come to (see Done).
	After map[string]blob.Key
	// Progress, if set, is told after each page. What Done names need not be
	// looked at again by a run to the same epoch.
	Progress func(Progress)

	target uint64
	owners owners
	mu     sync.Mutex // guards report
	report Reencrypted
}

// Progress is how far a run has come.
type Progress struct {
	Report Reencrypted
	// Class and Done: everything of this class up to this name is moved.
	Class string
	Done  blob.Key
}

// Reencrypted is what a run did.
type Reencrypted struct {
	Epoch   uint64 `json:"epoch"`
	Scanned int    `json:"scanned"`
	// Current were at the epoch already, Moved were moved, or would be.
	Current int `json:"current"`
	Moved   int `json:"moved"`
	// Overtaken were replaced by their owner meanwhile, or are gone.
	Overtaken int   `json:"overtaken"`
	Bytes     int64 `json:"bytes"`
	// Strange have names that this system does not write; they are left alone.
	Strange int `json:"strange"`
	// Failed do not open under what they claim to be, or are no envelopes.
	Failed int       `json:"failed"`
	Names  []Failure `json:"failures,omitzero"`
	DryRun bool      `json:"dry_run,omitzero"`
}

// Failure is one object that could not be moved.
type Failure struct {
	Object string `json:"object"`
	Why    string `json:"why"`
}

// tries is how often an object that others keep replacing is taken up again.
const tries = 5

// Run moves everything. It stops at the first fault of storage, signer or
// chain; objects that cannot be moved are counted and named, and do not stop it.
func (r *Reencryption) Run(ctx context.Context) (Reencrypted, error) {
	now, err := r.Chain.Counter(ctx)
	if err != nil {
		return Reencrypted{}, err
	}
	if r.Parallel == 0 {
		r.Parallel = DefaultParallel
	}
	r.target = uint64(now.Epoch)
	r.owners = owners{chain: r.Chain, known: map[omni.Actor]omni.Operator{}}
	r.report = Reencrypted{Epoch: r.target, DryRun: r.DryRun}
	for _, b := range r.Buckets {
		strange, err := pages(ctx, b, r.Actor, r.After[string(b.Class)], func(ctx context.Context, s *blob.Session, objects []blob.Object) error {
			if err := r.movePage(ctx, b, s, objects); err != nil {
				return err
			}
			r.tell(string(b.Class), objects[len(objects)-1].Key)
			return nil
		})
		r.count(func(p *Reencrypted) { p.Strange += strange })
		if err != nil {
			return r.report, fmt.Errorf("re-encrypting class %s: %w", b.Class, err)
		}
	}
	return r.report, nil
}

func (r *Reencryption) tell(class string, done blob.Key) {
	if r.Progress != nil {
		r.mu.Lock()
		p := Progress{Report: r.report, Class: class, Done: done}
		r.mu.Unlock()
		r.Progress(p)
	}
}

// job is one object that has to move.
type job struct {
	object  blob.Object
	data    []byte
	etag    string
	wrapped keys.Wrapped
	version uint64 // of a memory; 0 for a credential
}

func (r *Reencryption) movePage(ctx context.Context, b Bucket, s *blob.Session, objects []blob.Object) error {
	if err := r.owners.learn(ctx, objects); err != nil {
		return err
	}
	r.count(func(p *Reencrypted) { p.Scanned += len(objects) })
	left := objects
	for range tries {
		jobs, err := r.read(ctx, s, left)
		if err != nil {
			return err
		}
		if r.DryRun {
			r.count(func(p *Reencrypted) {
				for _, j := range jobs {
					p.Moved++
					p.Bytes += int64(len(j.data))
				}
			})
			return nil
		}
		if jobs, err = r.rewrap(ctx, b, jobs); err != nil {
			return err
		}
		if left, err = r.write(ctx, s, jobs); err != nil || len(left) == 0 {
			return err
		}
	}
	for _, o := range left {
		r.fail(o.Key.String(), "it was replaced again and again; run the command once more")
	}
	return nil
}

// read fetches objects and keeps those below the target.
func (r *Reencryption) read(ctx context.Context, s *blob.Session, objects []blob.Object) ([]job, error) {
	jobs := make([]*job, len(objects))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Parallel)
	for i, o := range objects {
		g.Go(func() error {
			data, etag, err := s.GetVersion(gctx, o.Key)
			switch apierr.CodeOf(err) {
			case apierr.NotFound:
				r.count(func(p *Reencrypted) { p.Overtaken++ })
				return nil
			case apierr.EnvelopeInvalid:
				r.fail(o.Key.String(), "it is larger than anything that is written here")
				return nil
			}
			if err != nil {
				return err
			}
			w, err := envelope.Wrapped(data)
			var version uint64
			if err == nil && !o.Memory.IsZero() {
				version, err = envelope.PeekVersion(data)
			}
			switch {
			case err != nil:
				r.fail(o.Key.String(), "it is no envelope of its class")
			case w.Epoch >= r.target:
				r.count(func(p *Reencrypted) { p.Current++ })
			default:
				jobs[i] = &job{o, data, etag, w, version}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []job
	for _, j := range jobs {
		if j != nil {
			out = append(out, *j)
		}
	}
	return out, nil
}

// rewrap has the signer move the data keys, a batch at a time.
func (r *Reencryption) rewrap(ctx context.Context, b Bucket, jobs []job) ([]job, error) {
	var out []job
	for len(jobs) > 0 {
		batch := jobs[:min(len(jobs), api.MaxRewrap)]
		jobs = jobs[len(batch):]
		req := api.RewrapRequest{ToEpoch: r.target}
		for _, j := range batch {
			bind := r.owners.binding(j.object, b.Class, j.version)
			w := dek.PackWrap(j.wrapped)
			req.Items = append(req.Items, api.RewrapItem{
				Class: bind.Class, Operator: bind.Operator, Actor: bind.Actor, Service: bind.Service, Key: bind.Key, Version: bind.Version,
				Epoch: w.Epoch, Wrap: w.Bytes,
			})
		}
		results, err := r.Signer.Rewrap(ctx, req)
		if err != nil {
			return nil, fmt.Errorf("asking the signer for new wraps: %w", err)
		}
		for i, j := range batch {
			if results[i].Code != "" {
				r.fail(j.object.Key.String(), "its data key does not open: "+results[i].Code)
				continue
			}
			if j.wrapped, err = moved(results[i], r.target); err != nil {
				return nil, fmt.Errorf("reading the signer's wraps: %w", err)
			}
			out = append(out, j)
		}
	}
	return out, nil
}

// moved reads a new wrap, which must be of the target or a later epoch: an object
// would be written back for nothing, or worse, for ever.
func moved(res api.RewrapResult, target uint64) (keys.Wrapped, error) {
	w, err := dek.Wrap{Epoch: res.Epoch, Bytes: res.Wrap}.Unpack()
	if err == nil && w.Epoch < target {
		err = fmt.Errorf("it is of epoch %d, not of %d", w.Epoch, target)
	}
	return w, err
}

// write replaces objects that are still what was read, and returns the others.
func (r *Reencryption) write(ctx context.Context, s *blob.Session, jobs []job) (again []blob.Object, err error) {
	var mu sync.Mutex // guards again
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Parallel)
	for _, j := range jobs {
		g.Go(func() error {
			data, err := envelope.WithWrapped(j.data, j.wrapped)
			if err != nil {
				return err
			}
			_, err = s.PutIfMatch(gctx, j.object.Key, data, j.etag)
			switch apierr.CodeOf(err) {
			case apierr.PreconditionFailed:
				mu.Lock()
				defer mu.Unlock()
				again = append(again, j.object)
				return nil
			case apierr.EnvelopeInvalid: // what stands there now is none of ours
				r.fail(j.object.Key.String(), "it was replaced by something larger than anything that is written here")
				return nil
			case apierr.NotFound: // torn down meanwhile; it must not come back
				r.count(func(p *Reencrypted) { p.Overtaken++ })
				return nil
			}
			if err == nil {
				r.count(func(p *Reencrypted) { p.Moved++; p.Bytes += int64(len(data)) })
			}
			return err
		})
	}
	return again, g.Wait()
}

func (r *Reencryption) count(f func(*Reencrypted)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.report)
}

func (r *Reencryption) fail(name, why string) {
	r.count(func(p *Reencrypted) {
		if p.Failed++; len(p.Names) < maxNamed {
			p.Names = append(p.Names, Failure{name, why})
		}
	})
}

// ErrIncomplete: some objects could not be moved.
var ErrIncomplete = errors.New("some objects could not be moved")

// Rate is objects per second over d.
func (p Reencrypted) Rate(d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(p.Scanned) / d.Seconds()
}
