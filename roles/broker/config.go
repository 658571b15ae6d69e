package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/role"
)

// Sign-ins per peer address: a person or a fleet behind one address may start
// up together; a flood may not.
const (
	loginsPerSecond = 10
	loginBurst      = 60
)

// Config is the broker's own configuration. Paths that are empty lie below
// the state directory.
type Config struct {
	K1, K2 string
	// K1Also and K2Also are published beside them; empty: none is.
	K1Also, K2Also string

	Identity  string
	Store     string
	Postgres  string
	Operators string
	Spool     string
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return append(c.rotationFlags(), []cli.Flag{
		&cli.StringFlag{Name: "broker-k1", Destination: &c.K1, EnvVars: []string{"AGENTKEYS_BROKER_K1"}, Usage: "`FILE` of the key that signs sessions and capabilities (default: broker/k1.pem in the state directory)"},
		&cli.StringFlag{Name: "broker-k2", Destination: &c.K2, EnvVars: []string{"AGENTKEYS_BROKER_K2"}, Usage: "`FILE` of the key that signs web-identity tokens (default: broker/k2.pem in the state directory)"},
		&cli.StringFlag{Name: "broker-identity", Destination: &c.Identity, EnvVars: []string{"AGENTKEYS_BROKER_IDENTITY"}, Usage: "`FILE` of the identity key that signs what the audit role is told (default: broker/identity.pem in the state directory)"},
		&cli.StringFlag{Name: "broker-audit-spool", Destination: &c.Spool, EnvVars: []string{"AGENTKEYS_BROKER_AUDIT_SPOOL"}, Usage: "`DIR` where events wait for the audit role (default: broker/spool in the state directory)"},
		&cli.StringFlag{Name: "broker-store", Destination: &c.Store, EnvVars: []string{"AGENTKEYS_BROKER_STORE"}, Usage: "SQLite `FILE` of nonces and limit counters (default: broker/broker.db in the state directory)"},
		role.PostgresFlag("broker", "nonces, limit counters and used proofs, in place of SQLite", &c.Postgres),
		&cli.StringFlag{Name: "operators", Destination: &c.Operators, EnvVars: []string{"AGENTKEYS_OPERATORS"}, Usage: "`FILE` with one operator omni per line, or any; required in production"},
	}...)
}

// complete fills in the paths that are empty.
func (c *Config) complete(e role.Env) {
	for _, f := range []struct {
		path *string
		file string
	}{{&c.K1, "k1.pem"}, {&c.K2, "k2.pem"}, {&c.Identity, "identity.pem"}, {&c.Spool, "spool"}} {
		if *f.path == "" {
			*f.path = e.Path("broker", f.file)
		}
	}
}

// Look implements role.Config.
func (c *Config) Look(ctx context.Context, e role.Env) error {
	c.complete(e)
	return errors.Join(e.LookSpool("broker", c.Identity, c.Spool), e.LookState(ctx, "broker", c.Store, c.Postgres))
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	c.complete(e)
	var p Parts
	var errs [8]error
	errs[0] = c.makeDirectories(e.CreateKeys)
	p.Operators, errs[1] = role.LoadOperators("broker", "operators", c.Operators, e.Profile.IsDevelopment())
	var generate func() (jose.PrivateKey, error)
	if e.CreateKeys {
		generate = jose.GenerateKey
	}
	p.K1, errs[2] = named("K1", c.K1)(jose.OpenKey(c.K1, generate))
	p.K2, errs[3] = named("K2", c.K2)(oidc.OpenKey(c.K2, e.CreateKeys, e.Now))
	p.Rotation, errs[7] = c.openRotation(e)
	p.Audit, errs[6] = c.openAudit(e, append(p.Rotation.public(), p.K1.Public(), p.K2.Public())...)
	state, err := e.OpenState(ctx, "broker", c.Store, c.Postgres)
	if errs[4] = err; err == nil {
		p.Store, p.Proofs = state.Store, state.Proofs
	}
	view, err := chain.NewCache(e.Profile.ChainProfile(), chain.Options{Now: e.Now, Log: e.Log})
	p.View, errs[5] = view, err
	p.Limiter = httpd.NewLimiter(loginsPerSecond, loginBurst)

	// What was opened is closed again when anything is wrong.
	var closers []func() error
	if p.Audit != nil {
		closers = append(closers, p.Audit.Close)
	}
	if state != nil {
		closers = append(closers, state.Close)
	}
	if view != nil {
		closers = append(closers, view.Close)
		errs[5] = e.WatchChain("broker", view.Stats)
	}
	b, err := newAfter(errors.Join(errs[:]...), e, p)
	if err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	b.begin, b.closers = state.Begin, closers
	return b, nil
}

// openAudit opens the way to the audit role. The identity key is no other key of
// this role: what it signs must not be taken for a session or a capability.
func (c *Config) openAudit(e role.Env, others ...jose.PublicKey) (*role.Audit, error) {
	identity, err := e.IdentityKey(c.Identity)
	if err != nil {
		return nil, err
	}
	for _, k := range others {
		if k.Thumbprint() == identity.Public().Thumbprint() {
			return nil, errors.New("the identity key is K1 or K2: each has a use of its own")
		}
	}
	return e.OpenAudit("broker", identity, c.Spool)
}

func newAfter(problems error, e role.Env, p Parts) (*Broker, error) {
	if problems != nil {
		return nil, problems
	}
	return New(e, p)
}

// makeDirectories makes room for the keys that this role creates.
func (c *Config) makeDirectories(keys bool) error {
	var paths []string
	if keys {
		paths = []string{c.K1, c.K2, c.Identity}
		for _, also := range []string{c.K1Also, c.K2Also} {
			if also != "" {
				paths = append(paths, also)
			}
		}
	}
	for _, p := range paths {
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// named says which key a fault is about, and what to do about one that is not
// there.
func named(key, path string) func(jose.PrivateKey, error) (jose.PrivateKey, error) {
	return func(k jose.PrivateKey, err error) (jose.PrivateKey, error) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = fmt.Errorf("%s: there is no key file %s; `agentkeys serve --create-keys` makes it, once", key, path)
		case err != nil:
			err = fmt.Errorf("%s: %w", key, err)
		}
		return k, err
	}
}
