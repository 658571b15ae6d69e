package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// probe is an object that this run put straight into storage, and the actor whose
// own session put it.
type probe struct {
	class service.Class
	by    actor
	key   blob.Key
	value []byte
}

// session opens a class's bucket with an actor's own session for a class, which may
// be another.
func (s *stage3) session(ctx context.Context, a actor, of, bucket service.Class) (*blob.Session, error) {
	for _, c := range []service.Class{of, bucket} {
		if _, _, err := s.bucketOf(c); err != nil {
			return nil, err
		}
	}
	store, _, err := s.bucketOf(bucket)
	if err != nil {
		return nil, err
	}
	creds, err := a.Storage(ctx, want(of))
	if err != nil {
		return nil, fmt.Errorf("a session of %s for %s: %w", a.id.Name, of, err)
	}
	return store.Open(creds), nil
}

// named is the key of a probe of this run in an actor's folder.
func (s *stage3) named(c service.Class, a omni.Actor, what string) (blob.Key, error) {
	name, err := service.Parse(isolatedName + "-" + what + "-" + s.run)
	if err != nil {
		return blob.Key{}, err
	}
	if c == service.Credentials {
		return blob.CredentialKey(a, name), nil
	}
	space, err := service.Parse(isolatedNamespace)
	if err != nil {
		return blob.Key{}, err
	}
	key, err := service.ParseMemoryKey(name.String())
	return blob.MemoryKey(a, space, key), err
}

// puts has an actor put a probe into its own folder with its own session, and
// reads it back.
func (s *stage3) puts(ctx context.Context, a actor, c service.Class, what string) (probe, error) {
	own, err := s.session(ctx, a, c, c)
	if err != nil {
		return probe{}, err
	}
	p := probe{class: c, by: a, value: []byte("of " + a.id.Name + ": " + rand.Text())}
	if p.key, err = s.named(c, a.id.Actor, what); err != nil {
		return p, err
	}
	s.put = append(s.put, p)
	if err := own.Put(ctx, p.key, p.value); err != nil {
		return p, fmt.Errorf("%s puts into its own folder: %w", a.id.Name, err)
	}
	return p, s.unchanged(ctx, p)
}

// unchanged holds that the probe lies there as it was put.
func (s *stage3) unchanged(ctx context.Context, p probe) error {
	own, err := s.session(ctx, p.by, p.class, p.class)
	if err != nil {
		return err
	}
	got, err := own.Get(ctx, p.key)
	if err != nil {
		return fmt.Errorf("%s reads its own object: %w", p.by.id.Name, err)
	}
	if !bytes.Equal(got, p.value) {
		return fmt.Errorf("%s finds other bytes than it put", p.by.id.Name)
	}
	return nil
}

// names lists an actor's whole folder of a class with a session.
func names(ctx context.Context, with *blob.Session, c service.Class, a omni.Actor) (out []string, err error) {
	_, err = with.Walk(ctx, blob.Scope{Class: c, Actor: a}, func(o blob.Object) error {
		out = append(out, o.Key.String())
		return nil
	})
	return out, err
}

// absent holds that an actor's own session finds no object of that name.
func (s *stage3) absent(ctx context.Context, a actor, c service.Class, key blob.Key) error {
	own, err := s.session(ctx, a, c, c)
	if err != nil {
		return err
	}
	if _, err := own.Get(ctx, key); apierr.CodeOf(err) != apierr.NotFound {
		return fmt.Errorf("something was written at %s (%v)", key, err)
	}
	there, err := names(ctx, own, c, a.id.Actor)
	if err == nil && slices.Contains(there, key.String()) {
		err = fmt.Errorf("%s is listed", key)
	}
	return err
}

func (s *stage3) putOwn(c service.Class) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		p, err := s.puts(ctx, s.own, c, "own")
		return fmt.Sprintf("%d bytes at %s, and back", len(p.value), shortKey(p.key)), err
	}
}

// shortKey is a name with the actor's omni cut short.
func shortKey(k blob.Key) string {
	text := k.String()
	const at = len("bots/") + 8
	if len(text) < at+56 {
		return text
	}
	return text[:at] + "…" + text[at+56:]
}

