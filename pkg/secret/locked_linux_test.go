package secret

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"
)

// TestPinnedPages asks the kernel: the pages are locked (lo) and left out of
// core dumps (dd), see proc_pid_smaps(5).
func TestPinnedPages(t *testing.T) {
	l := lock(t, []byte("abc"))
	if !l.Pinned() {
		t.Fatal("not pinned: the limit of locked memory of this machine is too low for one page (ulimit -l)")
	}
	b, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	at := uintptr(unsafe.Pointer(&l.held.pages[0]))
	inside := false
	for line := range strings.Lines(string(b)) {
		var from, to uintptr
		if n, _ := fmt.Sscanf(line, "%x-%x ", &from, &to); n == 2 {
			inside = from <= at && at < to
		}
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && inside {
			if !strings.Contains(flags, " lo ") || !strings.Contains(flags, " dd ") {
				t.Errorf("flags %s", flags)
			}
			return
		}
	}
	t.Error("the page is not mapped")
}
