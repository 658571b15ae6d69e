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

// unseen takes somebody who writes into the database behind the role's back.
var unseen = httpdtest.Unseen{
	"POST /v1/audit/emit": {apierr.JournalDamaged: "a head that was set back: the tests of tampering in pkg/journal"},
}

func TestMain(m *testing.M) {
	os.Exit(refused.Run(m, func(s *httpd.Server) { new(audit.Audit).Routes(s.Mux("audit", apierr.LayerAudit, "http://localhost")) }, unseen))
}
