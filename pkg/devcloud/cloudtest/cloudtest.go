// Package cloudtest gives tests a cloud with the product's own issuer, roles,
// buckets and policies: the embedded development cloud, and Ceph RGW, which
// judges both the product and the embedded cloud, for nobody here wrote it.
//
// Which clouds a test runs on is said by the environment ([Env]), a list such as
// "devcloud,rgw:/usr/bin" (the directory of Ceph's programs). Without it tests
// run on the embedded cloud alone.
//
// The package has the conformance suite, too: its tests ask every cloud the
// same, and where the answers differ, the difference stands in a table
// (differences_test.go, docs/rgw-differences.md) with its reason. The embedded cloud is never the one that
// permits more. It is imported by tests only.
package cloudtest

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
	"github.com/litentry/agentkeys/pkg/jose/josetest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// What the account is called.
const (
	Region  = rgw.Region
	Account = "000000000000"

	VaultBucket   = "agentkeys-vault"
	MemoryBucket  = "agentkeys-memory"
	VaultRole     = "agentkeys-vault"
	ProvisionRole = "agentkeys-provision"
	MemoryRole    = "agentkeys-memory"
	// The roles for maintenance, and the user who takes them.
	MaintenanceRole       = "agentkeys-maintenance"
	MemoryMaintenanceRole = "agentkeys-memory-maintenance"
	KeeperUser            = "keeper"
	otherUser             = "other"
)

// Env is the variable of the environment that lists the clouds.
const Env = "AGENTKEYS_TEST_CLOUDS"

// Kind is one kind of cloud: its name, and for RGW the directory of Ceph's
// programs.
type Kind struct{ Name, programs string }

// Kinds are those that list, the value of [Env], names.
func Kinds(t testing.TB, list string) []Kind {
	t.Helper()
	if list == "" {
		return []Kind{{Name: "devcloud"}}
	}
	var out []Kind
	for entry := range strings.SplitSeq(list, ",") {
		name, where, _ := strings.Cut(entry, ":")
		if name == "devcloud" && where == "" || name == "rgw" && where != "" {
			out = append(out, Kind{name, where})
			continue
		}
		t.Fatalf("%s: %q is neither devcloud nor rgw:DIRECTORY", Env, entry)
	}
	return out
}

// Cloud is a running cloud that trusts an issuer of its own.
type Cloud struct {
	Name     string
	Endpoint string // of S3 and STS
	// Issuer mints, and its documents are published; see Publish.
	Issuer *oidc.Issuer
	// IssuerURL and K2 are the issuer's; K2 forges what Issuer would not sign.
	IssuerURL string
	K2        josetest.Forger
	Set       policy.Set
	STS       *sts.Client
	// Keeper are the keys of KeeperUser, who has no other rights, Other those of a
	// user who has none.
	Keeper, Other sts.StaticKeys

	rgw       *rgw.Server // nil for the embedded cloud
	published atomic.Pointer[oidc.Issuer]
}

// Start starts a cloud for the duration of the test, with the clock of its
// issuer and its own, which for RGW must be the machine's. edit changes what the
// account holds before it is made.
func (k Kind) Start(t testing.TB, issuer, now func() time.Time, edit ...func(*policy.Set)) *Cloud {
	t.Helper()
	c := &Cloud{Name: k.Name, K2: josetest.New(t)}
	c.serveIssuer(t, issuer)
	c.Set = must[policy.Set](t)(policy.Render(policy.Params{
		Partition: "aws", AccountID: Account, Provider: must[string](t)(policy.ProviderOf(c.IssuerURL)),
		Classes: []policy.Class{
			{Class: service.Credentials, Bucket: VaultBucket, Role: VaultRole, ProvisionRole: ProvisionRole, MaintenanceRole: MaintenanceRole},
			{Class: service.Memory, Bucket: MemoryBucket, Role: MemoryRole, MaintenanceRole: MemoryMaintenanceRole},
		},
	}))
	for _, e := range edit {
		e(&c.Set)
	}
	if s := k.Gateway(t, now); s != nil {
		c.provision(t, s)
	} else {
		c.startEmbedded(t, now)
	}
	c.STS = must[*sts.Client](t)(sts.New(sts.Config{Endpoint: c.Endpoint, Region: Region}))
	return c
}

func (c *Cloud) serveIssuer(t testing.TB, now func() time.Time) {
	mux := http.NewServeMux()
	idp := httptest.NewServer(mux)
	t.Cleanup(idp.Close)
	var err error
	if c.K2.Key, err = c.K2.Key.WithCertificate("AgentKeys OIDC issuer", now()); err != nil {
		t.Fatal(err)
	}
	c.IssuerURL = idp.URL
	c.Publish(must[*oidc.Issuer](t)(oidc.New(idp.URL, c.K2.Key, now)))
	document := func(path string, of func(*oidc.Issuer) any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			b, err := strictjson.Encode(of(c.published.Load()))
			if err != nil {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(b)
		})
	}
	document(oidc.PathDiscovery, func(i *oidc.Issuer) any { return i.Discovery() })
	document(oidc.PathJWKS, func(i *oidc.Issuer) any { return i.JWKS() })
}

// Publish makes i the issuer: from now on its key set is what the cloud is given.
// It is not to be called while another goroutine reads Issuer.
func (c *Cloud) Publish(i *oidc.Issuer) {
	c.Issuer = i
	c.published.Store(i)
}

