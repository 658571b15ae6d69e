package crashtest_test

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/journal"
)

// tracers are the programs that show what a process asks of the kernel:
// AGENTKEYS_TEST_STRACE names strace. Without it the list is empty; .ci/run sets
// it, and counts.
func tracers() map[string]string {
	out := map[string]string{}
	if s := os.Getenv("AGENTKEYS_TEST_STRACE"); s != "" {
		out["strace"] = s
	}
	return out
}

// exchange is a request as a trace shows it: what was done between its arrival
// and the first byte of its reply.
type exchange struct {
	target string // what it asked for
	syncs  int    // syncs of the log that began after it came and ended with 0 before the reply
}

var (
	// A line is a whole call, the beginning of one or the end of one.
	lineForm = regexp.MustCompile(`^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$`)
	// net/http may have taken the first letter by itself, while it waited.
	arrives  = regexp.MustCompile(`"(?:G?ET|P?OST) (/[^ "]+)`)
	replies  = regexp.MustCompile(`^\d+<(?:socket|TCP)[^"]*"HTTP/1\.1 `)
	succeeds = regexp.MustCompile(`= 0$`)
)

// exchanges reads a trace of a process that answers one request at a time.
func exchanges(t testing.TB, path string) (out []exchange) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var now *exchange
	began := map[string]bool{} // threads whose sync of the log began within this exchange
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		m := lineForm.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		thread, name, rest, resumed := m[1], m[2]+m[3], m[4], m[2] != ""
		switch name {
		case "read":
			if r := arrives.FindStringSubmatch(rest); r != nil {
				now, began = &exchange{target: r[1]}, map[string]bool{}
			}
		case "fsync", "fdatasync":
			if !resumed {
				began[thread] = now != nil && strings.Contains(rest, "audit.db-wal>")
			}
			if began[thread] && succeeds.MatchString(rest) {
				now.syncs++
				began[thread] = false
			}
		case "write":
			if now != nil && !resumed && replies.MatchString(rest) {
				out, now = append(out, *now), nil
			}
		}
	}
	return out
}

// TestSyncBeforeReply: in a trace of the role, every event that was acknowledged
// was synced to the disk between the arrival of the request and the first byte of
// the reply; a request that only reads was not, so that the trace can tell.
func TestSyncBeforeReply(t *testing.T) {
	t.Parallel()
	for name, program := range tracers() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			trace := w.at("trace")
			w.arrange.before = []string{
				program, "-D", "-f", "-y", "-s", "40", "-o", trace, "-e", "trace=read,write,fsync,fdatasync", "-e", "signal=none", "--",
			}
			w.running = w.serve()
			c := w.client(0, newDice(t))
			const appends, reads = 100, 10
			for range appends {
				entries := must[[]journal.Entry](t)(c.next(1))
				if _, err := w.post(t.Context(), entries); err != nil {
					t.Fatal(err)
				}
			}
			for range reads {
				if page := get[api.AuditEvents](w, w.masters[0], api.PathAuditEvents+"?limit=1"); len(page.Events) != 1 {
					t.Fatal(page)
				}
			}
			w.running.kill()
			n := map[string]int{}
			for _, x := range exchanges(t, trace) {
				n[x.target]++
				if (x.target == api.PathAuditEmit) != (x.syncs > 0) {
					t.Errorf("%s: %d syncs before the reply", x.target, x.syncs)
				}
			}
			if n[api.PathAuditEmit] != appends || n[api.PathAuditEvents+"?limit=1"] != reads {
				t.Errorf("the trace has %v", n)
			}
			t.Logf("%v", n)
		})
	}
}
