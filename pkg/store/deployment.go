package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrDeployment is wrapped when a database belongs to another deployment than the one
// that opens it. Nothing is changed then, but that whoever opened it brought the schema
// up to date before.
var ErrDeployment = errors.New("the database belongs to another deployment")

// Claim makes a database that of the named deployment, for ever, by whoever comes
// first: what one must not forget, such as nonces, uses, counters of limits and
// journals of operators, would be another's as well. The name is not empty; pkg/role
// makes it of the chain and the registry. db has a table deployment (id, name), which
// the migrations of this package and of the journal make; bind writes the placeholders
// as it knows them. Any number of processes may call at once. Errors: ErrDeployment.
func Claim(ctx context.Context, db *sql.DB, bind func(string) string, deployment string) error {
	if err := checkTexts(deployment); err != nil {
		return fmt.Errorf("claim the database: the name of the deployment: %w", err)
	}
	// Who comes second waits for the first to commit, and reads what that one wrote.
	if _, err := db.ExecContext(ctx, bind(`INSERT INTO deployment (id, name) VALUES (1, ?) ON CONFLICT (id) DO NOTHING`), deployment); err != nil {
		return fmt.Errorf("claim the database: %w", err)
	}
	var owner string
	if err := db.QueryRowContext(ctx, `SELECT name FROM deployment WHERE id = 1`).Scan(&owner); err != nil {
		return fmt.Errorf("claim the database: %w", err)
	}
	if owner != deployment {
		return fmt.Errorf("%w: it is of %s, and this is %s", ErrDeployment, owner, deployment)
	}
	return nil
}

// Claim is [Claim] for the database of the store.
func (s *Store) Claim(ctx context.Context, deployment string) error {
	return Claim(ctx, s.db, s.backend.bind, deployment)
}
