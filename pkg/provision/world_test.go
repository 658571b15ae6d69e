package provision_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	account = "111122223333"
	issuer  = "http://broker.localhost:8091"
)

func admin() devcloud.User {
	return devcloud.User{AccessKeyID: "AKIAADMINISTRATOR0001", SecretAccessKey: secret.New([]byte("administrator/secret/0123456789ab")), Name: "admin"}
}

func keysOf(u devcloud.User) sts.StaticKeys {
	return sts.StaticKeys{AccessKeyID: u.AccessKeyID, SecretAccessKey: u.SecretAccessKey}
}

// world is an account that starts empty.
type world struct {
	dir, url, region string
	cloud            *devcloud.Cloud
	config           devcloud.Config
}

func newWorld(t testing.TB, region string) *world {
	t.Helper()
	who := admin()
	w := &world{dir: t.TempDir(), region: region}
	w.config = devcloud.Config{
		Dir: w.dir, Region: region, AccountID: account, Issuer: issuer, Now: time.Now, Administrator: &who,
		Users: []devcloud.User{{AccessKeyID: "AKIASOMEBODYELSE00001", SecretAccessKey: secret.New([]byte("another/secret/of/a/user/0123456789")), Name: "other"}},
	}
	w.open(t)
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.cloud.Handler().ServeHTTP(rw, r) }))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

func (w *world) open(t testing.TB) {
	t.Helper()
	cloud, err := devcloud.Open(w.config)
	if err != nil {
		t.Fatal(err)
	}
	w.cloud = cloud
	t.Cleanup(func() { _ = cloud.Close() })
}

func (w *world) clientConfig() provision.Config {
	return provision.Config{Region: w.region, AccountID: account, IAMEndpoint: w.url, S3Endpoint: w.url, STSEndpoint: w.url, Keys: keysOf(admin())}
}

func (w *world) client(t testing.TB, edit ...func(*provision.Config)) *provision.Client {
	t.Helper()
	cfg := w.clientConfig()
	for _, e := range edit {
		e(&cfg)
	}
	c, err := provision.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// params are those of the development stack, in words of their own.
func params(partition string) policy.Params {
	return policy.Params{
		Partition: partition, AccountID: account, Provider: strings.TrimPrefix(issuer, "http://"),
		Classes: []policy.Class{
			{Class: service.Credentials, Bucket: "acme-vault", Role: "acme-vault", ProvisionRole: "acme-provision", MaintenanceRole: "acme-maintenance"},
			{Class: service.Memory, Bucket: "acme-memory", Role: "acme-memory"},
		},
	}
}

func want(t testing.TB, edit ...func(*policy.Params)) provision.Want {
	t.Helper()
	p := params("aws")
	for _, e := range edit {
		e(&p)
	}
	set, err := policy.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := policy.RenderArchive(policy.ArchiveParams{Partition: p.Partition, AccountID: account, Bucket: "acme-audit", User: "archiver"})
	if err != nil {
		t.Fatal(err)
	}
	return provision.Want{Issuer: issuer, Set: set, Archive: &archive}
}

func plan(t testing.TB, c *provision.Client, w provision.Want) *provision.Plan {
	t.Helper()
	p, err := c.Plan(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func apply(t testing.TB, c *provision.Client, w provision.Want) []string {
	t.Helper()
	var done []string
	if err := plan(t, c, w).Apply(t.Context(), func(ch provision.Change) { done = append(done, text(ch)) }); err != nil {
		t.Fatal(err)
	}
	return done
}

// text is a change in one line.
func text(c provision.Change) string {
	sign := "~ "
	if c.New {
		sign = "+ "
	}
	return sign + c.Resource + ": " + c.Setting
}

func texts(p *provision.Plan) (out []string) {
	for _, c := range p.Changes {
		out = append(out, text(c))
	}
	return out
}

// cut is a transport that stops at one call: it never arrives, or its answer
// never comes back. Then everything stops, as when the program is killed.
type cut struct {
	at     int
	answer bool // the call arrives
	stop   context.CancelFunc

	mu    sync.Mutex
	calls int
}

func (c *cut) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	n := c.calls
	c.calls++
	c.mu.Unlock()
	if n < c.at {
		return http.DefaultTransport.RoundTrip(r)
	}
	if n == c.at && c.answer {
		// Not under the context that ends: the cloud hears it.
		resp, err := http.DefaultTransport.RoundTrip(r.Clone(context.WithoutCancel(r.Context())))
		if err == nil {
			_ = resp.Body.Close()
		}
	}
	c.stop()
	return nil, context.Canceled
}
