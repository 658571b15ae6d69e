package home

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
)

// ErrExists says that the identity is there already; its key is untouched.
var ErrExists = errors.New("identity exists")

// ErrPassphraseNeeded says that the key was sealed under a passphrase that only
// a person or another file has.
var ErrPassphraseNeeded = errors.New("passphrase needed")

// stagingPrefix begins the name of an identity that is not finished. No name
// of the grammar begins with a dot.
const stagingPrefix = ".new-"

// KeySource says where the K10 of a new identity comes from and what protects
// it. The zero value draws a key and a passphrase.
type KeySource struct {
	// Import is an existing secp256k1 key. The caller still owns it.
	Import *ecdsa.PrivateKey
	// Passphrase is a person's own. Empty: one is generated and kept beside
	// the keystore.
	Passphrase secret.Secret
	// WalletOf is the operator whose wallet this key is to become; zero for a key
	// of its own. Such an identity begins inactive.
	WalletOf omni.Operator
}

// Create makes a new identity and opens its key. An operator's and an agent's
// omni follow from the new address, as the registry will compute them at first
// registration; [Dir.Bind] corrects them where a later device joins an existing
// actor. ErrExists and ErrNameTaken change nothing.
func (d *Dir) Create(name string, kind Kind, src KeySource) (Identity, *Key, error) {
	if err := CheckName(name); err != nil {
		return Identity{}, nil, err
	}
	if _, err := d.subdir(identityDir); err != nil {
		return Identity{}, nil, err
	}
	// Asked before the key is drawn and stretched, and again under the lock.
	if err := d.free(name); err != nil {
		return Identity{}, nil, err
	}
	staged, err := d.newIdentity(name, kind, src)
	if err != nil {
		return Identity{}, nil, fmt.Errorf("creating identity %s: %w", name, err)
	}
	err = d.locked(func() error {
		if err := d.free(name); err != nil {
			return err
		}
		recorded, err := d.readNames()
		if err != nil {
			return err
		}
		if e, ok := recorded[name]; ok && e.Device != staged.id.Device {
			return takenBy(name, e)
		}
		if err := d.place(staged); err != nil {
			return fmt.Errorf("creating identity %s: %w", name, err)
		}
		return nil
	})
	if err != nil {
		staged.key.Close()
		return Identity{}, nil, err
	}
	return staged.id, staged.key, nil
}

// OpenKey opens the K10 of an identity. With an empty passphrase the generated
// one beside it is used; where there is none, ErrPassphraseNeeded.
func (d *Dir) OpenKey(name string, passphrase secret.Secret) (*Key, error) {
	id, err := d.Identity(name)
	if err != nil {
		return nil, err
	}
	sealed, err := files.Read(d.path(identityDir, name, keyFile))
	if err != nil {
		return nil, fmt.Errorf("opening the device key of %s: %w", name, err)
	}
	if passphrase.Len() == 0 {
		passphrase, err = files.Read(d.path(identityDir, name, passFile))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("opening the device key of %s: %w: give it with --passphrase-file", name, ErrPassphraseNeeded)
		}
		if err != nil {
			return nil, fmt.Errorf("opening the device key of %s: %w", name, err)
		}
		defer passphrase.Destroy()
	}
	k, err := unseal(sealed.Reveal(), passphrase, id.Address)
	if err != nil {
		return nil, fmt.Errorf("opening the device key of %s: %w", name, err)
	}
	return k, nil
}

// ReadPassphrase reads a passphrase file: its content without one line end.
func ReadPassphrase(path string) (secret.Secret, error) {
	s, err := files.Read(path)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("passphrase file: %w", err)
	}
	defer s.Destroy()
	b := s.Reveal()
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	if len(b) == 0 {
		return secret.Secret{}, fmt.Errorf("passphrase file: %s is empty", path)
	}
	return secret.New(b), nil
}

// staged is an identity in memory, ready to be placed.
type staged struct {
	id        Identity
	key       *Key
	sealed    []byte
	generated secret.Secret // empty under a person's passphrase
}

func (d *Dir) newIdentity(name string, kind Kind, src KeySource) (*staged, error) {
	private, err := drawOrCopy(src.Import)
	if err != nil {
		return nil, err
	}
	s := &staged{key: newKey(private)}
	addr := s.key.Address()
	s.id = Identity{Name: name, Kind: kind, Address: addr, Actor: omni.ActorOfWallet(addr), Device: s.key.Device()}
	switch {
	case kind == KindOperator && src.WalletOf.IsZero():
		s.id.Operator = omni.OperatorOfWallet(addr)
	case kind == KindOperator:
		s.id.Operator, s.id.Actor, s.id.Inactive = src.WalletOf, omni.Self(src.WalletOf), true
	}
	if err := s.id.check(); err != nil {
		s.key.Close()
		return nil, err
	}
	passphrase, n := src.Passphrase, d.humanN
	switch {
	case passphrase.Len() == 0:
		if s.generated, err = generatePassphrase(); err == nil {
			passphrase, n = s.generated, generatedN
		}
	case passphrase.Len() < minHuman:
		err = fmt.Errorf("a passphrase has at least %d characters", minHuman)
	}
	if err == nil {
		s.sealed, err = seal(private, passphrase, n)
	}
	if err != nil {
		s.key.Close()
		return nil, err
	}
	return s, nil
}

// drawOrCopy returns a key that the new identity owns alone: closing it must
// not reach into the caller's.
func drawOrCopy(imported *ecdsa.PrivateKey) (*ecdsa.PrivateKey, error) {
	if imported == nil {
		return crypto.GenerateKey()
	}
	if imported.Curve != crypto.S256() {
		return nil, errors.New("the imported key is not one of secp256k1")
	}
	raw := crypto.FromECDSA(imported)
	defer clear(raw)
	return crypto.ToECDSA(raw)
}

// free refuses a name under which there is an identity.
func (d *Dir) free(name string) error {
	if _, err := os.Lstat(d.path(identityDir, name)); err == nil {
		return fmt.Errorf("%w: %s; its key is never overwritten", ErrExists, name)
	}
	return nil
}

// place writes the files of the identity into a directory of their own, makes
// them durable and gives the directory its name. Called under the lock.
func (d *Dir) place(s *staged) error {
	parent, err := d.subdir(identityDir)
	if err != nil {
		return err
	}
	if err := d.sweep(); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, stagingPrefix+"*") // mode 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) // nothing is left of it after the rename
	about, err := s.id.encode()
	if err != nil {
		return err
	}
	content := map[string][]byte{identityFile: about, keyFile: s.sealed}
	if s.generated.Len() > 0 {
		content[passFile] = s.generated.Reveal()
	}
	for name, data := range content {
		if err := files.Create(filepath.Join(tmp, name), data); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, filepath.Join(parent, s.id.Name)); err != nil {
		return err
	}
	return syncDir(parent)
}

func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
