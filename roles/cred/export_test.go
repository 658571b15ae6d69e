package cred

import (
	"context"

	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
)

// HandleVerifiedOnly registers the worker's policy with a handler that does
// nothing, to measure verification without data keys and storage.
func HandleVerifiedOnly(w *Worker, m *httpd.Mux, path string, a service.Action) {
	httpd.Handle(m, "POST", path, w.policy(a), func(context.Context, granted, httpd.None) (httpd.None, error) {
		return httpd.None{}, nil
	})
}
