//go:build unix

package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
	"github.com/litentry/agentkeys/pkg/store/storetest"
)

// servers calls f with each server that the environment names.
func servers(t *testing.T, f func(t *testing.T, s *postgrestest.Server)) {
	for entry := range strings.SplitSeq(os.Getenv("AGENTKEYS_TEST_DATABASES"), ",") {
		if where, ok := strings.CutPrefix(entry, "postgres:"); ok {
			f(t, postgrestest.Connect(t, where))
		}
	}
}

func open(t *testing.T, dsn string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.OpenPostgres(t.Context(), dsn, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPostgresStore runs the suite, and what several processes do, on PostgreSQL.
func TestPostgresStore(t *testing.T) {
	servers(t, func(t *testing.T, s *postgrestest.Server) {
		fresh := func(t *testing.T) storetest.Open {
			dsn := s.Fresh(t)
			return func(t *testing.T, now func() time.Time) *store.Store { return open(t, dsn, now) }
		}
		storetest.Run(t, fresh)
		storetest.RunReplicas(t, fresh)
	})
}
