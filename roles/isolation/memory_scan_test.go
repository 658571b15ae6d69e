package isolation_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the product, built.
func program(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agentkeys")
	build := exec.Command("go", "build", "-o", path, "github.com/litentry/agentkeys")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v: %s", err, out)
	}
	return path
}

// process is a role in a process of its own.
type process struct {
	*exec.Cmd
	said *bytes.Buffer
}

// runs starts a role as the stack says, and waits until it answers.
func (w *world) runs(path, name string) *process {
	t := w.t
	t.Helper()
	p := &process{Cmd: exec.Command(path, w.Apart[name]...), said: new(bytes.Buffer)}
	p.Stdout, p.Stderr, p.Env = p.said, p.said, []string{}
	p.Dir = t.TempDir() // where a core file would lie
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	address := strings.TrimPrefix(w.Profile.Hosts[name], "http://")
	for give := time.Now().Add(30 * time.Second); ; {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = c.Close()
			return p
		}
		if time.Now().After(give) {
			t.Fatalf("%s does not answer: %v: %s", name, err, p.said)
		}
	}
}

// end kills it.
func (p *process) end() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// crash has it say what a crash says, and looks for marks and for a core file.
func (p *process) crash(t *testing.T, secrets []marked) {
	t.Helper()
	_ = p.Process.Signal(syscall.SIGABRT)
	_ = p.Wait()
	if !bytes.Contains(p.said.Bytes(), []byte("goroutine ")) {
		t.Errorf("it said nothing of its end: %s", p.said)
	}
	for _, m := range secrets {
		if bytes.Contains(p.said.Bytes(), m.mark) || bytes.Contains(p.said.Bytes(), []byte(hex.EncodeToString(m.mark[:8]))) {
			t.Errorf("what it said at its end shows %d bytes that were stored", len(m.value))
		}
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(p.Dir)); len(left) != 0 || p.ProcessState.Sys().(syscall.WaitStatus).CoreDump() {
		t.Errorf("it left %v", left)
	}
}

// memory is everything that a process could still read of itself.
func (p *process) memory(t testing.TB) []byte {
	t.Helper()
	maps := must[*os.File](t)(os.Open(fmt.Sprintf("/proc/%d/maps", p.Process.Pid)))
	defer maps.Close()
	mem := must[*os.File](t)(os.Open(fmt.Sprintf("/proc/%d/mem", p.Process.Pid)))
	defer mem.Close()
	var out []byte
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to int64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &mode); err != nil || !strings.HasPrefix(mode, "rw") {
			continue
		}
		part := make([]byte, to-from)
		if n, err := mem.ReadAt(part, from); err != nil {
			t.Errorf("%d bytes of %q were read: %v", n, lines.Text(), err)
		}
		out = append(out, part...)
	}
	return out
}
