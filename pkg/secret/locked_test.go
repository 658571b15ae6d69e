package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func lock(t *testing.T, b []byte) *Locked {
	t.Helper()
	l, err := Lock(b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Destroy)
	return l
}

func TestLockedHoldsACopy(t *testing.T) {
	src := []byte("abc")
	l := lock(t, src)
	clear(src)
	seen := ""
	if err := l.Use(func(b []byte) error {
		if len(b) != 3 || cap(b) != 3 {
			t.Errorf("%d bytes with room for %d", len(b), cap(b))
		}
		seen = string(b)
		return nil
	}); err != nil || seen != "abc" {
		t.Fatal(err, seen)
	}
	want := errors.New("from within")
	if err := l.Use(func([]byte) error { return want }); !errors.Is(err, want) {
		t.Error(err)
	}
	for _, nothing := range [][]byte{nil, {}} {
		if l, err := Lock(nothing); !errors.Is(err, ErrNothing) || l != nil {
			t.Error(err)
		}
	}
}

// TestDestroyedIsGone: the memory is zero when it is given back, once, and
// nothing reaches it afterwards.
func TestDestroyedIsGone(t *testing.T) {
	l := lock(t, bytes.Repeat([]byte{7}, 5000))
	free, freed := l.held.free, 0
	l.held.free = func(pages []byte) {
		freed++
		if len(pages) < 5000 || len(bytes.Trim(pages, "\x00")) != 0 {
			t.Error("given back with bytes in it")
		}
		free(pages)
	}
	l.Destroy()
	l.Destroy()
	if freed != 1 {
		t.Errorf("given back %d times", freed)
	}
	if err := l.Use(func([]byte) error { t.Error("used after Destroy"); return nil }); !errors.Is(err, ErrDestroyed) {
		t.Error(err)
	}
	var none *Locked
	none.Destroy()
	if err := none.Use(func([]byte) error { return nil }); !errors.Is(err, ErrDestroyed) {
		t.Error(err)
	}
}

// TestDestroyWaits: a use that runs keeps the memory until it ends.
func TestDestroyWaits(t *testing.T) {
	l := lock(t, []byte("abc"))
	var destroyed atomic.Bool
	var wg sync.WaitGroup
	if err := l.Use(func(b []byte) error {
		started := make(chan struct{})
		wg.Go(func() { close(started); l.Destroy(); destroyed.Store(true) })
		<-started
		for range 1000 {
			runtime.Gosched()
		}
		if destroyed.Load() || string(b) != "abc" {
			t.Error("destroyed while in use")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if !destroyed.Load() {
		t.Error("never destroyed")
	}
}

func TestManyUsersOfOneLocked(t *testing.T) {
	for range 50 {
		l := lock(t, []byte("abc"))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := l.Use(func(b []byte) error {
					if string(b) != "abc" {
						t.Errorf("%q", b)
					}
					return nil
				})
				if err != nil && !errors.Is(err, ErrDestroyed) {
					t.Error(err)
				}
			})
		}
		wg.Go(l.Destroy)
		wg.Wait()
	}
}

// TestNotPinned: where memory cannot be locked the secret works and says so.
func TestNotPinned(t *testing.T) {
	for _, refused := range []error{nil, errors.New("RLIMIT_MEMLOCK")} {
		l, err := lockWith([]byte("abc"), func(pages []byte) error {
			if len(bytes.Trim(pages, "\x00")) != 0 {
				t.Error("the secret lay in memory before it was locked")
			}
			return refused
		})
		if err != nil {
			t.Fatal(err)
		}
		if l.Pinned() != (refused == nil) {
			t.Error("pinned:", l.Pinned())
		}
		if err := l.Use(func(b []byte) error {
			if string(b) != "abc" {
				t.Errorf("%q", b)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		l.Destroy()
	}
}

// TestForgottenIsWiped: the collector zeroes what nobody destroyed.
func TestForgottenIsWiped(t *testing.T) {
	wiped := make(chan bool, 1)
	func() {
		l, err := Lock([]byte("abc"))
		if err != nil {
			t.Fatal(err)
		}
		free := l.held.free
		l.held.free = func(pages []byte) { wiped <- len(bytes.Trim(pages, "\x00")) == 0; free(pages) }
	}()
	for {
		runtime.GC()
		select {
		case zero := <-wiped:
			if !zero {
				t.Error("given back with bytes in it")
			}
			return
		default:
			runtime.Gosched()
		}
	}
}

func TestNothingPrintsALocked(t *testing.T) {
	const canary = "canary-7c1f"
	l := lock(t, []byte(canary))
	h := struct {
		Name   string
		Public *Locked
		hidden *Locked
	}{"n", l, l}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+"\n", l)
		fmt.Fprintf(&out, verb+"\n", h)
	}
	for _, v := range []any{l, h} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		out.Write(b)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "l", l)
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), "99 97 110 97 114 121"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("output contains %q:\n%s", form, out.String())
		}
	}
	if !strings.Contains(out.String(), Redacted) {
		t.Error("nothing was redacted: the test printed nothing")
	}
}
