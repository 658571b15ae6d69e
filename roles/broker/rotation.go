package broker

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/role"
)

// Rotation is what is published beside K1 and K2 and signs nothing: the next key
// before it takes over, or the last one until what it signed is over. The key that
// signs stays first in each set: there is storage that looks at no other (Ceph RGW).
type Rotation struct {
	// K1 are believed as K1 is where this broker verifies sessions.
	K1 []jose.PublicKey
	// K2 carry certificates, as K2 does.
	K2 []jose.PublicKey
}

func (c *Config) rotationFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "broker-k1-also", Destination: &c.K1Also, EnvVars: []string{"AGENTKEYS_BROKER_K1_ALSO"}, Usage: "`FILE` of the next or the last K1 during a rotation: published behind K1, and its sessions accepted, but it signs nothing (default: none)"},
		&cli.StringFlag{Name: "broker-k2-also", Destination: &c.K2Also, EnvVars: []string{"AGENTKEYS_BROKER_K2_ALSO"}, Usage: "`FILE` of the next or the last K2 during a rotation: published behind K2, but it signs nothing (default: none)"},
	}
}

// openRotation opens the files that are named. A next key is made like the first.
func (c *Config) openRotation(e role.Env) (r Rotation, err error) {
	var errs [2]error
	if c.K1Also != "" {
		var generate func() (jose.PrivateKey, error)
		if e.CreateKeys {
			generate = jose.GenerateKey
		}
		var k jose.PrivateKey
		if k, errs[0] = named("the other K1", c.K1Also)(jose.OpenKey(c.K1Also, generate)); errs[0] == nil {
			r.K1 = []jose.PublicKey{k.Public()}
		}
	}
	if c.K2Also != "" {
		var k jose.PrivateKey
		if k, errs[1] = named("the other K2", c.K2Also)(oidc.OpenKey(c.K2Also, e.CreateKeys, e.Now)); errs[1] == nil {
			r.K2 = []jose.PublicKey{k.Public()}
		}
	}
	return r, errors.Join(errs[:]...)
}

func (r Rotation) public() []jose.PublicKey { return slices.Concat(r.K1, r.K2) }

// capKeys is the set that workers pin. No key has two uses: who can sign for
// storage could then mint capabilities.
func (r Rotation) capKeys(k1, k2 jose.PublicKey) (jose.KeySet, error) {
	ones, twos := append([]jose.PublicKey{k1}, r.K1...), append([]jose.PublicKey{k2}, r.K2...)
	for _, a := range ones {
		if slices.ContainsFunc(twos, func(b jose.PublicKey) bool { return a.Thumbprint() == b.Thumbprint() }) {
			return jose.KeySet{}, errors.New("K1 and K2 are the same key: who can sign for storage could then mint capabilities")
		}
	}
	set, err := jose.NewKeySet(ones...)
	if err != nil {
		return set, fmt.Errorf("K1: %w", err)
	}
	return set, nil
}
