package home_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

func testProfile() *profile.Profile {
	a := func(n byte) profile.Address { return profile.Address{19: n} }
	return &profile.Profile{
		Version: 1, Environment: profile.Development,
		Chain:     profile.Chain{Name: "dev", ChainID: 31337, RPC: []string{"http://127.0.0.1:8545"}, MaxHeadAgeSeconds: 15},
		Contracts: profile.Contracts{Version: 2, Registry: a(1), Scope: a(2), Audit: a(7), Epoch: a(3), K11Verifier: a(4), P256Router: a(5), P256Verifier: a(6)},
		Hosts:     map[string]string{"broker": "http://127.0.0.1:8091", "cred": "http://127.0.0.1:9094"},
		Cloud: profile.Cloud{
			Region: "eu-central-1", S3Endpoint: "http://127.0.0.1:9000", STSEndpoint: "http://127.0.0.1:9001", AccountID: "123456789012",
			VaultBucket: "vault", VaultRole: "vault", ProvisionRole: "provision",
		},
		OIDCIssuer: "http://127.0.0.1:8091", CapIssuer: "http://127.0.0.1:8091",
	}
}

var _ client.Cache = (*home.Sessions)(nil)

type cacheFixture struct {
	d     *home.Dir
	clock *clock
	id    home.Identity
	cache *home.Sessions
}

func newCache(t *testing.T) cacheFixture {
	t.Helper()
	d, c := open(t)
	id := create(t, d, "bot", home.KindAgent)
	s, err := d.Sessions(id, testProfile())
	must(t, err)
	return cacheFixture{d, c, id, s}
}

func (f cacheFixture) session() api.Session {
	return api.Session{
		Token: "header.payload.signature", ExpiresAt: f.clock.now().Add(time.Hour), Kind: "agent",
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: f.id.Actor, Device: f.id.Device,
	}
}

func (f cacheFixture) path(slot string) string {
	return filepath.Join(f.d.Root(), "sessions", "bot", slot+".json")
}

func storageFor(c *clock) sts.Credentials {
	return sts.Credentials{
		AccessKeyID: "ASIA0000000000000000", SecretAccessKey: secret.New([]byte("sssssssssssssssssss")),
		SessionToken: secret.New([]byte("tttttttttttttttttttt")), Expires: c.now().Add(15 * time.Minute),
	}
}

func sameStorage(a, b sts.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecretAccessKey.Equal(b.SecretAccessKey) && a.SessionToken.Equal(b.SessionToken) && a.Expires.Equal(b.Expires)
}

func TestSessionIsCachedUntilShortlyBeforeItsEnd(t *testing.T) {
	f := newCache(t)
	if _, ok := f.cache.Session(); ok {
		t.Error("out of nothing")
	}
	want := f.session()
	f.cache.SaveSession(want)
	if got, ok := f.cache.Session(); !ok || got != want {
		t.Errorf("%v %+v", ok, got)
	}
	if st, err := os.Stat(f.path("login")); err != nil || st.Mode() != 0o600 {
		t.Error(err)
	}
	f.clock.advance(time.Hour - 31*time.Second)
	if _, ok := f.cache.Session(); !ok {
		t.Error("over too early")
	}
	f.clock.advance(time.Second)
	if _, ok := f.cache.Session(); ok {
		t.Error("used to its last second")
	}
	if _, err := os.Stat(f.path("login")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("what is over was left")
	}
}

