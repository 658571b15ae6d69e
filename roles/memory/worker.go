// Package memory is the worker for the data class memory: what an agent writes for
// itself, by namespace and key. It trusts nobody.
//
// Laws: those of pkg/worker, which decides over every call; the namespace comes from
// the capability and the key from the path, whose proof must name it too; the object
// key is built from the capability's actor. It holds no key that opens anything: the
// signer gives out the data key of one object for one proven request.
//
// Versions. Each value that is stored has a version, greater than that of the value
// it replaces and not below the milliseconds since 1970 of this worker's clock, so
// that it grows across a removal as well. It is bound into the envelope: an object
// with another version in its header does not open. No put overwrites a version that
// its worker has not seen, and of writers that name one present version one wins. A
// teardown under a condition is as exact as storage's own (blob.DeleteIfMatch): where
// that knows no condition on a removal, as Ceph RGW, a put between the worker's look
// and the removal is lost.
//
// What a version shows: whoever can write into the bucket can put an older genuine
// object back, and it opens. That is seen where a version is expected (If-Match on a
// get: precondition_failed) and by a caller who remembers what it saw (pkg/client),
// who sees as well that an object was taken away; without either it is not seen, and
// no worker or signer could tell. A clock of the
// worker that is set back makes a put after a removal look older than it is.
//
// Conditions stand in headers (RFC 9110 section 13.1), which the proof does not
// cover. Whoever could change them on the way, behind TLS, holds the storage session
// that travels beside them, and with it can remove the object or put an older one
// back for as long as it lasts: a condition that was stripped gives them nothing new.
package memory

import (
	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
)

// name is that of the role, under which its events are told.
const name = "memory"

// MaxValue is the largest value, in bytes.
const MaxValue = 1 << 20

// Parts are what a worker is built from.
type Parts = worker.Parts

// Worker is the running role.
type Worker struct{ *worker.Worker }

// New builds a worker. It owns nothing of p: who opened the parts closes them.
func New(e role.Env, p Parts) (*Worker, error) {
	w, err := worker.New(name, e, p)
	if err != nil {
		return nil, err
	}
	return &Worker{w}, nil
}

// Routes implements role.Service.
func (w *Worker) Routes(m *httpd.Mux) {
	httpd.Handle(m, "POST", api.PathMemoryPut+"/:key", w.keyed(service.MemoryPut, api.PathMemoryPut, readPut), worker.Done(w.Worker, w.put), worker.Seals(apierr.PreconditionFailed)...)
	httpd.Handle(m, "POST", api.PathMemoryGet+"/:key", w.keyed(service.MemoryGet, api.PathMemoryGet, readKnown), worker.Done(w.Worker, w.get), worker.Opens(apierr.PreconditionFailed)...)
	httpd.Handle(m, "POST", api.PathMemoryList, w.listing(), worker.Done(w.Worker, w.list), worker.Touches()...)
	httpd.Handle(m, "POST", api.PathMemoryTeardown+"/:key", w.keyed(service.MemoryTeardown, api.PathMemoryTeardown, readKnown), worker.Done(w.Worker, w.teardown), worker.Touches(apierr.PreconditionFailed)...)
}
