package devcloud_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// TestAssumeRole: who may take the role, with what.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	tag := func(k, v string) func(*sts.AssumeRequest) {
		return func(r *sts.AssumeRequest) {
			if r.Tags[k] = v; v == "" {
				delete(r.Tags, k)
			}
		}
	}
	session := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	const denied = apierr.StorageDenied
	for name, c := range map[string]struct {
		edit func(*sts.AssumeRequest)
		want apierr.Code
	}{
		"honest":              {func(*sts.AssumeRequest) {}, ""},
		"an hour":             {func(r *sts.AssumeRequest) { r.Duration = time.Hour }, ""},
		"more than an hour":   {func(r *sts.AssumeRequest) { r.Duration = time.Hour + time.Second }, denied},
		"less than 900 s":     {func(r *sts.AssumeRequest) { r.Duration = 899 * time.Second }, denied},
		"one more tag":        {tag("x", "y"), ""},
		"other access":        {tag("agentkeys_access", "write"), denied},
		"no access":           {tag("agentkeys_access", ""), denied},
		"other class":         {tag("agentkeys_class", "memory"), denied},
		"no class":            {tag("agentkeys_class", ""), denied},
		"no tags":             {func(r *sts.AssumeRequest) { r.Tags = nil }, denied},
		"tag in another case": {tag("Agentkeys_Access", "maintenance"), denied},
		"odd tag":             {tag("x", "*"), denied},
		"agents' role":        {func(r *sts.AssumeRequest) { r.RoleARN = vaultRole; r.Tags["agentkeys_access"] = "write" }, denied},
		"provisioning role":   {func(r *sts.AssumeRequest) { r.RoleARN = provRole; r.Tags["agentkeys_access"] = "provision" }, denied},
		"unknown role":        {func(r *sts.AssumeRequest) { r.RoleARN = roleBase + "admin" }, denied},
		"session name":        {func(r *sts.AssumeRequest) { r.SessionName = "a b" }, denied},
		"other secret": {func(r *sts.AssumeRequest) {
			r.Keys.SecretAccessKey = secret.New([]byte("another/secret/of/a/user/0123456789"))
		}, denied},
		"unknown user":    {func(r *sts.AssumeRequest) { r.Keys.AccessKeyID = "AKIAUNKNOWNUSER00001" }, denied},
		"a token as well": {func(r *sts.AssumeRequest) { r.Keys.SessionToken = session.SessionToken }, denied},
		"a session": {func(r *sts.AssumeRequest) {
			r.Keys = sts.StaticKeys{AccessKeyID: session.AccessKeyID, SecretAccessKey: session.SecretAccessKey, SessionToken: session.SessionToken}
		}, denied},
	} {
		r := maintenance()
		c.edit(&r)
		creds, err := s.sts.AssumeRole(t.Context(), r)
		if apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		life := max(r.Duration, sts.Life)
		if left := creds.Expires.Sub(s.clock.Now()); err == nil && (left > life || left < life-2*time.Second) {
			t.Errorf("%s: lives %v, not %v", name, left, life)
		}
	}
}

