package siwe_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/siwe"
)

// A sign-in that was made once keeps its meaning: the text does not drift.
func TestVector(t *testing.T) {
	text, err := os.ReadFile("../../testdata/vectors/siwe.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Now                                                             int64
		Domain, URI, Statement, Nonce, Message, Signature, Address, Jkt string
		ChainID                                                         uint64         `json:"chain_id"`
		Device                                                          omni.DeviceKey `json:"device_key_hash"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	got, err := siwe.Verify(v.Message, v.Signature, siwe.Expect{Domain: v.Domain, URI: v.URI, ChainID: v.ChainID, Statement: v.Statement, Now: time.Unix(v.Now, 0)})
	if err != nil || got.Address().Hex() != v.Address || got.Nonce() != v.Nonce || got.Device() != v.Device || got.Thumbprint() != v.Jkt {
		t.Errorf("%+v %v", got, err)
	}
}
