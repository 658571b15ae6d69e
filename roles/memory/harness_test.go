package memory_test

import (
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
	"github.com/litentry/agentkeys/roles/memory"
)

const (
	memoryURL = "http://127.0.0.1:9095"
	octets    = "application/octet-stream"
)

type (
	person = workertest.Person
	op     = workertest.Op
	world  struct{ *workertest.World }
	call   struct{ *workertest.Call }
)

var ops = []op{
	{Path: api.PathMemoryPut, Action: service.MemoryPut, Service: "memory:notes", Key: "Todo.md", Body: []byte(workertest.Secret), Media: octets},
	{Path: api.PathMemoryGet, Action: service.MemoryGet, Service: "memory:notes", Key: "Todo.md"},
	{Path: api.PathMemoryList, Action: service.MemoryList, Service: "memory:notes", Body: []byte("{}"), Media: "application/json"},
	{Path: api.PathMemoryTeardown, Action: service.MemoryTeardown, Service: "memory:notes", Key: "Todo.md"},
}

// suite is the worker as it is tested.
func suite(t testing.TB) workertest.Suite {
	grant := func(svc string) chain.Grant { return chain.Grant{Service: name(t, svc), Ops: service.AllOps} }
	return workertest.Suite{
		Kind: worker.Kind{Role: "memory", Class: service.Memory, CapKeysFlag: "memory-cap-keys"},
		URL:  memoryURL, Bucket: cloudtest.MemoryBucket, Clock: time.Now, Log: refused.Log(), Ops: ops,
		New: func(e role.Env, p worker.Parts) (workertest.Routes, error) { return memory.New(e, p) },
		Cloud: func(t testing.TB, now func() time.Time) workertest.Storage {
			c := cloudtest.Kinds(t, "")[0].Start(t, now, time.Now)
			return workertest.Storage{Endpoint: c.Endpoint, Exchange: c.Exchange}
		},
		Object:      func(a omni.Actor, o op) blob.Key { return blob.MemoryKey(a, name(t, o.Service), memoryKey(t, o.Key)) },
		Grants:      []chain.Grant{grant("memory:notes"), grant("memory:jobs")},
		OtherGrants: []chain.Grant{grant("memory:other"), grant("github")},
		Other:       service.CredFetch, OtherService: "github",
		Faults: []workertest.Fault{
			{Name: "obj of another memory", Want: apierr.ProofObjectMismatch, Set: func(c *workertest.Call) { c.Proof.Objects = []string{"Todo.txt"} }},
			{Name: "obj of two", Want: apierr.ProofObjectMismatch, Set: func(c *workertest.Call) { c.Proof.Objects = append(c.Op.Objects(), "Other") }},
			{Name: "obj that is missing, or too much", Want: apierr.ProofObjectMismatch, Set: func(c *workertest.Call) {
				if c.Proof.Objects = nil; c.Op.Key == "" {
					c.Proof.Objects = []string{"Todo.md"}
				}
			}},
		},
	}
}

// TestCalls holds the worker to what every worker's calls must do.
func TestCalls(t *testing.T) { workertest.Run(t, suite(t)) }

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{suite(t).World(t)}
}

func (w *world) call(p *person, o op) *call { return &call{w.Call(p, o)} }

// object is how storage names a memory.
func (w *world) object(p *person, svc, key string) blob.Key {
	return w.Object(p.Actor, ops[0].Of(svc, key))
}

// bucketOf is the bucket with the session of a person.
func (w *world) bucketOf(p *person) *blob.Session { return w.Store().Open(p.Session) }

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

func memoryKey(t testing.TB, s string) service.MemoryKey {
	t.Helper()
	return must[service.MemoryKey](t)(service.ParseMemoryKey(s))
}
