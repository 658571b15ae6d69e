package crashtest_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// host is where the role answers now, if it does. Callers that find nobody
// wait for the next start, not for time.
type host struct {
	mu          sync.Mutex // guards everything below
	addr, admin string
	up          chan struct{} // closed while somebody answers
}

func newHost() *host { return &host{up: make(chan struct{})} }

func (s *host) began(addr, admin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr, s.admin = addr, admin
	close(s.up)
}

func (s *host) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addr != "" {
		s.addr, s.admin, s.up = "", "", make(chan struct{})
	}
}

// wait returns once somebody answers, or with ctx.
func (s *host) wait(ctx context.Context) error {
	s.mu.Lock()
	up := s.up
	s.mu.Unlock()
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *host) at() (addr, admin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr, s.admin
}

// client dials wherever the role listens now.
func (s *host) client() *http.Client {
	var d net.Dialer
	return &http.Client{
		Timeout: patience,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			addr, admin := s.at()
			if addr == "" {
				return nil, io.EOF
			}
			if strings.HasSuffix(to, ":1") { // the admin listener's, of adminURL
				addr = admin
			}
			return d.DialContext(ctx, network, addr)
		}},
	}
}

// adminURL stands for wherever the admin listener is.
const adminURL = "http://127.0.0.1:1"

// process is the running role.
type process struct {
	w    *world
	cmd  *exec.Cmd
	log  *tail
	done chan struct{} // closed when it has ended
	up   chan bool     // true once it serves, false if it ended before
	err  error         // of the end, once done
}

// command is how the role is started.
func (w *world) command() *exec.Cmd {
	args := append(append([]string{}, w.arrange.before...), common.program, "serve", "--role", "audit", "--profile", w.at("profile.json"),
		"--audit-cap-keys", w.at("k1.json"), "--audit-emitters", w.at("emitters.json"), "--audit-operators", "any", "--audit-store", w.store,
		"--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--log-level", "info")
	args = append(args, w.arrange.flags...)
	c := exec.Command(args[0], args[1:]...)
	c.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AGENTKEYS_") }), "AGENTKEYS_HOME="+w.at("home"))
	return c
}

// launch starts the role and does not wait for it.
func (w *world) launch() *process {
	w.t.Helper()
	p := &process{w: w, cmd: w.command(), log: &tail{}, done: make(chan struct{}), up: make(chan bool, 1)}
	var admitted func()
	if w.arrange.gate != nil {
		admitted = w.arrange.gate.wrap(w.t, p.cmd)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	if admitted != nil {
		admitted()
	}
	go p.read(stderr)
	w.t.Cleanup(p.kill)
	return p
}

// serve starts the role and waits until it answers.
func (w *world) serve() *process {
	w.t.Helper()
	p := w.launch()
	if !p.serves() {
		w.t.Fatalf("the role did not start: %v: %s", p.err, p.log)
	}
	return p
}

// serves waits until the role answers; false if it ended instead.
func (p *process) serves() bool {
	p.w.t.Helper()
	select {
	case up := <-p.up:
		p.up <- up
		return up
	case <-time.After(patience):
		p.w.t.Fatalf("the role does not answer: %s", p.log)
		return false
	}
}

func (p *process) read(stderr io.Reader) {
	defer close(p.done)
	told := false
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		line := lines.Text()
		p.log.add(line)
		if !told && strings.Contains(line, `"message":"serving"`) {
			var s struct {
				Listen string `json:"listen"`
				Admin  string `json:"admin"`
			}
			if err := strictjson.DecodeAnswer([]byte(line), &s); err == nil {
				told = true
				p.w.host.began(s.Listen, s.Admin)
				p.up <- true
			}
		}
	}
	p.w.host.ended()
	p.err = p.cmd.Wait()
	if !told {
		p.up <- false
	}
}

// kill ends the process as a crash does, and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// ended tells whether a process runs no more.
func ended(p *process) bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// tail is the end of a log.
type tail struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (l *tail) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines = append(l.lines, line); len(l.lines) > 20 {
		l.lines = l.lines[1:]
	}
}

// String is the last lines.
func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}
