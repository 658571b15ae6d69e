package api_test

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
)

func TestETag(t *testing.T) {
	for _, v := range []uint64{1, 1795736712345, api.MaxVersion} {
		if got, err := api.ParseETag(api.ETag(v)); err != nil || got != v {
			t.Errorf("%d: %d %v", v, got, err)
		}
	}
	for _, s := range []string{
		"", `"`, `""`, "7", `"7`, `7"`, `W/"7"`, `"07"`, `"+7"`, `"-7"`, `"7.0"`, `"7e0"`, `"0"`, `"9007199254740992"`, `"18446744073709551616"`, `" 7"`, `"7" `, `"7","8"`, "*", `"0x7"`, `"1_0"`,
	} {
		if got, err := api.ParseETag(s); err == nil || got != 0 {
			t.Errorf("%q is version %d", s, got)
		}
	}
}

// FuzzParseETag: there is one text for each version.
func FuzzParseETag(f *testing.F) {
	for _, s := range []string{`"1795736712345"`, `W/"7"`, `"07"`, "*", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := api.ParseETag(s)
		if err != nil {
			if v != 0 {
				t.Fatalf("%q is refused and is %d", s, v)
			}
			return
		}
		if api.ETag(v) != s || v < 1 || v > api.MaxVersion {
			t.Fatalf("%q is %d", s, v)
		}
	})
}

func TestMemoryListRequest(t *testing.T) {
	for _, r := range []api.MemoryListRequest{{}, {Limit: 1}, {Limit: 1000}, {After: "Todo.md"}, {After: strings.Repeat("k", 128), Limit: 7}} {
		if err := r.Validate(); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
	for _, r := range []api.MemoryListRequest{{Limit: -1}, {Limit: 1001}, {After: "../x"}, {After: "a/b"}, {After: ".a"}, {After: strings.Repeat("k", 129)}, {After: "a\n"}} {
		if err := r.Validate(); err == nil {
			t.Errorf("%+v is accepted", r)
		}
	}
}
