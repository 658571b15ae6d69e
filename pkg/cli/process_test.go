package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// These tests send signals: they start real processes and wait for what they
// say, never for time.

// patience bounds how long a test waits for a process that should have
// answered.
const patience = time.Minute

// process is a started program whose standard output is read line by line.
type process struct {
	*exec.Cmd
	t      testing.TB
	stdin  io.WriteCloser
	lines  chan string
	stderr *bytes.Buffer // to be read after the end only
}

func start(t testing.TB, home string, args ...string) *process {
	t.Helper()
	c := exec.Command("agentkeys", args...)
	c.Env = append(os.Environ(), "AGENTKEYS_HOME="+home)
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal of the test's own
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.StdinPipe() // stays open: reading from it waits
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: c, t: t, stdin: in, lines: make(chan string, 1000), stderr: &errs}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { _ = c.Process.Kill() })
	return p
}

// await reads until a line contains text.
func (p *process) await(text string) {
	p.t.Helper()
	give := time.After(patience)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				_ = p.Wait()
				p.t.Fatalf("%v ended before it said %q: %s", p.Args, text, p.stderr)
			}
			if strings.Contains(line, text) {
				return
			}
		case <-give:
			p.t.Fatalf("%v did not say %q", p.Args, text)
		}
	}
}

// end waits for the end and returns the exit code.
func (p *process) end() int {
	p.t.Helper()
	for range p.lines { // until the pipe is closed
	}
	err := p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// call runs a command to its end and returns what it printed.
func call(t testing.TB, home, stdin string, want int, args ...string) string {
	t.Helper()
	c := exec.Command("agentkeys", args...)
	c.Env = append(os.Environ(), "AGENTKEYS_HOME="+home)
	c.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := c.ProcessState.ExitCode(); got != want {
		t.Fatalf("agentkeys %s: exit code %d, not %d: %s", strings.Join(args, " "), got, want, &errs)
	}
	return string(out)
}

func TestRunForwardsSignals(t *testing.T) {
	t.Parallel()
	// Under nohup a hangup is ignored, which children inherit, unless it is
	// caught here.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangup) })
	for _, s := range []struct {
		name   string
		signal os.Signal
	}{
		{"INT", syscall.SIGINT},
		{"TERM", syscall.SIGTERM},
		{"HUP", syscall.SIGHUP},
		{"QUIT", syscall.SIGQUIT},
		{"USR1", syscall.SIGUSR1},
		{"USR2", syscall.SIGUSR2},
		{"WINCH", syscall.SIGWINCH},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			// The child waits by reading: a trap runs when the signal comes, or, where
			// that is just before it reads, when it has read.
			p := start(t, t.TempDir(), "run", "--", "sh", "-c",
				`trap 'echo got `+s.name+`; exit 42' `+s.name+`; echo ready; while read line; do :; done`)
			p.await("ready")
			p.signal(s.signal)
			go func() {
				for err := error(nil); err == nil; { // until the child is gone
					_, err = io.WriteString(p.stdin, "\n")
				}
			}()
			p.await("got " + s.name)
			if got := p.end(); got != 42 {
				t.Errorf("exit code %d, not the child's 42: %s", got, p.stderr)
			}
		})
	}
}

// A child that does not handle a signal dies of it, and we say so.
func TestRunDiesAsItsChild(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir(), "run", "--", "sh", "-c", "echo ready; exec sleep 600")
	p.await("ready")
	p.signal(syscall.SIGTERM)
	if got := p.end(); got != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d", got)
	}
	if p.stderr.Len() != 0 {
		t.Errorf("it said %s", p.stderr)
	}
}

// Ctrl-C ends a command that waits for its input.
func TestInputIsInterruptible(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir(), "cred", "store", "--service", "github")
	// More than a pipe holds: once it is written, somebody reads.
	if _, err := p.stdin.Write(make([]byte, 512<<10)); err != nil {
		t.Fatal(err)
	}
	p.signal(os.Interrupt)
	if got := p.end(); got != 128+int(syscall.SIGINT) || p.stderr.String() != "error: interrupted\n" {
		t.Errorf("exit code %d: %s", got, p.stderr)
	}
}

func startDev(t testing.TB, home string, args ...string) *process {
	t.Helper()
	p := start(t, home, append([]string{"dev", "--free-ports"}, args...)...)
	p.await("Ctrl-C stops it")
	return p
}

