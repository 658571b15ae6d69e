package provision_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/secret"
)

// everything is what an empty account needs, in the order in which it is made.
var everything = []string{
	"+ bucket acme-vault: bucket", "+ bucket acme-vault: public access", "+ bucket acme-vault: versioning", "+ bucket acme-vault: encryption", "+ bucket acme-vault: policy",
	"+ bucket acme-memory: bucket", "+ bucket acme-memory: public access", "+ bucket acme-memory: versioning", "+ bucket acme-memory: encryption", "+ bucket acme-memory: policy",
	"+ bucket acme-audit: bucket", "+ bucket acme-audit: public access", "+ bucket acme-audit: versioning", "+ bucket acme-audit: encryption", "+ bucket acme-audit: policy",
	"+ OIDC provider http://broker.localhost:8091: provider",
	"+ role acme-vault: role and trust", "+ role acme-vault: policy",
	"+ role acme-provision: role and trust", "+ role acme-provision: policy",
	"+ role acme-maintenance: role and trust", "+ role acme-maintenance: policy",
	"+ role acme-memory: role and trust", "+ role acme-memory: policy",
}

// TestEmptyAccount: a plan changes nothing, an apply makes what was planned, and
// then there is nothing to do, also after the cloud was started again.
func TestEmptyAccount(t *testing.T) {
	for _, region := range []string{"us-east-1", "eu-central-1"} {
		w := newWorld(t, region)
		c := w.client(t)
		for range 2 {
			p := plan(t, c, want(t))
			if got := texts(p); !slices.Equal(got, everything) || len(p.Warnings) > 0 {
				t.Fatalf("%s: planned %q, %q", region, got, p.Warnings)
			}
			if len(p.Resources) != 8 || len(p.Of("bucket acme-vault")) != 5 {
				t.Errorf("%q", p.Resources)
			}
			for _, ch := range p.Changes {
				if len(ch.Diff) > 0 {
					t.Errorf("%s shows a difference to nothing: %q", text(ch), ch.Diff)
				}
			}
		}
		if got := apply(t, c, want(t)); !slices.Equal(got, everything) {
			t.Errorf("%s: did %q", region, got)
		}
		if got := texts(plan(t, c, want(t))); len(got) > 0 {
			t.Errorf("%s: a second run would do %q", region, got)
		}
		if err := w.cloud.Close(); err != nil {
			t.Fatal(err)
		}
		w.open(t)
		if got := texts(plan(t, c, want(t))); len(got) > 0 {
			t.Errorf("%s: after a restart: %q", region, got)
		}
	}
}

func TestOtherPartitions(t *testing.T) {
	for region, partition := range map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"} {
		w := newWorld(t, region)
		wish := want(t, func(p *policy.Params) { p.Partition = partition })
		if got := apply(t, w.client(t), wish); len(got) != len(everything) {
			t.Errorf("%s: %q", region, got)
		}
		if got := texts(plan(t, w.client(t), wish)); len(got) > 0 {
			t.Errorf("%s: a second run would do %q", region, got)
		}
	}
}

// few is less to make: one class and the archive.
func few(t testing.TB) provision.Want {
	return want(t, func(p *policy.Params) { p.Classes = p.Classes[1:] })
}

// TestInterrupted stops at every call in turn, before it arrives and after it was
// heard. The next run ends where an undisturbed one does, and on the way nothing
// is open: a bucket is never without its public access block once anything else
// was set, and no role has rights while a bucket is unguarded.
func TestInterrupted(t *testing.T) {
	whole := &cut{at: 1 << 30, stop: func() {}}
	w := newWorld(t, "eu-central-1")
	apply(t, w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: whole} }), few(t))
	if whole.calls < 15 {
		t.Fatalf("only %d calls: the test shows nothing", whole.calls)
	}
	for at := range whole.calls {
		for _, answer := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, heard %v", at, answer), func(t *testing.T) {
				t.Parallel()
				interrupted(t, at, answer)
			})
		}
	}
}

