package journal

import (
	"context"
	"path/filepath"
	"testing"
)

// beforeRequests takes a database back to the schema before it knew of requests.
var beforeRequests = []string{
	"DROP INDEX entries_request", "ALTER TABLE entries DROP COLUMN request", "DROP TABLE deployment", "DELETE FROM schema_steps WHERE version >= 4",
}

// TestOlderRowsLearnTheirRequest: what an earlier version wrote is found by its
// request, one without stays without, and what is no record is still told.
func TestOlderRowsLearnTheirRequest(t *testing.T) {
	t.Parallel()
	path, ctx := filepath.Join(t.TempDir(), "journal.db"), context.Background()
	j := openAt(t, path, atNoon)
	for i := 1; i <= 4; i++ {
		e := named(mine, i)
		if i == 2 {
			e.Event.RequestID = "r2"
		}
		if _, err := j.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, j, "UPDATE entries SET record = x'7b22' WHERE operator = $M AND position = 4")
	for _, text := range beforeRequests {
		exec(t, j, text)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = openAt(t, path, atNoon)
	list, err := j.Events(ctx, Query{Operator: mine, Request: "r2"})
	if err != nil || len(list) != 1 || list[0].Position != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := j.Events(ctx, Query{Operator: mine, Limit: 3}); err != nil || len(list) != 3 {
		t.Errorf("%+v %v", list, err)
	}
	// Its hash is what finds it out, not the step.
	if _, err := j.Verify(ctx, mine); err == nil || err.(*Damage).Position != 4 {
		t.Errorf("%v", err)
	}
}
