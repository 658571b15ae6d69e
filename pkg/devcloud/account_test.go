package devcloud_test

import (
	"encoding/xml"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

func administrator() devcloud.User {
	return devcloud.User{AccessKeyID: "AKIAADMINISTRATOR0001", SecretAccessKey: secret.New([]byte("administrator/secret/0123456789ab")), Name: "admin"}
}

// newAccount is a cloud that starts empty, and what the others are handed over.
func newAccount(t testing.TB) (*stack, policy.Set) {
	t.Helper()
	var set policy.Set
	who := administrator()
	s := newStack(t, func(c *devcloud.Config) {
		set = policy.Set{Roles: c.Roles, Buckets: c.Buckets, ProviderARN: "arn:aws:iam::" + account + ":oidc-provider/" + strings.TrimPrefix(c.Issuer, "http://")}
		c.Roles, c.Buckets, c.Administrator = nil, nil, &who
	})
	return s, set
}

// provision makes everything as an administrator does.
func (s *stack) provision(t testing.TB, set policy.Set) {
	t.Helper()
	c, err := provision.New(provision.Config{
		Region: region, AccountID: account, IAMEndpoint: s.url, S3Endpoint: s.url, STSEndpoint: s.url,
		Keys: sts.StaticKeys{AccessKeyID: administrator().AccessKeyID, SecretAccessKey: administrator().SecretAccessKey},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := provision.Want{Issuer: s.issuer.url, Set: set}
	p, err := c.Plan(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if p, err = c.Plan(t.Context(), want); err != nil || len(p.Changes) > 0 {
		t.Fatalf("still to do: %+v, %v", p, err)
	}
}

// TestProvisionedIsAsHandedOver: an account that an administrator made decides as
// one whose policies came with the configuration, and still does so after a
// restart.
func TestProvisionedIsAsHandedOver(t *testing.T) {
	t.Parallel()
	s, set := newAccount(t)
	s.provision(t, set)
	check := func() {
		t.Helper()
		vault, key := s.store(t, vaultBucket), blob.CredentialKey(actor(t, 1), svc(t, "github"))
		write := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
		if err := vault.Open(write).Put(t.Context(), key, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		if got, err := vault.Open(write).Get(t.Context(), key); err != nil || string(got) != "sealed" {
			t.Errorf("%q, %v", got, err)
		}
		denied(t, vault.Open(write), 2)
		denied(t, s.store(t, memoryBucket).Open(write), 1)
		denied(t, vault.Open(s.exchange(t, memoryRole, actor(t, 1), service.Memory, "write")), 1)
		if _, err := vault.Open(s.exchange(t, provRole, actor(t, 1), service.Credentials, "provision")).Get(t.Context(), key); apierr.CodeOf(err) != apierr.StorageDenied {
			t.Errorf("provisioning reads: %v", err)
		}
		if got := s.assume(t, s.issuer.token(actor(t, 1), service.Memory, "read"), nil); got != "AccessDenied" {
			t.Errorf("a token of another class: %q", got)
		}
	}
	check()
	if err := s.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	cloud, err := devcloud.Open(s.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	again := *s
	again.cloud, again.url = cloud, serve(t, cloud)
	if again.sts, err = sts.New(sts.Config{Endpoint: again.url, Region: region}); err != nil {
		t.Fatal(err)
	}
	s = &again
	check()
}

// TestEmptyCloud: nothing is there that nobody made.
func TestEmptyCloud(t *testing.T) {
	t.Parallel()
	s, set := newAccount(t)
	token := s.issuer.token(actor(t, 1), service.Credentials, "read")
	if got := s.assume(t, token, nil); got != "InvalidIdentityToken" {
		t.Errorf("without a provider: %q", got)
	}
	q := s.asAdmin("POST", "/", "CreateOpenIDConnectProvider", "Url", s.issuer.url)
	if status, code := s.ask(t, q); status != 200 || code != "" {
		t.Fatalf("%d %s", status, code)
	}
	if got := s.assume(t, token, nil); got != "InvalidIdentityToken" {
		t.Errorf("with a provider of another audience: %q", got)
	}
	q = s.asAdmin("POST", "/", "AddClientIDToOpenIDConnectProvider", "OpenIDConnectProviderArn", set.ProviderARN, "ClientID", "sts.amazonaws.com")
	if status, code := s.ask(t, q); status != 200 || code != "" {
		t.Fatalf("%d %s", status, code)
	}
	if got := s.assume(t, token, nil); got != "AccessDenied" {
		t.Errorf("without a role: %q", got)
	}
	if status, code := s.send(t, s.shot(sts.Credentials{AccessKeyID: "ASIAX"}, "HEAD", "/"+vaultBucket)); status != 404 {
		t.Errorf("a bucket that nobody made: %d %s", status, code)
	}
	for name, edit := range map[string]func(*devcloud.Config){
		"roles as well":   func(c *devcloud.Config) { c.Roles = set.Roles },
		"buckets as well": func(c *devcloud.Config) { c.Buckets = set.Buckets },
		"with a policy":   func(c *devcloud.Config) { c.Administrator.Policy = []byte(anything) },
		"a user's name":   func(c *devcloud.Config) { c.Administrator.Name = c.Users[0].Name },
	} {
		cfg := s.config
		who := administrator()
		cfg.Dir, cfg.Administrator = t.TempDir(), &who
		edit(&cfg)
		if c, err := devcloud.Open(cfg); err == nil {
			_ = c.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

// asAdmin is one request of the administrator: a form for IAM, or one to S3.
func (s *stack) asAdmin(method, path, action string, form ...string) shot {
	q := s.shot(sts.Credentials{AccessKeyID: administrator().AccessKeyID, SecretAccessKey: administrator().SecretAccessKey}, method, path)
	if action == "" {
		return q
	}
	values := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	q.service, q.body = "iam", []byte(values.Encode())
	q.header = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	return q
}

// ask sends a request to IAM and returns status and error code.
func (s *stack) ask(t testing.TB, q shot) (int, string) {
	t.Helper()
	w := s.answer(t, q)
	var e struct{ Error struct{ Code string } }
	_ = xml.Unmarshal(w.Body.Bytes(), &e)
	return w.Code, e.Error.Code
}

// here says that a bucket is to be in the region of the stack.
const here = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>` + region + `</LocationConstraint></CreateBucketConfiguration>`

// TestOnlyTheAdministrator: each request works for the administrator, and for
// nobody else.
func TestOnlyTheAdministrator(t *testing.T) {
	t.Parallel()
	s, set := newAccount(t)
	s.provision(t, set)
	session := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	user := sts.Credentials{AccessKeyID: ops().AccessKeyID, SecretAccessKey: ops().SecretAccessKey}
	as := func(q shot, c sts.Credentials) shot { q.creds = c; return q }
	for name, q := range map[string]shot{
		"read a role":       s.asAdmin("POST", "/", "GetRole", "RoleName", "agentkeys-vault"),
		"widen a trust":     s.asAdmin("POST", "/", "UpdateAssumeRolePolicy", "RoleName", "agentkeys-vault", "PolicyDocument", string(set.Roles[0].Trust)),
		"give rights":       s.asAdmin("POST", "/", "PutRolePolicy", "RoleName", "agentkeys-vault", "PolicyName", "p", "PolicyDocument", anything),
		"read the provider": s.asAdmin("POST", "/", "GetOpenIDConnectProvider", "OpenIDConnectProviderArn", set.ProviderARN),
	} {
		if status, code := s.ask(t, as(q, user)); status != 403 || code != "AccessDenied" {
			t.Errorf("%s, a user: %d %s", name, status, code)
		}
		if status, code := s.ask(t, as(q, session)); status != 403 || code != "InvalidClientTokenId" {
			t.Errorf("%s, a session: %d %s", name, status, code)
		}
		wrong := q
		wrong.creds.SecretAccessKey = user.SecretAccessKey
		if status, code := s.ask(t, wrong); status != 403 || code != "SignatureDoesNotMatch" {
			t.Errorf("%s, another secret: %d %s", name, status, code)
		}
		other := q
		other.service = "sts"
		if status, code := s.ask(t, other); status != 400 || code != "IncompleteSignature" {
			t.Errorf("%s, signed for another service: %d %s", name, status, code)
		}
		if status, code := s.ask(t, q); status != 200 || code != "" {
			t.Errorf("%s, the administrator: %d %s", name, status, code)
		}
	}
	settings := map[string]shot{}
	for _, setting := range []string{"policy", "versioning", "encryption", "publicAccessBlock", "ownershipControls", "location", "tagging"} {
		q := s.asAdmin("GET", "/"+vaultBucket, "")
		q.query = setting + "="
		settings["read "+setting] = q
	}
	put := s.asAdmin("PUT", "/"+vaultBucket, "")
	put.query, put.body = "policy=", set.Buckets[0].Policy
	settings["put policy"] = put
	tag := s.asAdmin("PUT", "/"+vaultBucket, "")
	tag.query, tag.body = "tagging=", []byte(`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`)
	settings["put tags"] = tag
	made := s.asAdmin("PUT", "/agentkeys-new", "")
	made.body = []byte(here)
	settings["make a bucket"] = made
	for name, q := range settings {
		if status, code := s.send(t, as(q, user)); status != 403 || code != "AccessDenied" {
			t.Errorf("%s, a user: %d %s", name, status, code)
		}
		if status, code := s.send(t, as(q, session)); status != 403 || code != "AccessDenied" {
			t.Errorf("%s, a session: %d %s", name, status, code)
		}
		owner := q
		owner.header = map[string]string{"X-Amz-Expected-Bucket-Owner": "999999999999"}
		if status, code := s.send(t, owner); status != 403 || code != "AccessDenied" {
			t.Errorf("%s, of another owner: %d %s", name, status, code)
		}
		sum := q
		sum.header = map[string]string{"X-Amz-Checksum-Crc32": "AAAAAQ=="}
		if status, code := s.send(t, sum); status != 400 || code != "BadDigest" {
			t.Errorf("%s, another checksum: %d %s", name, status, code)
		}
		odd := q
		odd.header = map[string]string{"X-Amz-Acl": "public-read"}
		if status, code := s.send(t, odd); status != 501 || code != "NotImplemented" {
			t.Errorf("%s, with an ACL: %d %s", name, status, code)
		}
		if status, code := s.send(t, q); status/100 != 2 || code != "" {
			t.Errorf("%s, the administrator: %d %s", name, status, code)
		}
	}
	// What it administers it does not touch.
	key := "/" + vaultBucket + "/" + blob.CredentialKey(actor(t, 1), svc(t, "github")).String()
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		if status, code := s.send(t, s.asAdmin(method, key, "")); status != 403 || code != "AccessDenied" {
			t.Errorf("the administrator, %s an object: %d %s", method, status, code)
		}
	}
	list := s.asAdmin("GET", "/"+vaultBucket, "")
	list.query = "list-type=2"
	if status, code := s.send(t, list); status != 403 || code != "AccessDenied" {
		t.Errorf("the administrator lists what the bucket closes: %d %s", status, code)
	}
	list.path = "/agentkeys-new"
	if status, code := s.send(t, list); status != 200 {
		t.Errorf("the administrator looks into a bucket without a policy: %d %s", status, code)
	}
	look := s.asAdmin("GET", "/agentkeys-new", "")
	look.query = "max-keys=1&versions="
	changed := func(edit func(*shot)) shot { q := look; edit(&q); return q }
	for name, c := range map[string]struct {
		shot
		status int
		code   string
	}{
		"the administrator":                           {look, 200, ""},
		"the administrator, what the bucket closes":   {changed(func(q *shot) { q.path = "/" + vaultBucket }), 403, "AccessDenied"},
		"the administrator, a bucket that is not":     {changed(func(q *shot) { q.path = "/agentkeys-none" }), 404, "NoSuchBucket"},
		"the administrator, of another owner":         {changed(func(q *shot) { q.header = map[string]string{"X-Amz-Expected-Bucket-Owner": "999999999999"} }), 403, "AccessDenied"},
		"the administrator, more than the first":      {changed(func(q *shot) { q.query = "max-keys=2&versions=" }), 501, "NotImplemented"},
		"the administrator, below a prefix":           {changed(func(q *shot) { q.query = "max-keys=1&prefix=bots&versions=" }), 501, "NotImplemented"},
		"a user":                                      {as(look, user), 403, "AccessDenied"},
		"a session":                                   {as(look, session), 403, "AccessDenied"},
		"a session, in the bucket of its own objects": {as(changed(func(q *shot) { q.path = "/" + vaultBucket }), session), 403, "AccessDenied"},
	} {
		if status, code := s.send(t, c.shot); status != c.status || code != c.code {
			t.Errorf("the versions of a bucket, %s: %d %s", name, status, code)
		}
	}
	r := maintenance()
	r.Keys = sts.StaticKeys{AccessKeyID: administrator().AccessKeyID, SecretAccessKey: administrator().SecretAccessKey}
	if _, err := s.sts.AssumeRole(t.Context(), r); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Errorf("the administrator takes a role: %v", err)
	}
}

// TestAdministrationIsAnAllowList: what is malformed or not in use is refused with
// the code of the service.
func TestAdministrationIsAnAllowList(t *testing.T) {
	t.Parallel()
	s, set := newAccount(t)
	s.provision(t, set)
	trust := string(set.Roles[0].Trust)
	for _, c := range []struct {
		action string
		form   []string
		status int
		code   string
	}{
		{"DeleteRole", []string{"RoleName", "agentkeys-vault"}, 400, "InvalidAction"},
		{"CreateUser", []string{"UserName", "x"}, 400, "InvalidAction"},
		{"AttachRolePolicy", []string{"RoleName", "agentkeys-vault", "PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"}, 400, "InvalidAction"},
		{"GetRole", []string{"RoleName", "agentkeys-vault", "Path", "/x/"}, 400, "ValidationError"},
		{"GetRole", []string{"RoleName", "nobody"}, 404, "NoSuchEntity"},
		{"GetRolePolicy", []string{"RoleName", "agentkeys-vault", "PolicyName", "nothing"}, 404, "NoSuchEntity"},
		{"PutRolePolicy", []string{"RoleName", "nobody", "PolicyName", "p", "PolicyDocument", anything}, 404, "NoSuchEntity"},
		{"UpdateAssumeRolePolicy", []string{"RoleName", "nobody", "PolicyDocument", trust}, 404, "NoSuchEntity"},
		{"CreateRole", []string{"RoleName", "agentkeys-vault", "AssumeRolePolicyDocument", trust}, 409, "EntityAlreadyExists"},
		{"CreateRole", []string{"RoleName", "AgentKeys-Vault", "AssumeRolePolicyDocument", trust}, 409, "EntityAlreadyExists"},
		{"CreateRole", []string{"RoleName", "a/b", "AssumeRolePolicyDocument", trust}, 400, "ValidationError"},
		{"CreateRole", []string{"RoleName", "new", "AssumeRolePolicyDocument", "{}"}, 400, "MalformedPolicyDocument"},
		{"CreateRole", []string{"RoleName", "new", "AssumeRolePolicyDocument", strings.Repeat("x", 2049)}, 409, "LimitExceeded"},
		{"CreateRole", []string{"RoleName", "new", "AssumeRolePolicyDocument", trust, "PermissionsBoundary", "x"}, 400, "ValidationError"},
		{"CreateRole", []string{"RoleName", "new", "AssumeRolePolicyDocument", trust, "Tags.member.2.Key", "a", "Tags.member.2.Value", "b"}, 400, "ValidationError"},
		{"TagRole", []string{"RoleName", "agentkeys-vault", "Tags.member.1.Key", "a"}, 400, "ValidationError"},
		{"PutRolePolicy", []string{"RoleName", "agentkeys-vault", "PolicyName", "agentkeys", "PolicyDocument", strings.Replace(anything, "s3:*", "*", 1)}, 400, "MalformedPolicyDocument"},
		{"PutRolePolicy", []string{"RoleName", "agentkeys-vault", "PolicyName", "agentkeys", "PolicyDocument", strings.Repeat("x", 10241)}, 409, "LimitExceeded"},
		{"PutRolePolicy", []string{"RoleName", "agentkeys-vault", "PolicyName", "a b", "PolicyDocument", anything}, 400, "ValidationError"},
		{"CreateOpenIDConnectProvider", []string{"Url", "https://elsewhere.example"}, 400, "InvalidInput"},
		{"CreateOpenIDConnectProvider", []string{"Url", s.issuer.url}, 409, "EntityAlreadyExists"},
		{"CreateOpenIDConnectProvider", []string{"Url", s.issuer.url, "ClientIDList.member.2", "x"}, 400, "ValidationError"},
		{"GetOpenIDConnectProvider", []string{"OpenIDConnectProviderArn", set.ProviderARN + "x"}, 404, "NoSuchEntity"},
		{"AddClientIDToOpenIDConnectProvider", []string{"OpenIDConnectProviderArn", set.ProviderARN + "x", "ClientID", "x"}, 404, "NoSuchEntity"},
		{"AddClientIDToOpenIDConnectProvider", []string{"OpenIDConnectProviderArn", set.ProviderARN}, 400, "ValidationError"},
	} {
		if status, code := s.ask(t, s.asAdmin("POST", "/", c.action, c.form...)); status != c.status || code != c.code {
			t.Errorf("%s %.80q: %d %s, want %d %s", c.action, c.form, status, code, c.status, c.code)
		}
	}
	for _, c := range []struct {
		method, path, query, body string
		status                    int
		code                      string
	}{
		{"PUT", "/" + vaultBucket, "", here, 409, "BucketAlreadyOwnedByYou"},
		{"PUT", "/agentkeys-new", "", `<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`, 400, "IllegalLocationConstraintException"},
		{"PUT", "/agentkeys-new", "", "", 400, "IllegalLocationConstraintException"},
		{"PUT", "/agentkeys-new", "", "x", 400, "MalformedXML"},
		{"PUT", "/agentkeys-new", "policy=", "{}", 404, "NoSuchBucket"},
		{"GET", "/agentkeys-new", "versioning=", "", 404, "NoSuchBucket"},
		{"PUT", "/" + vaultBucket, "policy=", "{}", 400, "MalformedPolicy"},
		{"PUT", "/" + vaultBucket, "policy=", "", 400, "MalformedXML"},
		{"PUT", "/" + vaultBucket, "versioning=", "x", 400, "MalformedXML"},
		{"PUT", "/agentkeys-new", "", inTags(here, `<Tag><Key>aws:a</Key><Value>b</Value></Tag>`), 400, "InvalidTag"},
		{"PUT", "/agentkeys-new", "tagging=", "<Tagging/>", 404, "NoSuchBucket"},
		{"GET", "/agentkeys-new", "tagging=", "", 404, "NoSuchBucket"},
		{"PUT", "/" + vaultBucket, "tagging=", "x", 400, "MalformedXML"},
		{"PUT", "/" + vaultBucket, "tagging=", "<Tags/>", 400, "MalformedXML"},
		{"PUT", "/" + vaultBucket, "tagging=", `<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>a</Key><Value>c</Value></Tag></TagSet></Tagging>`, 400, "InvalidTag"},
		{"PUT", "/" + vaultBucket, "tagging=", `<Tagging><TagSet><Tag><Key></Key><Value>b</Value></Tag></TagSet></Tagging>`, 400, "InvalidTag"},
		{"PUT", "/" + vaultBucket, "tagging=", `<Tagging><TagSet><Tag><Key>a</Key><Value>&lt;</Value></Tag></TagSet></Tagging>`, 400, "InvalidTag"},
		{"PUT", "/" + vaultBucket, "tagging=", `<Tagging><TagSet>` + manyTags(51) + `</TagSet></Tagging>`, 400, "InvalidTag"},
		{"DELETE", "/" + vaultBucket, "tagging=", "", 501, "NotImplemented"},
		{"PUT", "/" + vaultBucket, "location=", "<x/>", 501, "NotImplemented"},
		{"PUT", "/" + vaultBucket, "acl=", "<x/>", 501, "NotImplemented"},
		{"DELETE", "/" + vaultBucket, "policy=", "", 501, "NotImplemented"},
		{"DELETE", "/" + vaultBucket, "", "", 501, "NotImplemented"},
		{"PUT", "/" + vaultBucket, "policy=&versioning=", "{}", 501, "NotImplemented"},
	} {
		q := s.asAdmin(c.method, c.path, "")
		q.query, q.body = c.query, []byte(c.body)
		if status, code := s.send(t, q); status != c.status || code != c.code {
			t.Errorf("%s %s?%s: %d %s, want %d %s", c.method, c.path, c.query, status, code, c.status, c.code)
		}
	}
	// In a cloud without an administrator there is nothing of this.
	plain := newStack(t)
	if status, code := plain.ask(t, s.asAdmin("POST", "/", "GetRole", "RoleName", "agentkeys-vault")); status != 400 || code != "InvalidAction" {
		t.Errorf("no administrator: %d %s", status, code)
	}
	s.provision(t, set) // nothing of all that changed anything
}

func serve(t testing.TB, c *devcloud.Cloud) string {
	srv := httptest.NewServer(c.Handler())
	t.Cleanup(srv.Close)
	return srv.URL
}