func interrupted(t *testing.T, at int, answer bool) {
	w := newWorld(t, "eu-central-1")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	x := &cut{at: at, answer: answer, stop: stop}
	p, err := w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: x} }).Plan(ctx, few(t))
	if err == nil {
		err = p.Apply(ctx, nil)
	}
	if apierr.CodeOf(err) != apierr.StorageUnavailable {
		t.Fatal(err)
	}
	left := texts(plan(t, w.client(t), few(t)))
	for _, bucket := range []string{"acme-memory", "acme-audit"} {
		if slices.Contains(left, "+ bucket "+bucket+": public access") && !slices.Contains(left, "+ bucket "+bucket+": policy") {
			t.Errorf("%s has a policy and is not closed to the public: %q", bucket, left)
		}
		if slices.ContainsFunc(left, func(s string) bool { return strings.HasPrefix(s, "+ bucket "+bucket) }) && !slices.Contains(left, "+ role acme-memory: role and trust") {
			t.Errorf("there are roles before %s is done: %q", bucket, left)
		}
	}
	if got := apply(t, w.client(t), few(t)); !slices.Equal(got, left) {
		t.Errorf("did %q, planned %q", got, left)
	}
	if got := texts(plan(t, w.client(t), few(t))); len(got) > 0 {
		t.Errorf("still to do: %q", got)
	}
}

// TestDrift: what somebody changed is found, shown and put back; what only looks
// different is left alone.
func TestDrift(t *testing.T) {
	w := newWorld(t, "us-east-1")
	c, wish := w.client(t), want(t)
	apply(t, c, wish)
	by := w.hand(t)
	for name, d := range map[string]struct {
		change func()
		want   string
		diff   []string
	}{
		"trust widened": {
			func() {
				by.trust("acme-vault", strings.Replace(string(wish.Set.Roles[0].Trust), `["read","write"]`, `["provision","read","write"]`, 1))
			},
			"~ role acme-vault: trust",
			[]string{"- AgentKeysWebIdentity Condition StringEquals aws:RequestTag/agentkeys_access: provision"},
		},
		"policy of a role": {
			func() {
				by.rolePolicy("acme-vault", "agentkeys", strings.Replace(string(wish.Set.Roles[0].Policy), `"s3:GetObject"`, `["s3:GetObject","s3:GetObjectVersion"]`, 1))
			},
			"~ role acme-vault: policy",
			[]string{"- ReadOwnObjects Action: s3:GetObjectVersion"},
		},
		"a statement of a bucket": {
			func() {
				by.bucketPolicy("acme-vault", strings.Replace(string(wish.Set.Buckets[0].Policy), `"Sid": "NoVersionIsDeleted"`, `"Sid": "SomethingElse"`, 1))
			},
			"~ bucket acme-vault: policy",
			[]string{
				"+ statement NoVersionIsDeleted", "+ NoVersionIsDeleted Action: s3:DeleteObjectVersion", "+ NoVersionIsDeleted Effect: Deny",
				"+ NoVersionIsDeleted Principal: *", "+ NoVersionIsDeleted Resource: arn:aws:s3:::acme-vault/*",
				"- statement SomethingElse", "- SomethingElse Action: s3:DeleteObjectVersion", "- SomethingElse Effect: Deny",
				"- SomethingElse Principal: *", "- SomethingElse Resource: arn:aws:s3:::acme-vault/*",
			},
		},
		"versioning": {func() { by.versioning("acme-vault", "Suspended") }, "~ bucket acme-vault: versioning", []string{"- Suspended", "+ Enabled"}},
		"public access": {
			func() { by.publicAccess("acme-memory") },
			"~ bucket acme-memory: public access",
			[]string{"- open: BlockPublicPolicy", "+ blocked for ACLs and policies alike"},
		},
		"ownership": {func() { by.ownership("acme-memory") }, "~ bucket acme-memory: ownership", []string{"- ObjectWriter", "+ BucketOwnerEnforced"}},
	} {
		d.change()
		p := plan(t, c, wish)
		if got := texts(p); !slices.Equal(got, []string{d.want}) {
			t.Fatalf("%s: planned %q", name, got)
		}
		if !slices.Equal(p.Changes[0].Diff, d.diff) {
			t.Errorf("%s: shows %q", name, p.Changes[0].Diff)
		}
		apply(t, c, wish)
		if got := texts(plan(t, c, wish)); len(got) > 0 {
			t.Errorf("%s: still to do: %q", name, got)
		}
	}
	// Another layout of the same.
	doc := string(wish.Set.Roles[0].Trust)
	by.trust("acme-vault", strings.NewReplacer("\n", "", `["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]`, `["sts:TagSession","sts:AssumeRoleWithWebIdentity"]`, `["read","write"]`, `["write","read"]`, `"sts.amazonaws.com"`, `["sts.amazonaws.com"]`).Replace(doc))
	by.encryption("acme-vault", "aws:kms")
	if got := texts(plan(t, c, wish)); len(got) > 0 {
		t.Errorf("the same in other words: %q", got)
	}
	// What widens a role is told and left alone.
	by.rolePolicy("acme-vault", "extra", string(wish.Set.Roles[0].Policy))
	p := plan(t, c, wish)
	if len(p.Changes) > 0 || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "role acme-vault has further policies, which may widen it: extra.") {
		t.Errorf("%q, %q", texts(p), p.Warnings)
	}
	by.audience("somebody.else")
	if p := plan(t, c, wish); len(p.Warnings) != 2 || !strings.Contains(p.Warnings[0], `also takes tokens for "somebody.else"`) {
		t.Errorf("%q", p.Warnings)
	}
}

