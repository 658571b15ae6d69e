package cloudtest_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

type jsonObject = map[string]any

// claims are those of a good token for a session of the credentials class that
// may write.
func (w *world) claims() jsonObject {
	now := time.Now().Unix()
	return jsonObject{
		"iss": w.IssuerURL, "aud": oidc.Audience, "sub": w.people[0].actor.Key(), "jti": jose.NewID(), "iat": now, "exp": now + 300,
		oidc.TagsClaim: jsonObject{
			"principal_tags": jsonObject{
				oidc.TagActor: []string{w.people[0].actor.Key()}, oidc.TagOperator: []string{w.people[0].operator.Key()},
				oidc.TagClass: []string{"credentials"}, oidc.TagAccess: []string{"write"},
			},
			"transitive_tag_keys": []string{},
		},
	}
}

func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := strictjson.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// patience is how long a call for a session may take.
const patience = 30 * time.Second

func (w *world) post(ctx context.Context, form string) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Endpoint+"/", strings.NewReader(form))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

// assume asks for a session. Of a refusal it tells that it is one of the
// caller's fault: RGW's have no code that a client could read. A session is
// tried at everybody's objects, for it may be one that reaches nothing.
func (w *world) assume(t testing.TB, token, role string) string {
	t.Helper()
	form := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {cloudtest.RoleARN(role)},
		"RoleSessionName": {"test"}, "DurationSeconds": {"900"}, "WebIdentityToken": {token},
	}
	resp, body, err := w.post(t.Context(), form.Encode())
	if err != nil {
		// RGW was seen to leave one call without an answer for ever, once.
		resp, body, err = w.post(t.Context(), form.Encode())
	}
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case resp.StatusCode/100 == 4 && !strings.Contains(string(body), "SessionToken"):
		return "refused"
	case resp.StatusCode != http.StatusOK:
		t.Fatalf("%s: %.300s", resp.Status, body)
	}
	part := func(name string) string {
		_, rest, _ := strings.Cut(string(body), "<"+name+">")
		value, _, _ := strings.Cut(rest, "</")
		return value
	}
	return w.reach(t, sts.Credentials{
		AccessKeyID: part("AccessKeyId"), SecretAccessKey: secret.New([]byte(part("SecretAccessKey"))), SessionToken: secret.New([]byte(part("SessionToken"))),
	})
}

// reach tells whose objects of the credentials class a session reads.
func (w *world) reach(t testing.TB, creds sts.Credentials) string {
	t.Helper()
	var whose []string
	for _, p := range w.people {
		got := wire{method: "GET", target: cloudtest.VaultBucket + "/" + object(p, service.Credentials), creds: creds}.send(t, w.Cloud)
		switch got {
		case "200":
			whose = append(whose, p.name)
		case denied:
		default:
			t.Fatalf("reading of %s: %s", p.name, got)
		}
	}
	if whose == nil {
		return "session that reaches nothing"
	}
	return "session of " + strings.Join(whose, " and ")
}

