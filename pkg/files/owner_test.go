package files

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Ownership is judged inside the package: giving a file away needs root.
func TestOwner(t *testing.T) {
	const mode = unix.S_IFREG | 0o600
	if err := checkFile(mode, 1000, 1000, "k"); err != nil {
		t.Error(err)
	}
	if err := checkFile(mode, 0, 1000, "k"); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), "user id 0") {
		t.Error(err)
	}
}

// A list that is believed may be root's too.
func TestOwnerOfWhatIsBelieved(t *testing.T) {
	const mode = unix.S_IFREG | 0o644
	for owner, want := range map[uint32]bool{1000: true, 0: true, 1001: false} {
		if err := checkPublic(mode, owner, 1000, "l"); (err == nil) != want || err != nil && !errors.Is(err, ErrUnsafe) {
			t.Errorf("owner %d: %v", owner, err)
		}
	}
}
