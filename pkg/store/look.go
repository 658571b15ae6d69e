package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/litentry/agentkeys/pkg/files"
)

// Standing is how a database stood when somebody looked at it, before it is opened.
type Standing struct {
	// Taken and Missing are steps of its schema: those that it has, and those that
	// whoever opens it takes. A database that is not there has none.
	Taken, Missing int
	// Claimed: the deployment that was named has it. Otherwise nobody has.
	Claimed bool
}

// Would says in words what a start would do to the database, or nothing.
func (s Standing) Would() string {
	does := ""
	switch {
	case s.Taken == 0:
		does = "made"
	case s.Missing == 1:
		does = "migrated by 1 step"
	case s.Missing > 0:
		does = fmt.Sprintf("migrated by %d steps", s.Missing)
	}
	switch {
	case s.Claimed:
		return does
	case does == "":
		return "claimed"
	}
	return does + " and claimed"
}

// LookSQLite is how the file of a [Store] stands; see [LookSQLiteFile].
func LookSQLite(ctx context.Context, path, deployment string) (Standing, error) {
	return LookSQLiteFile(ctx, path, migrationFiles, "migrations/sqlite", deployment)
}

// LookPostgres is how the tables of a [Store], and of [Proofs], stand; see
// [LookPostgresTables].
func LookPostgres(ctx context.Context, dsn, deployment string) (Standing, error) {
	return lookPostgres(ctx, dsn, migrationFiles, "migrations/postgres", stateSteps, deployment)
}

// LookSQLiteFile tells how a database file stands for which [OpenSQLiteFile] has those
// steps, and writes nothing, also where there is none. Errors: ErrSchema,
// ErrDeployment.
func LookSQLiteFile(ctx context.Context, path string, steps fs.FS, dir, deployment string) (_ Standing, err error) {
	list, err := migrations(steps, dir)
	if err != nil {
		return Standing{}, err
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return Standing{Missing: len(list)}, nil
	}
	if err := files.Check(path); err != nil {
		return Standing{}, err
	}
	db, err := sql.Open("sqlite", lookDSN(path))
	if err != nil {
		return Standing{}, err
	}
	defer func() {
		if err = errors.Join(err, db.Close()); err != nil {
			err = fmt.Errorf("look at %s: %w", path, err)
		}
	}()
	t, err := db.BeginTx(ctx, nil) // one state of it
	if err != nil {
		return Standing{}, err
	}
	defer func() { _ = t.Rollback() }()
	return look{t, `SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`, "schema_steps"}.at(ctx, list, deployment)
}

// lookDSN makes no file. Of a log beside the database, which whoever serves from it
// has or one that died has left, something may not be in the database yet.
func lookDSN(path string) string {
	q := url.Values{"mode": {"ro"}, "_busy_timeout": {"5000"}, "_pragma": {"query_only(on)", "trusted_schema(off)"}}
	if _, err := os.Lstat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		q.Set("immutable", "1")
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

// LookPostgresTables tells how the tables stand for which [OpenPostgresWriter] has
// those steps, in a session that cannot write. Errors: ErrNotDurable, ErrPlaintext,
// ErrSchema, ErrDeployment, ErrNotGranted.
func LookPostgresTables(ctx context.Context, dsn string, steps fs.FS, dir, deployment string) (Standing, error) {
	return lookPostgres(ctx, dsn, steps, dir, "schema_steps", deployment)
}

func lookPostgres(ctx context.Context, dsn string, steps fs.FS, dir, history, deployment string) (_ Standing, err error) {
	list, err := migrations(steps, dir)
	if err != nil {
		return Standing{}, err
	}
	db, err := openPostgres(dsn, false, impatient{})
	if err != nil {
		return Standing{}, err
	}
	defer func() {
		if err = errors.Join(err, db.Close()); err != nil {
			err = fmt.Errorf("look at the database: %w", err)
		}
	}()
	// The driver begins READ WRITE, whatever the session is, unless it is told.
	t, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return Standing{}, err
	}
	defer func() { _ = t.Rollback() }()
	if _, err := t.ExecContext(ctx, `SET LOCAL synchronous_commit = on`); err != nil { // as in each session of a writer
		return Standing{}, err
	}
	if err := CheckPostgres(ctx, t); err != nil {
		return Standing{}, err
	}
	// Tables are made in the first schema of the search path, whatever lies behind it.
	s, err := look{t, `SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1`, history}.at(ctx, list, deployment)
	if err != nil {
		return Standing{}, err
	}
	// A start asks for its tables to be made also where they are.
	var may bool
	if err := t.QueryRowContext(ctx, `SELECT COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE)`).Scan(&may); err != nil {
		return Standing{}, err
	}
	if !may {
		return Standing{}, errors.New("no schema of its search path is there, or the database user may not make tables in the first one")
	}
	return s, nil
}

// look is one transaction that reads.
type look struct {
	*sql.Tx
	counts  string // the SQL that counts tables of a name
	history string // the table of the steps taken
}

func (l look) at(ctx context.Context, steps []migration, deployment string) (Standing, error) {
	if err := checkTexts(deployment); err != nil {
		return Standing{}, fmt.Errorf("the name of the deployment: %w", err)
	}
	var done []migration
	there, err := l.has(ctx, l.history)
	if err == nil && there {
		done, err = appliedSteps(ctx, l.Tx, l.history)
	}
	if err != nil {
		return Standing{}, err
	}
	left, err := missing(done, steps)
	if err != nil {
		return Standing{}, err
	}
	s := Standing{Taken: len(done), Missing: len(left)}
	if there, err = l.has(ctx, "deployment"); err != nil || !there {
		return s, err
	}
	owner, err := ownerOf(ctx, l.Tx)
	if err != nil {
		return Standing{}, err
	}
	s.Claimed = owner != ""
	return s, compare(owner, deployment)
}

func (l look) has(ctx context.Context, table string) (bool, error) {
	var n int
	err := l.QueryRowContext(ctx, l.counts, table).Scan(&n)
	return n > 0, err
}
