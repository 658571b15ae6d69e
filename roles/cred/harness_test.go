package cred_test

import (
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
	"github.com/litentry/agentkeys/roles/cred"
)

const (
	credURL = "http://127.0.0.1:9094"
	octets  = "application/octet-stream"
)

type (
	person = workertest.Person
	op     = workertest.Op
	call   = workertest.Call
	world  struct{ *workertest.World }
)

var ops = []op{
	{Path: api.PathCredStore, Action: service.CredStore, Service: "github", Body: []byte(workertest.Secret), Media: octets},
	{Path: api.PathCredFetch, Action: service.CredFetch, Service: "github"},
	{Path: api.PathCredList, Action: service.CredList, Service: "*"},
	{Path: api.PathCredTeardown, Action: service.CredTeardown, Service: "github"},
}

// suite is the worker as it is tested.
func suite(t testing.TB) workertest.Suite {
	return workertest.Suite{
		Kind: worker.Kind{Role: "cred", Class: service.Credentials, CapKeysFlag: "cap-keys"},
		URL:  credURL, Bucket: cloudtest.VaultBucket, Clock: time.Now, Log: refused.Log(), Ops: ops,
		New: func(e role.Env, p worker.Parts) (workertest.Routes, error) { return cred.New(e, p) },
		Cloud: func(t testing.TB, now func() time.Time) workertest.Storage {
			c := cloudtest.Kinds(t, "")[0].Start(t, now, time.Now)
			return workertest.Storage{Endpoint: c.Endpoint, Exchange: c.Exchange}
		},
		Object:       func(a omni.Actor, o op) blob.Key { return blob.CredentialKey(a, name(t, o.Service)) },
		Grants:       []chain.Grant{{Service: name(t, "github"), Ops: service.AllOps}},
		OtherGrants:  []chain.Grant{{Service: name(t, "memory:notes"), Ops: service.AllOps}},
		Other:        service.Action{Class: service.Memory, Op: service.OpFetch, Needs: service.Read},
		OtherService: "memory:notes",
	}
}

// TestCalls holds the worker to what every worker's calls must do.
func TestCalls(t *testing.T) { workertest.Run(t, suite(t)) }

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{suite(t).World(t)}
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

func name(t testing.TB, s string) service.Name {
	t.Helper()
	return must[service.Name](t)(service.Parse(s))
}
