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
	if isGenerated(p.Reveal()) {
		return passphrase{p, generatedWork}, nil
	}
	if p.Len() < minHuman {
		return nil, ErrPassphrase
	}
	return passphrase{p, humanWork}, nil
}

// PassphraseFile is Passphrase with the content of a secret file, without one
// line end. A missing file is fs.ErrNotExist, an unsafe one files.ErrUnsafe.
func PassphraseFile(path string) (Seal, error) {
	p, err := files.Read(path)
	if err != nil {
		return nil, fmt.Errorf("passphrase file: %w", err)
	}
	text := bytes.TrimSuffix(p.Reveal(), []byte("\n"))
	s, err := Passphrase(secret.Own(bytes.TrimSuffix(text, []byte("\r"))))
	if err != nil {
		p.Destroy()
		return nil, fmt.Errorf("passphrase file: %s: %w", path, err)
	}
	return s, nil
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
