package cred

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/store"
)

// Config is the worker's own configuration. Paths that are empty lie below
// the state directory.
type Config struct {
	CapKeys string
	Keyring string
	Store   string
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "cap-keys", Destination: &c.CapKeys, EnvVars: []string{"AGENTKEYS_CAP_KEYS"}, Usage: "whose capabilities to accept: a JWKS `FILE` of the broker, or the thumbprint of its K1 (then the key is fetched from the broker at start and must have it); required"},
		&cli.StringFlag{Name: "cred-keyring", Destination: &c.Keyring, EnvVars: []string{"AGENTKEYS_CRED_KEYRING"}, Usage: "development only: `FILE` of the data keys (default: cred/keyring.json in the state directory)"},
		&cli.StringFlag{Name: "cred-store", Destination: &c.Store, EnvVars: []string{"AGENTKEYS_CRED_STORE"}, Usage: "SQLite `FILE` of consumed capabilities (default: cred/cred.db in the state directory)"},
	}
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	for _, f := range []struct {
		path *string
		file string
	}{{&c.Keyring, "keyring.json"}, {&c.Store, "cred.db"}} {
		if *f.path == "" {
			*f.path = e.Path("cred", f.file)
		}
	}
	var p Parts
	var errs [6]error
	errs[0] = makeDirectories(c.Store, c.Keyring)
	p.CapKeys, errs[1] = capKeys(ctx, c.CapKeys, e)
	ring, err := keyring(ctx, c.Keyring, e)
	p.Keys, errs[2] = ring, err
	p.Uses, errs[3] = store.OpenSQLite(ctx, c.Store, e.Now)
	cloud := e.Profile.Cloud
	p.Objects, errs[4] = blob.New(blob.Config{Endpoint: cloud.S3Endpoint, Region: cloud.Region, Bucket: cloud.VaultBucket})
	view, err := chain.NewCache(e.Profile.ChainProfile(), chain.Options{Now: e.Now, Log: e.Log})
	p.View, errs[5] = view, err

	// What was opened is closed again when anything is wrong.
	var closers []func() error
	if ring != nil {
		closers = append(closers, ring.Close)
	}
	if p.Uses != nil {
		closers = append(closers, p.Uses.Close)
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

func makeDirectories(paths ...string) error {
	for _, p := range paths {
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// maxKeySet bounds a published key set.
const maxKeySet = 64 << 10

// capKeys pins K1. Whoever can put another key here can mint capabilities, so
// it comes from a file, or from the broker and must have the thumbprint named.
func capKeys(ctx context.Context, value string, e role.Env) (jose.KeySet, error) {
	switch {
	case value == "":
		return jose.KeySet{}, errors.New("--cap-keys is not set: name the broker's JWKS file or the thumbprint of its K1")
	case !jose.IsThumbprint(value) || strings.ContainsAny(value, "/."):
		b, err := os.ReadFile(value)
		if err != nil {
			return jose.KeySet{}, fmt.Errorf("reading --cap-keys: %w", err)
		}
		return jose.ParseKeySet(b)
	}
	host, err := e.Profile.Host("broker")
	if err != nil {
		return jose.KeySet{}, err
	}
	set, err := fetchKeys(ctx, host+api.PathCapJWKS)
	if err != nil {
		return jose.KeySet{}, fmt.Errorf("fetching the capability keys of the broker: %w", err)
	}
	return set.Pin(value)
}

func fetchKeys(ctx context.Context, url string) (jose.KeySet, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return jose.KeySet{}, err
	}
	resp, err := api.NewHTTPClient().Do(req)
	if err != nil {
		return jose.KeySet{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet))
	if err != nil {
		return jose.KeySet{}, err
	}
	if resp.StatusCode != http.StatusOK {
		return jose.KeySet{}, fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return jose.ParseKeySet(b)
}
