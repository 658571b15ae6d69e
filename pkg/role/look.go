package role

import (
	"context"
	"errors"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/store"
)

// LookState looks at the state that [Env.OpenState] would open: it refuses what is of
// another deployment or another version, and writes nothing. What is wrong with the
// flags is OpenState's to say. Errors: those of store.LookSQLiteFile and
// store.LookPostgresTables.
func (e Env) LookState(ctx context.Context, role, sqlite, postgres string) error {
	return e.look(ctx, role, sqlite, postgres, store.LookSQLite, store.LookPostgres)
}

// LookProofs is LookState for a role that has guards of [Env.OpenProofs] alone.
func (e Env) LookProofs(ctx context.Context, role, postgres string) error {
	return e.look(ctx, role, "", postgres, nil, store.LookPostgres)
}

// LookJournal is LookState for the journal of a role, and guards of [Env.OpenProofs]
// beside it.
func (e Env) LookJournal(ctx context.Context, role, sqlite, postgres string) error {
	if err := e.look(ctx, role, sqlite, postgres, journal.LookSQLite, journal.LookPostgres); err != nil {
		return err
	}
	return e.LookProofs(ctx, role, postgres)
}

// looker is how a database stands, a file or a connection string, for a deployment.
type looker func(ctx context.Context, where, deployment string) (store.Standing, error)

// look looks at the one that the flags name; file is nil where there is none without a
// connection string.
func (e Env) look(ctx context.Context, role, sqlite, postgres string, file, tables looker) error {
	dsn, err := e.ReadPostgres(role, postgres)
	if err != nil || sqlite != "" && postgres != "" || dsn.Len() == 0 && file == nil {
		return nil
	}
	deployment, err := e.Deployment()
	if err != nil {
		return err
	}
	var s store.Standing
	flag := databaseFlag(role, postgres)
	if dsn.Len() > 0 {
		s, err = tables(ctx, string(dsn.Reveal()), deployment)
	} else {
		s, err = file(ctx, e.databasePath(role, sqlite), deployment)
	}
	if err != nil {
		return elsewhere(err, flag)
	}
	if does := s.Would(); e.CheckOnly && does != "" {
		e.Log.Info().Str("database", flag).Str("deployment", deployment).Msg("by a start this database would be " + does)
	}
	return nil
}

// databasePath is the SQLite file of a role: the one that is named, or ROLE/ROLE.db.
func (e Env) databasePath(role, named string) string {
	if named != "" {
		return named
	}
	return e.Path(role, role+".db")
}

// databaseFlag names a role's database to the user.
func databaseFlag(role, postgres string) string {
	if postgres != "" {
		return "--" + role + "-postgres"
	}
	return "--" + role + "-store"
}

// LookSpool looks at the spool that [Env.OpenAudit] would open with the identity key of
// that file, as emit.Look does. A key that is not there, or none, is for IdentityKey to
// say.
func (e Env) LookSpool(role, identity, dir string) error {
	var key jose.PublicKey
	if k, err := jose.OpenKey(identity, nil); err == nil {
		key = k.Public()
	}
	err := emit.Look(dir, role, key)
	if e.CheckOnly && errors.Is(err, emit.ErrInUse) { // who serves goes on
		return nil
	}
	return err
}

// unopened takes no event: who only looks decides nothing.
type unopened struct{}

// Emit implements audit.Sink.
func (unopened) Emit(context.Context, audit.Event) (string, error) {
	return "", audit.Unavailable(errors.New("this process serves nobody"))
}
