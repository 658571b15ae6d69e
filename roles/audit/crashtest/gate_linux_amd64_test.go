package crashtest_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A gate stands between a process and the kernel (seccomp user notification,
// seccomp_unotify(2)): every call of the process that reads from or writes to the
// file system of its store waits until the gate has said whether it happens,
// fails, or is the last thing that the process did. Unlike a tracer it sees the
// calls of all threads in one order, so that the n-th is the n-th.
type gate struct {
	dir string // calls about other files pass

	mu     sync.Mutex // guards everything below
	decide func(call) verdict
	seen   []call
}

// call is one call about one file.
type call struct {
	name string // of the call; locks and unlocks of fcntl are told apart
	file string // its base name
	end  int64  // how far into the file a write reaches
}

// kind is what cells are counted by.
func (c call) kind() string { return c.name + " " + c.file }

// verdict is what becomes of a call: 0 passes, an errno fails it, die kills the
// process before it happens.
type verdict int32

const die verdict = -1

func newGate(dir string) *gate { return &gate{dir: dir} }

// watch forgets what was seen, and decides from now on.
func (g *gate) watch(decide func(call) verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen, g.decide = nil, decide
}

// calls are those since watch.
func (g *gate) calls() []call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]call(nil), g.seen...)
}

func (g *gate) judge(c call) verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen = append(g.seen, c)
	if g.decide == nil {
		return 0
	}
	return g.decide(c)
}

// wrap makes a command run behind the gate. What it returns is called once the
// command has started.
func (g *gate) wrap(t testing.TB, c *exec.Cmd) func() {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c.Args = append([]string{self, gatedArg, c.Path}, c.Args...)
	c.Path = self
	c.ExtraFiles = []*os.File{theirs}
	return func() {
		_ = theirs.Close()
		fd, err := receive(ours)
		if err != nil {
			t.Fatalf("no listener came from the gated process: %v", err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			defer unix.Close(fd)
			if err := g.listen(fd); err != nil {
				t.Errorf("the gate: %v", err)
			}
		}()
		t.Cleanup(func() { <-ended })
	}
}

func receive(f *os.File) (int, error) {
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	oob := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := conn.(*net.UnixConn).ReadMsgUnix(make([]byte, 1), oob)
	if err != nil {
		return 0, err
	}
	messages, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil || len(messages) != 1 {
		return 0, errors.Join(errors.New("no descriptor"), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return 0, errors.Join(errors.New("no descriptor"), err)
	}
	return fds[0], nil
}

// listen judges calls until no process is behind the gate.
func (g *gate) listen(fd int) error {
	for {
		p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if _, err := unix.Poll(p, -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return err
		}
		if p[0].Revents&unix.POLLIN == 0 {
			return nil // nobody is left
		}
		var n notification
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), notifRecv, uintptr(unsafe.Pointer(&n)))
		switch errno {
		case 0:
		case unix.EINTR, unix.ENOENT: // it was killed while it waited
			continue
		default:
			return errno
		}
		r := response{id: n.id, flags: flagContinue}
		if c, ours := g.about(n); ours {
			switch v := g.judge(c); {
			case v == die:
				_ = unix.Kill(int(n.pid), unix.SIGKILL)
				continue
			case v != 0:
				r.flags, r.errno = 0, -int32(v)
			}
		}
		_, _, errno = unix.Syscall(unix.SYS_IOCTL, uintptr(fd), notifSend, uintptr(unsafe.Pointer(&r)))
		if errno != 0 && errno != unix.ENOENT {
			return errno
		}
	}
}
