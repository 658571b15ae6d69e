package captoken_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/service"
)

// members is a capability's claims as JSON texts, so that a test can spell one
// of them wrongly.
type members map[string]string

func good() members {
	r := request()
	iat := start.Unix()
	return members{
		"iss": `"` + issuer + `"`, "jti": `"` + jose.NewID() + `"`, "iat": fmt.Sprint(iat), "nbf": fmt.Sprint(iat), "exp": fmt.Sprint(iat + 300),
		"uses": "3", "operator_omni": `"` + r.Operator.String() + `"`, "actor_omni": `"` + r.Actor.String() + `"`, "service": `"github"`,
		"op": `"fetch"`, "data_class": `"credentials"`, "device_key_hash": `"` + r.Device.String() + `"`, "k3_epoch": "7",
		"cnf": `{"jkt":"` + r.JKT + `"}`,
	}
}

// with returns a copy in which a claim is spelled so; empty removes it.
func (m members) with(pairs ...string) members {
	out := maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		if out[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(out, pairs[i])
		}
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

func forgerAndVerifier(t testing.TB, c *clock) (josetest.Forger, *captoken.Verifier) {
	t.Helper()
	f := josetest.New(t)
	keys, err := jose.NewKeySet(f.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	v, err := captoken.NewVerifier(keys, issuer, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return f, v
}

func codeOf(v *captoken.Verifier, token string) apierr.Code {
	g, err := v.Verify(token)
	if err != nil && g != (captoken.Grant{}) {
		return "a grant beside an error"
	}
	return apierr.CodeOf(err)
}

// Every claim: absent, of another type, out of its bounds. The issuer is in
// possession of K1, so that only the check of the claim can refuse.
func TestVerifyRefusesClaims(t *testing.T) {
	f, v := forgerAndVerifier(t, &clock{start})
	offer := func(payload string) apierr.Code { return codeOf(v, f.Token(f.Header(captoken.Type), payload)) }
	if c := offer(good().String()); c != "" {
		t.Fatalf("the twin of all that follows: %s", c)
	}
	for name := range good() {
		for _, text := range []string{"", "null", "[]", "{}", "true", `""`, "0", "-1", "1.5", "1e400", `"x"`, `["` + issuer + `"]`, "18446744073709551616"} {
			if text == `"x"` && (name == "service" || name == "op") {
				continue // a service like any other; an op that no action requires
			}
			if c := offer(good().with(name, text).String()); c != apierr.CapInvalid {
				t.Errorf("%s: %s: %q", name, text, c)
			}
		}
	}
	iat := start.Unix()
	for name, m := range map[string]members{
		"iss with slash":            good().with("iss", `"`+issuer+`/"`),
		"iss in upper case":         good().with("iss", `"`+strings.ToUpper(issuer)+`"`),
		"iss a prefix":              good().with("iss", `"`+issuer[:20]+`"`),
		"jti short":                 good().with("jti", `"AAAA"`),
		"iat as float":              good().with("iat", fmt.Sprintf("%d.0", iat)),
		"iat in exponent form":      good().with("iat", "18e8"),
		"iat as string":             good().with("iat", fmt.Sprintf(`"%d"`, iat)),
		"exp beyond 2^53":           good().with("exp", "9007199254740993"),
		"exp = iat":                 good().with("exp", fmt.Sprint(iat)),
		"exp before iat":            good().with("exp", fmt.Sprint(iat-1)),
		"exp 1801 s after":          good().with("exp", fmt.Sprint(iat+1801)),
		"dates before 1970":         good().with("iat", "-300", "nbf", "-200", "exp", "-100"),
		"iat before 1970":           good().with("iat", "-10", "nbf", "10", "exp", "20"),
		"exp beyond 9999":           good().with("iat", "253402300798", "nbf", "253402300799", "exp", "253402300800"),
		"dates beyond 9999":         good().with("iat", "253402300800", "nbf", "253402300800", "exp", "253402300900"),
		"nbf before iat":            good().with("nbf", fmt.Sprint(iat-1)),
		"nbf = exp":                 good().with("nbf", fmt.Sprint(iat+300)),
		"uses 101":                  good().with("uses", "101"),
		"uses 1.0":                  good().with("uses", "1.0"),
		"operator without 0x":       good().with("operator_omni", `"`+request().Operator.Key()+`"`),
		"actor in upper case":       good().with("actor_omni", `"`+strings.ToUpper(request().Actor.String())+`"`),
		"actor zero":                good().with("actor_omni", `"0x`+strings.Repeat("0", 64)+`"`),
		"service traversal":         good().with("service", `"../github"`),
		"service in upper case":     good().with("service", `"GitHub"`),
		"service of another class":  good().with("service", `"memory:notes"`),
		"class of another service":  good().with("data_class", `"memory"`),
		"class unknown":             good().with("data_class", `"root"`),
		"any service, no list":      good().with("service", `"*"`),
		"list of one service":       good().with("op", `"list"`),
		"any service, other class":  good().with("service", `"*"`, "op", `"list"`, "data_class", `"memory"`),
		"epoch 2^32":                good().with("k3_epoch", "4294967296"),
		"cnf with more":             good().with("cnf", `{"jkt":"`+request().JKT+`","x":1}`),
		"cnf not canonical":         good().with("cnf", `{"jkt":"`+request().JKT[:42]+`t"}`),
		"cnf short":                 good().with("cnf", `{"jkt":"AAAA"}`),
		"cnf empty":                 good().with("cnf", `{"jkt":""}`),
		"aud, which is not ours":    good().with("aud", `"x"`),
		"unknown claim":             good().with("admin", "true"),
		"claim in another case":     good().with("Uses", "100"),
		"claim with a long s (ſ)":   good().with("u\u017fes", "100"),
		"claim with a Kelvin sign":  good().with("\u212a3_epoch", "1"),
		"claim twice in an escape":  good().with(`\u0075ses`, "100"),
		"invalid UTF-8 in a string": good().with("op", "\"fetch\xff\""),
	} {
		if c := offer(m.String()); c != apierr.CapInvalid {
			t.Errorf("%s: %q", name, c)
		}
	}
	text := good().String()
	for name, payload := range map[string]string{
		"duplicate claim": strings.Replace(text, `"uses":3`, `"uses":3,"uses":100`, 1), "trailing data": text + "{}", "cut": text[:len(text)-1],
		"byte order mark": "\ufeff" + text, "a list": "[" + text + "]", "null": "null", "NaN": strings.Replace(text, `"uses":3`, `"uses":NaN`, 1),
		"deep": strings.Replace(text, `"uses":3`, `"uses":`+strings.Repeat("[", 1000), 1), "NUL": text + "\x00",
	} {
		if c := offer(payload); c != apierr.CapInvalid {
			t.Errorf("%s: %q", name, c)
		}
	}
}

func TestVerifyRefusesConfusions(t *testing.T) {
	f, v := forgerAndVerifier(t, &clock{start})
	for _, c := range f.Confusions(t, captoken.Type, good().String()) {
		_, err := v.Verify(c.Token)
		if code := codeOf(v, c.Token); code != apierr.CapInvalid || !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	stranger := josetest.New(t)
	if code := codeOf(v, stranger.Token(stranger.Header(captoken.Type), good().String())); code != apierr.CapInvalid {
		t.Errorf("another key: %q", code)
	}
}

func TestLifetime(t *testing.T) {
	c := &clock{start}
	f, v := forgerAndVerifier(t, c)
	iat := start.Unix()
	plain := f.Token(f.Header(captoken.Type), good().String())
	later := f.Token(f.Header(captoken.Type), good().with("nbf", fmt.Sprint(iat+60)).String())
	exp := start.Add(300 * time.Second)
	for _, step := range []struct {
		name  string
		token string
		now   time.Time
		want  apierr.Code
	}{
		{"at the mint", plain, start, ""},
		{"an instant before exp", plain, exp.Add(-time.Nanosecond), ""},
		{"at exp", plain, exp, apierr.CapExpired},
		{"after exp", plain, exp.Add(time.Nanosecond), apierr.CapExpired},
		{"an hour later", plain, start.Add(time.Hour), apierr.CapExpired},
		{"a clock behind, within the leeway", plain, start.Add(-captoken.Leeway), ""},
		{"a clock behind, beyond the leeway", plain, start.Add(-captoken.Leeway - time.Nanosecond), apierr.CapExpired},
		{"minted during a jump of the clock by an hour", plain, start.Add(-time.Hour), apierr.CapExpired},
		{"nbf ahead, beyond the leeway", later, start.Add(55*time.Second - time.Nanosecond), apierr.CapExpired},
		{"nbf ahead, within the leeway", later, start.Add(55 * time.Second), ""},
	} {
		c.t = step.now
		if got := codeOf(v, step.token); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestRequire(t *testing.T) {
	f, v := forgerAndVerifier(t, &clock{start})
	grant := func(m members) captoken.Grant {
		g, err := v.Verify(f.Token(f.Header(captoken.Type), m.String()))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	memory := service.Action{Class: service.Memory, Op: service.OpFetch, Needs: service.Read}
	memoryStore := service.Action{Class: service.Memory, Op: service.OpStore, Needs: service.Write, Mutates: true}
	fetch := grant(good())
	store := good().with("op", `"store"`)
	for _, c := range []struct {
		name   string
		g      captoken.Grant
		action service.Action
		want   apierr.Code
	}{
		{"its own", fetch, service.CredFetch, ""},
		{"another op", fetch, service.CredStore, apierr.CapOpMismatch},
		{"another op", fetch, service.CredList, apierr.CapOpMismatch},
		{"another op", fetch, service.CredTeardown, apierr.CapOpMismatch},
		{"another class", fetch, memory, apierr.CapDataClassMismatch},
		{"another class and op: the class is named", fetch, memoryStore, apierr.CapDataClassMismatch},
		{"memory at the credential worker", grant(good().with("service", `"memory:n"`, "data_class", `"memory"`)), service.CredFetch, apierr.CapDataClassMismatch},
		{"a list", grant(good().with("service", `"*"`, "op", `"list"`)), service.CredList, ""},
		{"a store", grant(store.with("uses", "1")), service.CredStore, ""},
		{"a store with two uses", grant(store.with("uses", "2")), service.CredStore, apierr.CapInvalid},
		{"a grant that nobody verified", captoken.Grant{}, service.CredFetch, apierr.CapInvalid},
		{"nothing at all", captoken.Grant{}, service.Action{}, apierr.CapInvalid},
	} {
		if got := apierr.CodeOf(c.g.Require(c.action)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if g := grant(good().with("service", `"*"`, "op", `"list"`)); !g.ServiceName().IsZero() {
		t.Error("a list names a service")
	}
}
