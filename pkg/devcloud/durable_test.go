package devcloud_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// reopen starts a second cloud on the same directory, after the first is gone.
func (s *stack) reopen(t testing.TB) {
	t.Helper()
	cloud, err := devcloud.Open(s.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	srv := httptest.NewServer(cloud.Handler())
	t.Cleanup(srv.Close)
	s.cloud, s.url = cloud, srv.URL
}

func TestRestart(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a, key := actor(t, 1), blob.CredentialKey(actor(t, 1), svc(t, "github"))
	creds := s.exchange(t, vaultRole, a, service.Credentials, "write")
	if err := s.store(t, vaultBucket).Open(creds).Put(t.Context(), key, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	if _, err := devcloud.Open(s.config); err == nil {
		t.Error("two clouds on one directory")
	}
	if err := s.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.store(t, vaultBucket).Open(creds).Put(t.Context(), key, []byte("late")); apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Errorf("after Close: %v", err)
	}
	s.reopen(t)
	if got, err := s.store(t, vaultBucket).Open(creds).Get(t.Context(), key); err != nil || string(got) != "sealed" {
		t.Errorf("same session after a restart: %q %v", got, err)
	}
	// A role that the configuration no longer names: its sessions are over.
	if err := s.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	s.config.Roles = s.config.Roles[1:]
	s.reopen(t)
	if _, err := s.store(t, vaultBucket).Open(creds).Get(t.Context(), key); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Errorf("session of a removed role: %v", err)
	}
	if status, code := s.send(t, s.shot(creds, "GET", "/"+vaultBucket+"/"+key.String())); status != 400 || code != "InvalidToken" {
		t.Errorf("session of a removed role: %d %s", status, code)
	}
}

func TestForeignSessionKey(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	creds := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "read")
	other := newStack(t)
	if _, err := other.store(t, vaultBucket).Open(creds).ListCredentials(t.Context(), actor(t, 1)); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Error(err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	for _, name := range []string{"session.key", "objects.db"} {
		st, err := os.Stat(filepath.Join(s.dir, name))
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, st.Mode(), err)
		}
	}
	if err := s.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.dir, "session.key")
	for name, spoil := range map[string]func() error{
		"readable": func() error { return os.Chmod(path, 0o644) },
		"short":    func() error { return os.WriteFile(path, []byte("sixteen bytes ok"), 0o600) },
	} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if c, err := devcloud.Open(s.config); err == nil {
			_ = c.Close()
			t.Errorf("%s: opened", name)
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.reopen(t)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good := config(t, "http://127.0.0.1:1", t.TempDir(), time.Now)
	for name, edit := range map[string]func(*devcloud.Config){
		"no directory":  func(c *devcloud.Config) { c.Dir = "" },
		"no region":     func(c *devcloud.Config) { c.Region = "" },
		"no clock":      func(c *devcloud.Config) { c.Now = nil },
		"issuer":        func(c *devcloud.Config) { c.Issuer = "broker" },
		"remote issuer": func(c *devcloud.Config) { c.Issuer = "http://broker.example.com" },
		"account":       func(c *devcloud.Config) { c.AccountID = "999922223333" },
		"trust policy":  func(c *devcloud.Config) { c.Roles[0].Trust = []byte(`{}`) },
		"role policy":   func(c *devcloud.Config) { c.Roles[0].Policy = c.Roles[0].Trust },
		"bucket policy": func(c *devcloud.Config) { c.Buckets[0].Policy = c.Roles[0].Policy },
		"a file there":  func(c *devcloud.Config) { c.Dir = filepath.Join(c.Dir, "session.key", "x") },
	} {
		c := good
		c.Roles, c.Buckets = append([]policy.Role{}, good.Roles...), append([]policy.Bucket{}, good.Buckets...)
		if name == "a file there" {
			if err := os.WriteFile(filepath.Join(c.Dir, "session.key"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		edit(&c)
		if cloud, err := devcloud.Open(c); err == nil {
			_ = cloud.Close()
			t.Errorf("%s: opened", name)
		}
		_ = os.Remove(filepath.Join(good.Dir, "session.key"))
	}
	cloud, err := devcloud.Open(good)
	if err != nil {
		t.Fatal(err)
	}
	_ = cloud.Close()
}

// childArg, a directory and an issuer's URL make the test binary a child that
// serves a cloud from that directory until it is killed.
const childArg = "devcloud-child"

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == childArg {
		if err := child(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func child(dir, issuer string) error {
	provider, err := policy.ProviderOf(issuer)
	if err != nil {
		return err
	}
	set, err := policy.Render(policy.Params{
		Partition: "aws", AccountID: account, Provider: provider,
		Classes: []policy.Class{{Class: service.Credentials, Bucket: vaultBucket, Role: "agentkeys-vault"}},
	})
	if err != nil {
		return err
	}
	c, err := devcloud.Open(devcloud.Config{
		Dir: dir, Region: region, AccountID: account, Issuer: issuer, Roles: set.Roles, Buckets: set.Buckets, Now: time.Now,
	})
	if err != nil {
		return err
	}
	fmt.Println(httptest.NewServer(c.Handler()).URL)
	_, err = io.Copy(io.Discard, os.Stdin) // until the parent is gone
	return err
}

// TestAcknowledgedSurvivesKill kills the cloud while it is being written to:
// every object whose Put returned is there afterwards, whole.
func TestAcknowledgedSurvivesKill(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, a := t.TempDir(), actor(t, 1)
	issuer := newTestIssuer(t, &clock{})
	acked := map[string]bool{}
	var creds sts.Credentials
	for round := range 4 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, self, childArg, dir, issuer.url)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		url := strings.TrimSpace(line)
		if round == 0 {
			creds = login(t, url, issuer)
		}
		store, err := blob.New(blob.Config{Endpoint: url, Region: region, Bucket: vaultBucket})
		if err != nil {
			t.Fatal(err)
		}
		session := store.Open(creds) // the first session serves every round
		for name := range acked {
			got, err := session.Get(ctx, blob.CredentialKey(a, svc(t, name)))
			if err != nil || string(got) != strings.Repeat(name, 500) {
				t.Fatalf("%s after round %d: %d bytes, %v", name, round, len(got), err)
			}
		}
		ok := make(chan string)
		for w := range 4 {
			go func() {
				for n := 0; ; n++ {
					name := fmt.Sprintf("r%d-%d-%d", round, w, n)
					if session.Put(ctx, blob.CredentialKey(a, svc(t, name)), []byte(strings.Repeat(name, 500))) != nil {
						break
					}
					ok <- name
				}
				ok <- ""
			}()
		}
		for left, n := 4, 0; left > 0; n++ {
			if n == 20+7*round {
				_ = cmd.Process.Kill()
			}
			if name := <-ok; name == "" {
				left--
			} else {
				acked[name] = true
			}
		}
		_ = cmd.Wait()
		_ = in.Close()
		cancel()
	}
	if len(acked) < 80 {
		t.Errorf("only %d objects", len(acked))
	}
}

func login(t testing.TB, url string, issuer *testIssuer) sts.Credentials {
	t.Helper()
	c, err := sts.New(sts.Config{Endpoint: url, Region: region})
	if err != nil {
		t.Fatal(err)
	}
	creds, err := c.Exchange(t.Context(), sts.ExchangeRequest{
		RoleARN: vaultRole, WebIdentityToken: issuer.token(actor(t, 1), service.Credentials, "write"), SessionName: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return creds
}
