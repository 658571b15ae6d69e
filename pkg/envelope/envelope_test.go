package envelope_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func TestRound(t *testing.T) {
	k, err := keys.CreateKeyring(filepath.Join(t.TempDir(), "keyring.json"), "development")
	if err != nil {
		t.Fatal(err)
	}
	svc, _ := service.Parse("github")
	r := keys.Request{Epoch: 1, Binding: keys.Binding{Class: service.Credentials,
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Service: svc}}
	blob, err := envelope.Seal(context.Background(), k, r, []byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := envelope.Open(context.Background(), k, r, blob)
	if err != nil || !bytes.Equal(s.Reveal(), []byte("hello")) {
		t.Fatal(err, s.Reveal())
	}
}
