package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// killRounds is how often the whole stack is killed in the middle of each
// command; AGENTKEYS_TEST_KILLS says otherwise.
const killRounds = 2

// keepHouse is a stack of real processes whose keys are rotated.
type keepHouse struct {
	t    *testing.T
	home string
	dev  *process
}

const keptSecret = "from before every rotation"

func newKeepHouse(t *testing.T) *keepHouse {
	t.Helper()
	h := &keepHouse{t: t, home: filepath.Join(t.TempDir(), "home")}
	h.dev = startDev(t, h.home)
	key, err := os.ReadFile(filepath.Join(h.home, "dev", "deployer.key"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := crypto.HexToECDSA(strings.TrimSpace(string(key)))
	if err != nil {
		t.Fatal(err)
	}
	call(t, h.home, "", 0, "k3", "maintainer", crypto.PubkeyToAddress(k.PublicKey).Hex())
	call(t, h.home, keptSecret, 0, "cred", "store", "--agent", "build-bot", "--service", "github")
	return h
}

// status is the chain's epoch and what `k3 status` says of every epoch, in order.
func (h *keepHouse) status() (epoch int, states string) {
	h.t.Helper()
	var st struct {
		Epoch  int  `json:"current_epoch"`
		Agreed bool `json:"signers_agree"`
		Epochs []struct {
			Epoch   int    `json:"epoch"`
			Check   string `json:"check"`
			State   string `json:"state"`
			Objects int    `json:"objects"`
		} `json:"epochs"`
	}
	if err := strictjson.DecodeAnswer([]byte(call(h.t, h.home, "", 0, "k3", "status", "--objects", "-o", "json")), &st); err != nil {
		h.t.Fatal(err)
	}
	if !st.Agreed {
		h.t.Error("an epoch is missing, or the signers differ")
	}
	for _, e := range st.Epochs {
		states += fmt.Sprintf("%d %s %s %d\n", e.Epoch, e.Check, e.State, e.Objects)
	}
	return st.Epoch, states
}

// whole fails unless the chain is at epoch, every epoch until then has a key, the
// keys of before are still the same, and the secret is readable.
func (h *keepHouse) whole(epoch int, before string) string {
	h.t.Helper()
	at, states := h.status()
	if at != epoch || strings.Count(states, "\n") != epoch {
		h.t.Fatalf("at epoch %d, not %d:\n%s", at, epoch, states)
	}
	keys := func(s string) (out []string) {
		for line := range strings.Lines(s) {
			out = append(out, strings.Join(strings.Fields(line)[:2], " "))
		}
		return out
	}
	now := keys(states)
	for i, was := range keys(before) {
		if now[i] != was {
			h.t.Errorf("the key of an epoch was %s and is %s", was, now[i])
		}
	}
	h.readable()
	return states
}

func (h *keepHouse) readable() {
	h.t.Helper()
	if got := call(h.t, h.home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", "github"); got != keptSecret {
		h.t.Errorf("the secret is %q", got)
	}
}

// child starts a command and returns the lines that it writes to standard error.
func (h *keepHouse) child(args ...string) (*exec.Cmd, *bufio.Scanner) {
	h.t.Helper()
	c := exec.Command("agentkeys", args...)
	c.Env = append(os.Environ(), "AGENTKEYS_HOME="+h.home)
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	lines, err := c.StderrPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = c.Process.Kill() })
	return c, bufio.NewScanner(lines)
}

// upTo reads n lines and then does something at once. It tells whether there
// were so many.
func (h *keepHouse) upTo(n int, at func(*exec.Cmd), args ...string) bool {
	h.t.Helper()
	c, lines := h.child(args...)
	seen := 0
	for seen < n && lines.Scan() {
		seen++
	}
	if seen == n {
		at(c)
	}
	for lines.Scan() {
	}
	_ = c.Wait()
	return seen == n
}

func kill(c *exec.Cmd) { _ = c.Process.Kill() }

// TestRotateSurvivesKill kills `k3 rotate` after each line that it says, two
// epochs at a time, and runs it again.
func TestRotateSurvivesKill(t *testing.T) {
	t.Parallel()
	h := newKeepHouse(t)
	epoch, before := h.status()
	for n := 1; ; n++ {
		target := epoch + 2
		rotate := []string{"k3", "rotate", "--target-epoch", strconv.Itoa(target)}
		more := h.upTo(n, kill, rotate...)
		if at, _ := h.status(); at < epoch || at > target {
			t.Fatalf("killed after line %d, on the way from %d to %d: at %d", n, epoch, target, at)
		}
		call(t, h.home, "", 0, rotate...)
		before, epoch = h.whole(target, before), target
		if !more {
			if n < 5 { // two epochs are four steps
				t.Errorf("it said %d lines only", n-1)
			}
			return
		}
	}
}

