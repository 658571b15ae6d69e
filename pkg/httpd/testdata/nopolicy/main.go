// This program must not compile: its handler wants a verified caller, and the
// policy verifies nobody. TestRouteWithoutPolicyDoesNotCompile builds it.
package main

import (
	"context"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

type verified struct{ operator string }

func main() {
	s := httpd.New(httpd.Options{})
	httpd.Handle(s.Mux("x", apierr.LayerWorker, ""), "GET", "/x", httpd.Public(),
		func(context.Context, verified, httpd.None) (httpd.None, error) { return httpd.None{}, nil })
}
