package role

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/store"
)

// ErrReplicated says that a role runs several times and would keep for itself
// what all its processes must know.
var ErrReplicated = errors.New("--replicated: the processes of a role share one PostgreSQL database")

// PostgresFlag is the flag --ROLE-postgres, which names the FILE of a connection
// string. holds says what lies in the database.
func PostgresFlag(role, holds string, file *string) cli.Flag {
	return &cli.StringFlag{
		Name: role + "-postgres", Destination: file, EnvVars: []string{"AGENTKEYS_" + strings.ToUpper(role) + "_POSTGRES"},
		Usage: "`FILE` with the connection string of the PostgreSQL database that holds " + holds + "; several processes may share it",
	}
}

// ReadPostgres reads the connection string of the flag --ROLE-postgres. file is
// empty where the flag is not set: then so is the string, unless the role is told
// that it has replicas (ErrReplicated).
func (e Env) ReadPostgres(role, file string) (secret.Secret, error) {
	if file == "" {
		if e.Replicated {
			return secret.Secret{}, fmt.Errorf("%w; name the FILE of its connection string with --%s-postgres", ErrReplicated, role)
		}
		return secret.Secret{}, nil
	}
	held, err := files.Read(file)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("--%s-postgres: %w", role, err)
	}
	dsn := strings.TrimSpace(string(held.Reveal()))
	if dsn == "" {
		return secret.Secret{}, fmt.Errorf("--%s-postgres: %s is empty", role, file)
	}
	return secret.New([]byte(dsn)), nil
}

// Deployment names the deployment of the profile, as an account of CAIP-10: the
// registry on its chain, such as eip155:1:0x52908400098527886E0F7030069857D2E4169EE7.
// Whoever serves others has another registry.
func (e Env) Deployment() (string, error) {
	if e.Profile == nil {
		return "", errors.New("without a profile nobody knows which deployment this is")
	}
	return fmt.Sprintf("eip155:%d:%s", e.Profile.Chain.ChainID, e.Profile.Contracts.Registry.Common().Hex()), nil
}

// elsewhere says what to do with the database of another deployment.
func elsewhere(err error, flag string) error {
	if errors.Is(err, store.ErrDeployment) {
		return fmt.Errorf("%w (chain and registry); name another database or schema with %s, or serve with the profile of that deployment", err, flag)
	}
	return err
}

// State is what a role must not forget: uses, limits and nonces in Store, used
// proofs in Proofs. It is safe for concurrent use.
type State struct {
	Store  *store.Store
	Proofs *Proofs

	begin func(context.Context) error
}

// OpenState opens the state of a role: in the PostgreSQL database whose connection
// string the file postgres holds (the flag --ROLE-postgres), or, without it, in
// the SQLite file sqlite (--ROLE-store; empty: ROLE/ROLE.db in the state
// directory), with the proofs in memory. It is used after [State.Begin]. A process
// that only looks has no database ([Env.LookState] looks at it). Errors: ErrReplicated,
// and those of store.OpenSQLite and store.OpenPostgres.
func (e Env) OpenState(ctx context.Context, role, sqlite, postgres string) (*State, error) {
	if sqlite != "" && postgres != "" {
		return nil, fmt.Errorf("--%s-postgres and --%s-store: the state lies in one of them", role, role)
	}
	dsn, err := e.ReadPostgres(role, postgres)
	if err != nil {
		return nil, err
	}
	s := new(State)
	switch {
	case e.CheckOnly:
		s.Store = store.Unopened()
	case dsn.Len() == 0:
		s.Store, err = e.openSQLite(ctx, e.databasePath(role, sqlite))
	default:
		s.Store, err = store.OpenPostgres(ctx, string(dsn.Reveal()), e.Now)
	}
	if err != nil {
		return nil, err
	}
	s.begin = e.Claim(s.Store, databaseFlag(role, postgres))
	if s.Proofs, err = e.OpenProofs(ctx, role, "", postgres); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	return s, nil
}

func (e Env) openSQLite(ctx context.Context, path string) (*store.Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return store.OpenSQLite(ctx, path, e.Now)
}

// Begin makes the database that of the deployment of the profile, and begins the guard.
// Errors: store.ErrDeployment, store.ErrNotGranted.
func (s *State) Begin(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	return s.Proofs.Begin(ctx)
}

// Claim is what makes a database that of the deployment of the profile, or says what
// to do where it is another's (store.ErrDeployment). flag names it to the user.
func (e Env) Claim(db interface {
	Claim(ctx context.Context, deployment string) error
}, flag string,
) func(context.Context) error {
	return func(ctx context.Context) error {
		name, err := e.Deployment()
		if err != nil {
			return err
		}
		return elsewhere(db.Claim(ctx, name), flag)
	}
}

// Checks are those of the role's readiness.
func (s *State) Checks() []httpd.Check {
	return append(ProofChecks(s.Proofs), httpd.Check{Name: "store", Probe: func(ctx context.Context) (time.Duration, error) { return 0, s.Store.Ready(ctx) }})
}

// Close closes the store and the guard.
func (s *State) Close() error { return errors.Join(s.Store.Close(), s.Proofs.Close()) }

// Proofs is the guard against replays of one role, in memory or in PostgreSQL.
type Proofs struct {
	dpop.Guard
	name   string
	flag   string        // names the database to the user
	shared *store.Proofs // nil: in memory
}

// OpenProofs opens a guard against replays: in PostgreSQL, where the processes of
// one role share it and no other role does, or in memory. A role with several
// guards tells them apart by a purpose. postgres is as in OpenState; the guard is used
// after [Proofs.Begin]. Errors: ErrReplicated, and those of store.OpenPostgresProofs.
func (e Env) OpenProofs(ctx context.Context, role, purpose, postgres string) (*Proofs, error) {
	dsn, err := e.ReadPostgres(role, postgres)
	if err != nil {
		return nil, err
	}
	if dsn.Len() == 0 || e.CheckOnly {
		m, err := dpop.NewMemory(dpop.DefaultCapacity, dpop.DefaultPerKey, e.Now)
		if err != nil {
			return nil, err
		}
		return &Proofs{Guard: m}, nil
	}
	deployment, err := e.Deployment()
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(role+" "+purpose, " ")
	p, err := store.OpenPostgresProofs(ctx, string(dsn.Reveal()), store.ProofsConfig{
		Name: name, Deployment: deployment, Capacity: dpop.DefaultCapacity, PerKey: dpop.DefaultPerKey, Now: e.Now,
	})
	if err != nil {
		return nil, err
	}
	return &Proofs{Guard: p, name: name, flag: databaseFlag(role, postgres), shared: p}, nil
}

// Begin begins the guard, in a database that becomes that of the deployment of the
// profile. Errors: store.ErrDeployment, store.ErrNotGranted.
func (p *Proofs) Begin(ctx context.Context) error {
	if p.shared == nil {
		return nil
	}
	return elsewhere(p.shared.Begin(ctx), p.flag)
}

// ProofChecks are the checks of readiness for guards that a database holds: memory
// is always there.
func ProofChecks(guards ...dpop.Guard) []httpd.Check {
	var out []httpd.Check
	for _, g := range guards {
		if p, ok := g.(*Proofs); ok && p.shared != nil {
			out = append(out, httpd.Check{Name: "proofs of " + p.name, Probe: func(ctx context.Context) (time.Duration, error) { return 0, p.shared.Ready(ctx) }})
		}
	}
	return out
}

// Close closes the guard.
func (p *Proofs) Close() error {
	if p.shared == nil {
		return nil
	}
	return p.shared.Close()
}
