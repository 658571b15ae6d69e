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
