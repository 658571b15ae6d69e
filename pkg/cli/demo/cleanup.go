package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/service"
)

// patienceToClean is how long a stage that ended early may take to remove what it
// put.
const patienceToClean = 20 * time.Second

// summary removes what this run put and looks that nothing of it is left.
func (s *stage3) summary(ctx context.Context) (string, error) {
	n, err := s.clear(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range []actor{s.own, s.other} {
		for _, c := range []service.Class{service.Credentials, service.Memory} {
			own, err := s.session(ctx, a, c, c)
			var missing *unmet
			if errors.As(err, &missing) {
				continue // and so nothing was put there
			}
			if err != nil {
				return "", err
			}
			left, err := names(ctx, own, c, a.id.Actor)
			if err != nil {
				return "", err
			}
			if i := slices.IndexFunc(left, s.ours); i >= 0 {
				return "", fmt.Errorf("%s is still there", left[i])
			}
		}
	}
	return fmt.Sprintf("%d refusals, each by its exact status and code; %d objects removed, none left; the grants of %s stay", s.refusals, n, isolatedName), nil
}

// ours tells the names of objects that this run put or stored.
func (s *stage3) ours(name string) bool {
	return strings.Contains(name, s.run) || strings.HasSuffix(name, "/"+isolatedName+".enc") || strings.HasSuffix(name, "/"+isolatedName+"/"+noteKey+".enc")
}

// clear removes what was put: the probes with the sessions of those who put them,
// what was stored through the workers. What it could not remove it tries again the
// next time.
func (s *stage3) clear(ctx context.Context) (n int, err error) {
	var errs []error
	s.put = slices.DeleteFunc(s.put, func(p probe) bool {
		own, err := s.session(ctx, p.by, p.class, p.class)
		if err == nil {
			err = own.Delete(ctx, p.key)
		}
		if err == nil && p.value != nil {
			n++
		}
		errs = append(errs, err)
		return err == nil
	})
	s.stored = slices.DeleteFunc(s.stored, func(c service.Class) bool {
		args := []string{"cred", "teardown", "--as", agentName, "--service", isolatedName}
		if c == service.Memory {
			args = []string{"memory", "teardown", "--as", agentName, "--namespace", isolatedName, noteKey}
		}
		_, err := s.command(ctx, nil, args...)
		if err == nil {
			n++
		}
		errs = append(errs, err)
		return err == nil
	})
	return n, errors.Join(errs...)
}

// tidy clears up behind a stage that ended before its last step, on storage that
// outlives it.
func (s *stage3) tidy(ctx context.Context) error {
	if s.stack != nil || len(s.put)+len(s.stored) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patienceToClean)
	defer cancel()
	if _, err := s.clear(ctx); err != nil {
		return fmt.Errorf("removing what was put: %w", err)
	}
	return nil
}
