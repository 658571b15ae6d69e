package devcloud_test

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// assume posts a form, honest unless edit says otherwise, and returns the
// error code, empty for a session.
func (s *stack) assume(t testing.TB, token string, edit func(url.Values)) string {
	t.Helper()
	form := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {vaultRole},
		"RoleSessionName": {"test"}, "DurationSeconds": {"900"}, "WebIdentityToken": {token},
	}
	if edit != nil {
		edit(form)
	}
	return s.post(t, "/", "application/x-www-form-urlencoded", form.Encode())
}

func (s *stack) post(t testing.TB, path, contentType, body string) string {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	s.cloud.Handler().ServeHTTP(w, r)
	out := w.Body.String()
	if w.Code == http.StatusOK {
		if !strings.Contains(out, "<SessionToken>") {
			t.Errorf("200 without a session: %s", out)
		}
		return ""
	}
	_, rest, _ := strings.Cut(out, "<Code>")
	code, _, ok := strings.Cut(rest, "</Code>")
	if !ok || strings.Contains(out, "SecretAccessKey") {
		t.Errorf("%d: %s", w.Code, out)
	}
	return code
}

func TestAssumeRoleForm(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	token := s.issuer.token(actor(t, 1), service.Credentials, "read")
	set := func(k, v string) func(url.Values) { return func(f url.Values) { f.Set(k, v) } }
	for _, c := range []struct {
		name string
		edit func(url.Values)
		want string
	}{
		{"honest", nil, ""},
		{"other action", set("Action", "GetSessionToken"), "InvalidAction"},
		{"web identity for a user's action", set("Action", "AssumeRole"), "ValidationError"},
		{"caller identity", set("Action", "GetCallerIdentity"), "InvalidAction"},
		{"no action", func(f url.Values) { f.Del("Action") }, "InvalidAction"},
		{"old version", set("Version", "2010-01-01"), "InvalidAction"},
		{"session policy", set("Policy", "{}"), "ValidationError"},
		{"provider", set("ProviderId", "www.amazon.com"), "ValidationError"},
		{"role twice", func(f url.Values) { f.Add("RoleArn", vaultRole) }, "ValidationError"},
		{"token twice", func(f url.Values) { f.Add("WebIdentityToken", token) }, "ValidationError"},
		{"no role", func(f url.Values) { f.Del("RoleArn") }, "AccessDenied"},
		{"unknown role", set("RoleArn", roleBase+"admin"), "AccessDenied"},
		{"role of another account", set("RoleArn", strings.Replace(vaultRole, "1111", "2222", 1)), "AccessDenied"},
		{"longer", set("DurationSeconds", "3600"), "ValidationError"},
		{"no duration", func(f url.Values) { f.Del("DurationSeconds") }, "ValidationError"},
		{"session name", set("RoleSessionName", "a b"), "ValidationError"},
		{"no session name", func(f url.Values) { f.Del("RoleSessionName") }, "ValidationError"},
		{"no token", func(f url.Values) { f.Del("WebIdentityToken") }, "InvalidIdentityToken"},
		{"long token", set("WebIdentityToken", strings.Repeat("a", 20001)), "ValidationError"},
		{"dots", set("WebIdentityToken", strings.Repeat(".", 20000)), "InvalidIdentityToken"},
		{"huge", set("Padding", strings.Repeat("a", 40000)), "ValidationError"},
	} {
		if got := s.assume(t, token, c.edit); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	const form = "application/x-www-form-urlencoded"
	honest := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {vaultRole},
		"RoleSessionName": {"test"}, "DurationSeconds": {"900"}, "WebIdentityToken": {token},
	}.Encode()
	for _, c := range [][4]string{
		{"query", "/?x", form, honest},
		{"other type", "/", "text/plain", honest},
		{"no type", "/", "", honest},
	} {
		if got := s.post(t, c[1], c[2], c[3]); got != "InvalidAction" {
			t.Errorf("%s: %q", c[0], got)
		}
	}
	if got := s.post(t, "/", form, "%zz"); got != "ValidationError" {
		t.Errorf("malformed: %q", got)
	}
}

