package blob_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
)

func TestKeyOf(t *testing.T) {
	text := github(t).String()
	k, a, s, ok := blob.KeyOf(text)
	if !ok || k != github(t) || a != actor(t) || s != svc(t, "github") {
		t.Fatal(k, a, s, ok)
	}
	for name, odd := range map[string]string{
		"empty": "", "root": "bots/", "no root": strings.TrimPrefix(text, "bots/"), "below another root": "x/" + text,
		"no actor": "bots//credentials/github.enc", "short actor": strings.Replace(text, "ab", "a", 1), "capitals": strings.Replace(text, "ab", "AB", 1),
		"0x": strings.Replace(text, "bots/", "bots/0x", 1), "zero actor": "bots/" + strings.Repeat("0", 64) + "/credentials/github.enc",
		"no class": strings.Replace(text, "/credentials/", "/", 1), "memory": strings.Replace(text, "credentials", "memory", 1),
		"unknown class": strings.Replace(text, "credentials", "secrets", 1), "no suffix": strings.TrimSuffix(text, ".enc"), "other suffix": text + "x",
		"no service": strings.Replace(text, "github", "", 1), "deeper": strings.Replace(text, "github", "a/github", 1),
		"memory service": strings.Replace(text, "github", "memory:notes", 1), "capital service": strings.Replace(text, "github", "GitHub", 1),
		"dots": strings.Replace(text, "github", "..", 1), "line": text + "\n", "folder": text + "/",
	} {
		if k, a, s, ok := blob.KeyOf(odd); ok || !k.IsZero() || !a.IsZero() || !s.IsZero() {
			t.Errorf("%s: %q became %s %s %s", name, odd, k, a, s)
		}
	}
}

func FuzzKeyOf(f *testing.F) {
	a := strings.Repeat("ab", 32)
	for _, s := range []string{
		"", "bots/", "bots/" + a, "bots/" + a + "/credentials/github.enc", "bots/" + a + "/credentials/a.enc.enc", "bots/" + a + "/memory/x.enc",
		"bots/" + a + "/credentials/../x.enc", "bots/" + strings.Repeat("0", 64) + "/credentials/a.enc", "bots/" + a + "/credentials/ſ.enc", "bots//credentials/a.enc",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, a, s, ok := blob.KeyOf(text)
		if !ok {
			if !k.IsZero() || !a.IsZero() || !s.IsZero() {
				t.Fatalf("%q is refused and yields %s %s %s", text, k, a, s)
			}
			return
		}
		if k.String() != text || k != blob.CredentialKey(a, s) || s.Class() != service.Credentials {
			t.Fatalf("%q became %s of %s and %s", text, k, a, s)
		}
	})
}
