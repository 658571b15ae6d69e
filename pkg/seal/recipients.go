package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/secret"
)

// maxRecipients bounds a backup's recipients; nobody has that many safes.
const maxRecipients = 32

type toRecipients []age.Recipient

// ToRecipients seals to public keys of age, of which each opens alone: X25519
// (age1…) or hybrid post-quantum ones (age1pq1…), not mixed. It only seals.
func ToRecipients(texts []string) (Seal, error) {
	if len(texts) == 0 || len(texts) > maxRecipients {
		return nil, fmt.Errorf("seal to recipients: name 1 to %d, not %d", maxRecipients, len(texts))
	}
	seen := map[string]bool{}
	var out toRecipients
	for i, t := range texts {
		// A secret key given by mistake must not be repeated in the error.
		if strings.HasPrefix(strings.ToUpper(t), "AGE-SECRET-KEY-") {
			return nil, fmt.Errorf("seal to recipients: number %d is a secret key; name its public key (age1…)", i+1)
		}
		r, err := age.ParseRecipients(strings.NewReader(t))
		if err != nil || len(r) != 1 {
			return nil, fmt.Errorf("seal to recipients: number %d is not a public key of age (age1…)", i+1)
		}
		if seen[t] {
			return nil, fmt.Errorf("seal to recipients: number %d is there twice", i+1)
		}
		seen[t] = true
		out = append(out, r[0])
	}
	return out, nil
}

// Name implements Seal.
func (toRecipients) Name() string { return "recipients" }

func (r toRecipients) recipients(context.Context) ([]age.Recipient, error) { return r, nil }

func (toRecipients) identities(context.Context) ([]age.Identity, error) {
	return nil, fmt.Errorf("%w: opening needs the file of a recipient's secret key", ErrOneWay)
}

// fromIdentities keeps the keys behind a closure: age's own type prints its
// secret key.
type fromIdentities func() []age.Identity

// FromIdentities opens with the secret keys in a file of age
// (AGE-SECRET-KEY-…, one a line, as age-keygen writes it). The file is a secret
// one: files.ErrUnsafe, fs.ErrNotExist. It only opens.
func FromIdentities(path string) (Seal, error) {
	b, err := files.Read(path)
	if err != nil {
		return nil, fmt.Errorf("identity file: %w", err)
	}
	defer b.Destroy()
	ids, err := age.ParseIdentities(bytes.NewReader(b.Reveal()))
	if err != nil {
		// The library's text names the line, never its content.
		return nil, fmt.Errorf("identity file: %s: %w", path, err)
	}
	return fromIdentities(func() []age.Identity { return ids }), nil
}

// Name implements Seal.
func (fromIdentities) Name() string { return "identity file" }

func (fromIdentities) recipients(context.Context) ([]age.Recipient, error) {
	return nil, fmt.Errorf("%w: sealing needs the public key", ErrOneWay)
}

func (f fromIdentities) identities(context.Context) ([]age.Identity, error) { return f(), nil }

// GenerateIdentity makes a key pair for backups: the content of an identity
// file, and the public key that it opens for. The kind is age's X25519.
func GenerateIdentity() (identity secret.Secret, recipient string, err error) {
	i, err := age.GenerateX25519Identity()
	if err != nil {
		return secret.Secret{}, "", errors.New("make an identity: no random bytes can be had")
	}
	recipient = i.Recipient().String()
	return secret.Own(fmt.Appendf(nil, "# public key: %s\n%s\n", recipient, i)), recipient, nil
}
