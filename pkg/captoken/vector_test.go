package captoken_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
)

// A token that was made once keeps its meaning: the wire form does not drift.
func TestVector(t *testing.T) {
	text, err := os.ReadFile("../../testdata/vectors/captoken.json")
	check(t, err)
	var v struct {
		Issuer, Token, JTI, JKT, Service, Op string
		Now, Iat, Exp                        int64
		Uses                                 int
		Class                                string          `json:"data_class"`
		Epoch                                uint32          `json:"k3_epoch"`
		Operator                             omni.Operator   `json:"operator_omni"`
		Actor                                omni.Actor      `json:"actor_omni"`
		Device                               omni.DeviceKey  `json:"device_key_hash"`
		JWKS                                 json.RawMessage `json:"jwks"`
	}
	check(t, json.Unmarshal(text, &v))
	keys, err := jose.ParseKeySet(v.JWKS)
	check(t, err)
	verifier, err := captoken.NewVerifier(keys, v.Issuer, (&clock{time.Unix(v.Now, 0)}).now)
	check(t, err)
	g, err := verifier.Verify(v.Token)
	check(t, err)
	if g.ID() != v.JTI || g.Operator() != v.Operator || g.Actor() != v.Actor || g.ServiceName().String() != v.Service || string(g.Op()) != v.Op ||
		string(g.Class()) != v.Class || g.Device() != v.Device || g.Thumbprint() != v.JKT || g.Epoch() != v.Epoch || g.Uses() != v.Uses ||
		g.IssuedAt().Unix() != v.Iat || g.ExpiresAt().Unix() != v.Exp {
		t.Errorf("%+v", g)
	}
}
