package signer_test

import (
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/httpd/httpdtest"
	"github.com/litentry/agentkeys/roles/signer"
)

// refused is what the servers of this suite refuse.
var refused httpdtest.Refusals

func TestMain(m *testing.M) {
	os.Exit(refused.Run(m, func(s *httpd.Server) {
		new(signer.Signer).Routes(s.Mux("signer", apierr.LayerSigner, "http://localhost"))
	}, nil))
}
