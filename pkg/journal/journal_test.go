package journal_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

func TestSQLite(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journaltest.Open {
		path := filepath.Join(t.TempDir(), "journal.db")
		return func(t *testing.T, now func() time.Time) *journal.Journal {
			j, err := journal.OpenSQLite(context.Background(), path, now)
			if err != nil {
				t.Fatal(err)
			}
			return j
		}
	})
}
