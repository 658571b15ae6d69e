//go:build unix

package journal_test

import (
	"context"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/store/postgrestest"
)

// TestPostgres runs the suite, and what several processes do, on the servers
// that the environment names; the database of each part is its own.
func TestPostgres(t *testing.T) {
	for _, where := range postgresServers(t) {
		s := postgrestest.Connect(t, where)
		t.Run("suite", func(t *testing.T) {
			journaltest.Run(t, func(t *testing.T) journaltest.Open {
				dsn := s.Fresh(t)
				return func(t *testing.T, now func() time.Time) *journal.Journal { return openPostgres(t, dsn, now) }
			})
		})
		t.Run("processes", func(t *testing.T) { t.Parallel(); processes(t, s.Fresh(t)) })
		t.Run("one identifier in two processes", func(t *testing.T) { t.Parallel(); oneIdentifier(t, s.Fresh(t)) })
		t.Run("a lease of two processes", func(t *testing.T) { t.Parallel(); oneLease(t, s.Fresh(t)) })
		t.Run("a process killed", func(t *testing.T) { t.Parallel(); killedProcess(t, postgresPrefix+s.Fresh(t)) })
	}
}

func openPostgres(t testing.TB, dsn string, now func() time.Time) *journal.Journal {
	t.Helper()
	j, err := journal.OpenPostgres(context.Background(), dsn, now)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
