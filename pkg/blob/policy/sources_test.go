package policy_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

// restricted are the parameters of an account whose workers have two ways to
// storage.
func restricted() policy.Params {
	p := params()
	p.TLS = true
	p.Sources = policy.Sources{VPCEndpoints: []string{"vpce-0123456789abcdef0"}, CIDRs: []string{"198.51.100.16/28", "2001:db8::/48"}}
	return p
}

// call is where a request to storage comes from.
type call struct {
	endpoint, address string // empty: the key is absent
	plain             bool
}

// callers are every way there is, and whether it is the workers'.
func callers() map[call]bool {
	return map[call]bool{
		{address: "198.51.100.16"}:                                   true,
		{address: "198.51.100.31"}:                                   true,
		{address: "2001:db8:0:1::1"}:                                 true,
		{endpoint: "vpce-0123456789abcdef0"}:                         true,
		{endpoint: "vpce-0123456789abcdef0", address: "203.0.113.1"}: true,
		{address: "198.51.100.16", plain: true}:                      false,
		{endpoint: "vpce-0123456789abcdef0", plain: true}:            false,
		{address: "198.51.100.15"}:                                   false,
		{address: "198.51.100.32"}:                                   false,
		{address: "2001:db9::1"}:                                     false,
		{address: "198.51.100.16.example"}:                           false,
		{endpoint: "vpce-0123456789abcdef1"}:                         false,
		{endpoint: "vpce-0123456789abcdef0a"}:                        false,
		{endpoint: "vpce-*"}:                                         false,
		{endpoint: "vpce-0123456789abcdef1", address: "203.0.113.1"}: false,
		{}: false,
	}
}

// requests are what each of them asks for: what the session may do, so that only
// the source decides.
func (c call) requests() []iam.Request {
	own := "bots/" + alice + "/credentials/"
	var out []iam.Request
	for _, a := range []string{"GetObject", "PutObject", "DeleteObject", "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"} {
		r := attempt{role: "agentkeys-vault", class: "credentials", access: "write", actor: alice, action: a, bucket: "agentkeys-vault", object: own + "github.enc"}
		if len(a) > 4 && a[:4] == "List" {
			r.object, r.prefix = "", &own
		}
		req := r.request()
		req.Context["aws:SecureTransport"] = map[bool]string{true: "false", false: "true"}[c.plain]
		if c.endpoint != "" {
			req.Context["aws:SourceVpce"] = c.endpoint
		}
		if c.address != "" {
			req.Context["aws:SourceIp"] = c.address
		}
		out = append(out, req)
	}
	return out
}

// TestOnlyFromTheWorkers: the bucket refuses whoever calls from elsewhere, for a
// role that may do everything.
func TestOnlyFromTheWorkers(t *testing.T) {
	set := render(t, restricted())
	doc := set.Buckets[0].Policy
	anything := mustLoad(t, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",
		"Resource":["arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*"]}]}`), iam.Identity)
	verdict := func(doc []byte, c call) (out string) {
		b := mustLoad(t, doc, iam.Resource)
		for _, r := range c.requests() {
			out += map[bool]string{true: "+", false: "-"}[iam.Allowed(r, anything, b)]
		}
		return out
	}
	for c, want := range callers() {
		if got := verdict(doc, c); got != map[bool]string{true: "++++++", false: "------"}[want] {
			t.Errorf("%+v: %s", c, got)
		}
	}
	// What is not about sources is held by the other tables.
	noticed := 0
	without(t, doc, func(what string, changed []byte) {
		if len(what) < 8 || what[:8] != "OnlyFrom" && what[:8] != "OnlyOver" {
			return
		}
		noticed++
		for c := range callers() {
			if verdict(changed, c) != verdict(doc, c) {
				return
			}
		}
		t.Errorf("nothing notices that %s is gone", what)
	})
	if noticed < 15 {
		t.Errorf("only %d clauses were taken out", noticed)
	}
	// One kind of source alone: the other one's callers are strangers.
	p := restricted()
	p.Sources.CIDRs = nil
	if got := verdict(render(t, p).Buckets[0].Policy, call{address: "198.51.100.16"}); got != "------" {
		t.Errorf("an address, where only an endpoint is named: %s", got)
	}
	p = restricted()
	p.Sources.VPCEndpoints = nil
	if got := verdict(render(t, p).Buckets[0].Policy, call{endpoint: "vpce-0123456789abcdef0"}); got != "------" {
		t.Errorf("an endpoint, where only addresses are named: %s", got)
	}
	// Without sources nobody's origin matters, and taking a role never asks for it.
	if got := verdict(render(t, params()).Buckets[0].Policy, call{plain: true}); got != "++++++" {
		t.Errorf("nothing is restricted: %s", got)
	}
	for i, r := range set.Roles {
		if plain := render(t, params()).Roles[i]; string(r.Trust) != string(plain.Trust) || string(r.Policy) != string(plain.Policy) {
			t.Errorf("role %s knows of sources", r.Name)
		}
	}
}

// TestNobodyDeletesAVersion: not the role alone, not the bucket alone.
func TestNobodyDeletesAVersion(t *testing.T) {
	set := render(t, params())
	for i, b := range set.Buckets {
		anything := mustLoad(t, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::`+b.Name+`/*"}]}`), iam.Identity)
		bucket := mustLoad(t, b.Policy, iam.Resource)
		for _, r := range set.Roles {
			role := mustLoad(t, r.Policy, iam.Identity)
			for _, access := range []string{"read", "write", "provision", "maintenance"} {
				class := []string{"credentials", "memory"}[i]
				a := attempt{role: r.Name, class: class, access: access, actor: alice, bucket: b.Name, object: "bots/" + alice + "/" + class + "/x.enc"}
				a.action = "DeleteObjectVersion"
				if iam.Allowed(a.request(), role) || iam.Allowed(a.request(), anything, bucket) {
					t.Errorf("%s with access %s deletes a version in %s", r.Name, access, b.Name)
				}
			}
		}
		a := attempt{role: set.Roles[0].Name, class: "credentials", access: "write", actor: alice, bucket: b.Name, object: "bots/" + alice + "/credentials/x.enc", action: "DeleteObject"}
		if i == 0 && !iam.Allowed(a.request(), anything, bucket) {
			t.Error("the object itself cannot be deleted: the test shows nothing")
		}
	}
}
