package isolation_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles"
)

// layered is a world whose storage can be had with the policies of a layer
// missing. The workers are the product's, served as by `agentkeys serve`; only
// what stands behind their storage endpoint changes.
type layered struct {
	*world
	clouds map[string]*devcloud.Cloud // by what is missing
	behind atomic.Pointer[http.Handler]
}

// workers are the roles that touch storage with the caller's session.
func workers() []string {
	var out []string
	for _, c := range classes() {
		if c.worker != "" {
			out = append(out, c.worker)
		}
	}
	return out
}

// apart leaves the workers to whoever serves them.
func apart(c *devstack.Config) { c.Apart = workers() }

func newLayered(t testing.TB, edit ...func(*profile.Cloud)) *layered {
	t.Helper()
	l := &layered{clouds: map[string]*devcloud.Cloud{}}
	l.world = newWorld(t, apart)
	for _, e := range edit {
		e(&l.Profile.Cloud)
	}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { (*l.behind.Load()).ServeHTTP(rw, r) }))
	t.Cleanup(front.Close)
	l.Profile.Cloud.S3Endpoint, l.Profile.Cloud.STSEndpoint = front.URL, front.URL
	for _, p := range l.everybody() {
		p.caller.STS = must[*sts.Client](t)(sts.New(sts.Config{Endpoint: front.URL, Region: l.Profile.Cloud.Region}))
	}
	l.without()
	for _, name := range workers() {
		l.serve(name)
	}
	return l
}

// serve serves a worker as the stack says, with the world's profile.
func (l *layered) serve(name string) {
	t := l.t
	all := roles.All()
	r := all[slices.IndexFunc(all, func(r role.Role) bool { return r.Name == name })]
	args := l.Apart[name]
	cfg := r.New()
	if err := role.Parse(cfg, args[slices.Index(args, "--replicated=false")+1:]...); err != nil {
		t.Fatal(err)
	}
	listen := func(addr string) net.Listener { return must[net.Listener](t)(net.Listen("tcp", addr)) }
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	o := role.Options{
		Roles: []role.Role{r}, Configs: []role.Config{cfg}, Registry: prometheus.NewRegistry(), Ready: func(string) { close(ready) },
		Listener: listen(strings.TrimPrefix(l.Profile.Hosts[name], "http://")), AdminListener: listen("127.0.0.1:0"),
	}
	o.Env = role.Env{Now: time.Now, Log: zerolog.Nop(), Metrics: o.Registry, Profile: l.Profile, Home: l.dir, CreateKeys: true}
	go func() { ended <- role.Serve(ctx, o) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("serving %s: %v", name, err)
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// The policies of a layer that is switched off.
const (
	anyTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"%s"},"Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"]}]}`
	anyRole  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":[%s]}]}`
	noBucket = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObjectVersion","Resource":"arn:aws:s3:::%s/*"}]}`
)

// without puts storage in which these layers are missing behind the workers and
// everybody else. Sessions are those of that storage.
func (l *layered) without(layers ...where) {
	t := l.t
	t.Helper()
	name := fmt.Sprint(layers)
	if l.clouds[name] == nil {
		l.clouds[name] = l.cloud(layers)
	}
	h := http.Handler(l.clouds[name].Handler())
	l.behind.Store(&h)
	l.sessions = memo[storage, sts.Credentials]{}
}

func (l *layered) cloud(layers []where) *devcloud.Cloud {
	t, c := l.t, l.Profile.Cloud
	params := must[policy.Params](t)(l.Profile.Policies())
	var set policy.Set
	var all []string
	for _, cl := range params.Classes { // each by itself: together they refuse to share a bucket
		one := params
		one.Classes = []policy.Class{cl}
		r := must[policy.Set](t)(policy.Render(one))
		set.ProviderARN, set.Roles = r.ProviderARN, append(set.Roles, r.Roles...)
		if i := slices.IndexFunc(set.Buckets, func(b policy.Bucket) bool { return b.Name == cl.Bucket }); i >= 0 {
			set.Buckets[i].Policy = fmt.Appendf(nil, noBucket, cl.Bucket)
			continue
		}
		set.Buckets = append(set.Buckets, r.Buckets...)
		all = append(all, fmt.Sprintf("%q,%q", "arn:aws:s3:::"+cl.Bucket, "arn:aws:s3:::"+cl.Bucket+"/*"))
	}
	for i := range set.Roles {
		if slices.Contains(layers, byRole) {
			set.Roles[i].Policy = fmt.Appendf(nil, anyRole, strings.Join(all, ","))
		}
		if slices.Contains(layers, byTrust) {
			set.Roles[i].Trust = fmt.Appendf(nil, anyTrust, set.ProviderARN)
		}
	}
	for i, b := range set.Buckets {
		if slices.Contains(layers, byBucket) {
			set.Buckets[i].Policy = fmt.Appendf(nil, noBucket, b.Name)
		}
	}
	cloud := must[*devcloud.Cloud](t)(devcloud.Open(devcloud.Config{
		Dir: t.TempDir(), Region: c.Region, AccountID: c.AccountID, Issuer: l.Profile.OIDCIssuer, Roles: set.Roles, Buckets: set.Buckets, Now: time.Now,
	}))
	t.Cleanup(func() { _ = cloud.Close() })
	return cloud
}
