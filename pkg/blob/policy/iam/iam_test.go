package iam_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

const (
	identity   = `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::b/${aws:PrincipalTag/actor}/*","Condition":{"StringEquals":{"aws:PrincipalTag/class":["c","d"]},"StringLike":{"s3:prefix":"x/*"},"StringNotEquals":{"aws:PrincipalArn":"arn:x"}}}]}`
	bucket     = `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b/*"]}]}`
	everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}`
	trust      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/id.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"id.example.com:aud":"a","aws:RequestTag/class":"c"}}}]}`
	rootTrust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:RequestTag/class":"c"}}}]}`
)

func TestLoad(t *testing.T) {
	if _, err := iam.Load([]byte(rootTrust), iam.Trust); err != nil {
		t.Error(err)
	}
	for kind, doc := range map[iam.Kind]string{iam.Identity: identity, iam.Resource: bucket, iam.Trust: trust} {
		if _, err := iam.Load([]byte(doc), kind); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, other := range []iam.Kind{iam.Identity, iam.Resource, iam.Trust} {
			if _, err := iam.Load([]byte(doc), other); other != kind && !errors.Is(err, iam.ErrInvalid) {
				t.Errorf("%s as %s: %v", kind, other, err)
			}
		}
	}
}

// TestRootOfAnAccount: it stands for the account's principals and for nobody
// who comes with a web identity.
func TestRootOfAnAccount(t *testing.T) {
	p, err := iam.Load([]byte(rootTrust), iam.Trust)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		caller, federated, action string
		want                      bool
	}{
		{"arn:aws:iam::111122223333:user/ops", "", "sts:AssumeRole", true},
		{"arn:aws:iam::111122223333:user/ops", "", "sts:TagSession", true},
		{"arn:aws:iam::111122223333:user/ops", "", "sts:AssumeRoleWithWebIdentity", false},
		{"arn:aws:iam::111122223334:user/ops", "", "sts:AssumeRole", false},
		{"arn:aws-cn:iam::111122223333:user/ops", "", "sts:AssumeRole", false},
		{"", "arn:aws:iam::111122223333:oidc-provider/id.example.com", "sts:AssumeRole", false},
		{"", "", "sts:AssumeRole", false},
	} {
		r := iam.Request{Caller: c.caller, Federated: c.federated, Action: c.action, Context: map[string]string{"aws:RequestTag/class": "c"}}
		if got := iam.Allowed(r, p); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestNull: a key is absent, or it is there, whatever it says.
func TestNull(t *testing.T) {
	const doc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"Null":{"s3:if-none-match":"VALUE"}}}]}`
	for value, want := range map[string][3]bool{"true": {true, false, false}, "false": {false, true, true}} {
		p, err := iam.Load([]byte(strings.Replace(doc, "VALUE", value, 1)), iam.Identity)
		if err != nil {
			t.Fatal(err)
		}
		for i, context := range []map[string]string{{}, {"s3:if-none-match": "*"}, {"s3:if-none-match": ""}} {
			if got := iam.Allowed(iam.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/x", Context: context}, p); got != want[i] {
				t.Errorf("Null %s, %v: %v", value, context, got)
			}
		}
	}
	for _, value := range []string{`"True"`, `""`, `"*"`, `["true","false"]`, `["true","true"]`, `[]`, `true`} {
		if _, err := iam.Load([]byte(strings.Replace(doc, `"VALUE"`, value, 1)), iam.Identity); !errors.Is(err, iam.ErrInvalid) {
			t.Errorf("Null %s: %v", value, err)
		}
	}
	if _, err := iam.Load([]byte(strings.Replace(strings.Replace(doc, "VALUE", "true", 1), "s3:if-none-match", "s3:if-match", 1)), iam.Identity); !errors.Is(err, iam.ErrInvalid) {
		t.Errorf("another key: %v", err)
	}
}

// TestAddressesAndTruth: the operators that compare no text.
func TestAddressesAndTruth(t *testing.T) {
	const doc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{CONDITION}}]}`
	for _, c := range []struct {
		condition, key string
		want           map[string]bool // by value; - for an absent key
	}{
		{`"IpAddress":{"aws:SourceIp":["192.0.2.0/24","2001:db8::7"]}`, "aws:SourceIp", map[string]bool{
			"192.0.2.0": true, "192.0.2.255": true, "::ffff:192.0.2.9": true, "2001:db8::7": true,
			"192.0.3.0": false, "2001:db8::8": false, "192.0.2.1/32": false, "": false, "-": false,
		}},
		{`"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}`, "aws:SourceIp", map[string]bool{
			"192.0.2.1": false, "::ffff:192.0.2.1": false, "192.0.3.0": true, "x": true, "": true, "-": true,
		}},
		{`"Bool":{"aws:SecureTransport":"false"}`, "aws:SecureTransport", map[string]bool{"false": true, "true": false, "": false, "-": false}},
		{`"Bool":{"aws:SecureTransport":"true"}`, "aws:SecureTransport", map[string]bool{"false": false, "true": true, "-": false}},
		{`"StringNotEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}`, "aws:SourceVpce", map[string]bool{"vpce-1": false, "vpce-2": false, "vpce-3": true, "-": true}},
		{`"Null":{"aws:SourceVpce":"true"}`, "aws:SourceVpce", map[string]bool{"vpce-1": false, "-": true}},
	} {
		p, err := iam.Load([]byte(strings.Replace(doc, "CONDITION", c.condition, 1)), iam.Identity)
		if err != nil {
			t.Fatal(err)
		}
		for value, want := range c.want {
			context := map[string]string{c.key: value}
			if value == "-" {
				context = nil
			}
			if got := iam.Allowed(iam.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: context}, p); got != want {
				t.Errorf("%s on %q: %v", c.condition, value, got)
			}
		}
	}
	for _, condition := range []string{
		`"IpAddress":{"aws:SourceIp":"192.0.2.1/24"}`, `"IpAddress":{"aws:SourceIp":"192.0.2.*"}`, `"IpAddress":{"aws:SourceIp":"::ffff:192.0.2.0/120"}`,
		`"IpAddress":{"aws:SourceIp":"fe80::1%eth0"}`, `"IpAddress":{"aws:SourceIp":[]}`, `"IpAddress":{"aws:VpcSourceIp":"192.0.2.0/24"}`,
		`"IpAddress":{"aws:SourceVpce":"192.0.2.0/24"}`, `"NotIpAddress":{"aws:SourceIp":"everybody"}`, `"StringLike":{"aws:SourceIp":"192.0.2.*"}`,
		`"Null":{"aws:SourceIp":"true"}`, `"Bool":{"aws:SecureTransport":"False"}`, `"Bool":{"aws:SecureTransport":["true","false"]}`,
		`"Bool":{"aws:ViaAWSService":"true"}`, `"StringEquals":{"aws:SecureTransport":"false"}`, `"StringNotEquals":{"aws:SourceVpce":"${aws:PrincipalTag/x}"}`,
	} {
		if _, err := iam.Load([]byte(strings.Replace(doc, "CONDITION", condition, 1)), iam.Identity); !errors.Is(err, iam.ErrInvalid) {
			t.Errorf("%s: %v", condition, err)
		}
	}
}

