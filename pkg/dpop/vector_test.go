package dpop_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/omni"
)

// A proof that was made once keeps its meaning: the wire form does not drift.
func TestVector(t *testing.T) {
	text, err := os.ReadFile("../../testdata/vectors/dpop.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Now                                           int64
		Method, URL, Token, Body, Proof, Address, Jkt string
		Device                                        omni.DeviceKey `json:"device_key_hash"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	p, err := newVerifier(t, &clock{time.Unix(v.Now, 0)}).Verify(context.Background(), v.Proof, dpop.Expect{
		Method: v.Method, URL: v.URL, Token: v.Token, Body: []byte(v.Body), WantThumbprint: v.Jkt, WantDevice: v.Device,
	})
	if err != nil || p.Address().Hex() != v.Address || p.Device() != v.Device || p.Thumbprint() != v.Jkt {
		t.Errorf("%+v %v", p, err)
	}
}
