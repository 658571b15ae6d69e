// Package cred is the worker for the data class credentials. It trusts nobody.
//
// Laws: those of pkg/worker, which decides over every call; and the object key is
// built from the capability's actor and service, never from anything else that the
// caller sent. It holds no key that opens anything: the signer gives out the data
// key of one object for one proven request.
package cred

import (
	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
)

// name is that of the role, under which its events are told.
const name = "cred"

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
	httpd.Handle(m, "POST", api.PathCredStore, w.policy(service.CredStore), worker.Done(w.Worker, w.store), worker.Seals()...)
	httpd.Handle(m, "POST", api.PathCredFetch, w.policy(service.CredFetch), worker.Done(w.Worker, w.fetch), worker.Opens()...)
	httpd.Handle(m, "POST", api.PathCredList, w.policy(service.CredList), worker.Done(w.Worker, w.list), worker.Touches()...)
	httpd.Handle(m, "POST", api.PathCredTeardown, w.policy(service.CredTeardown), worker.Done(w.Worker, w.teardown), worker.Touches()...)
}