// TestLoadRefuses changes one thing at a time in a policy that loads.
func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct {
		kind             iam.Kind
		doc, old, change string
	}{
		{iam.Identity, identity, `2012-10-17`, `2008-10-17`},
		{iam.Identity, identity, `"Version":"2012-10-17",`, ``},
		{iam.Identity, identity, `"Version"`, `"version"`},
		{iam.Identity, identity, `{"Version"`, `{"Id":"x","Version"`},
		{iam.Identity, identity, `}]}`, `}],"Statement":[]}`},
		{iam.Identity, identity, identity, `{"Version":"2012-10-17","Statement":[]}`},
		{iam.Identity, identity, identity, strings.Replace(identity, `}]}`, `},{"Sid":"S","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b"}]}`, 1)},
		{iam.Identity, identity, `"Sid":"S"`, `"Sid":"S S"`},
		{iam.Identity, identity, `"Allow"`, `"allow"`},
		{iam.Identity, identity, `"Effect":"Allow",`, ``},
		{iam.Identity, identity, `"Action"`, `"NotAction"`},
		{iam.Identity, identity, `"Resource"`, `"NotResource"`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":[]`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":["s3:Get*"]`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":["*"]`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":["s3:getobject"]`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":["sts:TagSession"]`},
		{iam.Identity, identity, `"Action":["s3:GetObject"]`, `"Action":[1]`},
		{iam.Identity, identity, `"arn:aws:s3:::b/${aws:PrincipalTag/actor}/*"`, `"*"`},
		{iam.Identity, identity, `"arn:aws:s3:::b/${aws:PrincipalTag/actor}/*"`, `[]`},
		{iam.Identity, identity, `"arn:aws:s3:::b/${aws:PrincipalTag/actor}/*"`, `"arn:aws:s3:::*/x"`},
		{iam.Identity, identity, `"arn:aws:s3:::b/${aws:PrincipalTag/actor}/*"`, `"arn:aws:s3:::${aws:PrincipalTag/actor}/x"`},
		{iam.Identity, identity, `${aws:PrincipalTag/actor}`, `${aws:userid}`},
		{iam.Identity, identity, `${aws:PrincipalTag/actor}`, `${aws:PrincipalTag/actor, 'x'}`},
		{iam.Identity, identity, `${aws:PrincipalTag/actor}`, `${*}`},
		{iam.Identity, identity, `${aws:PrincipalTag/actor}/*`, `${aws:PrincipalTag/actor`},
		{iam.Identity, identity, `"StringEquals"`, `"ForAllValues:StringEquals"`},
		{iam.Identity, identity, `"StringEquals"`, `"StringEqualsIfExists"`},
		{iam.Identity, identity, `"StringEquals"`, `"stringequals"`},
		{iam.Identity, identity, `aws:PrincipalTag/class`, `aws:principaltag/class`},
		{iam.Identity, identity, `aws:PrincipalTag/class`, `aws:RequestTag/class`},
		{iam.Identity, identity, `aws:PrincipalTag/class`, `aws:PrincipalTag/`},
		{iam.Identity, identity, `aws:PrincipalTag/class`, `aws:SourceIp`},
		{iam.Identity, identity, `["c","d"]`, `[]`},
		{iam.Identity, identity, `["c","d"]`, `""`},
		{iam.Identity, identity, `["c","d"]`, `true`},
		{iam.Identity, identity, `{"aws:PrincipalArn":"arn:x"}`, `{}`},
		{iam.Identity, identity, `"arn:x"`, `"${aws:PrincipalTag/actor}"`}, // under StringNotEquals
		{iam.Resource, bucket, `"arn:aws:s3:::b/*"`, `"arn:aws:s3:::b/${aws:PrincipalTag/actor}"`},
		{iam.Resource, bucket, `"arn:aws:s3:::b/*"]`, `"arn:aws:s3:::b/*"],"Condition":{"StringEquals":{"s3:prefix":"${aws:PrincipalTag/a}"}}`},
		{iam.Resource, bucket, `"Principal":"*"`, `"Principal":{"AWS":"*"}`},
		{iam.Resource, bucket, `"Principal":"*"`, `"Principal":"arn:aws:iam::111122223333:root"`},
		{iam.Resource, bucket, `"Principal"`, `"NotPrincipal"`},
		{iam.Resource, bucket, `"Principal":"*",`, ``},
		{iam.Trust, trust, `{"Federated":"arn:aws:iam::111122223333:oidc-provider/id.example.com"}`, `"*"`},
		{iam.Trust, trust, `oidc-provider/id.example.com`, `oidc-provider/*`},
		{iam.Trust, trust, `oidc-provider/id.example.com`, `role/x`},
		{iam.Trust, trust, `"Action"`, `"Resource":"arn:aws:s3:::b","Action"`},
		{iam.Trust, trust, `sts:AssumeRoleWithWebIdentity`, `sts:AssumeRole`},
		{iam.Trust, trust, `sts:AssumeRoleWithWebIdentity`, `s3:GetObject`},
		{iam.Trust, trust, `id.example.com:aud`, `aws:aud`},
		{iam.Trust, trust, `id.example.com:aud`, `id.example.com:amr`},
		{iam.Trust, trust, `"c"`, `"${aws:PrincipalTag/actor}"`},
		{iam.Trust, trust, `{"Federated":`, `{"AWS":"arn:aws:iam::111122223333:root","Federated":`},
		{iam.Trust, rootTrust, `"sts:AssumeRole"`, `"sts:AssumeRoleWithWebIdentity"`},
		{iam.Trust, rootTrust, `"sts:AssumeRole"`, `"sts:*"`},
		{iam.Trust, rootTrust, `:root`, `:user/x`},
		{iam.Trust, rootTrust, `:root`, `:role/x`},
		{iam.Trust, rootTrust, `:root`, `:*`},
		{iam.Trust, rootTrust, `111122223333`, `*`},
		{iam.Trust, rootTrust, `arn:aws:iam::111122223333:root`, `111122223333`},
		{iam.Trust, rootTrust, `arn:aws:iam::111122223333:root`, `*`},
		{iam.Trust, rootTrust, `"arn:aws:iam::111122223333:root"`, `["arn:aws:iam::111122223333:root"]`},
		{iam.Trust, rootTrust, `"AWS"`, `"Service"`},
		{iam.Trust, rootTrust, `aws:RequestTag/class`, `id.example.com:aud`},
		{iam.Trust, rootTrust, `aws:RequestTag/class`, `aws:PrincipalTag/class`},
		{iam.Resource, bucket, `"Principal":"*"`, `"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`},
		{iam.Trust, trust, trust, `null`},
		{iam.Trust, trust, trust, trust + `{}`},
	} {
		if !strings.Contains(c.doc, c.old) {
			t.Fatalf("nothing to change: %s", c.old)
		}
		if _, err := iam.Load([]byte(strings.Replace(c.doc, c.old, c.change, 1)), c.kind); !errors.Is(err, iam.ErrInvalid) {
			t.Errorf("%s -> %s: %v", c.old, c.change, err)
		}
	}
}

// TestPatterns asks one pattern at a time, as the resource and as a condition.
func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, text, tag string
		like               bool
	}{
		{"a", "a", "-", true},
		{"a", "ab", "-", false},
		{"a", "A", "-", false},
		{"a*", "a", "-", true},
		{"a*", "abc/d", "-", true},
		{"*a", "ba", "-", true},
		{"*a", "ab", "-", false},
		{"a*b*c", "a1b2b3c", "-", true},
		{"a*b*c", "a1b2b3", "-", false},
		{"a?c", "abc", "-", true},
		{"a?c", "aäc", "-", true},
		{"a?c", "ac", "-", false},
		{"a?", "abc", "-", false},
		{"**", "x", "-", true},
		{"x${aws:PrincipalTag/t}y", "xvy", "v", true},
		{"x${aws:PrincipalTag/t}y", "xvvy", "v", false},
		{"${aws:PrincipalTag/t}/*", "v/w", "v", true},
		{"${aws:PrincipalTag/t}/*", "vv/w", "v*", false},
		{"${aws:PrincipalTag/t}/*", "v*/w", "v*", true},
		{"${aws:PrincipalTag/t}/*", "v?/w", "v?", true},
		{"${aws:PrincipalTag/t}/*", "vx/w", "v?", false},
		{"${aws:PrincipalTag/t}/*", "/w", "", false},
		{"${aws:PrincipalTag/t}", "${aws:PrincipalTag/t}", "", false},
		{"${aws:PrincipalTag/t}", "w", "${aws:PrincipalTag/u}", false},
		{"${aws:PrincipalTag/t}${aws:PrincipalTag/t}", "vv", "v", true},
	} {
		context := map[string]string{"s3:prefix": c.text, "aws:PrincipalTag/u": "w"}
		if c.tag != "" {
			context["aws:PrincipalTag/t"] = c.tag
		}
		p, err := iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b",
			"Condition":{"StringLike":{"s3:prefix":"`+c.pattern+`"}}}]}`), iam.Identity)
		if err != nil {
			t.Fatal(err)
		}
		if got := iam.Allowed(iam.Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Context: context}, p); got != c.like {
			t.Errorf("condition %q on %q (tag %q): %v", c.pattern, c.text, c.tag, got)
		}
		p, err = iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/`+c.pattern+`"}]}`), iam.Identity)
		if err != nil {
			t.Fatal(err)
		}
		if got := iam.Allowed(iam.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + c.text, Context: context}, p); got != c.like {
			t.Errorf("resource %q on %q (tag %q): %v", c.pattern, c.text, c.tag, got)
		}
	}
}

