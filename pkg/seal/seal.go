// Package seal keeps small documents that hold secrets (the signer's keyring
// and its backups) sealed at rest. The format is age's (age-encryption.org/v1),
// which also owns the key derivation; a [Seal] says who can open.
//
// Laws:
//   - "Sealed otherwise" ([ErrSeal]), "damaged" ([ErrDamaged]) and "the key
//     service did not answer" (its own error) are different errors.
//   - What is opened came whole: a document that is cut, or has bytes after its
//     end, yields nothing.
//   - A hostile file cannot ask for more memory or work than a sound one.
//
// It does not say who sealed: whoever knows a public recipient, or may encrypt
// under the key of a KMS, can make a document of their own. Only under a
// passphrase is the sealer one who can open. It does not notice that an older
// document was put back. The library's own buffers, and the strings that it
// wants passphrases in, are left to the garbage collector.
package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/secret"
)

// MaxSize bounds a sealed document: what pkg/files reads.
const MaxSize = files.MaxSize

// The refusals. Every one says in its text what the document was sealed with,
// as far as the document tells.
var (
	// ErrSeal says that the document was sealed with something else: another
	// passphrase, key or context. Damage inside the sealed key reads the same.
	ErrSeal = errors.New("sealed with something else")
	// ErrDamaged says that the document is none of ours, or not whole.
	ErrDamaged = errors.New("the sealed document is damaged")
	// ErrOneWay says that this Seal does not work in that direction: public
	// recipients only seal, identities only open.
	ErrOneWay = errors.New("this seal works in the other direction only")
)

// Seal is a way to seal and to open: [Passphrase], [KMS], [ToRecipients] or
// [FromIdentities]. It is safe for concurrent use.
type Seal interface {
	// Name is what kind it is, for people and logs.
	Name() string
	recipients(ctx context.Context) ([]age.Recipient, error)
	identities(ctx context.Context) ([]age.Identity, error)
}

// Encrypt seals a document. It fails with ErrOneWay, for a plaintext that
// would exceed MaxSize, or with what the key service answered.
func Encrypt(ctx context.Context, s Seal, plaintext []byte) ([]byte, error) {
	r, err := s.recipients(ctx)
	if err != nil {
		return nil, fmt.Errorf("seal with %s: %w", s.Name(), err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r...)
	if err != nil {
		return nil, fmt.Errorf("seal with %s: %w", s.Name(), err)
	}
	if _, err := w.Write(plaintext); err != nil {
		return nil, fmt.Errorf("seal with %s: %w", s.Name(), err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal with %s: %w", s.Name(), err)
	}
	if out.Len() > MaxSize {
		return nil, fmt.Errorf("seal with %s: %d bytes are more than the %d that a sealed document may have", s.Name(), out.Len(), MaxSize)
	}
	return out.Bytes(), nil
}

// Open opens a document that the same Seal (or its other half) sealed: ErrSeal,
// ErrDamaged, ErrOneWay, or what the key service answered. The caller destroys
// the result.
func Open(ctx context.Context, s Seal, sealed []byte) (secret.Secret, error) {
	if len(sealed) > MaxSize {
		return secret.Secret{}, fmt.Errorf("%w: it is larger than %d bytes", ErrDamaged, MaxSize)
	}
	ids, err := s.identities(ctx)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("open with %s: %w", s.Name(), err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), ids...)
	if err != nil {
		return secret.Secret{}, classify(s, err)
	}
	// A plaintext is shorter than what it is sealed in: one buffer, no copies.
	plain := make([]byte, len(sealed))
	n, err := io.ReadFull(r, plain)
	if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		clear(plain)
		return secret.Secret{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := ended(r); err != nil {
		clear(plain)
		return secret.Secret{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return secret.Own(plain[:n:n]), nil
}

// ended tells the end of the document from an end that was cut off, which
// io.ReadFull reports alike.
func ended(r io.Reader) error {
	var one [1]byte
	switch n, err := r.Read(one[:]); {
	case n != 0:
		return errors.New("it does not end")
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}

// classify sorts what the library answers before the first byte is out.
func classify(s Seal, err error) error {
	var service *serviceError
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &service):
		return fmt.Errorf("open with %s: %w", s.Name(), service.cause)
	case errors.As(err, &none):
		return fmt.Errorf("%w than this %s: its stanzas are %s", ErrSeal, s.Name(), clip(fmt.Sprintf("%q", none.StanzaTypes)))
	default:
		return fmt.Errorf("%w: %s", ErrDamaged, clip(err.Error()))
	}
}

// serviceError carries the answer of a key service through the library.
type serviceError struct{ cause error }

func (e *serviceError) Error() string { return e.cause.Error() }
func (e *serviceError) Unwrap() error { return e.cause }

// clip bounds a text that holds parts of a file which anybody may have written.
func clip(s string) string {
	if len(s) > 160 {
		return s[:160] + "…"
	}
	return s
}