// putOther tries to overwrite what another actor has, to put something beside it,
// and to remove it.
func (s *stage3) putOther(c service.Class) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		theirs, err := s.puts(ctx, s.other, c, "own")
		if err != nil {
			return "", err
		}
		own, err := s.session(ctx, s.own, c, c)
		if err != nil {
			return "", err
		}
		beside, err := s.named(c, s.other.id.Actor, "beside")
		if err != nil {
			return "", err
		}
		s.put = append(s.put, probe{class: c, by: s.other, key: beside}) // if it were allowed
		for _, try := range []struct {
			what string
			err  error
		}{
			{"PUT over the other's object", own.Put(ctx, theirs.key, []byte("overwritten"))},
			{"PUT beside the other's object", own.Put(ctx, beside, []byte("smuggled"))},
			{"DELETE of the other's object", own.Delete(ctx, theirs.key)},
		} {
			if err := denied(try.what, try.err); err != nil {
				return "", err
			}
			s.refusals++
		}
		if err := errors.Join(s.unchanged(ctx, theirs), s.absent(ctx, s.other, c, beside)); err != nil {
			return "", err
		}
		return fmt.Sprintf("403 %s over an object, beside it, and to delete it; %s finds its bytes unchanged and nothing new", accessDenied, otherAgentName), nil
	}
}

// listOther tries to learn names and contents of another actor's folder.
func (s *stage3) listOther(c service.Class) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		key, err := s.named(c, s.other.id.Actor, "own")
		if err != nil {
			return "", err
		}
		own, err := s.session(ctx, s.own, c, c)
		if err != nil {
			return "", err
		}
		theirs, err := s.session(ctx, s.other, c, c)
		if err != nil {
			return "", err
		}
		told, err := names(ctx, own, c, s.other.id.Actor)
		if err := denied("LIST of the other's folder", err); err != nil {
			return "", err
		}
		read, err := own.Get(ctx, key)
		if err := denied("GET of the other's object", err); err != nil {
			return "", err
		}
		s.refusals += 2
		if len(told)+len(read) > 0 {
			return "", errors.New("refused, and told something")
		}
		// The same calls, by those who may.
		mine, err := names(ctx, own, c, s.own.id.Actor)
		if err != nil {
			return "", fmt.Errorf("the session does not even list its own folder: %w", err)
		}
		there, err := names(ctx, theirs, c, s.other.id.Actor)
		if err != nil {
			return "", fmt.Errorf("%s lists its own folder: %w", otherAgentName, err)
		}
		if !slices.Contains(there, key.String()) {
			return "", errors.New("there was nothing to see")
		}
		return fmt.Sprintf("403 %s to list and to get; each lists its own: %d and %d", accessDenied, len(mine), len(there)), nil
	}
}

// otherClass uses each session on the bucket of the other class, in the actor's own
// folders.
func (s *stage3) otherClass(ctx context.Context) (string, error) {
	classes, err := s.classes()
	if err != nil {
		return "", err
	}
	for i, of := range classes {
		bucket := classes[1-i]
		wrong, err := s.session(ctx, s.own, of, bucket)
		if err != nil {
			return "", err
		}
		there, err := s.named(bucket, s.own.id.Actor, "own")
		if err != nil {
			return "", err
		}
		fresh, err := s.named(bucket, s.own.id.Actor, "crossed")
		if err != nil {
			return "", err
		}
		s.put = append(s.put, probe{class: bucket, by: s.own, key: fresh}) // if it were allowed
		told, listed := names(ctx, wrong, bucket, s.own.id.Actor)
		read, got := wrong.Get(ctx, there)
		for what, err := range map[string]error{
			"LIST": listed, "GET": got, "PUT": wrong.Put(ctx, fresh, []byte("x")), "DELETE": wrong.Delete(ctx, there),
		} {
			if err := denied(fmt.Sprintf("%s in the bucket for %s with a session for %s", what, bucket, of), err); err != nil {
				return "", err
			}
			s.refusals++
		}
		if len(told)+len(read) > 0 {
			return "", errors.New("refused, and told something")
		}
		if err := s.absent(ctx, s.own, bucket, fresh); err != nil {
			return "", err
		}
	}
	for _, p := range s.put {
		if p.by.id.Name == s.own.id.Name && p.value != nil {
			if err := s.unchanged(ctx, p); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("403 %s to list, get, put and delete, both ways; nothing new, nothing gone", accessDenied), nil
}
