package service_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/service"
)

func TestParse(t *testing.T) {
	for s, class := range map[string]service.Class{
		"github":                    service.Credentials,
		"0":                         service.Credentials,
		"a.b_c-d":                   service.Credentials,
		strings.Repeat("a", 64):     service.Credentials,
		"memory:notes":              service.Memory,
		"email:bot+x@mail.acme.dev": service.Email,
	} {
		n, err := service.Parse(s)
		if err != nil || n.Class() != class || n.String() != s {
			t.Errorf("%q: %v %v %v", s, n, n.Class(), err)
		}
	}
	for _, s := range []string{
		"", ".", "..", ".a", "a/b", "a//b", "A", "a b", "a\x00", "a\n", "github\n", "%2f", "..%2f", "gıthub", "ſ", "*", "?", "${aws:x}",
		strings.Repeat("a", 65), "memory:", "memory:A", "memory:a/b", "memory:memory:a", "Memory:a", "other:a",
		"email:", "email:a", "email:a@", "email:a@b", "email:a@B.c", "email:a@-b.c", "email:a@b..c", "email:a@b.c ", "email:@b.c",
		"email:a@b.c@d.e", "email:a@" + strings.Repeat("a.", 130) + "b", "email:a\r\n@b.c",
	} {
		if n, err := service.Parse(s); !errors.Is(err, service.ErrInvalid) || !n.IsZero() {
			t.Errorf("%q: accepted as %v (%v)", s, n, err)
		}
	}
	if _, err := json.Marshal(service.Name{}); !errors.Is(err, service.ErrInvalid) {
		t.Errorf("zero name encoded: %v", err)
	}
}

func TestHash(t *testing.T) {
	n, err := service.Parse("github")
	if err != nil {
		t.Fatal(err)
	}
	// keccak256("github"), from go-ethereum's crypto.Keccak256.
	const want = "07a17bd3c7c8d7b88e93a4d9007e3bc230b0a586a434de0bed6500e9f343deb7"
	h := n.Hash()
	if got := hex.EncodeToString(h[:]); got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestMemoryKey(t *testing.T) {
	if k, err := service.ParseMemoryKey("Plan-1.md"); err != nil || k.String() != "Plan-1.md" {
		t.Errorf("%v %v", k, err)
	}
	for _, s := range []string{"", "a/b", "..", ".a", "a b", "a\x00", strings.Repeat("a", 129), "ä", "a\n"} {
		if _, err := service.ParseMemoryKey(s); !errors.Is(err, service.ErrInvalid) {
			t.Errorf("%q accepted", s)
		}
	}
}

func TestOps(t *testing.T) {
	o, err := service.ParseOps("read, list")
	if err != nil || o != service.Read|service.List || o.String() != "read,list" {
		t.Errorf("%v %v", o, err)
	}
	for _, s := range []string{"", "reed", "read,", "READ", "*", "1"} {
		if _, err := service.ParseOps(s); !errors.Is(err, service.ErrInvalid) {
			t.Errorf("%q accepted", s)
		}
	}
	if !o.Has(service.Read) || o.Has(service.Read|service.Write) || o.Has(0) {
		t.Error("Has is wrong")
	}
	if got := service.Ops(65).String(); got != "read,0x40" {
		t.Error(got)
	}
}

func TestParseClass(t *testing.T) {
	if c, err := service.ParseClass("memory"); err != nil || c != service.Memory {
		t.Error(c, err)
	}
	if _, err := service.ParseClass("Memory"); !errors.Is(err, service.ErrInvalid) {
		t.Error(err)
	}
}

// TestErrorsRepeatNothing: what stands in the place of a name may be a secret.
func TestErrorsRepeatNothing(t *testing.T) {
	const canary = "Canary+7f1d"
	_, e1 := service.Parse(canary)
	_, e2 := service.Parse("memory:" + canary)
	_, e3 := service.Parse("email:" + canary)
	_, e4 := service.ParseMemoryKey(canary)
	_, e5 := service.ParseClass(canary)
	for i, err := range []error{e1, e2, e3, e4, e5} {
		if !errors.Is(err, service.ErrInvalid) || strings.Contains(err.Error(), canary) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"github", "memory:a", "email:a@b.c", "..", "a/b", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := service.Parse(s)
		if err != nil {
			return
		}
		if n.String() != s || strings.ContainsAny(s, "/*?$%\\ \x00\r\n") || strings.HasPrefix(s, ".") || len(s) > 330 {
			t.Fatalf("accepted %q", s)
		}
	})
}
