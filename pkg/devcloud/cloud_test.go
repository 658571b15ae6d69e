package devcloud_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	region       = "eu-central-1"
	account      = "111122223333"
	vaultBucket  = "agentkeys-vault"
	memoryBucket = "agentkeys-memory"
	roleBase     = "arn:aws:iam::111122223333:role/"
	vaultRole    = roleBase + "agentkeys-vault"
	provRole     = roleBase + "agentkeys-vault-provision"
	maintRole    = roleBase + "agentkeys-vault-maintenance"
	memoryRole   = roleBase + "agentkeys-memory"
)

// clock is a clock that tests move.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
	fixed  time.Time // where it stands still, if anywhere
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.fixed.IsZero() {
		return c.fixed
	}
	return time.Now().Add(c.offset)
}

func (c *clock) stand(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fixed = at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// testIssuer publishes keys over HTTP and signs whatever it is told to.
type testIssuer struct {
	url   string
	clock *clock

	mu      sync.Mutex
	key     *ecdsa.PrivateKey
	keys    []map[string]any // what is published
	fetches int
	down    bool
	edit    func(discovery map[string]any)
}

func newTestIssuer(t testing.TB, c *clock) *testIssuer {
	i := &testIssuer{clock: c}
	i.rotate(t, elliptic.P256())
	i.keys = []map[string]any{jwk(i.key, "P-256")}
	srv := httptest.NewServer(i)
	t.Cleanup(srv.Close)
	i.url = srv.URL
	return i
}

func (i *testIssuer) rotate(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.key = k
	return k
}

func (i *testIssuer) fetched() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetches
}

func (i *testIssuer) publish(keys ...map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

func (i *testIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.down {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		d := map[string]any{
			"issuer": i.url, "jwks_uri": i.url + "/.well-known/jwks.json", "response_types_supported": []string{"id_token"},
			"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		}
		if i.edit != nil {
			i.edit(d)
		}
		_ = json.NewEncoder(w).Encode(d)
	case "/.well-known/jwks.json":
		i.fetches++
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
	default: // an error page may look like an answer
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
	}
}

func jwk(k *ecdsa.PrivateKey, crv string) map[string]any {
	b, err := k.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	half := (len(b) - 1) / 2
	return map[string]any{
		"kty": "EC", "crv": crv, "alg": "ES256", "use": "sig", "kid": "k",
		"x": b64(b[1 : 1+half]), "y": b64(b[1+half:]), "x5c": []string{"later"},
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// claims are those of a good token for a vault session of actor.
func (i *testIssuer) claims(actor omni.Actor, class service.Class, access string) map[string]any {
	now := i.clock.Now().Unix()
	names := []string{"agentkeys_actor_omni", "agentkeys_class", "agentkeys_access"}
	return map[string]any{
		"iss": i.url, "aud": "sts.amazonaws.com", "sub": actor.Key(), "jti": "j", "iat": now, "exp": now + 300,
		"https://aws.amazon.com/tags": map[string]any{
			"principal_tags": map[string][]string{
				names[0]: {actor.Key()}, names[1]: {string(class)}, names[2]: {access},
			},
			"transitive_tag_keys": names,
		},
	}
}

func (i *testIssuer) sign(header map[string]any, claims any) string {
	h, _ := json.Marshal(header)
	var c []byte
	if raw, ok := claims.(string); ok {
		c = []byte(raw)
	} else {
		c, _ = json.Marshal(claims)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return signJWS(i.key, h, c)
}

func signJWS(k *ecdsa.PrivateKey, header, payload []byte) string {
	text := b64(header) + "." + b64(payload)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
	if err != nil {
		panic(err)
	}
	size := (k.Curve.Params().BitSize + 7) / 8
	return text + "." + b64(append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...))
}

func (i *testIssuer) token(actor omni.Actor, class service.Class, access string) string {
	return i.sign(es256(), i.claims(actor, class, access))
}

func es256() map[string]any { return map[string]any{"alg": "ES256", "typ": "JWT", "kid": "k"} }

// stack is a running development cloud with its issuer and clients.
type stack struct {
	clock  *clock
	issuer *testIssuer
	cloud  *devcloud.Cloud
	dir    string
	url    string
	sts    *sts.Client
	config devcloud.Config
}

func newStack(t testing.TB, edit ...func(*devcloud.Config)) *stack {
	t.Helper()
	s := &stack{clock: &clock{}, dir: t.TempDir()}
	s.issuer = newTestIssuer(t, s.clock)
	s.config = config(t, s.issuer.url, s.dir, s.clock.Now)
	for _, e := range edit {
		e(&s.config)
	}
	cloud, err := devcloud.Open(s.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	s.cloud = cloud
	srv := httptest.NewServer(cloud.Handler())
	t.Cleanup(srv.Close)
	s.url = srv.URL
	if s.sts, err = sts.New(sts.Config{Endpoint: s.url, Region: region}); err != nil {
		t.Fatal(err)
	}
	return s
}

// config renders the product's own policies, for two classes.
func config(t testing.TB, issuer, dir string, now func() time.Time) devcloud.Config {
	t.Helper()
	provider, err := policy.ProviderOf(issuer)
	if err != nil {
		t.Fatal(err)
	}
	set, err := policy.Render(policy.Params{
		Partition: "aws", AccountID: account, Provider: provider,
		Classes: []policy.Class{
			{Class: service.Credentials, Bucket: vaultBucket, Role: "agentkeys-vault", ProvisionRole: "agentkeys-vault-provision", MaintenanceRole: "agentkeys-vault-maintenance"},
			{Class: service.Memory, Bucket: memoryBucket, Role: "agentkeys-memory"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return devcloud.Config{
		Dir: dir, Region: region, AccountID: account, Issuer: issuer, Roles: set.Roles, Buckets: set.Buckets, Now: now,
		Users:    []devcloud.User{ops(), {AccessKeyID: "AKIAOTHERUSER0000001", SecretAccessKey: secret.New([]byte("another/secret/of/a/user/0123456789")), Name: "other"}},
		KMSKeyID: kmsKeyID,
	}
}

const kmsKeyID = "1f0e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

// ops is the user who does maintenance.
func ops() devcloud.User {
	return devcloud.User{AccessKeyID: "AKIAOPERATIONS000001", SecretAccessKey: secret.New([]byte("operations/secret/0123456789abcdefgh")), Name: "ops"}
}

// exchange gets a session or fails the test.
func (s *stack) exchange(t testing.TB, role string, actor omni.Actor, class service.Class, access string) sts.Credentials {
	t.Helper()
	c, err := s.sts.Exchange(t.Context(), sts.ExchangeRequest{
		RoleARN: role, WebIdentityToken: s.issuer.token(actor, class, access), SessionName: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *stack) store(t testing.TB, bucket string) *blob.Store {
	t.Helper()
	b, err := blob.New(blob.Config{Endpoint: s.url, Region: region, Bucket: bucket})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func actor(t testing.TB, b byte) omni.Actor {
	t.Helper()
	a, err := omni.ActorFromBytes([32]byte{b, 31: b})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func svc(t testing.TB, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
