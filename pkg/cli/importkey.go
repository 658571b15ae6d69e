package cli

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/secret"
)

// maxKeyFile bounds what holds a key; a keystore takes about 500 bytes.
const maxKeyFile = 64 << 10

// importFlags say where an existing key comes from: one of them at most.
type importFlags struct {
	hex, mnemonic, keystore, path, passphrase string
}

func (f *importFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "import-hex", Destination: &f.hex, Usage: "`FILE` with a private key of 64 hex characters, - for standard input"},
		&cli.StringFlag{Name: "import-mnemonic", Destination: &f.mnemonic, Usage: "`FILE` with a BIP-39 mnemonic in English, - for standard input"},
		&cli.StringFlag{Name: "import-keystore", Destination: &f.keystore, Usage: "`FILE` with a version 3 keystore, - for standard input"},
		&cli.StringFlag{Name: "path", Destination: &f.path, DefaultText: home.DefaultPath, Usage: "BIP-44 `PATH` of the mnemonic's account"},
		&cli.StringFlag{Name: "import-passphrase-file", Destination: &f.passphrase, Usage: "`FILE` with the passphrase of the keystore, or the mnemonic's own, which few have"},
	}
}

// importKey reads the key that is to be imported; nil when none is.
func (p *program) importKey(ctx context.Context, f importFlags) (*ecdsa.PrivateKey, error) {
	file, flag, n := "", "", 0
	for name, value := range map[string]string{"--import-hex": f.hex, "--import-mnemonic": f.mnemonic, "--import-keystore": f.keystore} {
		if value != "" {
			file, flag = value, name
			n++
		}
	}
	switch {
	case n > 1:
		return nil, usage("one key is imported: --import-hex, --import-mnemonic or --import-keystore")
	case f.path != "" && flag != "--import-mnemonic":
		return nil, usage("--path goes with --import-mnemonic")
	case f.passphrase != "" && flag != "--import-mnemonic" && flag != "--import-keystore":
		return nil, usage("--import-passphrase-file goes with --import-keystore or --import-mnemonic")
	case n == 0:
		return nil, nil
	case flag == "--import-keystore" && f.passphrase == "":
		return nil, usage("a keystore opens with its passphrase: --import-passphrase-file FILE")
	}
	var pass secret.Secret
	if f.passphrase != "" {
		var err error
		if pass, err = home.ReadPassphrase(f.passphrase); err != nil {
			return nil, err
		}
		defer pass.Destroy()
	}
	s, err := p.readSecret(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	defer s.Destroy()
	var k *ecdsa.PrivateKey
	switch flag {
	case "--import-hex":
		t := trimmed(s)
		defer t.Destroy()
		k, err = home.ParseHexKey(t)
	case "--import-mnemonic":
		path := f.path
		if path == "" {
			path = home.DefaultPath
		}
		k, err = home.ParseMnemonic(s, pass, path)
	default:
		k, err = home.ParseKeystore(s.Reveal(), pass)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return k, nil
}

// readSecret reads a secret from a file that nobody else may read, or from
// standard input for "-". One that is typed would stay on the screen.
func (p *program) readSecret(ctx context.Context, file string) (secret.Secret, error) {
	if file != "-" {
		if looksSecret(file) {
			return secret.Secret{}, errors.New("a secret on the command line is seen by every process, so that it is none any more: name a file, or - for standard input")
		}
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

// looksSecret tells a key or words from the name of a file.
func looksSecret(arg string) bool {
	if len(strings.Fields(arg)) >= 12 || strings.HasPrefix(strings.TrimSpace(arg), "{") {
		return true
	}
	// Also a key with a digit too few or too many.
	digits := strings.TrimPrefix(strings.TrimSpace(arg), "0x")
	return len(digits) >= 40 && strings.Trim(strings.ToLower(digits), "0123456789abcdef") == ""
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
