package role

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/kms"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Keyring says where the signer's keyring lies and what it is sealed with. The
// role and the commands that care for the keyring share these flags.
type Keyring struct {
	File, Passphrase       string
	KMSKey, KMSCredentials string
}

// Flags fill it.
func (k *Keyring) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "signer-keyring", Destination: &k.File, EnvVars: []string{"AGENTKEYS_SIGNER_KEYRING"}, Usage: "`FILE` of the sealed keys of all epochs (default: signer/keyring.age in the state directory)"},
		&cli.StringFlag{Name: "signer-passphrase-file", Destination: &k.Passphrase, EnvVars: []string{"AGENTKEYS_SIGNER_PASSPHRASE_FILE"}, Usage: "`FILE` with the passphrase that the keyring is sealed with; it is read whenever the keyring is, and stays where it is (default: signer/passphrase in the state directory)"},
		&cli.StringFlag{Name: "signer-kms-key", Destination: &k.KMSKey, EnvVars: []string{"AGENTKEYS_SIGNER_KMS_KEY"}, Usage: "`ARN` of the AWS KMS key that the keyring is sealed with, in place of a passphrase"},
		&cli.StringFlag{Name: "signer-kms-credentials", Destination: &k.KMSCredentials, EnvVars: []string{"AGENTKEYS_SIGNER_KMS_CREDENTIALS"}, Usage: "`FILE` in the form of credential_process with the keys that may use the KMS key"},
	}
}

// Options are the keyring's, with its seal ready.
func (k Keyring) Options(_ context.Context, e Env) (keys.Options, error) {
	if k.File == "" {
		k.File = e.Path("signer", "keyring.age")
	}
	if err := os.MkdirAll(filepath.Dir(k.File), 0o700); err != nil {
		return keys.Options{}, err
	}
	o := keys.Options{Path: k.File, Now: e.Now, Deployment: keys.Deployment{ChainID: e.Profile.Chain.ChainID, EpochContract: e.Profile.Contracts.Epoch}}
	var err error
	switch {
	case k.KMSKey != "" && k.Passphrase != "":
		return o, errors.New("--signer-kms-key and --signer-passphrase-file: the keyring is sealed with one of them")
	case k.KMSKey != "":
		o.Seal, err = k.kms(e)
	default:
		o.Seal, err = k.passphrase(e)
	}
	return o, err
}

// Open opens the keyring, and makes it when the process may.
func (k Keyring) Open(ctx context.Context, e Env) (*keys.Keyring, error) {
	o, err := k.Options(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	open := keys.Open
	if e.CreateKeys {
		open = keys.OpenOrCreate
		// Another keyring beside those of other signers would be another root: what
		// they sealed would not open here.
		others := slices.ContainsFunc(e.Profile.Signers, func(s profile.Signer) bool { return s.URL != e.URL })
		if _, err := os.Lstat(o.Path); errors.Is(err, fs.ErrNotExist) && others {
			return nil, fmt.Errorf("there is no keyring %s, and the profile names other signers: restore a backup of one of them, `agentkeys k3 restore`", o.Path)
		}
	}
	ring, err := open(ctx, o)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, absent(o.Path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return ring, nil
}

func absent(path string, err error) error {
	return fmt.Errorf("there is no keyring %s; `agentkeys k3 restore` makes one from a backup, `agentkeys serve --create-keys` a new one: %w", path, err)
}

// passphrase reads the passphrase file, and makes it together with a new keyring
// when the process may.
func (k Keyring) passphrase(e Env) (seal.Seal, error) {
	path := k.Passphrase
	if path == "" {
		path = e.Path("signer", "passphrase")
	}
	have, err := seal.PassphraseFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return have, err
	}
	// For a keyring that is there another passphrase would be of no use.
	if _, there := os.Lstat(k.File); !errors.Is(there, fs.ErrNotExist) {
		return nil, fmt.Errorf("the keyring %s is there, and the passphrase that it was sealed with is not: %w", k.File, err)
	}
	if !e.CreateKeys {
		return nil, absent(k.File, err)
	}
	fresh, err := seal.GeneratePassphrase()
	if err != nil {
		return nil, err
	}
	defer fresh.Destroy()
	if err := files.Create(path, fresh.Reveal()); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("making a passphrase: %w", err)
	}
	return seal.PassphraseFile(path)
}

// kms is the seal of a KMS key. Its context names the deployment, so that the
// key service's own log says what was opened.
func (k Keyring) kms(e Env) (seal.Seal, error) {
	if k.KMSCredentials == "" {
		return nil, errors.New("--signer-kms-key needs --signer-kms-credentials FILE: nothing is taken from the surroundings")
	}
	raw, err := files.Read(k.KMSCredentials)
	if err != nil {
		return nil, fmt.Errorf("--signer-kms-credentials: %w", err)
	}
	defer raw.Destroy()
	user, err := sts.ParseProcessCredentials(raw.Reveal())
	if err != nil {
		return nil, fmt.Errorf("--signer-kms-credentials %s: %w", k.KMSCredentials, err)
	}
	client, err := kms.New(kms.Config{
		Endpoint: e.Profile.Cloud.KMSEndpoint, Region: e.Profile.Cloud.Region, KeyID: k.KMSKey,
		Keys: user,
	})
	if err != nil {
		return nil, err
	}
	return seal.KMS(client, map[string]string{
		"agentkeys:purpose": "keyring", "agentkeys:chain": fmt.Sprint(e.Profile.Chain.ChainID), "agentkeys:epoch-contract": e.Profile.Contracts.Epoch.String(),
	}, kms.ErrRefused)
}