func TestStorageSessions(t *testing.T) {
	f := newCache(t)
	other := omni.ActorOfWallet([20]byte{9})
	const vault = service.Credentials
	keys := []client.StorageKey{{Class: vault}, {Class: vault, Access: "read"}, {Class: vault, Access: "write"}, {Class: vault, Actor: other, Access: "provision"}, {Class: vault, Actor: f.id.Actor, Access: "read"}, {Class: service.Memory, Access: "read"}}
	for i, k := range keys {
		v := storageFor(f.clock)
		v.AccessKeyID += string(rune('A' + i))
		f.cache.SaveStorage(k, v)
	}
	for i, k := range keys {
		v := storageFor(f.clock)
		v.AccessKeyID += string(rune('A' + i))
		if got, ok := f.cache.Storage(k); !ok || !sameStorage(got, v) {
			t.Errorf("%v: %v %v", k, ok, got)
		}
	}
	f.cache.DropStorage(keys[1])
	if _, ok := f.cache.Storage(keys[1]); ok {
		t.Error("dropped and there")
	}
	if _, ok := f.cache.Storage(keys[2]); !ok {
		t.Error("dropped another")
	}
	for _, k := range []client.StorageKey{{Class: vault, Access: "../x"}, {Class: vault, Access: "READ"}, {Access: "read"}, {Class: "../x", Access: "read"}} {
		f.cache.SaveStorage(k, storageFor(f.clock))
		if _, ok := f.cache.Storage(k); ok {
			t.Errorf("%v kept", k)
		}
	}
	endless := storageFor(f.clock)
	endless.Expires = time.Time{}
	f.cache.SaveStorage(keys[1], endless)
	if _, err := os.Stat(f.path("storage-credentials-read-own")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("kept without an end")
	}
	must(t, f.cache.Clear())
	if _, ok := f.cache.Storage(keys[2]); ok {
		t.Error("cleared and there")
	}
	must(t, f.cache.Clear())
}

// Whatever stands in a slot and is not a sound session of this key under this
// profile is absent, and gone afterwards.
func TestForeignAndDamagedSessionsAreRemoved(t *testing.T) {
	for what, spoil := range map[string]func(t *testing.T, f cacheFixture, path string){
		"empty":          func(t *testing.T, _ cacheFixture, p string) { write(t, p, "") },
		"cut":            func(t *testing.T, _ cacheFixture, p string) { write(t, p, read(t, p)[:40]) },
		"unknown member": func(t *testing.T, _ cacheFixture, p string) { edit(t, p, `"slot"`, `"x":1,"slot"`) },
		"version":        func(t *testing.T, _ cacheFixture, p string) { edit(t, p, `"version":1`, `"version":2`) },
		"moved here":     func(t *testing.T, _ cacheFixture, p string) { edit(t, p, `"slot":"login"`, `"slot":"other"`) },
		"no token":       func(t *testing.T, f cacheFixture, p string) { edit(t, p, f.session().Token, "") },
		"readable by all": func(t *testing.T, _ cacheFixture, p string) {
			must(t, os.Chmod(p, 0o644))
		},
		"link": func(t *testing.T, _ cacheFixture, p string) {
			must(t, os.Rename(p, p+".moved"))
			must(t, os.Symlink(p+".moved", p))
		},
		"directory": func(t *testing.T, _ cacheFixture, p string) {
			must(t, os.Remove(p))
			must(t, os.MkdirAll(filepath.Join(p, "x"), 0o700))
		},
		"another end": func(t *testing.T, f cacheFixture, p string) {
			s := read(t, p)
			i := strings.Index(s, `"expires_at":"`)
			write(t, p, s[:i]+strings.Replace(s[i:], "2027", "2028", 1))
		},
		"another key": func(t *testing.T, f cacheFixture, p string) {
			write(t, p, strings.ReplaceAll(read(t, p), f.id.Device.String(), omni.DeviceKeyOfAddress([20]byte{7}).String()))
		},
		"another's login in it": func(t *testing.T, f cacheFixture, p string) {
			s := read(t, p)
			i := strings.Index(s, `"login":{`)
			write(t, p, s[:i]+strings.Replace(s[i:], f.id.Device.String(), omni.DeviceKeyOfAddress([20]byte{7}).String(), 1))
		},
	} {
		t.Run(what, func(t *testing.T) {
			f := newCache(t)
			f.cache.SaveSession(f.session())
			if _, ok := f.cache.Session(); !ok {
				t.Fatal("the twin is not there")
			}
			spoil(t, f, f.path("login"))
			if _, ok := f.cache.Session(); ok {
				t.Error("used")
			}
			if _, err := os.Lstat(f.path("login")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("left in place")
			}
			f.cache.SaveSession(f.session())
			if _, ok := f.cache.Session(); !ok {
				t.Error("cannot be replaced")
			}
		})
	}
}

