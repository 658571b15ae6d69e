//go:build unix

package journal_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/store"
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
		t.Run("damage", func(t *testing.T) { t.Parallel(); damage(t, s.Fresh(t)) })
		t.Run("requests of older rows", func(t *testing.T) { t.Parallel(); olderRows(t, s.Fresh(t)) })
		t.Run("beside the state of another deployment", func(t *testing.T) { t.Parallel(); besideAnother(t, s.Fresh(t), s.Fresh(t)) })
		t.Run("looked at beside the state of a role", func(t *testing.T) { t.Parallel(); lookBeside(t, s.Fresh(t)) })
		t.Run("a process killed", func(t *testing.T) { t.Parallel(); killedProcess(t, postgresPrefix+s.Fresh(t)) })
		if !s.Own() {
			continue // nobody's to be changed or killed
		}
		t.Run("a server of its own", func(t *testing.T) {
			t.Parallel()
			s := postgrestest.Connect(t, where)
			t.Run("two users", func(t *testing.T) { twoUsers(t, s) })
			t.Run("without fsync", func(t *testing.T) { unsafeServer(t, s) })
			t.Run("the answer of a commit is lost", func(t *testing.T) { lostCommit(t, s) })
			t.Run("killed", func(t *testing.T) { killedServer(t, s) })
		})
	}
}

// besideAnother: a journal and the state of roles in one schema are of one deployment,
// whichever was there first.
func besideAnother(t *testing.T, journalFirst, stateFirst string) {
	for _, dsn := range []string{journalFirst, stateFirst} {
		j := openPostgres(t, dsn, time.Now)
		defer j.Close()
		state, err := store.OpenPostgres(t.Context(), dsn, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer state.Close()
		all := [2]interface {
			Claim(context.Context, string) error
		}{j, state}
		if dsn == stateFirst {
			all[0], all[1] = all[1], all[0]
		}
		for i, c := range []struct {
			name string
			want error
		}{{"one", nil}, {"two", store.ErrDeployment}, {"one", nil}} {
			if err := all[min(i, 1)].Claim(t.Context(), c.name); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("claim %d: %v", i, err)
			}
		}
	}
}

// damage: what somebody did to the rows of one operator is named, and is not
// the trouble of others who append at the same time.
func damage(t *testing.T, dsn string) {
	j, ctx, raw := openPostgres(t, dsn, time.Now), context.Background(), postgrestest.Raw(t, dsn)
	defer raw.Close()
	defer j.Close()
	mine, theirs := journaltest.Operator(1), journaltest.Operator(2)
	for i := range 3 {
		if _, err := j.Append(ctx, journaltest.Entry(mine, fmt.Sprint(i)), journaltest.Entry(theirs, fmt.Sprint("t", i))); err != nil {
			t.Fatal(err)
		}
	}
	id := mine.Bytes()
	change := func(text string) {
		t.Helper()
		if _, err := raw.ExecContext(ctx, text, id[:]); err != nil {
			t.Fatal(err)
		}
	}
	named := func(what string, err error, position uint64) {
		t.Helper()
		var d *journal.Damage
		if !errors.As(err, &d) || d.Operator != mine || d.Position != position {
			t.Errorf("%s: %v", what, err)
		}
	}
	change("UPDATE heads SET position = 2 WHERE operator = $1")
	errs := make(chan error, 2)
	go func() { _, err := j.Append(ctx, journaltest.Entry(mine, "new")); errs <- err }()
	go func() { _, err := j.Append(ctx, journaltest.Entry(theirs, "t3")); errs <- err }()
	one, two := <-errs, <-errs
	if one == nil {
		one, two = two, one
	}
	if two != nil || apierr.CodeOf(one) != apierr.AuditUnavailable {
		t.Error(one, two)
	}
	named("append", one, 3)
	_, err := j.Verify(ctx, mine)
	named("verify", err, 2)
	change("UPDATE heads SET position = 3 WHERE operator = $1")
	if _, err := j.Append(ctx, journaltest.Entry(mine, "new")); err != nil {
		t.Error("the twin without the fault:", err)
	}
	change("UPDATE entries SET service = 'gitlab' WHERE operator = $1 AND position = 2")
	_, err = j.Verify(ctx, mine)
	named("verify", err, 2)
	if h, err := j.Verify(ctx, theirs); err != nil || h.Position != 4 {
		t.Error(h, err)
	}
}

// olderRows: what an earlier version wrote is found by its request; what looks like
// one within a note is none.
func olderRows(t *testing.T, dsn string) {
	j, ctx, raw, o := openPostgres(t, dsn, time.Now), context.Background(), postgrestest.Raw(t, dsn), journaltest.Operator(1)
	defer raw.Close()
	asked, note := journaltest.Entry(o, "asked"), journaltest.Entry(o, "note")
	asked.Event.RequestID = "r2"
	note.Event.Emitter, note.Event.Result, note.Event.Note = audit.EmitterAgent, audit.Noted, `"request_id":"r2"`
	if _, err := j.Append(ctx, note, asked); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"DROP INDEX entries_request", "ALTER TABLE entries DROP COLUMN request", "DROP TABLE deployment", "DELETE FROM schema_steps WHERE version >= 4"} {
		if _, err := raw.ExecContext(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	j = openPostgres(t, dsn, time.Now)
	defer j.Close()
	list, err := j.Events(ctx, journal.Query{Operator: o, Request: "r2"})
	if err != nil || len(list) != 1 || list[0].Position != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := j.Verify(ctx, o); err != nil {
		t.Error(err)
	}
	// A process of the earlier version that still runs writes no row without its
	// request; the same row with it is written.
	const old = "operator, position, id, hash, record, received, source, sequence, actor, service, op, result, at"
	copied := func(columns, values string) error {
		_, err := raw.ExecContext(ctx, "INSERT INTO entries ("+columns+") SELECT operator, 3, decode(repeat('00', 16), 'hex'), hash, record, received, source, sequence, actor, service, op, result, at"+values+" FROM entries WHERE position = 2")
		return err
	}
	if err := copied(old, ""); err == nil || !strings.Contains(err.Error(), `null value in column "request"`) {
		t.Errorf("a row without its request: %v", err)
	}
	if err := copied(old+", request", ", request"); err != nil {
		t.Error(err)
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
