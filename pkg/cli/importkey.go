package cli

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/secret"
)

// maxKeyFile bounds what holds a key; a keystore takes about 500 bytes.
const maxKeyFile = 64 << 10

// readSecret reads a secret from a file that nobody else may read, or from
// standard input for "-". One that is typed would stay on the screen.
func (p *program) readSecret(ctx context.Context, file string) (secret.Secret, error) {
	if file != "-" {
		return files.Read(file)
	}
	if p.StdinIsTerminal {
		return secret.Secret{}, errors.New("a secret is not typed at a terminal: pipe it in, or name a file")
	}
	data, err := p.read(ctx, "-", maxKeyFile)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("reading standard input: %w", err)
	}
	defer clear(data)
	return secret.New(data), nil
}

// readKey reads the key of a wallet: a version 3 keystore, or hex.
func (p *program) readKey(ctx context.Context, file string) (*ecdsa.PrivateKey, error) {
	s, err := p.readSecret(ctx, file)
	if err != nil {
		return nil, err
	}
	defer s.Destroy()
	if !strings.HasPrefix(strings.TrimSpace(string(s.Reveal())), "{") {
		return home.ParseHexKey(trimmed(s))
	}
	pass, err := p.passphrase()
	if err != nil {
		return nil, err
	}
	defer pass.Destroy()
	if pass.Len() == 0 {
		return nil, errors.New("a keystore opens with a passphrase: name its file with --passphrase-file")
	}
	return home.ParseKeystore(s.Reveal(), pass)
}

// trimmed is a secret without the line end that editors put there.
func trimmed(s secret.Secret) secret.Secret {
	return secret.New([]byte(strings.TrimSpace(string(s.Reveal()))))
}
