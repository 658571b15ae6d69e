package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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

// Config is what every worker is configured with. Paths that are empty lie below
// the state directory.
type Config struct {
	CapKeys  string
	Signers  string
	Identity string
	Store    string
	Postgres string
	Spool    string
}

// Kind says which worker it is that is configured.
type Kind struct {
	Role  string // its name, with which its flags begin
	Class service.Class
	// CapKeysFlag is the flag that pins K1.
	CapKeysFlag string
}

// Flags bind to the configuration's fields.
func (c *Config) Flags(k Kind) []cli.Flag {
	env := func(flag string) []string {
		return []string{"AGENTKEYS_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
	}
	own := func(flag, usage string, to *string) cli.Flag {
		flag = k.Role + "-" + flag
		return &cli.StringFlag{Name: flag, Destination: to, EnvVars: env(flag), Usage: strings.ReplaceAll(usage, "ROLE/", k.Role+"/")}
	}
	return []cli.Flag{
		&cli.StringFlag{Name: k.CapKeysFlag, Destination: &c.CapKeys, EnvVars: env(k.CapKeysFlag), Usage: "whose capabilities to accept: a JWKS `FILE` of the broker, or the thumbprint of its K1 (then the key is fetched from the broker at start and must have it); required"},
		own("signer-keys", "whose data keys to accept: a JWKS `FILE` of the signers' identity keys, or the thumbprint of one (then it is fetched from the signer at start and must be there); required", &c.Signers),
		own("identity", "`FILE` of the identity key that the signer lists for this worker, and the audit role for its events (default: ROLE/identity.pem in the state directory)", &c.Identity),
		own("audit-spool", "`DIR` where events wait for the audit role (default: ROLE/spool in the state directory)", &c.Spool),
		own("store", "SQLite `FILE` of consumed capabilities (default: ROLE/"+k.Role+".db in the state directory)", &c.Store),
		role.PostgresFlag(k.Role, "consumed capabilities and used proofs, in place of SQLite", &c.Postgres),
	}
}

// complete fills in the paths that are empty.
func (c *Config) complete(e role.Env, k Kind) {
	for _, f := range []struct {
		path *string
		file string
	}{{&c.Identity, "identity.pem"}, {&c.Spool, "spool"}} {
		if *f.path == "" {
			*f.path = e.Path(k.Role, f.file)
		}
	}
}

// Look looks at what a worker of that kind would go on from: role.Config.
func Look(ctx context.Context, e role.Env, k Kind, c Config) error {
	c.complete(e, k)
	return errors.Join(e.LookSpool(k.Role, c.Identity, c.Spool), e.LookState(ctx, k.Role, c.Store, c.Postgres))
}

// Open checks the configuration and opens everything that a worker of that kind is
// built from; [Worker.Close] closes it again. It reports all problems at once.
func Open(ctx context.Context, e role.Env, k Kind, c Config) (*Worker, error) {
	c.complete(e, k)
	var p Parts
	var errs [8]error
	errs[0] = os.MkdirAll(filepath.Dir(c.Identity), 0o700)
	p.CapKeys, errs[1] = e.PinnedKeys(ctx, k.CapKeysFlag, c.CapKeys, "broker", api.PathCapJWKS)
	identity, err := e.IdentityKey(c.Identity)
	if errs[7] = err; err == nil {
		p.Audit, errs[6] = e.OpenAudit(k.Role, identity, c.Spool)
	}
	p.Keys, p.Signer, errs[2] = signer(ctx, c, k, e, identity)
	state, err := e.OpenState(ctx, k.Role, c.Store, c.Postgres)
	if errs[3] = err; err == nil {
		p.Uses, p.Proofs = state.Store, state.Proofs
	}
	p.Objects, errs[4] = bucket(e, k.Class)
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
		errs[5] = e.WatchChain(k.Role, view.Stats)
	}
	w, err := newAfter(errors.Join(errs[:]...), k.Role, e, p)
	if err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	w.begin, w.closers = state.Begin, closers
	return w, nil
}

func newAfter(problems error, name string, e role.Env, p Parts) (*Worker, error) {
	if problems != nil {
		return nil, problems
	}
	return New(name, e, p)
}

// bucket is that of the class, where the profile says.
func bucket(e role.Env, class service.Class) (*blob.Store, error) {
	cloud := e.Profile.Cloud
	s, named := cloud.Storage(class)
	if !named {
		return nil, fmt.Errorf("the profile names no bucket for class %s", class)
	}
	return blob.New(blob.Config{Endpoint: cloud.S3Endpoint, Region: cloud.Region, Bucket: s.Bucket})
}

// signer is where data keys come from: asked over the same protocol whether it
// runs in this process or elsewhere. The identity key shows it who asks; the
// pinned key shows who answered.
func signer(ctx context.Context, c Config, k Kind, e role.Env, identity jose.PrivateKey) (keys.DataKeys, func(context.Context) error, error) {
	pinned, err := e.PinnedKeys(ctx, k.Role+"-signer-keys", c.Signers, "signer", api.PathSignerJWKS)
	if err != nil {
		return nil, nil, err
	}
	host, err := e.Profile.Host("signer")
	if err != nil {
		return nil, nil, err
	}
	web := &api.Client{HTTP: api.NewHTTPClient(), Now: e.Now}
	dk, err := dek.NewClient(dek.ClientConfig{
		Class: k.Class, Identity: identity, Signers: pinned, Now: e.Now,
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
