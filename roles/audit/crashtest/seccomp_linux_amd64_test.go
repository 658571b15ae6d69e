package crashtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The structures, requests and flags of seccomp(2) and seccomp_unotify(2).
type notification struct {
	id         uint64
	pid, flags uint32
	nr         int32
	arch       uint32
	ip         uint64
	args       [6]uint64
}

type response struct {
	id    uint64
	val   int64
	errno int32
	flags uint32
}

const (
	notifRecv     = 0xc0502100
	notifSend     = 0xc0182101
	flagContinue  = 1
	newListener   = 1 << 3
	waitKillable  = 1 << 5
	setModeFilter = 1
)

// gatedCall is a call that passes the gate; path is the place of the path among
// its arguments, or -1 when the first is a descriptor.
type gatedCall struct {
	name string
	path int
}

// gated are the calls that pass the gate, by number: what a database does to its
// files, and what opens, makes and removes them.
func gated() map[int32]gatedCall {
	return map[int32]gatedCall{
		unix.SYS_OPENAT: {"openat", 1}, unix.SYS_OPEN: {"open", 0}, unix.SYS_UNLINK: {"unlink", 0}, unix.SYS_UNLINKAT: {"unlinkat", 1},
		unix.SYS_STAT: {"stat", 0}, unix.SYS_LSTAT: {"lstat", 0}, unix.SYS_NEWFSTATAT: {"newfstatat", 1}, unix.SYS_ACCESS: {"access", 0},
		unix.SYS_MKDIRAT: {"mkdirat", 1}, unix.SYS_RENAMEAT: {"renameat", 1}, unix.SYS_LINKAT: {"linkat", 1},
		unix.SYS_WRITE: {"write", -1}, unix.SYS_PREAD64: {"pread64", -1}, unix.SYS_PWRITE64: {"pwrite64", -1}, unix.SYS_FDATASYNC: {"fdatasync", -1}, unix.SYS_FSYNC: {"fsync", -1},
		unix.SYS_FTRUNCATE: {"ftruncate", -1}, unix.SYS_FALLOCATE: {"fallocate", -1}, unix.SYS_FCNTL: {"fcntl", -1}, unix.SYS_FSTAT: {"fstat", -1},
		unix.SYS_FCHMOD: {"fchmod", -1}, unix.SYS_FCHOWN: {"fchown", -1}, unix.SYS_LSEEK: {"lseek", -1},
	}
}

// temporary is the name of a file before it is put in its place.
var temporary = regexp.MustCompile(`\.[0-9]+\.tmp$`)

// about says which file a call is about, and whether that is one of the store.
func (g *gate) about(n notification) (call, bool) {
	k, ok := gated()[n.nr]
	if !ok {
		return call{}, false
	}
	var path string
	if k.path >= 0 {
		path = textOf(n.pid, n.args[k.path])
	} else {
		path, _ = os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", n.pid, int32(n.args[0])))
	}
	if path != g.dir && !strings.HasPrefix(path, g.dir+"/") {
		return call{}, false
	}
	c := call{name: k.name, file: temporary.ReplaceAllString(filepath.Base(path), ".tmp")}
	switch k.name {
	case "pwrite64":
		c.end = int64(n.args[2] + n.args[3])
	case "fcntl":
		c.name = lockOf(n)
	}
	return c, true
}

// lockOf tells the three things apart that fcntl does here.
func lockOf(n notification) string {
	if n.args[1] != unix.F_SETLK {
		return "fcntl"
	}
	b := make([]byte, 2)
	if memory(n.pid, n.args[2], b) == 2 && b[0] == unix.F_UNLCK && b[1] == 0 {
		return "fcntl-unlock"
	}
	return "fcntl-lock"
}

// textOf reads a text that an argument points to.
func textOf(pid uint32, at uint64) string {
	b := make([]byte, 4096)
	text, _, _ := strings.Cut(string(b[:memory(pid, at, b)]), "\x00")
	return text
}

// memory reads what it can of a process that waits at the gate.
func memory(pid uint32, at uint64, b []byte) int {
	f, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	n, _ := f.ReadAt(b, int64(at))
	return n
}

// gatedArg makes the test binary the process that puts a filter on itself and
// becomes the program.
const gatedArg = "run-gated"

// runGated is the process behind the gate, until it becomes the program: args are
// its file and its arguments, from the zeroth on. Descriptor 3 takes the listener.
func runGated(args []string) error {
	// The filter is this thread's, and execve makes the thread the process.
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := filter()
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	fd, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, setModeFilter, newListener|waitKillable, uintptr(unsafe.Pointer(&p)))
	if errno != 0 {
		return fmt.Errorf("putting the filter on: %w", errno)
	}
	if err := unix.Sendmsg(3, []byte{0}, unix.UnixRights(int(fd)), nil, 0); err != nil {
		return err
	}
	unix.CloseOnExec(3)
	return syscall.Exec(args[0], args[1:], os.Environ())
}

// filter is the classic BPF of seccomp(2): the gated calls ask, all others pass.
// That a process makes itself unreadable to its user (PR_SET_DUMPABLE) succeeds
// without an effect: the gate reads which files it has open.
func filter() []unix.SockFilter {
	const (
		load, equal, answer    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
		ask, pass, pretend     = 0x7fc00000, 0x7fff0000, 0x00050000
		offNumber, offFirstArg = 0, 16
	)
	out := []unix.SockFilter{{Code: load, K: offNumber}}
	for nr := range gated() {
		out = append(out, unix.SockFilter{Code: equal, Jf: 1, K: uint32(nr)}, unix.SockFilter{Code: answer, K: ask})
	}
	return append(out,
		unix.SockFilter{Code: equal, Jf: 3, K: unix.SYS_PRCTL},
		unix.SockFilter{Code: load, K: offFirstArg}, unix.SockFilter{Code: equal, Jf: 1, K: unix.PR_SET_DUMPABLE},
		unix.SockFilter{Code: answer, K: pretend}, unix.SockFilter{Code: answer, K: pass})
}
