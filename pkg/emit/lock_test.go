package emit_test

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/emit"
)

// TestTheLockIsReleased although a process that is being started still has the
// descriptor; before that it keeps out.
func TestTheLockIsReleased(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, fd, err := emit.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	child, err := unix.Dup(int(fd))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(child) }()
	if _, _, err := emit.Lock(dir); !errors.Is(err, unix.EWOULDBLOCK) {
		t.Errorf("a second one: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l, _, err = emit.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}
