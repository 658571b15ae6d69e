package broker_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// tags reads the session tags out of a token, unverified: STS verifies.
func tags(t *testing.T, token string) map[string][]string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Iss, Aud string
		Iat, Exp int64
		Tags     struct {
			Principal  map[string][]string `json:"principal_tags"`
			Transitive []string            `json:"transitive_tag_keys"`
		} `json:"https://aws.amazon.com/tags"`
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		t.Fatal(err)
	}
	if c.Iss != brokerURL || c.Aud != "sts.amazonaws.com" || c.Exp-c.Iat != 300 || len(c.Tags.Transitive) == 0 {
		t.Errorf("%+v", c)
	}
	return c.Tags.Principal
}

func TestWebIdentity(t *testing.T) {
	w := newWorld(t)
	agent, master := w.mustLogin(w.agent), w.mustLogin(w.master)
	github := func(ops service.Ops) { w.grant(chain.Grant{Service: name(t, "github"), Ops: ops}) }
	for _, c := range []struct {
		name   string
		ops    service.Ops
		master bool
		r      api.WebIdentityRequest
		access string
		want   apierr.Code
	}{
		{"agent that may read", service.Read, false, api.WebIdentityRequest{Class: service.Credentials}, "read", ""},
		{"agent that may write", service.Write, false, api.WebIdentityRequest{Class: service.Credentials}, "write", ""},
		{"agent that may delete", service.Delete, false, api.WebIdentityRequest{Class: service.Credentials}, "write", ""},
		{"asks for less", service.Write, false, api.WebIdentityRequest{Class: service.Credentials, Access: "read"}, "read", ""},
		{"asks for more", service.Read, false, api.WebIdentityRequest{Class: service.Credentials, Access: "write"}, "", apierr.ServiceNotInScope},
		{"agent asks for provision", service.AllOps, false, api.WebIdentityRequest{Class: service.Credentials, Access: "provision"}, "", apierr.DeviceBindingMismatch},
		{"another class", service.AllOps, false, api.WebIdentityRequest{Class: service.Memory}, "", apierr.ServiceNotInScope},
		{"unknown class", service.AllOps, false, api.WebIdentityRequest{Class: "vault"}, "", apierr.InvalidInput},
		{"unknown access", service.AllOps, false, api.WebIdentityRequest{Class: service.Credentials, Access: "admin"}, "", apierr.InvalidInput},
		{"master for its agent", service.Read, true, api.WebIdentityRequest{Class: service.Credentials, Actor: w.actor}, "provision", ""},
		{"master asks to read for its agent", service.Read, true, api.WebIdentityRequest{Class: service.Credentials, Actor: w.actor, Access: "read"}, "", apierr.DeviceBindingMismatch},
		{"master asks to write for its agent", service.AllOps, true, api.WebIdentityRequest{Class: service.Credentials, Actor: w.actor, Access: "write"}, "", apierr.DeviceBindingMismatch},
		{"master without a grant of its own", service.Read, true, api.WebIdentityRequest{Class: service.Credentials}, "", apierr.ServiceNotInScope},
	} {
		github(c.ops)
		s, k, actor := agent, w.agent, w.actor
		if c.master {
			s, k = master, w.master
		}
		got, err := w.identity(s, k, c.r)
		wantCode(t, c.name, err, c.want)
		if err != nil {
			continue
		}
		tag := tags(t, got.Token)
		if got.Access != c.access || tag[oidc.TagAccess][0] != c.access || tag[oidc.TagActor][0] != actor.Key() ||
			tag[oidc.TagOperator][0] != w.operator.Key() || tag[oidc.TagClass][0] != "credentials" || !got.ExpiresAt.Equal(w.clock.now().Add(300*time.Second)) {
			t.Errorf("%s: %+v %v", c.name, got, tag)
		}
	}
	w.chain.SetGrants(w.operator, w.actor, chain.Grant{Service: name(t, "memory:notes"), Ops: service.AllOps})
	_, err := w.identity(master, w.master, api.WebIdentityRequest{Class: service.Memory, Actor: w.actor})
	wantCode(t, "provisioning is for credentials only", err, apierr.DeviceBindingMismatch)
	w.chain.SetFrozen(w.operator, true)
	_, err = w.identity(agent, w.agent, api.WebIdentityRequest{Class: service.Memory})
	wantCode(t, "frozen", err, apierr.OperatorFrozen)
	w.chain.SetFrozen(w.operator, false)
	w.chain.Revoke(crypto.PubkeyToAddress(w.agent.PublicKey))
	_, err = w.identity(agent, w.agent, api.WebIdentityRequest{Class: service.Memory})
	wantCode(t, "revoked", err, apierr.DeviceRevoked)
}

func TestWellKnown(t *testing.T) {
	w := newWorld(t)
	get := func(path string) map[string]any {
		rec := httptest.NewRecorder()
		w.server.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		var out map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || rec.Code != 200 {
			t.Fatalf("%s: %d %v %s", path, rec.Code, err, rec.Body)
		}
		return out
	}
	if d := get(api.PathDiscovery); d["issuer"] != brokerURL || d["jwks_uri"] != brokerURL+api.PathJWKS {
		t.Errorf("%v", d)
	}
	kids := func(path string) (out []string) {
		for _, k := range get(path)["keys"].([]any) {
			out = append(out, k.(map[string]any)["kid"].(string))
		}
		return out
	}
	if k := kids(api.PathCapJWKS); len(k) != 1 || k[0] != w.k1.Public().Thumbprint() {
		t.Errorf("capability keys %v", k)
	}
	if k := kids(api.PathJWKS); len(k) != 1 || k[0] != w.k2.Public().Thumbprint() {
		t.Errorf("K1 must never be in the OIDC key set: %v", k)
	}
}
