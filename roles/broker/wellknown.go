package broker

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
)

// wellKnownRoutes publishes the public halves: K2 for cloud storage, K1 for
// workers that pin it. K1 is never in the OIDC key set.
func (b *Broker) wellKnownRoutes(m *httpd.Mux) {
	httpd.Handle(m, "GET", oidc.PathDiscovery, httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (oidc.Discovery, error) {
		return b.issuer.Discovery(), nil
	})
	httpd.Handle(m, "GET", oidc.PathJWKS, httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (jose.JWKS, error) {
		return b.issuer.JWKS(), nil
	})
	httpd.Handle(m, "GET", api.PathCapJWKS, httpd.Public(), func(context.Context, httpd.Anyone, httpd.None) (jose.JWKS, error) {
		return b.capKeys, nil
	})
}
