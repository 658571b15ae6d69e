package cli_test

import (
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestMemorySurvivesKill kills the worker, and all else, between what it stores and
// what it answers: an acknowledged value and its version are there, of one that was
// not acknowledged nothing or all, and the version tells which.
func TestMemorySurvivesKill(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	dev := startDev(t, home)
	kill := func() {
		t.Helper()
		dev.signal(syscall.SIGKILL)
		if got := dev.end(); got != -1 {
			t.Fatalf("a killed process ended with %d", got)
		}
		dev = startDev(t, home)
	}
	call(t, home, "", 0, "scope", "set", "--agent", "build-bot", "--service", "memory:notes", "--ops", "read,write")
	version := func() uint64 {
		t.Helper()
		var out struct {
			Version uint64 `json:"version"`
		}
		text := call(t, home, "", 0, "memory", "get", "plan", "--namespace", "notes", "--as", "build-bot", "--out", filepath.Join(t.TempDir(), "plan"), "-o", "json")
		if err := strictjson.DecodeAnswer([]byte(text), &out); err != nil {
			t.Fatal(err)
		}
		return out.Version
	}
	put := []string{"memory", "put", "plan", "--namespace", "notes", "--as", "build-bot"}
	call(t, home, "first", 0, put...)
	last, at := "first", version()
	kill()
	if got := version(); got != at {
		t.Errorf("after a kill the version is %d, not %d", got, at)
	}
	for _, value := range []string{"second", "third", "fourth"} {
		p := start(t, home, append(put, "--if-version", strconv.FormatUint(at, 10))...)
		if _, err := io.WriteString(p.stdin, value); err != nil {
			t.Fatal(err)
		}
		_ = p.stdin.Close()
		kill()
		acknowledged := p.end() == 0
		got, now := call(t, home, "", 0, "memory", "get", "plan", "--namespace", "notes", "--as", "build-bot"), version()
		switch {
		case got == value && now > at, got == last && now == at && !acknowledged:
		default:
			t.Errorf("acknowledged %v, found %q at %d after %q at %d", acknowledged, got, now, last, at)
		}
		// Whoever did not get an answer sends the same condition again: it holds when
		// nothing was stored, and only then.
		want := map[bool]int{true: 0, false: 2}[now == at]
		call(t, home, value, want, append(put, "--if-version", strconv.FormatUint(at, 10))...)
		last, at = value, version()
	}
	if got := call(t, home, "", 0, "memory", "get", "plan", "--namespace", "notes", "--as", "build-bot"); !strings.Contains(got, "fourth") {
		t.Errorf("%q", got)
	}
	dev.signal(syscall.SIGTERM)
	if got := dev.end(); got != 0 {
		t.Errorf("after SIGTERM the exit code is %d: %s", got, dev.stderr)
	}
}
