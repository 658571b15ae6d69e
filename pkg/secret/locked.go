package secret

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"sync"
)

// ErrDestroyed is answered by a Locked whose bytes were destroyed.
var ErrDestroyed = errors.New("secret: the bytes were destroyed")

// ErrNothing is the refusal to lock no bytes at all.
var ErrNothing = errors.New("secret: there is nothing to lock")

// Locked holds bytes for as long as a process runs, on pages of their own that
// are never swapped out and stay out of core dumps, where the system can do
// that (see Pinned). They are reached only inside Use, so Destroy can take the
// pages away without anybody holding a view of them.
//
// It is safe for concurrent use. It prints nowhere.
type Locked struct {
	mu      sync.RWMutex // guards the rest; held for reading inside Use
	held    *region
	cleanup runtime.Cleanup
	pinned  bool
}

// region is memory outside of Go's heap (on Linux), with what the secret needs
// of it in front.
type region struct {
	pages []byte
	size  int
	free  func(pages []byte)
}

// wipe zeroes the memory and gives it back.
func (r *region) wipe() {
	clear(r.pages)
	r.free(r.pages)
	r.pages = nil
}

// Lock copies b, at least one byte, into locked memory; the caller clears b. It
// fails with ErrNothing or when the system has no memory. A system that gives
// the memory but does not lock it is no error: see Pinned.
func Lock(b []byte) (*Locked, error) { return lockWith(b, pin) }

func lockWith(b []byte, pin func([]byte) error) (*Locked, error) {
	if len(b) == 0 {
		return nil, ErrNothing
	}
	r, err := allocate(len(b))
	if err != nil {
		return nil, fmt.Errorf("take memory for a secret: %w", err)
	}
	pinned := pin(r.pages) == nil // before a secret byte lies there
	copy(r.pages, b)
	l := &Locked{held: r, pinned: pinned}
	// Whoever forgets Destroy leaves no bytes behind for longer than the
	// collector takes.
	l.cleanup = runtime.AddCleanup(l, (*region).wipe, r)
	return l, nil
}

// Use calls f with the bytes, or answers ErrDestroyed. f must neither keep nor
// change them, nor call Destroy, which waits until f returns.
func (l *Locked) Use(f func(b []byte) error) error {
	if l == nil {
		return ErrDestroyed
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.held == nil {
		return ErrDestroyed
	}
	return f(l.held.pages[:l.held.size:l.held.size])
}

// Destroy overwrites the bytes and gives their memory back, after every Use
// that runs has ended. It can be repeated.
func (l *Locked) Destroy() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held != nil {
		l.cleanup.Stop()
		l.held.wipe()
		l.held = nil
	}
}

// Pinned reports whether the pages are locked and kept out of core dumps. They
// are not where RLIMIT_MEMLOCK is used up (setrlimit(2)) and on systems other
// than Linux; the secret works all the same, and whoever runs the process
// should hear of it.
func (l *Locked) Pinned() bool { return l != nil && l.pinned }

// String implements fmt.Stringer.
func (*Locked) String() string { return Redacted }

// GoString implements fmt.GoStringer.
func (*Locked) GoString() string { return Redacted }

// Format implements fmt.Formatter for every verb.
func (*Locked) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// LogValue implements slog.LogValuer.
func (*Locked) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalText implements encoding.TextMarshaler, and with it JSON's.
func (*Locked) MarshalText() ([]byte, error) { return []byte(Redacted), nil }
