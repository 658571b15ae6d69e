package main_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/roles"
)

// BenchmarkReady is one production role from exec to the first good /readyz,
// with its anonymous memory then. The chain behind it is the development one;
// the profile, the checks and the binary are production's.
func BenchmarkReady(b *testing.B) {
	binary := buildStripped(b)
	dir := filepath.Join(b.TempDir(), "home")
	if err := os.Mkdir(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	s, err := devstack.Start(b.Context(), devstack.Config{Dir: filepath.Join(dir, "dev"), FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(io.Discard)})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p := *s.Profile
	p.Environment, p.Chain.Confirmations = profile.Production, 1
	if err := p.Save(filepath.Join(dir, "profile.json")); err != nil {
		b.Fatal(err)
	}
	var ready time.Duration
	var anon int
	b.ResetTimer()
	for range b.N {
		took, kib := untilReady(b, binary, dir)
		ready += took
		anon = max(anon, kib)
	}
	b.ReportMetric(float64(ready.Milliseconds())/float64(b.N), "ms-to-ready")
	b.ReportMetric(float64(anon)/1024, "MiB-anonymous")
}

func buildStripped(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "agentkeys")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("stripped binary: %d bytes", info.Size())
	return binary
}

func untilReady(b *testing.B, binary, home string) (time.Duration, int) {
	b.Helper()
	addr := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	public, admin := addr(), addr()
	cmd := exec.Command(binary, "--home", home, "serve", "--role=broker", "--create-keys", "--operators", "any", "--listen", public, "--admin-listen", admin)
	var log strings.Builder
	cmd.Stderr = &log
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() }()
	for time.Since(start) < 10*time.Second {
		resp, err := http.Get("http://" + admin + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return time.Since(start), anonymous(b, cmd.Process.Pid)
		}
	}
	b.Fatalf("never ready:\n%s", log.String())
	return 0, 0
}

// anonymous is the process's RssAnon in KiB, or 0 where /proc is not there.
func anonymous(b *testing.B, pid int) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kib int
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kib); err == nil {
			return kib
		}
	}
	return 0
}
