package signer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/role"
)

// Config is the signer's own configuration. Paths that are empty lie below the
// state directory.
type Config struct {
	Keyring      role.Keyring
	CapKeys      string
	Identity     string
	Workers      string
	Peers        string
	DestroyDelay time.Duration
	Spool        string
	Postgres     string
}

const (
	// defaultDestroyDelay gives people time to notice a rotation that was not
	// theirs: whoever steals governance's key could otherwise rotate and destroy
	// within the hour.
	defaultDestroyDelay = 30 * 24 * time.Hour
	// minDestroyDelay of production is beyond the longest request of a worker.
	minDestroyDelay = time.Hour
)

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return append(c.Keyring.Flags(),
		&cli.StringFlag{Name: "signer-cap-keys", Destination: &c.CapKeys, EnvVars: []string{"AGENTKEYS_SIGNER_CAP_KEYS"}, Usage: "whose capabilities to accept: a JWKS `FILE` of the broker, or the thumbprint of its K1 (then it is fetched from the broker at start and must be there); required"},
		&cli.StringFlag{Name: "signer-identity", Destination: &c.Identity, EnvVars: []string{"AGENTKEYS_SIGNER_IDENTITY"}, Usage: "`FILE` of the identity key that signs answers and what the audit role is told (default: signer/identity.pem in the state directory)"},
		&cli.StringFlag{Name: "signer-workers", Destination: &c.Workers, EnvVars: []string{"AGENTKEYS_SIGNER_WORKERS"}, Usage: "`FILE` of the workers that may ask: class, addresses and identity keys; required"},
		&cli.StringFlag{Name: "signer-peers", Destination: &c.Peers, EnvVars: []string{"AGENTKEYS_SIGNER_PEERS"}, Usage: "JWKS `FILE` of the other signers' identity keys (default: no other signer)"},
		&cli.StringFlag{Name: "signer-audit-spool", Destination: &c.Spool, EnvVars: []string{"AGENTKEYS_SIGNER_AUDIT_SPOOL"}, Usage: "`DIR` where events wait for the audit role (default: signer/spool in the state directory)"},
		role.PostgresFlag("signer", "used proofs, which are in memory without it", &c.Postgres),
		&cli.DurationFlag{Name: "signer-destroy-delay", Destination: &c.DestroyDelay, EnvVars: []string{"AGENTKEYS_SIGNER_DESTROY_DELAY"}, Value: defaultDestroyDelay, Usage: "`DURATION` after its end for which the key of an epoch cannot be destroyed; at least 1h in production"},
	)
}

// complete fills in the paths that are empty.
func (c *Config) complete(e role.Env) {
	if c.Identity == "" {
		c.Identity = e.Path("signer", "identity.pem")
	}
	if c.Spool == "" {
		c.Spool = e.Path("signer", "spool")
	}
}

// Look implements role.Config.
func (c *Config) Look(ctx context.Context, e role.Env) error {
	c.complete(e)
	return errors.Join(e.LookSpool("signer", c.Identity, c.Spool), e.LookProofs(ctx, "signer", c.Postgres))
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	c.complete(e)
	p := Parts{DestroyDelay: c.DestroyDelay}
	var errs [10]error
	errs[0] = os.MkdirAll(filepath.Dir(c.Identity), 0o700)
	p.CapKeys, errs[1] = e.PinnedKeys(ctx, "signer-cap-keys", c.CapKeys, "broker", api.PathCapJWKS)
	if p.Identity, errs[2] = e.IdentityKey(c.Identity); errs[2] == nil {
		p.Audit, errs[8] = e.OpenAudit("signer", p.Identity, c.Spool)
	}
	if c.Workers == "" {
		errs[3] = errors.New("--signer-workers is not set: name the FILE of the workers that may ask")
	} else {
		p.Workers, errs[3] = LoadWorkers(c.Workers)
	}
	p.Peers, errs[4] = peers(c.Peers)
	p.Keys, errs[5] = c.Keyring.Open(ctx, e)
	if least := minDestroyDelay; c.DestroyDelay < 0 || c.DestroyDelay < least && !e.Profile.IsDevelopment() {
		errs[7] = fmt.Errorf("--signer-destroy-delay is at least %s in production, not %s", least, c.DestroyDelay)
	}
	proofs, orders, err := c.openProofs(ctx, e)
	if errs[9] = err; err == nil {
		p.Proofs, p.Orders = proofs, orders
	}
	view, err := chain.NewCache(e.Profile.ChainProfile(), chain.Options{Now: e.Now, Log: e.Log})
	p.View, errs[6] = view, err

	// What was opened is closed again when anything is wrong.
	var closers []func() error
	if p.Audit != nil {
		closers = append(closers, p.Audit.Close)
	}
	if view != nil {
		closers = append(closers, view.Close)
		errs[6] = e.WatchChain("signer", view.Stats)
	}
	if p.Keys != nil {
		closers = append(closers, p.Keys.Close)
	}
	for _, guard := range []*role.Proofs{proofs, orders} {
		if guard != nil {
			closers = append(closers, guard.Close)
		}
	}
	s, err := newAfter(errors.Join(errs[:]...), e, p)
	if err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	s.begins, s.closers = []func(context.Context) error{proofs.Begin, orders.Begin}, closers
	if !p.Keys.Status().Locked {
		e.Log.Warn().Msg("the keys are not in locked memory: they may be swapped out to disk; raise the limit of locked memory (RLIMIT_MEMLOCK)")
	}
	e.Log.Info().Str("identity", p.Identity.Public().Thumbprint()).Msg("signer's identity key")
	return s, nil
}

// openProofs opens both guards or none; the same is wrong with either.
func (c *Config) openProofs(ctx context.Context, e role.Env) (proofs, orders *role.Proofs, err error) {
	if proofs, err = e.OpenProofs(ctx, "signer", "", c.Postgres); err != nil {
		return nil, nil, err
	}
	if orders, err = e.OpenProofs(ctx, "signer", "orders", c.Postgres); err != nil {
		return nil, nil, errors.Join(err, proofs.Close())
	}
	return proofs, orders, nil
}

func newAfter(problems error, e role.Env, p Parts) (*Signer, error) {
	if problems != nil {
		return nil, problems
	}
	return New(e, p)
}

func peers(path string) (jose.KeySet, error) {
	if path == "" {
		return jose.KeySet{}, nil
	}
	b, err := files.ReadPublic(path)
	if err != nil {
		return jose.KeySet{}, fmt.Errorf("reading --signer-peers: %w", err)
	}
	set, err := jose.ParseKeySet(b)
	if err != nil {
		return jose.KeySet{}, fmt.Errorf("--signer-peers %s: %w", path, err)
	}
	return set, nil
}
