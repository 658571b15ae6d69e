package session_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/session"
)

// members is a session's claims as JSON texts.
type members map[string]string

func good() members {
	s, iat := subject(), start.Unix()
	q := func(v string) string { return `"` + v + `"` }
	return members{
		"iss": q(issuer), "aud": q(session.Audience), "jti": q(jose.NewID()), "sub": q(s.Actor.String()), "operator_omni": q(s.Operator.String()),
		"device_key_hash": q(s.Device.String()), "address": q(strings.ToLower(s.Address.Hex())), "kind": q(s.Kind),
		"cnf": `{"jkt":"` + s.Thumbprint + `"}`, "iat": fmt.Sprint(iat), "exp": fmt.Sprint(iat + 3600),
	}
}

// with returns a copy in which a claim is spelled so; empty removes it.
func (m members) with(name, text string) members {
	out := maps.Clone(m)
	if out[name] = text; text == "" {
		delete(out, name)
	}
	return out
}

func (m members) String() string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, `"`+k+`":`+m[k])
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func forged(t testing.TB, c *clock) (josetest.Forger, *session.Authority) {
	t.Helper()
	f := josetest.New(t)
	a, err := session.New(f.Key, issuer, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return f, a
}

func codeOf(a *session.Authority, token string) apierr.Code {
	s, err := a.Verify(token)
	if err != nil && s != (session.Session{}) {
		return "a session beside an error"
	}
	return apierr.CodeOf(err)
}

// Every claim: absent, of another type, out of its bounds, signed by K1.
func TestVerifyRefusesClaims(t *testing.T) {
	f, a := forged(t, &clock{start})
	offer := func(payload string) apierr.Code { return codeOf(a, f.Token(f.Header(session.Type), payload)) }
	if c := offer(good().String()); c != "" {
		t.Fatalf("the twin of all that follows: %q", c)
	}
	for name := range good() {
		for _, text := range []string{"", "null", "[]", "{}", "true", `""`, "0", "-1", "1.5", "1e400", `"x"`, `["` + session.Audience + `"]`} {
			if c := offer(good().with(name, text).String()); c != apierr.Unauthorized {
				t.Errorf("%s: %s: %q", name, text, c)
			}
		}
	}
	iat := start.Unix()
	other := omni.DeviceKeyOfAddress([20]byte{9}).String()
	for name, m := range map[string]members{
		"iss with slash":                good().with("iss", `"`+issuer+`/"`),
		"aud of STS":                    good().with("aud", `"sts.amazonaws.com"`),
		"aud a list":                    good().with("aud", `["`+session.Audience+`","x"]`),
		"aud in upper case":             good().with("aud", `"`+strings.ToUpper(session.Audience)+`"`),
		"jti short":                     good().with("jti", `"AAAA"`),
		"sub without 0x":                good().with("sub", `"`+subject().Actor.Key()+`"`),
		"sub zero":                      good().with("sub", `"0x`+strings.Repeat("0", 64)+`"`),
		"device of another address":     good().with("device_key_hash", `"`+other+`"`),
		"address with checksum":         good().with("address", `"`+subject().Address.Hex()+`"`),
		"address of another device":     good().with("address", `"0x`+strings.Repeat("1", 40)+`"`),
		"address short":                 good().with("address", `"0xab"`),
		"kind in upper case":            good().with("kind", `"Agent"`),
		"kind none":                     good().with("kind", `"none"`),
		"cnf with more":                 good().with("cnf", `{"jkt":"`+subject().Thumbprint+`","x":1}`),
		"cnf short":                     good().with("cnf", `{"jkt":"AAAA"}`),
		"iat as float":                  good().with("iat", fmt.Sprintf("%d.0", iat)),
		"exp as string":                 good().with("exp", fmt.Sprintf(`"%d"`, iat+60)),
		"exp = iat":                     good().with("exp", fmt.Sprint(iat)),
		"exp before iat":                good().with("exp", fmt.Sprint(iat-1)),
		"exp a second beyond the hour":  good().with("exp", fmt.Sprint(iat+3601)),
		"exp huge":                      good().with("exp", "9007199254740993"),
		"iat before 1970":               good().with("iat", "-10").with("exp", "10"),
		"exp beyond 9999":               good().with("iat", "253402300799").with("exp", "253402300800"),
		"nbf, which is not a session's": good().with("nbf", fmt.Sprint(iat)),
		"unknown claim":                 good().with("admin", "true"),
		"claim in another case":         good().with("Kind", `"master"`),
		"claim with a Kelvin sign":      good().with("\u212aind", `"master"`),
	} {
		if c := offer(m.String()); c != apierr.Unauthorized {
			t.Errorf("%s: %q", name, c)
		}
	}
	text := good().String()
	for name, payload := range map[string]string{
		"duplicate claim": strings.Replace(text, `"kind":"agent"`, `"kind":"agent","kind":"master"`, 1), "trailing data": text + "{}", "byte order mark": "\ufeff" + text,
		"a list": "[" + text + "]", "cut": text[:len(text)-1],
	} {
		if c := offer(payload); c != apierr.Unauthorized {
			t.Errorf("%s: %q", name, c)
		}
	}
}

func TestVerifyRefusesConfusions(t *testing.T) {
	f, a := forged(t, &clock{start})
	for _, c := range f.Confusions(t, session.Type, good().String()) {
		_, err := a.Verify(c.Token)
		if code := codeOf(a, c.Token); code != apierr.Unauthorized || !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	stranger := josetest.New(t)
	if code := codeOf(a, stranger.Token(stranger.Header(session.Type), good().String())); code != apierr.Unauthorized {
		t.Errorf("another key: %q", code)
	}
}

func TestLifetime(t *testing.T) {
	c := &clock{start}
	f, a := forged(t, c)
	token := f.Token(f.Header(session.Type), good().String())
	for _, step := range []struct {
		after time.Duration
		want  apierr.Code
	}{
		{0, ""},
		{time.Hour - time.Nanosecond, ""},
		{time.Hour, apierr.SessionExpired},
		{2 * time.Hour, apierr.SessionExpired},
		{-session.Leeway, ""},
		{-session.Leeway - time.Nanosecond, apierr.SessionExpired},
		{-time.Hour, apierr.SessionExpired},
	} {
		c.t = start.Add(step.after)
		if got := codeOf(a, token); got != step.want {
			t.Errorf("%s after: %q, want %q", step.after, got, step.want)
		}
	}
}

func TestIssueRefuses(t *testing.T) {
	a, key := newAuthority(t, &clock{start})
	for name, edit := range map[string]func(*session.Subject){
		"kind":         func(s *session.Subject) { s.Kind = "root" },
		"no operator":  func(s *session.Subject) { s.Operator = omni.Operator{} },
		"no actor":     func(s *session.Subject) { s.Actor = omni.Actor{} },
		"no device":    func(s *session.Subject) { s.Device = omni.DeviceKey{} },
		"other device": func(s *session.Subject) { s.Address = common.Address{1} },
		"no key":       func(s *session.Subject) { s.Thumbprint = "" },
	} {
		s := subject()
		edit(&s)
		if token, _, err := a.Issue(s); err == nil || token != "" {
			t.Errorf("%s: %q", name, token)
		}
	}
	now := (&clock{start}).now
	for name, try := range map[string]func() error{
		"no key":    func() error { _, err := session.New(jose.PrivateKey{}, issuer, now); return err },
		"no issuer": func() error { _, err := session.New(key, "", now); return err },
		"no clock":  func() error { _, err := session.New(key, issuer, nil); return err },
	} {
		if try() == nil {
			t.Errorf("authority with %s", name)
		}
	}
}

// Two sessions of one subject are two.
func TestIdentifiersDiffer(t *testing.T) {
	a, _ := newAuthority(t, &clock{start})
	one, _, _ := a.Issue(subject())
	two, _, _ := a.Issue(subject())
	s, errS := a.Verify(one)
	u, errU := a.Verify(two)
	if errS != nil || errU != nil || s.ID() == u.ID() {
		t.Errorf("%q %q", s.ID(), u.ID())
	}
}

func FuzzClaims(f *testing.F) {
	k, a := forged(f, &clock{start})
	f.Add(good().String())
	f.Add(good().with("exp", "").String())
	f.Add("{}")
	f.Fuzz(func(t *testing.T, payload string) {
		s, err := a.Verify(k.Token(k.Header(session.Type), payload))
		if err != nil {
			if c := apierr.CodeOf(err); c != apierr.Unauthorized && c != apierr.SessionExpired {
				t.Fatal(err)
			}
			return
		}
		if s.Operator().IsZero() || s.Actor().IsZero() || s.Device() != omni.DeviceKeyOfAddress(s.Address()) || !jose.IsID(s.ID()) ||
			!jose.IsThumbprint(s.Thumbprint()) || !s.ExpiresAt().After(start) || s.ExpiresAt().After(start.Add(session.Leeway+session.Life)) {
			t.Fatalf("%+v", s)
		}
	})
}
