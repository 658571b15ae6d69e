package home_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/home"
)

// clock is a time that a test moves.
type clock struct{ unix atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(c.unix.Load(), 0).UTC() }
func (c *clock) advance(d time.Duration) { c.unix.Add(int64(d / time.Second)) }

func newClock() *clock {
	c := new(clock)
	c.unix.Store(1_800_000_000)
	return c
}

func open(t *testing.T) (*home.Dir, *clock) {
	t.Helper()
	c := newClock()
	d, err := home.Open(filepath.Join(t.TempDir(), "home"), c.now)
	if err != nil {
		t.Fatal(err)
	}
	return d, c
}

func create(t *testing.T, d *home.Dir, name string, kind home.Kind) home.Identity {
	t.Helper()
	id, k, err := d.Create(name, kind, home.KeySource{})
	if err != nil {
		t.Fatal(err)
	}
	k.Close()
	return id
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
