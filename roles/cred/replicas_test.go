//go:build unix

package cred_test

import (
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/worker/workertest"
)

// TestDatabases runs workers on SQLite, and on the PostgreSQL servers that the
// environment names.
func TestDatabases(t *testing.T) {
	workertest.Databases(t, suite(t), os.Getenv("AGENTKEYS_TEST_DATABASES"), configured)
}
