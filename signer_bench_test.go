package main_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles"
)

// BenchmarkFetchSigner is what a worker's fetch costs when the signer runs in
// its own process and when it runs in the worker's: the same protocol over
// loopback, on the same chain, storage and keyring. The callers are in the
// process of the benchmark, 16 of them.
func BenchmarkFetchSigner(b *testing.B) {
	binary := buildStripped(b)
	dir := filepath.Join(b.TempDir(), "dev")
	s := startStack(b, dir)
	agent, actor := s.reader(b)
	_ = actor
	apart := s.workerApart(b, binary, dir)
	rates := map[string]float64{}
	for _, c := range []struct{ name, worker string }{{"same-process", s.Profile.Hosts["cred"]}, {"other-process", apart}} {
		b.Run(c.name, func(b *testing.B) {
			f := newFetcher(b, agent, c.worker)
			f.run(b, 16)
			rates[c.name] = float64(b.N) / b.Elapsed().Seconds()
			if c.name == "other-process" && rates["same-process"] > 0 {
				b.ReportMetric(rates[c.name]/rates["same-process"], "of-same-process")
			}
		})
	}
}

// BenchmarkFetch is what a fetch of 1 KiB from the worker costs, everything in one
// process: the same commands at two commits say what lies between them.
func BenchmarkFetch(b *testing.B) {
	s := startStack(b, filepath.Join(b.TempDir(), "dev"))
	agent, _ := s.reader(b)
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d-clients", clients), func(b *testing.B) {
			newFetcher(b, agent, s.Profile.Hosts["cred"]).run(b, clients)
		})
	}
}

// reader is an agent that may read one stored secret of 1 KiB.
func (s *stack) reader(b *testing.B) (*client.Caller, omni.Actor) {
	wallet := newKey(b)
	acme := s.operator(wallet)
	key, actor := s.agent(acme)
	github, err := service.Parse("github")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := acme.SetScope(b.Context(), actor, []chain.Grant{{Service: github, Ops: service.Read}}); err != nil {
		b.Fatal(err)
	}
	if _, err := s.caller(wallet).StoreCredential(b.Context(), actor, github, secret.New(bytes.Repeat([]byte("x"), 1024))); err != nil {
		b.Fatal(err)
	}
	return s.caller(key), actor
}

// workerApart starts a signer in a process of its own and a worker in this one
// that asks it, beside the stack's. It returns the worker's address.
func (s *stack) workerApart(b *testing.B, binary, dir string) string {
	var lc net.ListenConfig
	worker, err := lc.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	admin, err := lc.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + worker.Addr().String()
	p := *s.Profile
	p.Hosts = map[string]string{"broker": s.Profile.Hosts["broker"], "cred": url, "signer": "http://" + free(b), "audit": s.Profile.Hosts["audit"]}
	profile := filepath.Join(b.TempDir(), "profile.json")
	if err := p.Save(profile); err != nil {
		b.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join(dir, "workers.json"))
	if err != nil {
		b.Fatal(err)
	}
	workers := filepath.Join(b.TempDir(), "workers.json")
	if err := os.WriteFile(workers, bytes.Replace(list, []byte(s.Profile.Hosts["cred"]), []byte(url), 1), 0o600); err != nil {
		b.Fatal(err)
	}
	at := func(part ...string) string { return filepath.Join(append([]string{dir}, part...)...) }
	home := filepath.Join(b.TempDir(), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		b.Fatal(err)
	}
	child := exec.Command(binary, "--home", home, "--profile", profile, "serve", "--role=signer", "--listen", p.Hosts["signer"][len("http://"):], "--admin-listen", free(b),
		"--signer-keyring", at("signer", "keyring.age"), "--signer-passphrase-file", at("signer", "passphrase"), "--signer-identity", at("signer", "identity.pem"),
		"--signer-cap-keys", at("capability-keys.json"), "--signer-workers", workers)
	var said bytes.Buffer
	child.Stderr = &said
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = child.Process.Signal(syscall.SIGTERM); _ = child.Wait() })
	for give := time.Now().Add(10 * time.Second); ; {
		resp, err := http.Get(p.Hosts["signer"] + "/healthz")
		if err == nil {
			_ = resp.Body.Close()
			break
		}
		if time.Now().After(give) {
			_ = child.Process.Kill()
			_ = child.Wait()
			b.Fatalf("%v: %s", err, &said)
		}
	}
	o := role.Options{Registry: prometheus.NewRegistry(), Listener: worker, AdminListener: admin}
	o.Env = role.Env{Now: time.Now, Log: zerolog.Nop(), Metrics: o.Registry, Profile: &p, Home: b.TempDir()}
	if o.Roles, err = role.Find(roles.All(), []string{"cred"}); err != nil {
		b.Fatal(err)
	}
	cfg := o.Roles[0].New()
	if err := role.Parse(cfg, "--cap-keys", at("capability-keys.json"), "--cred-signer-keys", at("signer-keys.json"), "--cred-identity", at("cred", "identity.pem"), "--cred-store", filepath.Join(b.TempDir(), "cred.db")); err != nil {
		b.Fatal(err)
	}
	o.Configs = []role.Config{cfg}
	ready := make(chan struct{})
	o.Ready = func(string) { close(ready) }
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- role.Serve(ctx, o) }()
	b.Cleanup(func() { stop(); <-done })
	select {
	case <-ready:
	case err := <-done:
		b.Fatal(err)
	}
	return url
}

func free(b *testing.B) string {
	var lc net.ListenConfig
	l, err := lc.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// fetcher fetches one secret again and again, with capabilities minted before.
type fetcher struct {
	agent   *client.Caller
	url     string
	headers http.Header
}

const usesPerCapability = 100

func newFetcher(b *testing.B, agent *client.Caller, worker string) *fetcher {
	creds, err := agent.Storage(b.Context(), api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		b.Fatal(err)
	}
	h := http.Header{}
	sts.SetHeaders(h, creds)
	return &fetcher{agent, worker + api.PathCredFetch, h}
}

func (f *fetcher) run(b *testing.B, clients int) {
	tokens := make(chan string, b.N/usesPerCapability+clients)
	for range cap(tokens) {
		c, err := f.agent.Mint(b.Context(), api.PathCapCredFetch, api.CapRequest{Service: "github", Uses: usesPerCapability})
		if err != nil {
			b.Fatal(err)
		}
		tokens <- c.Token
	}
	var mu sync.Mutex
	var took []time.Duration
	work := make(chan struct{}, b.N)
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	b.ResetTimer()
	before := cpuTime(b)
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			token, left := "", 0
			var mine []time.Duration
			for range work {
				if left == 0 {
					token, left = <-tokens, usesPerCapability
				}
				left--
				start := time.Now()
				if _, err := f.agent.API.Post(b.Context(), api.Request{URL: f.url, Token: token, Key: f.agent.Key, Header: f.headers.Clone()}); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/fetch")
	slices.Sort(took)
	if n := len(took); n > 0 {
		b.ReportMetric(float64(took[n/2].Microseconds()), "µs-p50")
		b.ReportMetric(float64(took[n*99/100].Microseconds()), "µs-p99")
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "fetches/s")
	}
}

// cpuTime is what this process has used, also while others kept the cores busy.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
