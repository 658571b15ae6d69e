package dpop_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/dpop"
)

// A proof that names other objects is told so, and is not used up by it.
func TestObjectsThatDoNotFit(t *testing.T) {
	f := forger{newKey(t)}
	claims := f.claims("jti-of-16-or-more")
	for name, c := range map[string]struct {
		named, want []string
	}{
		"missing":          {nil, []string{"a"}},
		"another":          {[]string{"b"}, []string{"a"}},
		"more":             {[]string{"a", "b"}, []string{"a"}},
		"fewer":            {[]string{"a"}, []string{"a", "b"}},
		"in another order": {[]string{"b", "a"}, []string{"a", "b"}},
		"none expected":    {[]string{"a"}, nil},
	} {
		claim := ""
		if c.named != nil {
			claim = `,"obj":["` + strings.Join(c.named, `","`) + `"]`
		}
		v, e := newVerifier(t, &clock{start}), f.expect()
		proof := f.proof(f.header(), strings.Replace(claims, `,"obj":["a"]`, claim, 1))
		e.Objects = c.want
		if got := codeOf(v, proof, e); got != apierr.ProofObjectMismatch {
			t.Errorf("%s: %q", name, got)
		}
		// The twin: the very same proof, where its objects are expected.
		e.Objects = c.named
		if got := codeOf(v, proof, e); got != "" {
			t.Errorf("%s: the twin: %q", name, got)
		}
	}
}

// The code is told only of a proof that is right in everything else.
func TestObjectsAreComparedLast(t *testing.T) {
	f, mallory := forger{newKey(t)}, forger{newKey(t)}
	c := &clock{start}
	for name, edit := range map[string]func(*dpop.Expect){
		"method": func(e *dpop.Expect) { e.Method = "GET" },
		"URL":    func(e *dpop.Expect) { e.URL += "/x" },
		"token":  func(e *dpop.Expect) { e.Token += "x" },
		"body":   func(e *dpop.Expect) { e.Body = []byte("another") },
		"key":    func(e *dpop.Expect) { e.WantThumbprint = mallory.expect().WantThumbprint },
		"age":    func(*dpop.Expect) { c.t = start.Add(dpop.MaxAge + time.Second) },
	} {
		e := f.expect()
		e.Objects = []string{"b"}
		c.t = start
		edit(&e)
		v, err := dpop.NewVerifier(guardFunc(func(string, string, time.Time) error {
			t.Errorf("%s: the proof was used up", name)
			return nil
		}), c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := codeOf(v, f.proof(f.header(), f.claims("jti-of-16-or-more")), e); got != apierr.ProofInvalid {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A verifier that has the hash of the body decides as one that has the body.
func TestBodyHash(t *testing.T) {
	f := forger{newKey(t)}
	of := func(b []byte) []byte { h := sha256.Sum256(b); return h[:] }
	with, without := f.claims("jti-of-16-or-more"), strings.Replace(f.claims("jti-of-16-or-more"), `,"bh":"`+sum(body)+`"`, "", 1)
	for name, c := range map[string]struct {
		claims     string
		body, hash []byte
		want       apierr.Code
	}{
		"its hash":                {with, nil, of(body), ""},
		"another's hash":          {with, nil, of([]byte("another")), apierr.ProofInvalid},
		"both":                    {with, body, of(body), apierr.ProofInvalid},
		"neither":                 {with, nil, nil, apierr.ProofInvalid},
		"31 bytes":                {with, nil, of(body)[:31], apierr.ProofInvalid},
		"33 bytes":                {with, nil, append(of(body), 0), apierr.ProofInvalid},
		"no bytes":                {with, nil, []byte{}, apierr.ProofInvalid},
		"no bytes, no bh":         {without, nil, []byte{}, apierr.ProofInvalid},
		"neither, no bh":          {without, nil, nil, ""},
		"a hash, no bh":           {without, nil, of(body), apierr.ProofInvalid},
		"the hash of an empty":    {strings.Replace(with, sum(body), sum(nil), 1), nil, of(nil), apierr.ProofInvalid},
		"bh of the wrong length":  {strings.Replace(with, sum(body), b64(of(body)[:31]), 1), nil, of(body)[:31], apierr.ProofInvalid},
		"the hash, and a body of": {with, slices.Clone(of(body)), of(body), apierr.ProofInvalid},
	} {
		e := f.expect()
		e.Body, e.BodyHash = c.body, c.hash
		if got := codeOf(newVerifier(t, &clock{start}), f.proof(f.header(), c.claims), e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