func TestStorageFileWithoutPartsIsRemoved(t *testing.T) {
	for _, member := range []string{"ASIA0000000000000000", "sssssssssssssssssss", "tttttttttttttttttttt"} {
		f := newCache(t)
		f.cache.SaveStorage(client.StorageKey{Class: service.Credentials}, storageFor(f.clock))
		edit(t, f.path("storage-credentials-any-own"), member, "")
		if _, ok := f.cache.Storage(client.StorageKey{Class: service.Credentials}); ok {
			t.Error(member)
		}
		if _, err := os.Lstat(f.path("storage-credentials-any-own")); !errors.Is(err, fs.ErrNotExist) {
			t.Error("left in place")
		}
	}
	f := newCache(t) // a storage session where a login belongs
	f.cache.SaveStorage(client.StorageKey{Class: service.Credentials}, storageFor(f.clock))
	edit(t, f.path("storage-credentials-any-own"), `"slot":"storage-credentials-any-own"`, `"slot":"login"`)
	must(t, os.Rename(f.path("storage-credentials-any-own"), f.path("login")))
	if _, ok := f.cache.Session(); ok {
		t.Error("a storage session served as a login")
	}
	f = newCache(t) // a login where a storage session belongs
	f.cache.SaveSession(f.session())
	edit(t, f.path("login"), `"slot":"login"`, `"slot":"storage-credentials-any-own"`)
	must(t, os.Rename(f.path("login"), f.path("storage-credentials-any-own")))
	if _, ok := f.cache.Storage(client.StorageKey{Class: service.Credentials}); ok {
		t.Error("a login served as a storage session")
	}
}

func TestSessionsBelongToTheProfile(t *testing.T) {
	f := newCache(t)
	f.cache.SaveSession(f.session())
	moved := testProfile()
	moved.Hosts["broker"] = "http://127.0.0.1:8999"
	other, err := f.d.Sessions(f.id, moved)
	must(t, err)
	if _, ok := other.Session(); ok {
		t.Error("a session of one broker offered to another")
	}
	if _, err := f.d.Sessions(f.id, &profile.Profile{}); !errors.Is(err, profile.ErrInvalid) {
		t.Error(err)
	}
	f.id.Name = "../bot"
	if _, err := f.d.Sessions(f.id, testProfile()); !errors.Is(err, home.ErrInvalidName) {
		t.Error(err)
	}
}

func TestACacheThatCannotBeWrittenIsEmpty(t *testing.T) {
	f := newCache(t)
	write(t, filepath.Join(f.d.Root(), "sessions"), "a file where the directory belongs")
	f.cache.SaveSession(f.session())
	if _, ok := f.cache.Session(); ok {
		t.Error("from where?")
	}
	f.cache.DropSession()
}

// Writers, readers and droppers at once: a reader sees a whole session or none.
func TestSessionsUnderConcurrency(t *testing.T) {
	f := newCache(t)
	want := f.session()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			d, err := home.Open(f.d.Root(), f.clock.now)
			if err != nil {
				t.Error(err)
				return
			}
			s, err := d.Sessions(f.id, testProfile())
			if err != nil {
				t.Error(err)
				return
			}
			for n := range 20 {
				s.SaveSession(want)
				if got, ok := s.Session(); ok && got != want {
					t.Errorf("%+v", got)
				}
				if i == 0 && n%5 == 0 {
					s.DropSession()
				}
			}
		})
	}
	wg.Wait()
}

func edit(t *testing.T, path, old, with string) {
	t.Helper()
	s := read(t, path)
	if !strings.Contains(s, old) {
		t.Fatalf("%q is not in the file", old)
	}
	write(t, path, strings.Replace(s, old, with, 1))
}
