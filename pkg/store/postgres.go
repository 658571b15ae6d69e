package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// ErrNotDurable says that a PostgreSQL server would acknowledge what is not on
// its disk, or cannot be written at all.
var ErrNotDurable = errors.New("store: the PostgreSQL server does not keep what it acknowledges")

// ErrPlaintext says that the way to a PostgreSQL server on another machine
// would not be encrypted, or lead to anybody.
var ErrPlaintext = errors.New("store: PostgreSQL on another machine needs sslmode=verify-full")

const (
	// postgresPatience bounds a connection attempt and a wait for a lock.
	postgresPatience = 5 * time.Second
	// postgresSilence is how long a writer waits for one answer of the server
	// before it gives the connection up, and how long the server lets a
	// transaction of a process that hangs hold its locks.
	postgresSilence = 2 * postgresPatience
	// postgresVersion is the oldest server that knows all SQL in use.
	postgresVersion = 140000
)

// OpenPostgresWriter opens a PostgreSQL database (14 or later) for one writer,
// with the durability that this package promises whatever the defaults of the
// server are, and brings its schema up to date by the numbered *.sql files of
// dir, all or none, once even when many processes start together. Tables are
// made in the first schema of the search path. dsn is a connection string or URL
// as libpq knows them; errors do not repeat it. It has one connection, which a
// pooler may share between sessions, not between transactions. Errors:
// ErrNotDurable, ErrPlaintext, ErrSchema.
func OpenPostgresWriter(ctx context.Context, dsn string, steps fs.FS, dir string) (*sql.DB, error) {
	return openPostgresWriter(ctx, dsn, steps, dir, "schema_steps")
}

// openPostgresWriter keeps the history of the schema in a table of that name.
func openPostgresWriter(ctx context.Context, dsn string, steps fs.FS, dir, history string) (*sql.DB, error) {
	list, err := migrations(steps, dir)
	if err != nil {
		return nil, err
	}
	// A migration may take long without a word.
	patient, err := openPostgres(dsn, true, nil)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(migratePostgres(ctx, patient, list, history), patient.Close()); err != nil {
		return nil, err
	}
	db, err := openPostgres(dsn, true, impatient{})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// OpenPostgresReaders opens the same database for reading: up to n connections,
// none of which can write.
func OpenPostgresReaders(dsn string, n int) (*sql.DB, error) {
	db, err := openPostgres(dsn, false, nil)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// Rebind writes the placeholders of SQL as PostgreSQL knows them: the n-th
// question mark, of which none may stand in a literal, becomes $n.
func Rebind(text string) string {
	var out strings.Builder
	n := 0
	for _, r := range text {
		if r != '?' {
			out.WriteRune(r)
			continue
		}
		n++
		out.WriteString("$" + strconv.Itoa(n))
	}
	return out.String()
}

// Array is a parameter of an array's type for a []int64, []string or [][]byte.
func Array(list any) driver.Valuer { return pq.Array(list) }

// Again reports whether PostgreSQL undid a transaction only because of others
// that ran beside it: a deadlock or a failed serialization (40P01, 40001).
func Again(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && (e.SQLState() == "40P01" || e.SQLState() == "40001")
}

func openPostgres(dsn string, write bool, dialer pq.Dialer) (*sql.DB, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, errors.New("the connection string of PostgreSQL is not valid") // its error may repeat the password
	}
	if err := checkWay(config); err != nil {
		return nil, err
	}
	if config.ConnectTimeout <= 0 {
		config.ConnectTimeout = postgresPatience
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	if dialer != nil {
		connector.Dialer(dialer)
	}
	return sql.OpenDB(sessions{connector, write}), nil
}

// checkWay: what is not verified may be read and changed by whoever is between.
func checkWay(c pq.Config) error {
	hosts := append([]pq.ConfigMultihost{{Host: c.Host, Hostaddr: c.Hostaddr}}, c.Multi...)
	for _, h := range hosts {
		switch ip, err := netip.ParseAddr(h.Host); {
		case c.SSLMode == pq.SSLModeVerifyFull:
		case h.Hostaddr.IsValid() && h.Hostaddr.IsLoopback():
		case h.Hostaddr.IsValid():
			return ErrPlaintext
		case strings.HasPrefix(h.Host, "/") || strings.HasPrefix(h.Host, "@"): // a socket of this machine
		case h.Host == "localhost", err == nil && ip.IsLoopback():
		default:
			return ErrPlaintext
		}
	}
	return nil
}

// sessions sets up and checks each connection: after a failover it may lead to
// another server than the one before.
type sessions struct {
	*pq.Connector
	write bool
}

// Connect implements driver.Connector.
func (s sessions) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (s sessions) prepare(ctx context.Context, c driver.Conn) error {
	x, ok := c.(driver.ExecerContext)
	q, ok2 := c.(driver.QueryerContext)
	if !ok || !ok2 {
		return errors.New("the driver of PostgreSQL has no sessions")
	}
	if !s.write {
		_, err := x.ExecContext(ctx, "SET default_transaction_read_only = on", nil)
		return err
	}
	// What a writer asks for has an index: a plan that was made while the table was
	// small must not read all of it when it no longer is.
	if _, err := x.ExecContext(ctx, fmt.Sprintf(`
SET synchronous_commit = on;
SET default_transaction_isolation = 'read committed';
SET enable_seqscan = off;
SET lock_timeout = %d;
SET idle_in_transaction_session_timeout = %d`, postgresPatience.Milliseconds(), postgresSilence.Milliseconds()), nil); err != nil {
		return fmt.Errorf("set up a session: %w", err)
	}
	rows, err := q.QueryContext(ctx, sqlPromises, nil)
	if err != nil {
		return fmt.Errorf("look at the server's settings: %w", err)
	}
	got := make([]driver.Value, 4)
	if err := errors.Join(rows.Next(got), rows.Close()); err != nil {
		return fmt.Errorf("look at the server's settings: %w", err)
	}
	text := func(i int) string {
		if b, ok := got[i].([]byte); ok {
			return string(b)
		}
		return fmt.Sprint(got[i])
	}
	return promises{text(0), text(1), text(2), text(3)}.check()
}

// sqlPromises asks for what durability rests on.
const sqlPromises = `
SELECT current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery()::text, current_setting('server_version_num')`

type promises struct{ fsync, commit, recovery, version string }

func (p promises) check() error {
	version, err := strconv.Atoi(p.version)
	switch {
	case p.fsync != "on":
		return fmt.Errorf("%w: its fsync is %s", ErrNotDurable, p.fsync)
	case p.commit != "on":
		return fmt.Errorf("%w: synchronous_commit is %s in this session", ErrNotDurable, p.commit)
	case p.recovery != "false":
		return fmt.Errorf("%w: it is a standby", ErrNotDurable)
	case err != nil || version < postgresVersion:
		return fmt.Errorf("PostgreSQL is version %s, older than %d", p.version, postgresVersion)
	}
	return nil
}

// CheckPostgres repeats, within a transaction of a writer, the checks that each
// of its connections began with: a server's fsync can be turned off while it
// runs. Errors: ErrNotDurable.
func CheckPostgres(ctx context.Context, t *sql.Tx) error {
	var p promises
	if err := t.QueryRowContext(ctx, sqlPromises).Scan(&p.fsync, &p.commit, &p.recovery, &p.version); err != nil {
		return fmt.Errorf("look at the server's settings: %w", err)
	}
	return p.check()
}