// TestDevSurvives kills the stack at once after each acknowledged step: what
// was acknowledged is there after the next start, and readable.
func TestDevSurvives(t *testing.T) {
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

	call(t, home, "my-token", 0, "cred", "store", "--agent", "build-bot", "--service", "github")
	kill()
	if got := call(t, home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", "github"); got != "my-token" {
		t.Errorf("after a kill the secret is %q", got)
	}

	call(t, home, "", 0, "scope", "set", "--agent", "report-bot", "--service", "slack", "--ops", "read")
	kill()
	if got := call(t, home, "", 0, "scope", "show", "--agent", "report-bot"); !strings.Contains(got, "slack") || !strings.Contains(got, "github") {
		t.Errorf("after a kill the scope is %s", got)
	}

	call(t, home, "", 0, "agent", "revoke", "build-bot")
	kill()
	call(t, home, "", 3, "cred", "fetch", "--as", "build-bot", "--service", "github")
	if got := call(t, home, "", 0, "agent", "list", "--as", "acme"); !strings.Contains(got, "revoked") {
		t.Errorf("the seed brought a revoked agent back: %s", got)
	}

	// Killed in the middle of storing, the old secret or the new one is there.
	last := "first"
	call(t, home, last, 0, "cred", "store", "--agent", "report-bot", "--service", "github")
	for _, value := range []string{"second", "third"} {
		store := start(t, home, "cred", "store", "--agent", "report-bot", "--service", "github")
		if _, err := io.WriteString(store.stdin, value); err != nil {
			t.Fatal(err)
		}
		_ = store.stdin.Close()
		kill()
		acknowledged := store.end() == 0
		got := call(t, home, "", 0, "cred", "fetch", "--as", "report-bot", "--service", "github")
		if got != value && (acknowledged || got != last) {
			t.Errorf("acknowledged %v, found %q after %q and %q", acknowledged, got, last, value)
		}
		last = got
	}

	// Ctrl-C is a clean end, and what removes the state is asked for.
	dev.signal(os.Interrupt)
	if got := dev.end(); got != 0 {
		t.Errorf("after Ctrl-C the exit code is %d: %s", got, dev.stderr)
	}
	dev = startDev(t, home, "--reset")
	if got := call(t, home, "", 0, "agent", "list", "--as", "acme"); !strings.Contains(got, "active") {
		t.Errorf("after a reset the agent is not bound: %s", got)
	}
	call(t, home, "", 2, "cred", "fetch", "--as", "build-bot", "--service", "github")
	dev.signal(syscall.SIGTERM)
	if got := dev.end(); got != 0 {
		t.Errorf("after SIGTERM the exit code is %d: %s", got, dev.stderr)
	}
}

// A second stack must not touch the state of the first, least of all reset it.
func TestDevRunsOnce(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	startDev(t, home)
	second := start(t, home, "dev", "--free-ports", "--reset")
	if got := second.end(); got != 1 {
		t.Errorf("exit code %d", got)
	}
	if want := "error: another `agentkeys dev` runs in " + filepath.Join(home, "dev") + "\n"; second.stderr.String() != want {
		t.Errorf("it said %q, not %q", second.stderr, want)
	}
	call(t, home, "still-here", 0, "cred", "store", "--agent", "build-bot", "--service", "github")
	if got := call(t, home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", "github"); got != "still-here" {
		t.Errorf("the first stack answers %q", got)
	}
}

// TestServeEndsCleanly serves a role as a host does and ends it as an init
// system does.
func TestServeEndsCleanly(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	startDev(t, home)
	c := exec.Command("agentkeys", "serve", "--role", "cred", "--create-keys", "--cap-keys", filepath.Join(home, "dev", "capability-keys.json"),
		"--cred-signer-keys", filepath.Join(home, "dev", "signer-keys.json"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	c.Env = append(os.Environ(), "AGENTKEYS_HOME="+home)
	logs, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(logs)
	for s.Scan() {
		if line := s.Text(); strings.Contains(line, `"message":"serving"`) {
			if !strings.Contains(line, `"time":"`) {
				t.Errorf("the log line is %s", line)
			}
			break
		}
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(logs)
	if err := c.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v: %s", err, rest)
	}
}