// TestAssumeRoleByHand: what only a request made by hand can say, each beside
// its honest twin.
func TestAssumeRoleByHand(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	set := func(k, v string) func(url.Values) { return func(f url.Values) { f.Set(k, v) } }
	for _, c := range []struct {
		name  string
		edit  func(url.Values)
		shoot func(*shot)
		want  string
	}{
		{"honest", nil, nil, ""},
		{"unsigned", nil, func(q *shot) { q.after = func(r *http.Request) { r.Header.Del("Authorization") } }, "MissingAuthenticationToken"},
		{"signed for storage", nil, func(q *shot) { q.service = "s3" }, "IncompleteSignature"},
		{"signed for KMS", nil, func(q *shot) { q.service = "kms" }, "IncompleteSignature"},
		{"other region", nil, func(q *shot) { q.region = "us-east-1" }, "IncompleteSignature"},
		{"other secret", nil, func(q *shot) { q.creds.SecretAccessKey = secret.New([]byte("another/secret/of/a/user/0123456789")) }, "SignatureDoesNotMatch"},
		{"unknown user", nil, func(q *shot) { q.creds.AccessKeyID = "AKIAUNKNOWNUSER00001" }, "InvalidClientTokenId"},
		{"old", nil, func(q *shot) { q.at = q.at.Add(-16 * time.Minute) }, "SignatureDoesNotMatch"},
		{"body changed", nil, func(q *shot) {
			q.after = func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }
		}, "InvalidAction"},
		{"tags changed", nil, func(q *shot) { q.hash = strings.Repeat("0", 64) }, "SignatureDoesNotMatch"},
		{"no duration", func(f url.Values) { f.Del("DurationSeconds") }, nil, "ValidationError"},
		{"session policy", set("Policy", "{}"), nil, "ValidationError"},
		{"external id", set("ExternalId", "x"), nil, "ValidationError"},
		{"MFA", set("SerialNumber", "x"), nil, "ValidationError"},
		{"transitive", set("TransitiveTagKeys.member.1", "agentkeys_class"), nil, "ValidationError"},
		{"key without value", set("Tags.member.3.Key", "x"), nil, "ValidationError"},
		{"value without key", set("Tags.member.3.Value", "x"), nil, "ValidationError"},
		{"a gap", func(f url.Values) { f.Set("Tags.member.4.Key", "x"); f.Set("Tags.member.4.Value", "y") }, nil, "ValidationError"},
		{"a tag twice", func(f url.Values) {
			f.Set("Tags.member.3.Key", "AGENTKEYS_ACCESS")
			f.Set("Tags.member.3.Value", "write")
		}, nil, "ValidationError"},
		{"tag number 0", func(f url.Values) { f.Set("Tags.member.0.Key", "x"); f.Set("Tags.member.0.Value", "y") }, nil, "ValidationError"},
		{"old version", set("Version", "2010-01-01"), nil, "InvalidAction"},
		{"a token", set("WebIdentityToken", "x"), nil, "ValidationError"},
	} {
		form := url.Values{
			"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {maintRole}, "RoleSessionName": {"test"}, "DurationSeconds": {"900"},
			"Tags.member.1.Key": {"agentkeys_class"}, "Tags.member.1.Value": {"credentials"},
			"Tags.member.2.Key": {"agentkeys_access"}, "Tags.member.2.Value": {"maintenance"},
		}
		if c.edit != nil {
			c.edit(form)
		}
		q := s.shot(sts.Credentials{AccessKeyID: ops().AccessKeyID, SecretAccessKey: ops().SecretAccessKey}, "POST", "/")
		q.service, q.body, q.header = "sts", []byte(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
		if c.shoot != nil {
			c.shoot(&q)
		}
		body := s.answer(t, q).Body.String()
		_, rest, _ := strings.Cut(body, "<Code>")
		if code, _, _ := strings.Cut(rest, "</Code>"); code != c.want || (c.want == "") != strings.Contains(body, "<SessionToken>") {
			t.Errorf("%s: %q, want %q", c.name, code, c.want)
		}
	}
}

// TestUsersHaveNoStorage: a user's keys open nothing themselves.
func TestUsersHaveNoStorage(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	key := s.fill(t, 1, "github")[0]
	q := s.shot(sts.Credentials{AccessKeyID: ops().AccessKeyID, SecretAccessKey: ops().SecretAccessKey}, "GET", "/"+vaultBucket+"/"+key.String())
	if status, code := s.send(t, q); status != 403 || code != "AccessDenied" {
		t.Errorf("%d %s", status, code)
	}
	q.creds.SessionToken = s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "read").SessionToken
	if status, code := s.send(t, q); status != 400 || code != "InvalidToken" {
		t.Errorf("with a session's token: %d %s", status, code)
	}
}

func TestUsersRefused(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*devcloud.Config){
		"":                 func(*devcloud.Config) {},
		"no name":          func(c *devcloud.Config) { c.Users[0].Name = "" },
		"odd name":         func(c *devcloud.Config) { c.Users[0].Name = "a/b" },
		"id of a session":  func(c *devcloud.Config) { c.Users[0].AccessKeyID = "ASIAOPERATIONS000001" },
		"short id":         func(c *devcloud.Config) { c.Users[0].AccessKeyID = "AKIA" },
		"no secret":        func(c *devcloud.Config) { c.Users[0].SecretAccessKey = secret.Secret{} },
		"one name twice":   func(c *devcloud.Config) { c.Users[0].Name = c.Users[1].Name },
		"one id twice":     func(c *devcloud.Config) { c.Users[0].AccessKeyID = c.Users[1].AccessKeyID },
		"key id":           func(c *devcloud.Config) { c.KMSKeyID = "key" },
		"key id, capitals": func(c *devcloud.Config) { c.KMSKeyID = strings.ToUpper(kmsKeyID) },
	} {
		c := config(t, "http://127.0.0.1:1", t.TempDir(), time.Now)
		edit(&c)
		cloud, err := devcloud.Open(c)
		if (err == nil) != (name == "") || err != nil && strings.Contains(err.Error(), string(ops().SecretAccessKey.Reveal())) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = cloud.Close()
		}
	}
}
