package cred

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/seal"
)

// ErrKeyringInProduction is the refusal of a worker that holds keys itself by
// every environment but development.
var ErrKeyringInProduction = errors.New("a worker with a keyring holds every key: only a development profile may have one, production needs the signer")

// passphraseSuffix names the file of the generated passphrase, beside the
// keyring that it opens.
const passphraseSuffix = ".pass"

// keyring opens the worker's own data keys, which a production profile refuses.
func keyring(ctx context.Context, path string, e role.Env) (*keys.Keyring, error) {
	if e.Profile.Environment != profile.Development {
		return nil, fmt.Errorf("data keys: %w", ErrKeyringInProduction)
	}
	open := keys.Open
	if e.CreateKeys {
		open = keys.OpenOrCreate
		if err := makePassphrase(path); err != nil {
			return nil, fmt.Errorf("data keys: %w", err)
		}
	}
	s, err := seal.PassphraseFile(path + passphraseSuffix)
	if err != nil {
		return nil, fmt.Errorf("data keys: %w", err)
	}
	k, err := open(ctx, keys.Options{
		Path: path, Seal: s, Now: e.Now,
		Deployment: keys.Deployment{ChainID: e.Profile.Chain.ChainID, EpochContract: e.Profile.Contracts.Epoch},
	})
	if err != nil {
		return nil, fmt.Errorf("data keys: %w", err)
	}
	return k, nil
}

// makePassphrase makes the passphrase of a keyring that is not there yet; for
// one that is, another passphrase would only hide that its own is lost.
func makePassphrase(keyring string) error {
	if _, err := os.Lstat(keyring); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p, err := seal.GeneratePassphrase()
	if err != nil {
		return err
	}
	defer p.Destroy()
	if err := files.Create(keyring+passphraseSuffix, p.Reveal()); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
