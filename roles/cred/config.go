package cred

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
)

// Config is the worker's own configuration. Paths that are empty lie below
// the state directory.
type Config struct {
	CapKeys  string
	Signers  string
	Identity string
	Store    string
	Postgres string
	Spool    string
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "cap-keys", Destination: &c.CapKeys, EnvVars: []string{"AGENTKEYS_CAP_KEYS"}, Usage: "whose capabilities to accept: a JWKS `FILE` of the broker, or the thumbprint of its K1 (then the key is fetched from the broker at start and must have it); required"},
		&cli.StringFlag{Name: "cred-signer-keys", Destination: &c.Signers, EnvVars: []string{"AGENTKEYS_CRED_SIGNER_KEYS"}, Usage: "whose data keys to accept: a JWKS `FILE` of the signers' identity keys, or the thumbprint of one (then it is fetched from the signer at start and must be there); required"},
		&cli.StringFlag{Name: "cred-identity", Destination: &c.Identity, EnvVars: []string{"AGENTKEYS_CRED_IDENTITY"}, Usage: "`FILE` of the identity key that the signer lists for this worker, and the audit role for its events (default: cred/identity.pem in the state directory)"},
		&cli.StringFlag{Name: "cred-audit-spool", Destination: &c.Spool, EnvVars: []string{"AGENTKEYS_CRED_AUDIT_SPOOL"}, Usage: "`DIR` where events wait for the audit role (default: cred/spool in the state directory)"},
		&cli.StringFlag{Name: "cred-store", Destination: &c.Store, EnvVars: []string{"AGENTKEYS_CRED_STORE"}, Usage: "SQLite `FILE` of consumed capabilities (default: cred/cred.db in the state directory)"},
		role.PostgresFlag("cred", "consumed capabilities and used proofs, in place of SQLite", &c.Postgres),
	}
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	for _, f := range []struct {
		path *string
		file string
	}{{&c.Identity, "identity.pem"}, {&c.Spool, "spool"}} {
		if *f.path == "" {
			*f.path = e.Path("cred", f.file)
		}
	}
	var p Parts
	var errs [8]error
	errs[0] = os.MkdirAll(filepath.Dir(c.Identity), 0o700)
	p.CapKeys, errs[1] = e.PinnedKeys(ctx, "cap-keys", c.CapKeys, "broker", api.PathCapJWKS)
	identity, err := e.IdentityKey(c.Identity)
	if errs[7] = err; err == nil {
		p.Audit, errs[6] = e.OpenAudit("cred", identity, c.Spool)
	}
	p.Keys, p.Signer, errs[2] = signer(ctx, c, e, identity)
	state, err := e.OpenState(ctx, "cred", c.Store, c.Postgres)
	if errs[3] = err; err == nil {
		p.Uses, p.Proofs = state.Store, state.Proofs
	}
	cloud := e.Profile.Cloud
	p.Objects, errs[4] = blob.New(blob.Config{Endpoint: cloud.S3Endpoint, Region: cloud.Region, Bucket: cloud.VaultBucket})
	view, err := chain.NewCache(e.Profile.ChainProfile(), chain.Options{Now: e.Now, Log: e.Log})
	p.View, errs[5] = view, err

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
		errs[5] = e.WatchChain("cred", view.Stats)
	}
	w, err := newAfter(errors.Join(errs[:]...), e, p)
	if err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	w.closers = closers
	return w, nil
}

func newAfter(problems error, e role.Env, p Parts) (*Worker, error) {
	if problems != nil {
		return nil, problems
	}
	return New(e, p)
}

// signer is where data keys come from: asked over the same protocol whether it
// runs in this process or elsewhere. The identity key shows it who asks; the
// pinned key shows who answered.
func signer(ctx context.Context, c *Config, e role.Env, identity jose.PrivateKey) (keys.DataKeys, func(context.Context) error, error) {
	pinned, err := e.PinnedKeys(ctx, "cred-signer-keys", c.Signers, "signer", api.PathSignerJWKS)
	if err != nil {
		return nil, nil, err
	}
	host, err := e.Profile.Host("signer")
	if err != nil {
		return nil, nil, err
	}
	web := &api.Client{HTTP: api.NewHTTPClient(), Now: e.Now}
	dk, err := dek.NewClient(dek.ClientConfig{
		Class: service.Credentials, Identity: identity, Signers: pinned, Now: e.Now,
		Post: func(ctx context.Context, path string, body []byte) ([]byte, error) {
			return web.Post(ctx, api.Request{URL: host + path, ContentType: "application/json", Body: body})
		},
	})
	alive := func(ctx context.Context) error {
		_, err := api.FetchKeys(ctx, web.HTTP, host+api.PathSignerJWKS)
		return err
	}
	return dk, alive, err
}
