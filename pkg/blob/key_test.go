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