// nothing is a policy that gives nothing that is there.
const nothing = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::agentkeys-nothing/*"}]}`

func (c *Cloud) startEmbedded(t testing.TB, now func() time.Time) {
	c.Keeper = sts.StaticKeys{AccessKeyID: "AKIAKEEPER0000000001", SecretAccessKey: secret.New([]byte("keeper/secret/0123456789abcdef0123"))}
	c.Other = sts.StaticKeys{AccessKeyID: "AKIAOTHER00000000001", SecretAccessKey: secret.New([]byte("other/secret/0123456789abcdef01234"))}
	cloud := must[*devcloud.Cloud](t)(devcloud.Open(devcloud.Config{
		Dir: t.TempDir(), Region: Region, AccountID: Account, Issuer: c.IssuerURL, Roles: c.Set.Roles, Buckets: c.Set.Buckets, Now: now,
		Users: []devcloud.User{
			{AccessKeyID: c.Keeper.AccessKeyID, SecretAccessKey: c.Keeper.SecretAccessKey, Name: KeeperUser},
			// With a policy of its own it takes no role.
			{AccessKeyID: c.Other.AccessKeyID, SecretAccessKey: c.Other.SecretAccessKey, Name: otherUser, Policy: []byte(nothing)},
		},
	}))
	srv := httptest.NewServer(cloud.Handler())
	t.Cleanup(func() { srv.Close(); _ = cloud.Close() })
	c.Endpoint = srv.URL
}

// Gateway starts an RGW to which nothing is done yet, for the duration of the
// test; nil for the embedded cloud.
func (k Kind) Gateway(t testing.TB, now func() time.Time) *rgw.Server {
	t.Helper()
	if k.Name != "rgw" {
		return nil
	}
	dir := must[string](t)(os.MkdirTemp("", "rgw")) // short: the names of sockets have 107 characters
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := must[*rgw.Server](t)(rgw.Start(t.Context(), rgw.Config{Programs: k.programs, Dir: dir, AccountID: Account, Now: now}))
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (c *Cloud) provision(t testing.TB, s *rgw.Server) {
	t.Helper()
	// A bucket of no class's roles, of which a clause is asked alone, stays as it is.
	set, alone := c.Set, []policy.Bucket(nil)
	set.Buckets = nil
	for _, b := range c.Set.Buckets {
		if bytes.Contains(b.Policy, []byte(`"OnlyItsRoles"`)) {
			set.Buckets = append(set.Buckets, b)
		} else {
			alone = append(alone, b)
		}
	}
	c.Set = must[policy.Set](t)(policy.Gateway(set, KeeperUser))
	c.Set.Buckets = append(c.Set.Buckets, alone...)
	c.Keeper = must[sts.StaticKeys](t)(s.MakeUser(t.Context(), KeeperUser))
	c.Other = must[sts.StaticKeys](t)(s.MakeUser(t.Context(), otherUser))
	if err := s.Provision(t.Context(), rgw.Cloud{Issuer: c.IssuerURL, Certificate: c.K2.Key.Public().Certificate(), Set: c.Set}); err != nil {
		t.Fatal(err)
	}
	c.rgw, c.Endpoint = s, s.Endpoint
}

// Admit gives these actors, and nobody else, what the policies promise them.
// The embedded cloud needs not to be told: its policies have variables.
func (c *Cloud) Admit(t testing.TB, actors ...omni.Actor) {
	t.Helper()
	if c.rgw == nil {
		return
	}
	if err := c.rgw.Admit(t.Context(), c.Set, actors...); err != nil {
		t.Fatal(err)
	}
}

// Version switches the versioning of a class's bucket on, as it is on AWS. The
// embedded cloud has none.
func (c *Cloud) Version(t testing.TB, class service.Class) {
	t.Helper()
	if c.rgw == nil {
		return
	}
	if err := c.rgw.Version(t.Context(), Bucket(class)); err != nil {
		t.Fatal(err)
	}
}

// RoleARN is the role's resource name.
func RoleARN(name string) string { return "arn:aws:iam::" + Account + ":role/" + name }

// Role is the role for sessions of a class and access; empty when there is none.
func Role(class service.Class, a oidc.Access) string {
	switch {
	case class == service.Credentials && a == oidc.AccessProvision:
		return ProvisionRole
	case class == service.Credentials:
		return VaultRole
	case class == service.Memory && a != oidc.AccessProvision:
		return MemoryRole
	}
	return ""
}

// Bucket is the bucket of a class.
func Bucket(class service.Class) string {
	if class == service.Memory {
		return MemoryBucket
	}
	return VaultBucket
}

// Exchange mints a token and exchanges it for the session that it is for.
func (c *Cloud) Exchange(ctx context.Context, r oidc.Request) (sts.Credentials, error) {
	token, _, err := c.Issuer.Mint(r)
	if err != nil {
		return sts.Credentials{}, err
	}
	return c.STS.Exchange(ctx, sts.ExchangeRequest{
		RoleARN: RoleARN(Role(r.Class, r.Access)), WebIdentityToken: token, SessionName: "test",
	})
}

// Maintain takes the maintenance role of a class with the keeper's keys, as the
// product does.
func (c *Cloud) Maintain(ctx context.Context, class service.Class) (sts.Credentials, error) {
	role := MaintenanceRole
	if class == service.Memory {
		role = MemoryMaintenanceRole
	}
	return c.STS.AssumeRole(ctx, sts.AssumeRequest{
		RoleARN: RoleARN(role), SessionName: "maintenance", Keys: c.Keeper,
		Tags: map[string]string{"agentkeys_class": string(class), "agentkeys_access": "maintenance"},
	})
}

// Store is the bucket of a class, without an identity.
func (c *Cloud) Store(t testing.TB, class service.Class) *blob.Store {
	t.Helper()
	return must[*blob.Store](t)(blob.New(blob.Config{Endpoint: c.Endpoint, Region: Region, Bucket: Bucket(class)}))
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
