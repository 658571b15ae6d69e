//go:build linux

package rgw_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
)

const account = "000000000000"

// programs are those that the environment names (AGENTKEYS_TEST_CLOUDS, see
// package cloudtest); without them nothing of what follows runs.
func programs() []string {
	var out []string
	for entry := range strings.SplitSeq(os.Getenv("AGENTKEYS_TEST_CLOUDS"), ",") {
		if where, ok := strings.CutPrefix(entry, "rgw:"); ok {
			out = append(out, where)
		}
	}
	return out
}

func start(t testing.TB, where string) *rgw.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "rgw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s, err := rgw.Start(t.Context(), rgw.Config{Programs: where, Dir: dir, AccountID: account, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConfig(t *testing.T) {
	dir := t.TempDir()
	good := rgw.Config{Programs: "/usr/bin", Dir: dir, AccountID: account, Now: time.Now}
	for name, edit := range map[string]func(*rgw.Config){
		"no programs": func(c *rgw.Config) { c.Programs = "" },
		"no dir":      func(c *rgw.Config) { c.Dir = "" },
		"account":     func(c *rgw.Config) { c.AccountID = "1" },
		"no clock":    func(c *rgw.Config) { c.Now = nil },
	} {
		c := good
		edit(&c)
		if _, err := rgw.Start(t.Context(), c); err == nil || !strings.Contains(err.Error(), "are required") {
			t.Errorf("%s: %v", name, err)
		}
	}
	good.Programs = dir
	if _, err := rgw.Start(t.Context(), good); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program there: %v", err)
	}
}

// TestDaemonsEnd: closed, or with whoever started them.
func TestDaemonsEnd(t *testing.T) {
	for _, where := range programs() {
		t.Run("closed", func(t *testing.T) {
			s := start(t, where)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			silent(t, s.Endpoint)
		})
		t.Run("killed", func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestChild$", "-test.v")
			cmd.Env = append(os.Environ(), "AGENTKEYS_TEST_CHILD="+where)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines, endpoint := bufio.NewScanner(out), ""
			for endpoint == "" && lines.Scan() {
				_, endpoint, _ = strings.Cut(lines.Text(), "endpoint ")
			}
			dir := ""
			if lines.Scan() {
				_, dir, _ = strings.Cut(lines.Text(), "dir ")
			}
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			if resp, err := http.Get(endpoint); err != nil || resp.Body.Close() != nil {
				t.Fatal("the child's gateway does not answer:", err)
			}
			if !alive(dir) {
				t.Fatal("its processes are not seen")
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			silent(t, endpoint)
			gone(t, dir)
		})
	}
}

// TestChild is the process that is killed; by itself it does nothing.
func TestChild(t *testing.T) {
	where := os.Getenv("AGENTKEYS_TEST_CHILD")
	if where == "" {
		return
	}
	dir, err := os.MkdirTemp("", "rgw")
	if err != nil {
		t.Fatal(err)
	}
	s, err := rgw.Start(t.Context(), rgw.Config{Programs: where, Dir: dir, AccountID: account, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("endpoint " + s.Endpoint + "\ndir " + dir + "\n")
	select {} // until it is killed
}

// silent waits until nobody listens any more.
func silent(t *testing.T, endpoint string) {
	t.Helper()
	for {
		c, err := net.Dial("tcp", strings.TrimPrefix(endpoint, "http://"))
		if err != nil {
			return
		}
		_ = c.Close()
		if t.Context().Err() != nil {
			t.Fatal("it still listens")
		}
	}
}

// alive tells whether a process has dir in its environment, as all of Ceph's do.
func alive(dir string) bool {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	return slices.ContainsFunc(all, func(path string) bool {
		text, _ := os.ReadFile(path) // one that has ended meanwhile has none
		return strings.Contains(string(text), "="+dir+"/")
	})
}

// gone waits until no process is alive.
func gone(t *testing.T, dir string) {
	t.Helper()
	for {
		if !alive(dir) {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("some are still there")
		}
	}
}

// TestAdmitRefuses: what cannot be unrolled reaches no gateway.
func TestAdmitRefuses(t *testing.T) {
	s := new(rgw.Server)
	if err := s.Admit(t.Context(), policy.Set{}); !errors.Is(err, policy.ErrInvalid) {
		t.Errorf("no actor: %v", err)
	}
}
