//go:build unix

package journal_test

import (
	"context"
	"fmt"
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
		if !s.Own() {
			continue // nobody's to be changed or killed
		}
		t.Run("a server of its own", func(t *testing.T) {
			t.Parallel()
			s := postgrestest.Connect(t, where)
			t.Run("without fsync", func(t *testing.T) { unsafeServer(t, s) })
			t.Run("the answer of a commit is lost", func(t *testing.T) { lostCommit(t, s) })
			t.Run("killed", func(t *testing.T) { killedServer(t, s) })
		})
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

// BenchmarkPostgres is BenchmarkAppend on the servers that the environment names,
// by one process and by two.
func BenchmarkPostgres(b *testing.B) {
	for i, where := range postgresServers(b) {
		s := postgrestest.Connect(b, where)
		for _, processes := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d/processes=%d", i, processes), func(b *testing.B) {
				benchmarkAppend(b, func(b *testing.B) []*journal.Journal {
					dsn := s.Fresh(b)
					var js []*journal.Journal
					for range processes {
						js = append(js, openAs(b, postgresPrefix+dsn))
					}
					return js
				})
			})
		}
	}
}
