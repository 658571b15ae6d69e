package audit_test

import (
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/httpd/httpdtest"
	"github.com/litentry/agentkeys/roles/audit"
)

// refused is what the servers of this suite refuse.
var refused httpdtest.Refusals

func TestMain(m *testing.M) {
	os.Exit(refused.Run(m, func(s *httpd.Server) { new(audit.Audit).Routes(s.Mux("audit", apierr.LayerAudit, "http://localhost")) }, nil))
}