// TestNewPolicies: another version of the policies, or other sources, are changes
// of what is there.
func TestNewPolicies(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	wish := want(t, func(p *policy.Params) { p.Sources.CIDRs = []string{"198.51.100.0/24"} })
	p := plan(t, w.client(t), wish)
	if got := texts(p); !slices.Equal(got, []string{"~ bucket acme-vault: policy", "~ bucket acme-memory: policy"}) {
		t.Errorf("%q", got)
	}
	if !slices.Contains(p.Changes[0].Diff, "+ OnlyFromTheWorkers Condition NotIpAddress aws:SourceIp: 198.51.100.0/24") {
		t.Errorf("%q", p.Changes[0].Diff)
	}
	wish.Thumbprints = []string{strings.Repeat("AB", 20)}
	if got := apply(t, w.client(t), wish); !slices.Contains(got, "~ OIDC provider http://broker.localhost:8091: thumbprints") || len(got) != 3 {
		t.Errorf("%q", got)
	}
	wish.Thumbprints = []string{strings.Repeat("ab", 20)}
	if got := texts(plan(t, w.client(t), wish)); len(got) > 0 {
		t.Errorf("a thumbprint in other letters: %q", got)
	}
}

// TestForeign: what was not made here is refused, all of it at once, and taken
// over when that is asked for.
func TestForeign(t *testing.T) {
	w := newWorld(t, "us-east-1")
	by, wish := w.hand(t), want(t)
	by.bucket("acme-vault")
	by.bucketPolicy("acme-vault", `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-vault/*"}]}`)
	by.bucket("acme-memory")
	by.role("acme-vault", string(wish.Set.Roles[1].Trust))
	by.provider()
	_, err := w.client(t).Plan(t.Context(), wish)
	if !errors.Is(err, provision.ErrForeign) {
		t.Fatal(err)
	}
	for _, part := range []string{
		"bucket acme-vault: it was not made by agentkeys: it has a policy of somebody else",
		"OIDC provider http://broker.localhost:8091: it was not made by agentkeys: it lacks the tag agentkeys=provisioned",
		"role acme-vault: it was not made by agentkeys: it lacks the tag agentkeys=provisioned",
		"bucket acme-memory: it was not made by agentkeys: it is empty, and lacks the tag agentkeys_use=memory",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v lacks %q", err, part)
		}
	}
	if errors.Is(err, provision.ErrInUse) {
		t.Error(err)
	}
	wish.Adopt = true
	got := apply(t, w.client(t), wish)
	for _, part := range []string{
		"+ role acme-vault: tag", "~ role acme-vault: trust", "+ role acme-vault: policy", "~ bucket acme-vault: policy", "+ bucket acme-vault: tag", "+ bucket acme-memory: tag",
		"+ OIDC provider http://broker.localhost:8091: tag", "+ OIDC provider http://broker.localhost:8091: audience",
	} {
		if !slices.Contains(got, part) {
			t.Errorf("%q lacks %q", got, part)
		}
	}
	wish.Adopt = false
	if got := texts(plan(t, w.client(t), wish)); len(got) > 0 {
		t.Errorf("still to do: %q", got)
	}
}