// tokenRows: one fault each, beside the honest twin.
func tokenRows(t *testing.T, w *world) []row {
	k2, k1 := w.K2, josetest.New(t)
	var out []row
	add := func(name, want, role string, token func() string) {
		out = append(out, row{name: name, want: want, ask: func(t testing.TB) string { return w.assume(t, token(), role) }})
	}
	claim := func(name, want string, edit func(c jsonObject)) {
		add(name, want, cloudtest.VaultRole, func() string {
			c := w.claims()
			edit(c)
			return k2.Token(k2.Header(oidc.Type), encode(t, c))
		})
	}
	header := func(name, want, h string) {
		add(name, want, cloudtest.VaultRole, func() string { return k2.Token(h, encode(t, w.claims())) })
	}
	tag := func(name, want string, edit func(tags jsonObject)) {
		claim(name, want, func(c jsonObject) { edit(c[oidc.TagsClaim].(jsonObject)["principal_tags"].(jsonObject)) })
	}
	now := time.Now().Unix()

	claim("honest", "session of own", func(jsonObject) {})
	claim("another audience", "refused", func(c jsonObject) { c["aud"] = "sts.example.com" })
	claim("no audience", "refused", func(c jsonObject) { delete(c, "aud") })
	claim("another issuer", "refused", func(c jsonObject) { c["iss"] = "http://127.0.0.1:1" })
	claim("the issuer with a slash", "refused", func(c jsonObject) { c["iss"] = w.IssuerURL + "/" })
	claim("no issuer", "refused", func(c jsonObject) { delete(c, "iss") })
	claim("expired", "refused", func(c jsonObject) { c["exp"] = now - 60 })
	claim("no expiry", "refused", func(c jsonObject) { delete(c, "exp") })
	claim("not yet valid", "refused", func(c jsonObject) { c["nbf"] = now + 600 })
	claim("no subject", "refused", func(c jsonObject) { delete(c, "sub") })

	add("signed by K1", "refused", cloudtest.VaultRole, func() string { return k1.Token(k1.Header(oidc.Type), encode(t, w.claims())) })
	add("signed by K1 in the name of K2", "refused", cloudtest.VaultRole, func() string { return k1.Token(k2.Header(oidc.Type), encode(t, w.claims())) })
	header("the key of another name", "session of own", `{"alg":"ES256","kid":"another","typ":"JWT"}`)
	header("another algorithm", "refused", `{"alg":"ES384","kid":"`+k2.Kid()+`","typ":"JWT"}`)
	unsigned := func() string {
		return jose.EncodeSegment([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + jose.EncodeSegment([]byte(encode(t, w.claims()))) + "."
	}
	add("unsigned", "refused", cloudtest.VaultRole, unsigned)
	add("signature cut off", "refused", cloudtest.VaultRole, func() string {
		token := k2.Token(k2.Header(oidc.Type), encode(t, w.claims()))
		return token[:strings.LastIndexByte(token, '.')+1]
	})
	add("signature of other claims", "refused", cloudtest.VaultRole, func() string {
		one, other := k2.Token(k2.Header(oidc.Type), encode(t, w.claims())), w.claims()
		other["sub"] = "another"
		p := strings.Split(k2.Token(k2.Header(oidc.Type), encode(t, other)), ".")
		return p[0] + "." + p[1] + one[strings.LastIndexByte(one, '.'):]
	})
	add("no token", "refused", cloudtest.VaultRole, func() string { return "" })

	claim("no tags", "refused", func(c jsonObject) { delete(c, oidc.TagsClaim) })
	for _, name := range []string{oidc.TagActor, oidc.TagClass, oidc.TagAccess} {
		tag("no tag "+name, "refused", func(tags jsonObject) { delete(tags, name) })
	}
	omni := w.people[0].actor.Key()
	for name, value := range map[string]string{
		"65 characters": omni + "0", "63 characters": omni[1:], "empty": "", "star": "*", "64 stars": strings.Repeat("*", 64),
		"stars for the end": omni[:62] + "**", "question marks for the end": omni[:62] + "??", "a variable": "${aws:userid}",
	} {
		tag("actor tag: "+name, "refused", func(tags jsonObject) { tags[oidc.TagActor] = []string{value} })
	}
	tag("class of another role", "refused", func(tags jsonObject) { tags[oidc.TagClass] = []string{"memory"} })
	tag("class with a wildcard", "refused", func(tags jsonObject) { tags[oidc.TagClass] = []string{"*"} })
	tag("access of another role", "refused", func(tags jsonObject) { tags[oidc.TagAccess] = []string{"provision"} })
	tag("access with a wildcard", "refused", func(tags jsonObject) { tags[oidc.TagAccess] = []string{"*"} })
	tag("access of maintenance", "refused", func(tags jsonObject) { tags[oidc.TagAccess] = []string{"maintenance"} })
	tag("two accesses", "refused", func(tags jsonObject) { tags[oidc.TagAccess] = []string{"read", "write"} })

	honest := func() string { return k2.Token(k2.Header(oidc.Type), encode(t, w.claims())) }
	for _, role := range []string{cloudtest.ProvisionRole, cloudtest.MemoryRole, "nobody", "*", "agentkeys-vaul?"} {
		add("role "+role, "refused", role, honest)
	}
	return out
}
