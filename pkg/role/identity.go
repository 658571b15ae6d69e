package role

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// IdentityKey opens the key with which a role shows other roles who it is, and
// makes it when the process may: then its public half lies beside it, as the key
// set that the others are configured with: FILE.jwks.json.
func (e Env) IdentityKey(path string) (jose.PrivateKey, error) {
	generate := jose.GenerateKey
	if !e.CreateKeys {
		generate = nil
	}
	k, err := jose.OpenKey(path, generate)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return k, fmt.Errorf("there is no identity key %s; `agentkeys serve --create-keys` makes it", path)
	case err != nil:
		return k, fmt.Errorf("identity key: %w", err)
	case !e.CreateKeys: // the directory may be read-only
		return k, nil
	}
	return k, publish(path+".jwks.json", k)
}

// publish writes the public half, which is no secret.
func publish(path string, k jose.PrivateKey) error {
	set, err := jose.NewKeySet(k.Public())
	if err != nil {
		return err
	}
	b, err := strictjson.Encode(set.JWKS())
	if err != nil {
		return err
	}
	if have, err := files.Read(path); err == nil && string(have.Reveal()) == string(b) {
		return nil
	}
	return files.Replace(path, b)
}
