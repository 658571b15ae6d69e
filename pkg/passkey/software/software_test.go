package software_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
)

const (
	rpID   = "companion.localhost"
	origin = "http://companion.localhost:8095"
)

func enrollRequest() passkey.EnrollRequest {
	return passkey.EnrollRequest{
		RPID: rpID, Origin: origin, UserName: "AgentKeys Primary Master (0x941cb1c3…)",
		UserID: []byte("user"), Challenge: [32]byte{1},
	}
}

func open(t *testing.T, path string) *software.Authenticator {
	t.Helper()
	a, err := software.Open(path, software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func enroll(t *testing.T, a *software.Authenticator) passkey.Credential {
	t.Helper()
	c, err := a.Enroll(t.Context(), enrollRequest())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestProductionIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.json")
	for _, env := range []string{"production", "", "Development", "staging"} {
		if _, err := software.Open(path, env); !errors.Is(err, software.ErrSoftwareInProduction) {
			t.Errorf("Open in %q: %v", env, err)
		}
		if _, err := software.New(env); !errors.Is(err, software.ErrSoftwareInProduction) {
			t.Errorf("New in %q: %v", env, err)
		}
	}
	var a passkey.Authenticator = open(t, path)
	if !a.Software() {
		t.Error("a software authenticator must say so")
	}
}

func TestRoundTripThroughTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.json")
	first := enroll(t, open(t, path))
	second := enroll(t, open(t, path))
	if string(first.ID) == string(second.ID) || first.X == second.X {
		t.Fatal("two enrollments made one key")
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("key file: %v, %v", st.Mode(), err)
	}
	for want := uint32(1); want <= 3; want++ {
		for _, c := range []passkey.Credential{first, second} {
			a, err := open(t, path).Assert(t.Context(), passkey.AssertRequest{Credential: c, Challenge: [32]byte{byte(want)}})
			if err != nil {
				t.Fatal(err)
			}
			if a.SignCount() != want {
				t.Fatalf("sign count %d, want %d", a.SignCount(), want)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".passkey-*"))
	if err != nil || len(left) != 0 {
		t.Fatalf("temporary files left behind: %v %v", left, err)
	}
}

func TestClientDataIsInBrowserForm(t *testing.T) {
	t.Parallel()
	a := open(t, filepath.Join(t.TempDir(), "key.json"))
	as, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: enroll(t, a)})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"webauthn.get","challenge":"` + strings.Repeat("A", 43) + `","origin":"` + origin + `","crossOrigin":false}`
	if string(as.ClientDataJSON) != want {
		t.Errorf("clientDataJSON\n%s, want\n%s", as.ClientDataJSON, want)
	}
}

func TestCredentialsAnswerOnlyForThemselves(t *testing.T) {
	t.Parallel()
	a, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	good := enroll(t, a)
	otherID, otherRP := good, good
	otherID.ID = []byte("somebody else's")
	otherRP.RPID, otherRP.Origin = "localhost", "http://localhost:8095"
	for name, c := range map[string]passkey.Credential{"id": otherID, "relying party": otherRP} {
		if _, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: c}); !errors.Is(err, software.ErrUnknownCredential) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	badOrigin := good
	badOrigin.Origin = "http://evil.example"
	if _, err := a.Get(t.Context(), passkey.AssertRequest{Credential: badOrigin}); !errors.Is(err, passkey.ErrOriginForm) {
		t.Errorf("foreign origin: %v", err)
	}
	if _, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: good}); err != nil {
		t.Errorf("the credential itself: %v", err)
	}
}

func TestRequestsAreRefused(t *testing.T) {
	t.Parallel()
	a, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	bad := enrollRequest()
	bad.UserName = ""
	if _, err := a.Create(t.Context(), bad); !errors.Is(err, passkey.ErrRequest) {
		t.Errorf("no user name: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Enroll(ended, enrollRequest()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled enrollment: %v", err)
	}
	if _, err := a.Assert(ended, passkey.AssertRequest{Credential: enroll(t, a)}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled assertion: %v", err)
	}
}

// TestCountIsNeverUsedTwice lets many handles on one file sign at once.
func TestCountIsNeverUsedTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.json")
	c := enroll(t, open(t, path))
	const racers = 16
	counts := make([]uint32, racers)
	var wg sync.WaitGroup
	for i := range racers {
		a := open(t, path)
		wg.Go(func() {
			as, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: c})
			if err != nil {
				t.Error(err)
				return
			}
			counts[i] = as.SignCount()
		})
	}
	wg.Wait()
	seen := map[uint32]bool{}
	for _, n := range counts {
		if seen[n] || n < 1 || n > racers {
			t.Fatalf("counts %v", counts)
		}
		seen[n] = true
	}
}

func TestFilesAreRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]func(t *testing.T, path string){
		"readable by group": func(t *testing.T, path string) { must(t, os.Chmod(path, 0o640)) },
		"readable by all":   func(t *testing.T, path string) { must(t, os.Chmod(path, 0o604)) },
		"symbolic link": func(t *testing.T, path string) {
			must(t, os.Rename(path, path+".real"))
			must(t, os.Symlink(path+".real", path))
		},
		"directory": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			must(t, os.Mkdir(path, 0o700))
		},
		"too large": func(t *testing.T, path string) { must(t, os.Truncate(path, 1<<20+1)) },
		"cut off":   func(t *testing.T, path string) { must(t, os.Truncate(path, 40)) },
		"other version": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { f["version"] = 2 })
		},
		"no warning": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { f["warning"] = "" })
		},
		"zero private key": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { credential(f)["private_key"] = strings.Repeat("A", 43) })
		},
		"private key that is no base64url": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { credential(f)["private_key"] = "=" })
		},
		"empty credential id": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { credential(f)["credential_id"] = "" })
		},
		"empty user id": func(t *testing.T, path string) {
			edit(t, path, func(f map[string]any) { credential(f)["user_id"] = "" })
		},
	}
	for name, damage := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "key.json")
			a := open(t, path)
			c := enroll(t, a)
			open(t, path)
			damage(t, path)
			if _, err := software.Open(path, software.Environment); !errors.Is(err, software.ErrKeyFile) {
				t.Errorf("Open: %v", err)
			}
			if _, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: c}); !errors.Is(err, software.ErrKeyFile) {
				t.Errorf("Assert: %v", err)
			}
		})
	}
}

func TestForeignAndLargeFilesAreRefused(t *testing.T) {
	t.Parallel()
	const user = 1000
	own := unix.Stat_t{Mode: unix.S_IFREG | 0o600, Uid: user, Size: 1 << 20}
	if err := software.Check(own, user); err != nil {
		t.Errorf("the user's own: %v", err)
	}
	if err := software.Check(own, 0); !errors.Is(err, software.ErrKeyFile) {
		t.Errorf("another user's: %v", err)
	}
	large := own
	large.Size++
	if err := software.Check(large, user); !errors.Is(err, software.ErrKeyFile) {
		t.Errorf("too large: %v", err)
	}
}

func TestExhaustedCount(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.json")
	a := open(t, path)
	c := enroll(t, a)
	edit(t, path, func(f map[string]any) { credential(f)["sign_count"] = 1<<32 - 2 })
	if _, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: c}); err != nil {
		t.Fatalf("the last count: %v", err)
	}
	if _, err := a.Assert(t.Context(), passkey.AssertRequest{Credential: c}); !errors.Is(err, software.ErrCountExhausted) {
		t.Errorf("after the last count: %v", err)
	}
}

func TestNothingPrintsTheKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.json")
	a := open(t, path)
	enroll(t, a)
	memory, err := software.New(software.Environment)
	must(t, err)
	enroll(t, memory)
	var f map[string]any
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, json.Unmarshal(data, &f))
	private, _ := credential(f)["private_key"].(string)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", a, a, a), fmt.Sprintf("%v", memory)} {
		if private == "" || strings.Contains(text, private) || strings.Contains(text, "PrivateKey{") {
			t.Errorf("printed: %s", text)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path string, f func(map[string]any)) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	var v map[string]any
	must(t, json.Unmarshal(data, &v))
	f(v)
	data, err = json.Marshal(v)
	must(t, err)
	must(t, os.WriteFile(path, data, 0o600))
}

func credential(f map[string]any) map[string]any {
	return f["credentials"].([]any)[0].(map[string]any)
}
