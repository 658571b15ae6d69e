//go:build !(linux && amd64)

package crashtest_test

import (
	"errors"
	"os/exec"
	"testing"
)

// gate is not there on this platform; see gate_linux_amd64_test.go.
type gate struct{}

func (*gate) wrap(t testing.TB, _ *exec.Cmd) func() {
	t.Helper()
	t.Fatal("there is no gate on this platform")
	return nil
}

const gatedArg = "run-gated"

func runGated([]string) error { return errors.ErrUnsupported }
