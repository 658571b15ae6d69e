package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"filippo.io/age"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	// humanWork is scrypt's cost (log2 of N) under a passphrase that a person
	// chose: about a second and 256 MiB, for an attacker too. It is also the
	// most that a file may ask for before we try it.
	humanWork = 18
	// generatedWork is the cost under a generated passphrase. Stretching makes
	// guessing dearer, and 256 random bits cannot be guessed at any price.
	generatedWork = 8

	// generatedPrefix marks what GeneratePassphrase made, so that nothing a
	// person types gets the lower cost by accident.
	generatedPrefix = "agentkeys-passphrase-"
	generatedBytes  = 32

	// minHuman is the least length of a passphrase that a person gives, in
	// bytes.
	minHuman = 8
)

// ErrPassphrase is the refusal of a passphrase that is too short to protect
// anything.
var ErrPassphrase = fmt.Errorf("a passphrase has at least %d characters", minHuman)

type passphrase struct {
	text secret.Secret
	work int
}

// Passphrase seals under a passphrase (scrypt, RFC 7914), at a cost that fits
// its kind: made by GeneratePassphrase or by a person. It refuses a short one
// with ErrPassphrase.
func Passphrase(p secret.Secret) (Seal, error) {
	s, err := newPassphrase(p)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func newPassphrase(p secret.Secret) (passphrase, error) {
	if isGenerated(p.Reveal()) {
		return passphrase{p, generatedWork}, nil
	}
	if p.Len() < minHuman {
		return passphrase{}, ErrPassphrase
	}
	return passphrase{p, humanWork}, nil
}

// passphraseFile is a passphrase that is nowhere but in its file between two uses: a
// process that runs for months need not hold what opens every copy of the keyring's
// file, too.
type passphraseFile struct{ path string }

// PassphraseFile is Passphrase with the content of a secret file, without one
// line end. A missing file is fs.ErrNotExist, an unsafe one files.ErrUnsafe, a short
// passphrase ErrPassphrase: here, and whenever something is sealed or opened, for
// the file is read each time.
func PassphraseFile(path string) (Seal, error) {
	f := passphraseFile{path}
	if err := Ready(f); err != nil {
		return nil, err
	}
	return f, nil
}

// read is the passphrase that is in the file now; done overwrites it here.
func (f passphraseFile) read() (p passphrase, done func(), err error) {
	whole, err := files.Read(f.path)
	if err != nil {
		return passphrase{}, nil, fmt.Errorf("passphrase file: %w", err)
	}
	text := bytes.TrimSuffix(whole.Reveal(), []byte("\n"))
	p, err = newPassphrase(secret.Own(bytes.TrimSuffix(text, []byte("\r"))))
	if err != nil {
		whole.Destroy()
		return passphrase{}, nil, fmt.Errorf("passphrase file: %s: %w", f.path, err)
	}
	return p, whole.Destroy, nil
}

// use reads the file for as long as do runs.
func (f passphraseFile) use(do func(passphrase) error) error {
	p, done, err := f.read()
	if err != nil {
		return err
	}
	defer done()
	return do(p)
}

// Held is s for one piece of work, after which done is called. A passphrase file is
// read once for all of it, so that what was opened is sealed again under what opened
// it, whatever comes into the file meanwhile: its errors are those of
// [PassphraseFile]. Every other seal is s itself.
func Held(s Seal) (held Seal, done func(), err error) {
	f, ok := s.(passphraseFile)
	if !ok {
		return s, func() {}, nil
	}
	p, done, err := f.read()
	if err != nil {
		return nil, nil, err
	}
	return p, done, nil
}

// Ready reports what [PassphraseFile] would refuse now, so that a file that went away
// is heard of before something is to be opened. Every other seal is ready.
func Ready(s Seal) error {
	f, ok := s.(passphraseFile)
	if !ok {
		return nil
	}
	return f.use(func(passphrase) error { return nil })
}

// Name implements Seal.
func (passphraseFile) Name() string { return "passphrase" }

func (f passphraseFile) recipients(ctx context.Context) (out []age.Recipient, err error) {
	err = f.use(func(p passphrase) error { out, err = p.recipients(ctx); return err })
	return out, err
}

func (f passphraseFile) identities(ctx context.Context) (out []age.Identity, err error) {
	err = f.use(func(p passphrase) error { out, err = p.identities(ctx); return err })
	return out, err
}

// GeneratePassphrase draws 256 bits, as text without a line end, in a form that
// Passphrase recognises.
func GeneratePassphrase() (secret.Secret, error) {
	var b [generatedBytes]byte
	defer clear(b[:])
	if _, err := rand.Read(b[:]); err != nil {
		return secret.Secret{}, fmt.Errorf("draw a passphrase: %w", err)
	}
	return secret.Own(base64.RawURLEncoding.AppendEncode([]byte(generatedPrefix), b[:])), nil
}

func isGenerated(p []byte) bool {
	text, ok := bytes.CutPrefix(p, []byte(generatedPrefix))
	if !ok || len(text) != base64.RawURLEncoding.EncodedLen(generatedBytes) {
		return false
	}
	var b [generatedBytes]byte
	defer clear(b[:])
	n, err := base64.RawURLEncoding.Strict().Decode(b[:], text)
	return err == nil && n == generatedBytes
}

// Name implements Seal.
func (passphrase) Name() string { return "passphrase" }

func (p passphrase) recipients(context.Context) ([]age.Recipient, error) {
	r, err := age.NewScryptRecipient(string(p.text.Reveal()))
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(p.work)
	return []age.Recipient{r}, nil
}

func (p passphrase) identities(context.Context) ([]age.Identity, error) {
	i, err := age.NewScryptIdentity(string(p.text.Reveal()))
	if err != nil {
		return nil, err
	}
	i.SetMaxWorkFactor(humanWork)
	return []age.Identity{i}, nil
}
