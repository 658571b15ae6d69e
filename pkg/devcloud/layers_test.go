package devcloud_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/service"
)

// Each layer by itself: the other one is switched off in the configuration.

// anything is a role policy that allows everything there is.
const anything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":[
	"arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*","arn:aws:s3:::agentkeys-memory","arn:aws:s3:::agentkeys-memory/*"]}]}`

// nothing is a bucket policy that refuses nothing that happens here.
const nothing = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObjectVersion","Resource":"arn:aws:s3:::agentkeys-vault/*"}]}`

// denied tries everything with a session on one bucket.
func denied(t *testing.T, session *blob.Session, who byte) {
	t.Helper()
	a, key := actor(t, who), blob.CredentialKey(actor(t, who), svc(t, "github"))
	_, gerr := session.Get(t.Context(), key)
	_, lerr := session.ListCredentials(t.Context(), a)
	for what, err := range map[string]error{
		"get": gerr, "list": lerr, "put": session.Put(t.Context(), key, []byte("x")), "delete": session.Delete(t.Context(), key),
	} {
		if apierr.CodeOf(err) != apierr.StorageDenied {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestBucketPolicyAlone(t *testing.T) {
	t.Parallel()
	s := newStack(t, func(c *devcloud.Config) {
		for i := range c.Roles {
			c.Roles[i].Policy = []byte(anything)
		}
	})
	vault, memory := s.store(t, vaultBucket), s.store(t, memoryBucket)
	key := blob.CredentialKey(actor(t, 1), svc(t, "github"))
	write := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	if err := vault.Open(write).Put(t.Context(), key, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	denied(t, memory.Open(write), 1)
	denied(t, vault.Open(s.exchange(t, memoryRole, actor(t, 1), service.Memory, "write")), 1)
	provision := vault.Open(s.exchange(t, provRole, actor(t, 1), service.Credentials, "provision"))
	if _, err := provision.Get(t.Context(), key); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Errorf("provisioning reads: %v", err)
	}
	if err := provision.Put(t.Context(), key, []byte("sealed anew")); err != nil {
		t.Error(err)
	}
}

func TestRolePolicyAlone(t *testing.T) {
	t.Parallel()
	s := newStack(t, func(c *devcloud.Config) {
		for i := range c.Buckets {
			c.Buckets[i].Policy = []byte(nothing)
		}
	})
	write := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	vault := s.store(t, vaultBucket)
	if err := vault.Open(write).Put(t.Context(), blob.CredentialKey(actor(t, 1), svc(t, "github")), []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	denied(t, vault.Open(write), 2)
	denied(t, s.store(t, memoryBucket).Open(write), 1)
	denied(t, vault.Open(s.exchange(t, memoryRole, actor(t, 1), service.Memory, "write")), 1)
}

// TestBothActionsAreAsked: a trust policy must admit taking the role and
// carrying the tags.
func TestBothActionsAreAsked(t *testing.T) {
	t.Parallel()
	for _, action := range []string{`"sts:AssumeRoleWithWebIdentity", `, `, "sts:TagSession"`} {
		s := newStack(t, func(c *devcloud.Config) {
			c.Roles[0].Trust = bytes.Replace(c.Roles[0].Trust, []byte(action), nil, 1)
		})
		if got := s.assume(t, s.issuer.token(actor(t, 1), service.Credentials, "read"), nil); got != "AccessDenied" {
			t.Errorf("without %s: %q", action, got)
		}
		if got := s.assume(t, s.issuer.token(actor(t, 1), service.Memory, "read"), func(f url.Values) { f.Set("RoleArn", memoryRole) }); got != "" {
			t.Errorf("the other role: %q", got)
		}
	}
}

// TestListingNamesOnlyThePrefix looks at the wire: the client would hide what
// storage names too much.
func TestListingNamesOnlyThePrefix(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	vault := s.store(t, vaultBucket)
	for _, who := range []byte{1, 2, 3} {
		if err := vault.Open(s.exchange(t, vaultRole, actor(t, who), service.Credentials, "write")).
			Put(t.Context(), blob.CredentialKey(actor(t, who), svc(t, "github")), []byte("sealed")); err != nil {
			t.Fatal(err)
		}
	}
	q := s.shot(s.exchange(t, vaultRole, actor(t, 2), service.Credentials, "read"), "GET", "/"+vaultBucket)
	q.query = "list-type=2&prefix=" + url.QueryEscape("bots/"+actor(t, 2).Key()+"/credentials/")
	body := s.answer(t, q).Body.String()
	if strings.Count(body, "<Key>") != 1 || !strings.Contains(body, "<Key>"+blob.CredentialKey(actor(t, 2), svc(t, "github")).String()+"</Key>") {
		t.Error(body)
	}
}

// TestStorageKnowsWhereACallComesFrom: a session is worth nothing away from the
// workers' sources; taking a role is not restricted.
func TestStorageKnowsWhereACallComesFrom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sources policy.Sources
		tls     bool
		works   bool
	}{
		"from here":           {policy.Sources{CIDRs: []string{"127.0.0.0/8"}}, false, true},
		"from elsewhere":      {policy.Sources{CIDRs: []string{"198.51.100.0/24"}}, false, false},
		"through an endpoint": {policy.Sources{VPCEndpoints: []string{"vpce-0123456789abcdef0"}}, false, false},
		"over plain HTTP":     {policy.Sources{}, true, false},
	} {
		s := newStack(t, func(cfg *devcloud.Config) {
			set, err := policy.Render(policy.Params{
				Partition: "aws", AccountID: account, Provider: strings.TrimPrefix(cfg.Issuer, "http://"), Sources: c.sources, TLS: c.tls,
				Classes: []policy.Class{{Class: service.Credentials, Bucket: vaultBucket, Role: "agentkeys-vault"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			cfg.Roles, cfg.Buckets = set.Roles, set.Buckets
		})
		session := s.store(t, vaultBucket).Open(s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write"))
		if !c.works {
			denied(t, session, 1)
		} else if err := session.Put(t.Context(), blob.CredentialKey(actor(t, 1), svc(t, "github")), []byte("sealed")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
