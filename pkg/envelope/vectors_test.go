package envelope_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/omni"
	sealing "github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestVectors opens, from a backup of a keyring written out by hand, envelopes that an
// independent implementation made.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("../../testdata/vectors/envelope.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Comment string              `json:"comment"`
		Cases   []map[string]vector `json:"cases"`
	}
	if err := strictjson.Decode(b, &f); err != nil || len(f.Cases) == 0 {
		t.Fatal(err, len(f.Cases))
	}
	for _, v := range f.Cases {
		t.Run(string(v["name"]), func(t *testing.T) {
			o, d := keystest.Options(t), keystest.Deployment()
			document := fmt.Sprintf(`{"format":"agentkeys/keyring-backup/v1","ring_id":"00112233445566778899aabbccddeeff","deployment":{"chain_id":%d,"epoch_contract":"0x%x"},`+
				`"high_water":%s,"epochs":[{"epoch":%s,"k3":"%s","check":"%s","created":"2026-11-01T12:00:00Z"}],"tombstones":[]}`,
				d.ChainID, d.EpochContract, v["epoch"], v["epoch"], v["k3"], v["k3_check"])
			backup, err := sealing.Encrypt(t.Context(), o.Seal, []byte(document))
			if err != nil {
				t.Fatal(err)
			}
			k, err := keys.Restore(t.Context(), o, backup, o.Seal)
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			r := keys.Request{Binding: binding(t, v)}
			plaintext, err1 := hex.DecodeString(string(v["plaintext"]))
			blob, err2 := hex.DecodeString(string(v["envelope"]))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			wantPlain(t, k, r, blob, plaintext)
		})
	}
}

func binding(t *testing.T, v map[string]vector) keys.Binding {
	t.Helper()
	operator, err1 := omni.ParseOperator(string(v["operator"]))
	actor, err2 := omni.ParseActor(string(v["actor"]))
	version, err3 := strconv.ParseUint(string(v["version"]), 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	return keys.Binding{
		Class: service.Class(v["class"]), Operator: operator, Actor: actor,
		Service: name(t, string(v["service"])), Key: string(v["key"]), Version: version,
	}
}

// vector is a member of a case, string or number, as text.
type vector string

func (v *vector) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		*v = vector(b)
		return nil
	}
	s, err := strconv.Unquote(string(b))
	*v = vector(s)
	return err
}