func TestWebIdentityTokens(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := actor(t, 1)
	i := s.issuer
	now := s.clock.Now().Unix()
	claims := func(edit func(c map[string]any)) string {
		c := i.claims(a, service.Credentials, "read")
		edit(c)
		return i.sign(es256(), c)
	}
	claim := func(k string, v any) string { return claims(func(c map[string]any) { c[k] = v }) }
	tag := func(k string, v ...string) string {
		return claims(func(c map[string]any) {
			tags := c["https://aws.amazon.com/tags"].(map[string]any)["principal_tags"].(map[string][]string)
			if tags[k] = v; v == nil {
				delete(tags, k)
				c["https://aws.amazon.com/tags"].(map[string]any)["transitive_tag_keys"] = []string{}
			}
		})
	}
	header := func(k string, v any) string {
		h := es256()
		h[k] = v
		return i.sign(h, i.claims(a, service.Credentials, "read"))
	}
	good := i.token(a, service.Credentials, "read")
	parts := strings.Split(good, ".")
	text, _ := json.Marshal(i.claims(a, service.Credentials, "read"))
	foreign := newTestIssuer(t, s.clock)
	const denied, bad = "AccessDenied", "InvalidIdentityToken"
	for _, c := range []struct{ name, token, want string }{
		{"honest", good, ""},
		{"write", claims(func(c map[string]any) { c["sub"] = "x" }), ""},

		{"not yet expired", claim("exp", now+5), ""},
		{"expired", claim("exp", now-1), "ExpiredTokenException"},
		{"no exp", claims(func(c map[string]any) { delete(c, "exp") }), "ExpiredTokenException"},
		{"exp as text", claim("exp", "2099-01-01"), bad},
		{"not yet valid", claim("nbf", now+600), bad},
		{"audience", claim("aud", "sts.amazonaws.com.cn"), bad},
		{"audience with slash", claim("aud", "sts.amazonaws.com/"), bad},
		{"audience list", claim("aud", []string{"sts.amazonaws.com"}), ""},
		{"audience list with another", claim("aud", []string{"sts.amazonaws.com", "x"}), bad},
		{"no audience", claims(func(c map[string]any) { delete(c, "aud") }), bad},
		{"issuer", claim("iss", i.url+"/"), bad},
		{"no issuer", claims(func(c map[string]any) { delete(c, "iss") }), bad},
		{"no subject", claims(func(c map[string]any) { delete(c, "sub") }), bad},

		{"alg none", strings.Join([]string{b64([]byte(`{"alg":"none","typ":"JWT"}`)), parts[1], ""}, "."), bad},
		{"alg HS256", hs256(t, i, parts[1]), bad},
		{"alg ES384", header("alg", "ES384"), bad},
		{"alg RS256", header("alg", "RS256"), bad},
		{"signature of other claims", parts[0] + "." + strings.Split(claim("sub", "x"), ".")[1] + "." + parts[2], bad},
		{"no signature", parts[0] + "." + parts[1] + ".", bad},
		{"two parts", parts[0] + "." + parts[1], bad},
		{"of another issuer", foreign.token(a, service.Credentials, "read"), bad},
		{"signed by a stranger", foreign.sign(es256(), i.claims(a, service.Credentials, "read")), bad},
		{"member twice", i.sign(es256(), strings.Replace(string(text), `"sub"`, `"sub":"x","sub"`, 1)), bad},

		{"no tags", claims(func(c map[string]any) { delete(c, "https://aws.amazon.com/tags") }), denied},
		{"no actor", tag("agentkeys_actor_omni"), denied},
		{"short actor", tag("agentkeys_actor_omni", a.Key()[1:]), denied},
		{"star actor", tag("agentkeys_actor_omni", "*"), bad}, // not a character of tags
		{"variable", tag("agentkeys_actor_omni", "${aws:userid}"), bad},
		{"memory class", tag("agentkeys_class", "memory"), denied},
		{"no class", tag("agentkeys_class"), denied},
		{"provision access", tag("agentkeys_access", "provision"), denied},
		{"no access", tag("agentkeys_access"), denied},
		{"two values", tag("agentkeys_access", "read", "write"), bad},
		{"no value", tag("agentkeys_access", []string{}...), bad},
		{"long value", tag("x", strings.Repeat("a", 257)), bad},
		{"tag in another case", tag("Agentkeys_Access", "write"), bad},
		{"tag name", tag("a*", "b"), bad},
		{"tags malformed", claim("https://aws.amazon.com/tags", "x"), bad},
		{"transitive without tag", claims(func(c map[string]any) {
			c["https://aws.amazon.com/tags"].(map[string]any)["transitive_tag_keys"] = []string{"other"}
		}), bad},
		{"fifty-one tags", claims(func(c map[string]any) {
			tags := c["https://aws.amazon.com/tags"].(map[string]any)["principal_tags"].(map[string][]string)
			for n := range 48 {
				tags["t"+string(rune('A'+n/26))+string(rune('a'+n%26))] = []string{"v"}
			}
		}), bad},
		{"fifty tags", claims(func(c map[string]any) {
			tags := c["https://aws.amazon.com/tags"].(map[string]any)["principal_tags"].(map[string][]string)
			for n := range 47 {
				tags["t"+string(rune('A'+n/26))+string(rune('a'+n%26))] = []string{"v"}
			}
		}), ""},
	} {
		if got := s.assume(t, c.token, nil); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestTokensAgeByTheCloudsClock moves the clock instead of the token.
func TestTokensAgeByTheCloudsClock(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	token := s.issuer.token(actor(t, 1), service.Credentials, "read")
	s.clock.advance(290 * time.Second)
	if got := s.assume(t, token, nil); got != "" {
		t.Errorf("before its end: %q", got)
	}
	s.clock.advance(20 * time.Second)
	if got := s.assume(t, token, nil); got != "ExpiredTokenException" {
		t.Errorf("after its end: %q", got)
	}
}

// hs256 signs with the published key as if it were a shared secret.
func hs256(t testing.TB, i *testIssuer, payload string) string {
	t.Helper()
	public, err := i.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	text := b64([]byte(`{"alg":"HS256","typ":"JWT","kid":"k"}`)) + "." + payload
	m := hmac.New(sha256.New, public)
	m.Write([]byte(text))
	return text + "." + b64(m.Sum(nil))
}

// TestRolesAndTags is layer three: which token opens which role.
func TestRolesAndTags(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := actor(t, 1)
	opens := map[string][2]any{
		vaultRole + " read": {service.Credentials, "read"}, vaultRole + " write": {service.Credentials, "write"},
		provRole + " provision": {service.Credentials, "provision"}, memoryRole + " read": {service.Memory, "read"}, memoryRole + " write": {service.Memory, "write"},
	}
	for _, role := range []string{vaultRole, provRole, memoryRole} {
		for _, class := range []service.Class{service.Credentials, service.Memory, service.Email} {
			for _, access := range []string{"read", "write", "provision", "admin"} {
				_, err := s.sts.Exchange(t.Context(), sts.ExchangeRequest{
					RoleARN: role, WebIdentityToken: s.issuer.token(a, class, access), SessionName: "test",
				})
				if want, ok := opens[role+" "+access]; ok && want[0] == class {
					if err != nil {
						t.Errorf("%s %s %s: %v", role, class, access, err)
					}
				} else if apierr.CodeOf(err) != apierr.StorageDenied {
					t.Errorf("%s %s %s: %v", role, class, access, err)
				}
			}
		}
	}
}

func TestIssuerKeys(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	i, a := s.issuer, actor(t, 1)
	token := func() string { return i.token(a, service.Credentials, "read") }
	old := token()
	if got := s.assume(t, old, nil); got != "" {
		t.Fatal(got)
	}
	oldKey := i.keys[0]
	// A key that is not published yet, then published beside the old one.
	k := i.rotate(t, elliptic.P256())
	if got := s.assume(t, token(), nil); got != "InvalidIdentityToken" {
		t.Errorf("unpublished: %q", got)
	}
	s.clock.advance(3 * time.Second)
	i.publish(jwk(k, "P-256"), oldKey)
	for name, text := range map[string]string{"new": token(), "old": old} {
		if got := s.assume(t, text, nil); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// A flood of unknown keys does not become a flood of fetches.
	i.rotate(t, elliptic.P256())
	before := i.fetched()
	for range 50 {
		if got := s.assume(t, token(), nil); got != "InvalidIdentityToken" {
			t.Fatal(got)
		}
	}
	if n := i.fetched() - before; n > 1 {
		t.Errorf("%d fetches", n)
	}
	// The same algorithm on another curve is another algorithm.
	s.clock.advance(3 * time.Second)
	p384 := i.rotate(t, elliptic.P384())
	i.publish(oldKey, jwk(p384, "P-384"))
	if got := s.assume(t, token(), nil); got != "InvalidIdentityToken" {
		t.Errorf("P-384 key: %q", got)
	}
}

func TestIssuerFaults(t *testing.T) {
	t.Parallel()
	const unreachable = "IDPCommunicationError"
	other := newTestIssuer(t, &clock{}) // answers, but is somebody else
	for name, breakIt := range map[string]func(i *testIssuer){
		"down":         func(i *testIssuer) { i.down = true },
		"other issuer": func(i *testIssuer) { i.edit = func(d map[string]any) { d["issuer"] = "http://127.0.0.1:1" } },
		"keys elsewhere": func(i *testIssuer) {
			i.edit = func(d map[string]any) { d["jwks_uri"] = other.url + "/.well-known/jwks.json" }
		},
		"keys missing":   func(i *testIssuer) { i.edit = func(d map[string]any) { d["jwks_uri"] = i.url + "/none" } },
		"no keys":        func(i *testIssuer) { i.keys = nil },
		"RSA only":       func(i *testIssuer) { i.keys[0]["kty"] = "RSA" },
		"P-384 only":     func(i *testIssuer) { i.keys[0]["crv"] = "P-384" },
		"for encryption": func(i *testIssuer) { i.keys[0]["use"] = "enc" },
		"other alg":      func(i *testIssuer) { i.keys[0]["alg"] = "ES384" },
		"off the curve":  func(i *testIssuer) { i.keys[0]["x"] = i.keys[0]["y"] },
		"short x":        func(i *testIssuer) { i.keys[0]["x"] = "AA" },
	} {
		s := newStack(t)
		token := s.issuer.token(actor(t, 1), service.Credentials, "read")
		breakIt(s.issuer)
		if got := s.assume(t, token, nil); got != unreachable {
			t.Errorf("%s: %q", name, got)
		}
		// The client calls that no answer, not a refusal.
		_, err := s.sts.Exchange(t.Context(), sts.ExchangeRequest{RoleARN: vaultRole, WebIdentityToken: token, SessionName: "test"})
		if apierr.CodeOf(err) != apierr.StorageUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOddActorsReachNothing: actor tags that no honest issuer signs.
func TestOddActorsReachNothing(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	victim := actor(t, 0xab)
	if err := s.store(t, vaultBucket).Open(s.exchange(t, vaultRole, victim, service.Credentials, "write")).
		Put(t.Context(), blob.CredentialKey(victim, svc(t, "github")), []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	for _, odd := range []string{"", "a", "..", strings.ToUpper(victim.Key()), strings.Repeat(".", 64), "0x" + victim.Key(), victim.Key() + "/credentials"} {
		c := s.issuer.claims(victim, service.Credentials, "read")
		c["https://aws.amazon.com/tags"].(map[string]any)["principal_tags"].(map[string][]string)["agentkeys_actor_omni"] = []string{odd}
		creds, err := s.sts.Exchange(t.Context(), sts.ExchangeRequest{RoleARN: vaultRole, WebIdentityToken: s.issuer.sign(es256(), c), SessionName: "test"})
		if err != nil {
			continue // the trust policy refused already
		}
		if _, err := s.store(t, vaultBucket).Open(creds).Get(t.Context(), blob.CredentialKey(victim, svc(t, "github"))); apierr.CodeOf(err) != apierr.StorageDenied {
			t.Errorf("%q: %v", odd, err)
		}
	}
}

func TestManyExchangesAtOnce(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	var wg sync.WaitGroup
	ids := sync.Map{}
	for n := range 40 {
		wg.Go(func() {
			who := actor(t, byte(n+1))
			creds, err := s.sts.Exchange(t.Context(), sts.ExchangeRequest{
				RoleARN: vaultRole, WebIdentityToken: s.issuer.token(who, service.Credentials, "write"), SessionName: "test",
			})
			if err != nil {
				t.Error(err)
				return
			}
			if _, twice := ids.LoadOrStore(creds.AccessKeyID, true); twice {
				t.Error("one access key id for two sessions")
			}
		})
	}
	wg.Wait()
	if n := s.issuer.fetched(); n != 1 {
		t.Errorf("%d fetches of the keys", n)
	}
}
