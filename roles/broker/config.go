package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/session"
	"github.com/litentry/agentkeys/pkg/store"
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
	K1, K2    string
	Store     string
	Operators string
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "broker-k1", Destination: &c.K1, EnvVars: []string{"AGENTKEYS_BROKER_K1"}, Usage: "`FILE` of the key that signs sessions and capabilities (default: broker/k1.pem in the state directory)"},
		&cli.StringFlag{Name: "broker-k2", Destination: &c.K2, EnvVars: []string{"AGENTKEYS_BROKER_K2"}, Usage: "`FILE` of the key that signs web-identity tokens (default: broker/k2.pem in the state directory)"},
		&cli.StringFlag{Name: "broker-store", Destination: &c.Store, EnvVars: []string{"AGENTKEYS_BROKER_STORE"}, Usage: "SQLite `FILE` of nonces and limit counters (default: broker/broker.db in the state directory)"},
		&cli.StringFlag{Name: "broker-operators", Aliases: []string{"operators"}, Destination: &c.Operators, EnvVars: []string{"AGENTKEYS_BROKER_OPERATORS", "AGENTKEYS_OPERATORS"}, Usage: "`FILE` with one operator omni per line, or any; required in production"},
	}
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	for _, f := range []struct {
		path *string
		file string
	}{{&c.K1, "k1.pem"}, {&c.K2, "k2.pem"}, {&c.Store, "broker.db"}} {
		if *f.path == "" {
			*f.path = e.Path("broker", f.file)
		}
	}
	b := &Broker{env: e, limiter: httpd.NewLimiter(loginsPerSecond, loginBurst)}
	err := errors.Join(b.openDirectory(c), b.openOperators(c), b.openTokens(c), b.openState(ctx, c))
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// openDirectory makes the directories of what this role creates.
func (b *Broker) openDirectory(c *Config) error {
	paths := []string{c.Store}
	if b.env.CreateKeys {
		paths = append(paths, c.K1, c.K2)
	}
	for _, p := range paths {
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return err
		}
	}
	return nil
}

func (b *Broker) openOperators(c *Config) (err error) {
	b.operators, err = loadOperators(c.Operators, b.env.Profile.IsDevelopment())
	return err
}

func (b *Broker) openTokens(c *Config) error {
	u, err := url.Parse(b.env.URL)
	if err != nil {
		return err
	}
	b.domain = u.Host
	var generate func() (jose.PrivateKey, error)
	if b.env.CreateKeys {
		generate = jose.GenerateKey
	}
	k1, err1 := jose.OpenKey(c.K1, generate)
	k2, err2 := oidc.OpenKey(c.K2, b.env.CreateKeys, b.env.Now)
	if err := errors.Join(keyError("K1", c.K1, err1), keyError("K2", c.K2, err2)); err != nil {
		return err
	}
	set, err := jose.NewKeySet(k1.Public())
	if err != nil {
		return err
	}
	b.capKeys = set.JWKS()
	guard, err := dpop.NewMemory(dpop.DefaultCapacity, b.env.Now)
	if err != nil {
		return err
	}
	var errs [4]error
	b.sessions, errs[0] = session.New(k1, b.env.Profile.CapIssuer, b.env.Now)
	b.minter, errs[1] = captoken.NewMinter(k1, b.env.Profile.CapIssuer, b.env.Now)
	b.issuer, errs[2] = oidc.New(b.env.Profile.OIDCIssuer, k2, b.env.Now)
	b.proofs, errs[3] = dpop.NewVerifier(guard, b.env.Now)
	return errors.Join(errs[:]...)
}

// openState opens what outlives a request: the store, and the view that
// follows the chain's head.
func (b *Broker) openState(ctx context.Context, c *Config) error {
	st, err := store.OpenSQLite(ctx, c.Store, b.env.Now)
	if err != nil {
		return err
	}
	b.store = st
	b.closers = append(b.closers, st.Close)
	v, err := chain.NewCache(b.env.Profile.ChainProfile(), chain.Options{Now: b.env.Now, Log: b.env.Log})
	if err != nil {
		return err
	}
	b.view = v
	b.closers = append(b.closers, v.Close)
	return nil
}

// keyError says what to do about a key file that is not there.
func keyError(name, path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no key file %s; `agentkeys serve --create-keys` makes it, once", name, path)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
