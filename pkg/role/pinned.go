package role

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
)

// PinnedKeys reads whose signatures a role accepts: value is a JWKS file, or
// the thumbprint of a key that is then fetched from host + path and must be
// there; during a rotation the thumbprints of both, separated by a comma. flag is the name of the flag, for the messages.
func (e Env) PinnedKeys(ctx context.Context, flag, value, host, path string) (jose.KeySet, error) {
	if value == "" {
		return jose.KeySet{}, fmt.Errorf("--%s is not set: name a JWKS file or the thumbprint of a key", flag)
	}
	pins := strings.Split(value, ",")
	if slices.ContainsFunc(pins, func(p string) bool { return !jose.IsThumbprint(p) }) || strings.ContainsAny(value, "/.") {
		b, err := files.ReadPublic(value)
		if err != nil {
			return jose.KeySet{}, fmt.Errorf("reading --%s: %w", flag, err)
		}
		set, err := jose.ParseKeySet(b)
		if err != nil {
			return jose.KeySet{}, fmt.Errorf("--%s %s: %w", flag, value, err)
		}
		return set, nil
	}
	origin, err := e.Profile.Host(host)
	if err != nil {
		return jose.KeySet{}, err
	}
	set, err := api.FetchKeys(ctx, api.NewHTTPClient(), origin+path)
	if err != nil {
		return jose.KeySet{}, fmt.Errorf("fetching the keys of the %s: %w", host, err)
	}
	return set.Pin(pins...)
}