// TestStackKilledDuringRotate kills chain, signer and everything else at once.
func TestStackKilledDuringRotate(t *testing.T) {
	t.Parallel()
	h := newKeepHouse(t)
	epoch, before := h.status()
	for n := range rounds(t) {
		target := epoch + 1
		rotate := []string{"k3", "rotate", "--target-epoch", strconv.Itoa(target)}
		h.upTo(n%2+1, func(c *exec.Cmd) {
			h.dev.signal(syscall.SIGKILL)
			kill(c)
		}, rotate...)
		h.dev.end()
		h.dev = startDev(t, h.home)
		if at, _ := h.status(); at != epoch && at != target {
			t.Fatalf("after the kill the chain is at %d, not %d or %d", at, epoch, target)
		}
		call(t, h.home, "", 0, rotate...)
		before, epoch = h.whole(target, before), target
	}
}

// heldStorage passes requests on to storage, and holds the n-th put: before it is
// sent, or its answer. The profile that it writes lies beside the stack's.
type heldStorage struct {
	profile string
	taken   chan struct{}
}

func (h *keepHouse) heldStorage(n int, after bool) *heldStorage {
	h.t.Helper()
	pr, err := profile.Load(filepath.Join(h.home, "dev", "profile.json"))
	if err != nil {
		h.t.Fatal(err)
	}
	target, err := url.Parse(pr.Cloud.S3Endpoint)
	if err != nil {
		h.t.Fatal(err)
	}
	s := &heldStorage{filepath.Join(h.home, "dev", "held.json"), make(chan struct{}, 1)}
	forward := httputil.NewSingleHostReverseProxy(target)
	var puts atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut || puts.Add(1) != int64(n) {
			forward.ServeHTTP(w, r)
			return
		}
		// Who has not read the body does not notice that the client is gone.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if after {
			r.Body = io.NopCloser(bytes.NewReader(body))
			forward.ServeHTTP(httptest.NewRecorder(), r)
		}
		s.taken <- struct{}{}
		<-r.Context().Done()
	}))
	h.t.Cleanup(proxy.Close)
	pr.Cloud.S3Endpoint = proxy.URL
	if err := pr.Save(s.profile); err != nil {
		h.t.Fatal(err)
	}
	return s
}

// TestReencryptSurvivesKill kills the command, or the whole stack with it, when
// an object is about to be replaced and when it has just been, and runs it again.
func TestReencryptSurvivesKill(t *testing.T) {
	t.Parallel()
	h := newKeepHouse(t)
	names := []string{"slack", "gcp", "aws"}
	call(t, h.home, "", 0, "scope", "set", "--agent", "build-bot", "--service", "slack", "--service", "gcp", "--service", "aws", "--ops", "read")
	for _, s := range names {
		call(t, h.home, "value of "+s, 0, "cred", "store", "--agent", "build-bot", "--service", s)
	}
	readable := func() {
		t.Helper()
		h.readable()
		for _, s := range names {
			if got := call(t, h.home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", s); got != "value of "+s {
				t.Errorf("%s is %q", s, got)
			}
		}
	}
	epoch, _ := h.status()
	objects := len(names) + 1
	for n := range rounds(t) * 2 {
		epoch++
		call(t, h.home, "", 0, "k3", "rotate", "--target-epoch", strconv.Itoa(epoch))
		at, after := n%objects+1, n/objects%2 == 1
		held := h.heldStorage(at, after)
		c, _ := h.child("k3", "reencrypt", "--parallel", "1", "--profile", held.profile)
		select {
		case <-held.taken:
		case <-time.After(patience):
			t.Fatal("nothing was replaced")
		}
		if n%2 == 1 {
			h.dev.signal(syscall.SIGKILL)
		}
		kill(c)
		_ = c.Wait()
		if n%2 == 1 {
			h.dev.end()
			h.dev = startDev(t, h.home)
		}
		moved := at - 1
		if after {
			moved++
		}
		if _, states := h.status(); !strings.Contains(states, fmt.Sprintf(" current %d\n", moved)) {
			t.Errorf("killed at object %d (after: %v), %d are moved:\n%s", at, after, moved, states)
		}
		readable()
		call(t, h.home, "", 0, "k3", "reencrypt")
		if _, states := h.status(); !strings.Contains(states, fmt.Sprintf(" current %d\n", objects)) {
			t.Errorf("not everything is under epoch %d:\n%s", epoch, states)
		}
		readable()
	}
}

// rounds is how often this run kills.
func rounds(t *testing.T) int {
	t.Helper()
	s := os.Getenv("AGENTKEYS_TEST_KILLS")
	if s == "" {
		return killRounds
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("AGENTKEYS_TEST_KILLS is %q", s)
	}
	return n
}
