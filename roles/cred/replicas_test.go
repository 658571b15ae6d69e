//go:build unix

package cred_test

import (
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/role/roletest"
	"github.com/litentry/agentkeys/pkg/worker"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
	"github.com/litentry/agentkeys/roles/cred"
)

// TestDatabases runs workers on SQLite, and on the PostgreSQL servers that the
// environment names.
func TestDatabases(t *testing.T) {
	workertest.Databases(t, suite(t), os.Getenv("AGENTKEYS_TEST_DATABASES"), func(t *testing.T, c worker.Config, e role.Env) (roletest.Opened, error) {
		own := cred.Config(c)
		return own.Open(t.Context(), e)
	})
}
