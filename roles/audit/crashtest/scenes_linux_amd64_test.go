package crashtest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
)

func appending() scene {
	return scene{
		name:   "append",
		before: func(s *stage) error { return s.sign() },
		act:    func(s *stage) error { return s.offer(s.t.Context()) },
		again: func(s *stage) error {
			defer s.keep()
			return s.offer(s.t.Context())
		},
	}
}

func flushing() scene {
	return scene{
		name: "flush",
		before: func(s *stage) error {
			defer s.keep()
			if err := s.sign(); err != nil {
				return err
			}
			return s.offer(s.t.Context())
		},
		act: func(s *stage) error {
			_, err := s.flushAll(s.t.Context())
			return err
		},
		again: func(s *stage) error {
			_, err := s.flushAll(s.t.Context())
			return err
		},
	}
}

// listing reads what is there as the first thing after a start, over connections
// of its own.
func listing() scene {
	act := func(s *stage) error {
		r, err := s.call(s.masters[0], api.PathAuditEvents)
		if err != nil {
			return err
		}
		_, err = api.GetJSON[api.AuditEvents](s.t.Context(), s.api, r)
		return err
	}
	return scene{
		name: "list",
		before: func(s *stage) error {
			defer s.keep()
			s.restart()
			if err := s.sign(); err != nil {
				return err
			}
			return s.offer(s.t.Context())
		},
		act: act, again: act,
	}
}

// notStarted says that the role ended instead of serving.
type notStarted struct{ log string }

// Error implements error.
func (e *notStarted) Error() string { return "the role did not start: " + e.log }

// starting is a start after a crash; the one after it takes events again.
func starting() scene {
	return scene{
		name: "start", few: true,
		before: func(s *stage) error { s.running.kill(); return s.sign() },
		act:    start,
		again: func(s *stage) error {
			defer s.keep()
			return s.offer(s.t.Context())
		},
	}
}

// start starts the role behind the gate. One that ends must say why, and not by
// a panic.
func start(s *stage) error {
	s.running = s.launch()
	if s.running.serves() {
		return nil
	}
	<-s.running.done
	code, log := s.running.cmd.ProcessState.ExitCode(), s.running.log.String()
	if code == 1 && strings.Contains(log, "error: ") && !strings.Contains(log, "goroutine ") {
		return &notStarted{log}
	}
	if code == -1 {
		return &notStarted{"killed"}
	}
	return fmt.Errorf("it ended with %d: %s", code, log)
}

// startingAnew is a start without a database: the events of before are forgotten.
func startingAnew() scene {
	sc := starting()
	sc.name = "first start"
	sc.before = func(s *stage) error {
		s.running.kill()
		s.client = s.world.client(s.cells+1, s.client.dice)
		if err := os.RemoveAll(filepath.Dir(s.store)); err != nil {
			return err
		}
		return s.sign()
	}
	return sc
}

// anchoring brings a batch on chain: it ends when the role says that it is
// confirmed there. The role tries again by itself, so that nothing is refused
// but the flush.
func anchoring() scene {
	return scene{
		name: "anchor", once: true,
		// Which connection reads is not the same each time; its files are opened in
		// the scene of a list.
		about: func(kind string) bool {
			return slices.Contains([]string{"pwrite64 audit.db-wal", "pread64 audit.db-wal", "fsync audit.db-wal", "fcntl-lock audit.db-shm", "fcntl-unlock audit.db-shm"}, kind)
		},
		before: func(s *stage) error {
			defer s.keep()
			if err := s.sign(); err != nil {
				return err
			}
			return s.offer(s.t.Context())
		},
		act: anchor, again: anchor,
	}
}

func anchor(s *stage) error {
	if _, err := s.flushAll(s.t.Context()); err != nil {
		return err
	}
	for give := time.After(patience); ; {
		r, err := s.call(s.masters[0], api.PathAuditStatus)
		if err != nil {
			return err
		}
		st, err := api.GetJSON[api.AuditStatus](s.t.Context(), s.api, r)
		switch {
		case err == nil && st.Covered == st.Position && st.Unanchored == 0:
			return nil
		case err != nil && !notAcknowledged(err):
			return err
		}
		select {
		case <-give:
			return errors.Join(fmt.Errorf("not anchored: %+v", st), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
