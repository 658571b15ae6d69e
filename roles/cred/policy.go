package cred

import (
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
)

// granted is a call that passed every check.
type granted = worker.Granted[httpd.None]

// policy is pkg/worker's for an action of this class. A credential is named by the
// capability alone: no proof names it beside.
func (w *Worker) policy(a service.Action) httpd.Policy[granted] {
	return worker.Policy(w.Worker, worker.Route[httpd.None]{
		Action: a,
		Read:   func(c *httpd.Call) (httpd.None, error) { return httpd.None{}, shape(a, c) },
		Object: func(g captoken.Grant, _ []string) blob.Key { return blob.CredentialKey(g.Actor(), g.ServiceName()) },
	})
}

// shape refuses a store whose body is no credential, and a body where none
// belongs.
func shape(a service.Action, c *httpd.Call) error {
	media, _ := c.One("Content-Type")
	switch n := len(c.Body); {
	case a.Op != service.OpStore && n > 0:
		return apierr.New(apierr.InvalidInput, "this route takes no body")
	case a.Op != service.OpStore:
		return nil
	case n == 0:
		return apierr.New(apierr.InvalidInput, "an empty credential is not stored; to remove one: agentkeys cred teardown")
	case n > MaxCredential:
		return apierr.New(apierr.BodyTooLarge, "a credential has at most %d bytes, this one has %d", MaxCredential, n)
	case media != "application/octet-stream":
		return apierr.New(apierr.InvalidInput, "the credential must be sent once as Content-Type: application/octet-stream")
	}
	return nil
}