// TestRefused: keys that may not, keys of another account, nobody there.
func TestRefused(t *testing.T) {
	w := newWorld(t, "us-east-1")
	other := w.config.Users[0]
	for name, c := range map[string]struct {
		edit func(*provision.Config)
		code apierr.Code
		text string
	}{
		"not an administrator": {func(c *provision.Config) { c.Keys = keysOf(other) }, apierr.StorageDenied, "bucket acme-vault belongs to another account, or these keys may not look at it (s3:GetBucketLocation)"},
		"unknown keys":         {func(c *provision.Config) { c.Keys.AccessKeyID = "AKIANOBODYKNOWSME0001" }, apierr.StorageDenied, "asking whose the keys are"},
		"wrong secret": {func(c *provision.Config) {
			c.Keys.SecretAccessKey = secret.New([]byte("administrator/secret/0123456789ac"))
		}, apierr.StorageDenied, "asking whose the keys are"},
		"another account": {func(c *provision.Config) { c.AccountID = "999999999999" }, "", "the keys are of account 111122223333, and the profile names account 999999999999: nothing was changed"},
		"another region":  {func(c *provision.Config) { c.Region = "eu-west-1" }, apierr.StorageDenied, "asking whose the keys are"},
	} {
		_, err := w.client(t, c.edit).Plan(t.Context(), want(t))
		if err == nil || apierr.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := texts(plan(t, w.client(t), want(t))); !slices.Equal(got, everything) {
		t.Errorf("something was made: %q", got)
	}
	for name, edit := range map[string]func(*provision.Config){
		"plain http":   func(c *provision.Config) { c.IAMEndpoint = "http://iam.example.com" },
		"plain http 3": func(c *provision.Config) { c.S3Endpoint = "http://s3.example.com" },
		"plain http s": func(c *provision.Config) { c.STSEndpoint = "http://sts.example.com" },
		"no region":    func(c *provision.Config) { c.Region = "" },
		"no account":   func(c *provision.Config) { c.AccountID = "" },
		"no keys":      func(c *provision.Config) { c.Keys.AccessKeyID = "" },
	} {
		cfg := w.clientConfig()
		edit(&cfg)
		if _, err := provision.New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestAnswers: what the cloud may answer and the development cloud does not.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		match      func(*http.Request) bool
		status     int
		code, body string
		want       apierr.Code
		text       string
	}{
		"a bucket of somebody else":         {func(r *http.Request) bool { return r.URL.Query().Has("location") }, 403, "AccessDenied", "", apierr.StorageDenied, "belongs to another account"},
		"a bucket that was taken meanwhile": {func(r *http.Request) bool { return r.Method == "PUT" && r.URL.RawQuery == "" }, 409, "BucketAlreadyExists", "", apierr.StorageDenied, "the name belongs to another account"},
		"a bucket elsewhere":                {func(r *http.Request) bool { return r.URL.Query().Has("location") }, 301, "PermanentRedirect", "", apierr.StorageUnavailable, "is in another region than us-east-1"},
		"a bucket of another region":        {func(r *http.Request) bool { return r.URL.Query().Has("location") }, 200, "", `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">EU</LocationConstraint>`, "", "bucket acme-vault is in region eu-west-1, and the profile names us-east-1"},
		"a role under a path":               {func(r *http.Request) bool { return strings.Contains(form(r), "Action=GetRole&") }, 200, "", `<GetRoleResponse><GetRoleResult><Role><Arn>arn:aws:iam::111122223333:role/x/acme-vault</Arn></Role></GetRoleResult></GetRoleResponse>`, "", "role acme-vault lies under a path, or in another account"},
		"not allowed to look":               {func(r *http.Request) bool { return strings.Contains(form(r), "Action=GetRole&") }, 403, "", `<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>`, apierr.StorageDenied, "the cloud refused these keys while looking for role acme-vault (AccessDenied)"},
		"throttled":                         {func(r *http.Request) bool { return strings.Contains(form(r), "Action=GetRole&") }, 400, "", `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`, apierr.StorageUnavailable, "the cloud gave no answer while looking for role acme-vault"},
		"no answer":                         {func(r *http.Request) bool { return r.URL.Query().Has("versioning") }, 500, "InternalError", "", apierr.StorageUnavailable, "the cloud gave no answer"},
	} {
		w := newWorld(t, "us-east-1")
		client := w.client(t, func(cfg *provision.Config) {
			cfg.HTTPClient = &http.Client{Transport: answering(func(r *http.Request) (int, string, bool) {
				if !c.match(r) {
					return 0, "", false
				}
				if c.body != "" {
					return c.status, c.body, true
				}
				return c.status, fmt.Sprintf("<Error><Code>%s</Code><Message>m</Message></Error>", c.code), true
			})}
		})
		p, err := client.Plan(t.Context(), want(t))
		if err == nil {
			err = p.Apply(t.Context(), nil)
		}
		if err == nil || apierr.CodeOf(err) != c.want || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSurroundingsAreNotUsed: keys, region and endpoints come from the
// configuration, whatever the environment says.
func TestSurroundingsAreNotUsed(t *testing.T) {
	trapped := 0
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped++ }))
	t.Cleanup(trap.Close)
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "CANARYCANARYCANARY00", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_SESSION_TOKEN": "canary", "AWS_REGION": "canary-1",
		"AWS_ENDPOINT_URL": trap.URL, "AWS_ENDPOINT_URL_S3": trap.URL, "AWS_ENDPOINT_URL_IAM": trap.URL, "AWS_ENDPOINT_URL_STS": trap.URL,
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": trap.URL, "AWS_EXECUTION_ENV": "canary", "HTTP_PROXY": trap.URL, "HTTPS_PROXY": trap.URL,
	} {
		t.Setenv(k, v)
	}
	w, sent := newWorld(t, "us-east-1"), 0
	watch := answering(func(r *http.Request) (int, string, bool) {
		for name, values := range r.Header {
			if strings.Contains(strings.ToLower(fmt.Sprint(name, values)), "canary") {
				t.Errorf("%s: %q", name, values)
			}
		}
		if !strings.Contains(r.Header.Get("Authorization"), "Credential="+admin().AccessKeyID+"/") {
			t.Errorf("not signed with the keys that were given: %s %s", r.Method, r.URL)
		}
		// Nothing is read from or set on a bucket of somebody else.
		if r.URL.RawQuery != "" && !r.URL.Query().Has("list-type") && r.Header.Get("X-Amz-Expected-Bucket-Owner") != account {
			t.Errorf("the owner does not stand in %s %s", r.Method, r.URL)
		}
		sent++
		return 0, "", false
	})
	apply(t, w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} }), want(t))
	if trapped != 0 || sent < 30 {
		t.Errorf("%d calls into the trap of %d", trapped, sent)
	}
}
