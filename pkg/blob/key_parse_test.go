package blob_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
)

func TestKeyOf(t *testing.T) {
	text := github(t).String()
	n, ok := blob.KeyOf(text)
	if want := (blob.Named{Key: github(t), Actor: actor(t), Service: svc(t, "github")}); !ok || n != want {
		t.Fatal(n, ok)
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
		if n, ok := blob.KeyOf(odd); ok || n != (blob.Named{}) {
			t.Errorf("%s: %q became %v", name, odd, n)
		}
	}
}

func TestKeyOfMemory(t *testing.T) {
	text := todo(t).String()
	n, ok := blob.KeyOf(text)
	if want := (blob.Named{Key: todo(t), Actor: actor(t), Service: svc(t, "memory:notes"), Memory: memoryKey(t, "Todo.md")}); !ok || n != want {
		t.Fatal(n, ok)
	}
	for name, odd := range map[string]string{
		"credentials": strings.Replace(text, "/memory/", "/credentials/", 1), "email": strings.Replace(text, "/memory/", "/email/", 1),
		"no namespace": strings.Replace(text, "/notes/", "/", 1), "empty namespace": strings.Replace(text, "/notes/", "//", 1),
		"capital namespace": strings.Replace(text, "/notes/", "/Notes/", 1), "dots": strings.Replace(text, "/notes/", "/../", 1),
		"service as namespace": strings.Replace(text, "/notes/", "/memory:notes/", 1), "nested": strings.Replace(text, "/notes/", "/notes/a/", 1),
		"no key": strings.Replace(text, "Todo.md", "", 1), "hidden key": strings.Replace(text, "Todo.md", ".Todo", 1),
		"long key": strings.Replace(text, "Todo.md", strings.Repeat("k", 129), 1), "space": strings.Replace(text, "Todo.md", "To do", 1),
		"no suffix": strings.TrimSuffix(text, ".enc"), "other suffix": text + "x", "folder": strings.TrimSuffix(text, "Todo.md.enc"),
		"zero actor": "bots/" + strings.Repeat("0", 64) + "/memory/notes/Todo.md.enc",
	} {
		if n, ok := blob.KeyOf(odd); ok || n != (blob.Named{}) {
			t.Errorf("%s: %q became %v", name, odd, n)
		}
	}
}

func FuzzKeyOf(f *testing.F) {
	a := strings.Repeat("ab", 32)
	for _, s := range []string{
		"", "bots/", "bots/" + a, "bots/" + a + "/credentials/github.enc", "bots/" + a + "/credentials/a.enc.enc", "bots/" + a + "/memory/x.enc",
		"bots/" + a + "/memory/notes/Todo.md.enc", "bots/" + a + "/memory/notes/a.enc.enc", "bots/" + a + "/memory/a/b/c.enc",
		"bots/" + a + "/credentials/../x.enc", "bots/" + strings.Repeat("0", 64) + "/credentials/a.enc", "bots/" + a + "/credentials/ſ.enc", "bots//credentials/a.enc",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := blob.KeyOf(text)
		if !ok {
			if n != (blob.Named{}) {
				t.Fatalf("%q is refused and yields %v", text, n)
			}
			return
		}
		again := blob.CredentialKey(n.Actor, n.Service)
		if n.Service.Class() == service.Memory {
			again = blob.MemoryKey(n.Actor, n.Service, n.Memory)
		}
		if n.Key.String() != text || n.Key != again || n.Memory.IsZero() == (n.Service.Class() == service.Memory) {
			t.Fatalf("%q became %v", text, n)
		}
	})
}
