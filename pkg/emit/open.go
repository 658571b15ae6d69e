package emit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
)

// serialLength is how much of a drawn serial a source has room for: 60 bits.
const serialLength = 12

// Open opens a spool and goes on where it ended: what is unsent is sent. A spool
// that is damaged, in use, or of another identity key or another version with
// something unsent in it is an error.
func Open(c Config) (*Spool, error) { return openOn(osDisk{}, c) }

func openOn(d disk, c Config) (_ *Spool, err error) {
	if c, err = c.complete(); err != nil {
		return nil, fmt.Errorf("audit spool: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("audit spool %s: %w", c.Dir, err)
		}
	}()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	if err := d.syncDir(filepath.Dir(c.Dir)); err != nil { // the directory may be new
		return nil, err
	}
	held, err := lock(c.Dir)
	if err != nil {
		return nil, err
	}
	s := &Spool{
		c: c, disk: d, lock: held,
		queue: make(chan *job, maxQueue), wake: make(chan struct{}, 1), drained: make(chan struct{}), idle: make(chan struct{}),
		ending: make(chan struct{}),
	}
	if err := s.recover(); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go s.write()
	go s.forward(ctx)
	return s, nil
}

func closing(c io.Closer, err error) error { return errors.Join(err, c.Close()) }

// recover reads what is there, or begins anew.
func (s *Spool) recover() error {
	list, err := readSegments(s.disk, s.c.Dir)
	if err != nil {
		return err
	}
	if list, err = s.mine(list); err != nil {
		return err
	}
	if len(list) == 0 {
		s.source = audit.NewSource(s.c.Role, s.c.Identity.Public(), strings.ToLower(rand.Text()[:serialLength]))
		if _, _, err := audit.ParseSource(s.source); err != nil {
			return fmt.Errorf("role %q: %w", s.c.Role, err)
		}
		if s.taken, _, err = openTaken(s.disk, s.c.Dir, s.source); err != nil {
			return err
		}
		s.next = 1
		return s.begin()
	}
	return s.goOn(list)
}

// mine leaves nothing of a spool of another key of which everything was taken: the
// numbers of this key are a series of their own.
func (s *Spool) mine(list []found) ([]found, error) {
	if len(list) == 0 {
		return nil, nil
	}
	if own, err := owned(list, s.c.Role, s.c.Identity.Public()); err != nil || own {
		return list, err
	}
	t, n, err := openTaken(s.disk, s.c.Dir, list[0].source)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(t.f.Close(), allSent(list, n)); err != nil {
		return nil, err
	}
	for _, f := range list {
		if err := s.disk.remove(f.path); err != nil {
			return nil, err
		}
	}
	return nil, s.disk.syncDir(s.c.Dir)
}

// goOn takes up what was found. The last file is written anew: without what is
// torn, and on the disk for certain, also where a sync failed before.
func (s *Spool) goOn(list []found) error {
	last := list[len(list)-1]
	s.source, s.next = last.source, last.last+1
	var err error
	if s.taken, s.sent, err = openTaken(s.disk, s.c.Dir, s.source); err != nil {
		return err
	}
	if s.sent, err = inPlace(s.c.Dir, list, s.sent); err != nil {
		return err
	}
	if err := sendable(list, s.sent); err != nil {
		return err
	}
	if last.torn {
		s.c.Log.Warn().Str("file", last.path).Uint64("last", last.last).Msg("the end of the audit spool was torn and is cut: what stood there was not acknowledged")
	}
	f, again, err := createSegment(s.disk, s.c.Dir, last.first, last.content)
	if err != nil {
		return err
	}
	again.last = last.last
	s.active = f
	for _, old := range list[:len(list)-1] {
		g := old.segment
		s.segments = append(s.segments, &g)
		s.bytes += g.size
	}
	s.segments = append(s.segments, &again)
	s.bytes += again.size
	s.mark(list)
	return s.sweep()
}

// mark says how old what is unsent is: as old as the first of it.
func (s *Spool) mark(list []found) {
	for _, f := range list {
		for _, r := range f.records {
			if r.last() <= s.sent {
				continue
			}
			at := s.c.Now()
			if entries, err := r.decode(s.source); err == nil {
				if t := entries[max(r.first, s.sent+1)-r.first].Event.Time; t.Before(at) {
					at = t
				}
			}
			s.marks = []spooled{{last: s.next - 1, at: at}}
			return
		}
	}
}

// spooled says when entries up to last were spooled.
type spooled struct {
	last uint64
	at   time.Time
}

// begin starts a new file.
func (s *Spool) begin() error {
	f, g, err := createSegment(s.disk, s.c.Dir, s.next, fileHeader(s.source, s.next))
	if err != nil {
		return fmt.Errorf("begin a file: %w", err)
	}
	s.active = f
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.segments); n > 0 && s.segments[n-1].first == g.first {
		s.bytes -= s.segments[n-1].size
		s.segments = s.segments[:n-1]
	}
	s.segments = append(s.segments, &g)
	s.bytes += g.size
	return nil
}

// sweep removes the files of which everything was taken. The last one stays: it
// holds the number.
func (s *Spool) sweep() error {
	synced := false
	for {
		s.mu.Lock()
		if len(s.segments) < 2 || s.segments[1].first > s.sent+1 {
			s.mu.Unlock()
			return nil
		}
		old := s.segments[0]
		s.mu.Unlock()
		if !synced {
			if err := errors.Join(s.taken.set(s.sent), s.taken.f.sync()); err != nil {
				return err
			}
			synced = true
		}
		if err := s.disk.remove(old.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		s.mu.Lock()
		s.segments, s.bytes = s.segments[1:], s.bytes-old.size
		s.mu.Unlock()
	}
}

func (s *Spool) closeFiles() error {
	var errs []error
	for _, c := range []io.Closer{s.active, s.taken.f, s.lock} {
		switch v := c.(type) {
		case nil:
		case *os.File:
			if v != nil {
				errs = append(errs, v.Close())
			}
		default:
			errs = append(errs, v.Close())
		}
	}
	return errors.Join(errs...)
}

func (s *Spool) path(name string) string { return filepath.Join(s.c.Dir, name) }
