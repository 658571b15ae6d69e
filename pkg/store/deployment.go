package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// ErrDeployment is wrapped when a database belongs to another deployment than the one
// that looks at it or claims it. Nothing is changed then.
var ErrDeployment = errors.New("the database belongs to another deployment")

// ErrNotGranted is wrapped when tables of several database users lie in one schema of
// PostgreSQL, and this one may not read or say whose the schema is.
var ErrNotGranted = errors.New("the table deployment belongs to another database user, who has to GRANT SELECT, INSERT ON deployment TO the one that was named here")

// Claim makes a database that of the named deployment, for ever, by whoever comes
// first: what one must not forget, such as nonces, uses, counters of limits and
// journals of operators, would be another's as well. So it is claimed when nothing else
// is left that could refuse; who looks before (see [Standing]) is refused sooner. The
// name is not empty; pkg/role makes it of the chain and the registry. db has a table
// deployment (id, name), which the migrations of this package and of the journal make;
// bind writes the placeholders as it knows them. Any number of processes may call at
// once. Errors: ErrDeployment, ErrNotGranted.
func Claim(ctx context.Context, db *sql.DB, bind func(string) string, deployment string) error {
	if err := checkTexts(deployment); err != nil {
		return fmt.Errorf("claim the database: the name of the deployment: %w", err)
	}
	owner, err := ownerOf(ctx, db)
	if err == nil && owner == "" {
		// Who comes second waits for the first to commit, and reads what that one wrote.
		_, err = db.ExecContext(ctx, bind(`INSERT INTO deployment (id, name) VALUES (1, ?) ON CONFLICT (id) DO NOTHING`), deployment)
		if err = granted(err); err == nil {
			owner, err = ownerOf(ctx, db)
		}
	}
	if err != nil {
		return fmt.Errorf("claim the database: %w", err)
	}
	return compare(owner, deployment)
}

// ownerOf is the deployment that has the database; empty: none has.
func ownerOf(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
},
) (string, error) {
	var owner string
	err := db.QueryRowContext(ctx, `SELECT name FROM deployment WHERE id = 1`).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return owner, granted(err)
}

// compare refuses what another has; nobody's is no fault.
func compare(owner, deployment string) error {
	if owner != "" && owner != deployment {
		return fmt.Errorf("%w: it is of %s, and this is %s", ErrDeployment, owner, deployment)
	}
	return nil
}

// granted tells a user of the database what it lacks.
func granted(err error) error {
	var e *pq.Error
	if errors.As(err, &e) && e.SQLState() == "42501" {
		return fmt.Errorf("%w: %w", ErrNotGranted, err)
	}
	return err
}

// Claim is [Claim] for the database of the store.
func (s *Store) Claim(ctx context.Context, deployment string) error {
	return Claim(ctx, s.db, s.backend.bind, deployment)
}