// TestEqualsIsLiteral: under StringEquals neither the policy's nor the tag's
// wildcards are wildcards.
func TestEqualsIsLiteral(t *testing.T) {
	p, err := iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b",
		"Condition":{"StringEquals":{"s3:prefix":["a*","${aws:PrincipalTag/t}"]}}}]}`), iam.Identity)
	if err != nil {
		t.Fatal(err)
	}
	for prefix, want := range map[string]bool{"a*": true, "ab": false, "t*": true, "tb": false} {
		if got := iam.Allowed(iam.Request{
			Action: "s3:ListBucket", Resource: "arn:aws:s3:::b",
			Context: map[string]string{"s3:prefix": prefix, "aws:PrincipalTag/t": "t*"},
		}, p); got != want {
			t.Errorf("%s: %v", prefix, got)
		}
	}
}

func TestCombination(t *testing.T) {
	load := func(effect, condition string) iam.Policy {
		p, err := iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"`+effect+`","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"`+condition+`}]}`), iam.Identity)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	allow, deny := load("Allow", ""), load("Deny", "")
	all, err := iam.Load([]byte(everything), iam.Identity)
	if err != nil {
		t.Fatal(err)
	}
	denyOther := load("Deny", `,"Condition":{"StringNotEquals":{"aws:PrincipalArn":["x","y"]}}`)
	allowBoth := load("Allow", `,"Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":"2"}}`)
	get := iam.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	with := func(kv ...string) iam.Request {
		r := get
		r.Context = map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			r.Context[kv[i]] = kv[i+1]
		}
		return r
	}
	for i, c := range []struct {
		r    iam.Request
		p    []iam.Policy
		want bool
	}{
		{get, nil, false},
		{get, []iam.Policy{{}}, false},
		{get, []iam.Policy{all}, true},
		{iam.Request{Action: "iam:CreateUser", Resource: get.Resource}, []iam.Policy{all}, false},
		{get, []iam.Policy{allow}, true},
		{get, []iam.Policy{{}, allow}, true},
		{get, []iam.Policy{deny}, false},
		{get, []iam.Policy{allow, deny}, false},
		{get, []iam.Policy{deny, allow}, false},
		{iam.Request{Action: "s3:PutObject", Resource: get.Resource}, []iam.Policy{allow}, false},
		{iam.Request{Action: get.Action, Resource: get.Resource + "k"}, []iam.Policy{allow}, false},
		{get, []iam.Policy{allow, denyOther}, false}, // absent key fulfils the negation
		{with("aws:PrincipalArn", "z"), []iam.Policy{allow, denyOther}, false},
		{with("aws:PrincipalArn", "x"), []iam.Policy{allow, denyOther}, true},
		{with("aws:PrincipalArn", "y"), []iam.Policy{allow, denyOther}, true},
		{with("aws:PrincipalTag/a", "1", "aws:PrincipalTag/b", "2"), []iam.Policy{allowBoth}, true},
		{with("aws:PrincipalTag/a", "1"), []iam.Policy{allowBoth}, false},
		{with("aws:PrincipalTag/a", "1", "aws:PrincipalTag/b", "1"), []iam.Policy{allowBoth}, false},
	} {
		if got := iam.Allowed(c.r, c.p...); got != c.want {
			t.Errorf("%d: %v", i, got)
		}
	}
}

// TestManyStars: a pattern cannot be made to take exponential time.
func TestManyStars(t *testing.T) {
	p, err := iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/`+strings.Repeat("*a", 60)+`"}]}`), iam.Identity)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if iam.Allowed(iam.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + strings.Repeat("a", 1000) + "b"}, p) {
		t.Error("matches")
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{identity, bucket, trust, rootTrust, everything, "", "null", `{"Statement":{}}`} {
		f.Add([]byte(s), "b/k")
	}
	f.Fuzz(func(t *testing.T, doc []byte, resource string) {
		for _, k := range []iam.Kind{iam.Identity, iam.Resource, iam.Trust} {
			p, err := iam.Load(doc, k)
			if err != nil {
				if !errors.Is(err, iam.ErrInvalid) {
					t.Fatal(err)
				}
				continue
			}
			// Whatever loads is about storage or about taking a role.
			if iam.Allowed(iam.Request{Action: "iam:CreateUser", Resource: resource}, p) {
				t.Fatal("allows what is not in use")
			}
			_ = iam.Allowed(iam.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::" + resource, Context: map[string]string{"s3:prefix": resource}}, p)
		}
	})
}
