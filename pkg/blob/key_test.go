package blob_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func TestCredentialKey(t *testing.T) {
	if got, want := github(t).String(), "bots/"+actor(t).Key()+"/credentials/github.enc"; got != want {
		t.Error(got)
	}
	for name, k := range map[string]blob.Key{
		"no actor": blob.CredentialKey(omni.Actor{}, svc(t, "github")), "no service": blob.CredentialKey(actor(t), service.Name{}),
		"memory": blob.CredentialKey(actor(t), svc(t, "memory:notes")), "email": blob.CredentialKey(actor(t), svc(t, "email:a@b.c")),
	} {
		if !k.IsZero() {
			t.Errorf("%s: %s", name, k)
		}
	}
}

func memoryKey(t testing.TB, s string) service.MemoryKey {
	t.Helper()
	k, err := service.ParseMemoryKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func todo(t testing.TB) blob.Key {
	return blob.MemoryKey(actor(t), svc(t, "memory:notes"), memoryKey(t, "Todo.md"))
}

func TestMemoryKey(t *testing.T) {
	if got, want := todo(t).String(), "bots/"+actor(t).Key()+"/memory/notes/Todo.md.enc"; got != want {
		t.Error(got)
	}
	k := memoryKey(t, "k")
	for name, key := range map[string]blob.Key{
		"no actor": blob.MemoryKey(omni.Actor{}, svc(t, "memory:notes"), k), "no service": blob.MemoryKey(actor(t), service.Name{}, k),
		"credentials": blob.MemoryKey(actor(t), svc(t, "github"), k), "email": blob.MemoryKey(actor(t), svc(t, "email:a@b.c"), k),
		"no key": blob.MemoryKey(actor(t), svc(t, "memory:notes"), service.MemoryKey{}),
	} {
		if !key.IsZero() {
			t.Errorf("%s: %s", name, key)
		}
	}
}

func FuzzMemoryKey(f *testing.F) {
	for _, s := range [][2]string{
		{"notes", "Todo.md"},
		{"..", ".."},
		{"a/b", "c"},
		{"a", "b/c"},
		{"a", "%2f"},
		{"a\x00", "b"},
		{"a", "b.enc"},
		{"a", ""},
		{"", "b"},
		{"ſ", "ａ"},
		{strings.Repeat("n", 64), strings.Repeat("K", 128)},
		{"*", "?"},
		{"${aws:PrincipalTag/x}", "k"},
		{"a", "k\n"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, space, text string) {
		s, serr := service.MemoryNamespace(space)
		m, merr := service.ParseMemoryKey(text)
		k := blob.MemoryKey(actor(t), s, m)
		if serr != nil || merr != nil {
			if !k.IsZero() {
				t.Fatalf("%q and %q became %q", space, text, k)
			}
			return
		}
		segments := strings.Split(k.String(), "/")
		if len(segments) != 5 || segments[0] != "bots" || segments[1] != actor(t).Key() || segments[2] != "memory" || segments[3] != space ||
			segments[4] != text+".enc" || strings.HasPrefix(segments[3], ".") || strings.HasPrefix(segments[4], ".") || len(k.String()) > 512 {
			t.Fatalf("%q", k)
		}
		for _, c := range k.String() {
			if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/", c) {
				t.Fatalf("%q in %q", c, k)
			}
		}
	})
}

func FuzzCredentialKey(f *testing.F) {
	for _, s := range []string{
		"github", "..", "a/b", "a//b", "%2f", "..%2f", "a\x00", "memory:a", "email:a@b.c", "a.enc", ".enc", "ſ", "ａ", "a.", "a ",
		strings.Repeat("a", 300), "", "*", "${aws:PrincipalTag/x}", "\xc0\xaf",
	} {
		f.Add([]byte{1}, s)
	}
	f.Fuzz(func(t *testing.T, who []byte, text string) {
		var b [32]byte
		copy(b[:], who)
		a, aerr := omni.ActorFromBytes(b)
		s, serr := service.Parse(text)
		k := blob.CredentialKey(a, s)
		if aerr != nil || serr != nil || s.Class() != service.Credentials {
			if !k.IsZero() {
				t.Fatalf("%q became %q", text, k)
			}
			return
		}
		// Exactly the actor's own folder, one more segment, nothing that a
		// path, a URL or a policy could read in another way.
		segments := strings.Split(k.String(), "/")
		if len(segments) != 4 || segments[0] != "bots" || segments[1] != a.Key() || len(segments[1]) != 64 ||
			segments[2] != "credentials" || segments[3] != text+".enc" || strings.HasPrefix(segments[3], ".") || len(k.String()) > 1024 {
			t.Fatalf("%q", k)
		}
		for _, c := range k.String() {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._-/", c) {
				t.Fatalf("%q in %q", c, k)
			}
		}
	})
}
