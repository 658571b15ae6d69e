package journal_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

// databasesEnv lists what the suite runs on besides SQLite, separated by commas:
// postgres:DSN, or postgres:DIRECTORY with the programs of PostgreSQL, from which
// a server is started.
const databasesEnv = "AGENTKEYS_TEST_DATABASES"

// postgresServers are the servers of databasesEnv.
func postgresServers(t testing.TB) []string {
	t.Helper()
	var out []string
	for entry := range strings.SplitSeq(os.Getenv(databasesEnv), ",") {
		name, where, _ := strings.Cut(entry, ":")
		switch {
		case entry == "", entry == "sqlite": // always runs
		case name == "postgres" && where != "":
			out = append(out, where)
		default:
			t.Fatalf("%s: %q is neither sqlite nor postgres:DSN nor postgres:DIRECTORY", databasesEnv, entry)
		}
	}
	return out
}

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
