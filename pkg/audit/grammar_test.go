package audit

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzGrammars holds each grammar against the regular expression of its comment.
func FuzzGrammars(f *testing.F) {
	for _, s := range []string{
		"", "a", "A", "0", "-", "a-b", "a_b", "a.b", "bots/x.enc", "/", "a\n", "é", "a\x00", strings.Repeat("a", 32), strings.Repeat("a", 33),
		strings.Repeat("a", 64), strings.Repeat("a", 65), strings.Repeat("a", 512), strings.Repeat("a", 513), strings.Repeat("a", 1024), strings.Repeat("a", 1025), "a:b@c+d/e-f", ".a", "{", "`",
	} {
		f.Add(s)
	}
	forms := map[*regexp.Regexp]func(string) bool{}
	for form, is := range map[string]func(string) bool{
		`\A[a-z][a-z0-9-]{0,31}\z`: isEmitter, `\A[a-z][a-z0-9_-]{0,31}\z`: isOp, `\A[A-Za-z0-9_-]{1,64}\z`: IsRequestID,
		`\A[A-Za-z0-9][A-Za-z0-9._:@+/-]{0,511}\z`: isObject, `\A[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\z`: IsSource,
		`\A[A-Za-z0-9._-]*\z`: func(s string) bool { return len(s) > MaxReceipt || IsSignature(s) },
	} {
		forms[regexp.MustCompile(form)] = is
	}
	f.Fuzz(func(t *testing.T, s string) {
		for form, is := range forms {
			if want := form.MatchString(s); is(s) != want && (want || len(s) <= MaxReceipt) {
				t.Errorf("%q by %s: %t", s, form, is(s))
			}
		}
		if len(s) > MaxReceipt && IsSignature(s) {
			t.Error("too long a signature")
		}
	})
}
