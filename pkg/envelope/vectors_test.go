package envelope_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestVectors opens, from a keyring file written out by hand, envelopes that an
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
			path := filepath.Join(t.TempDir(), "keyring.json")
			ring := fmt.Sprintf(`{"format":"agentkeys/keyring/v1","high_water":%s,"epochs":[{"epoch":%s,"k3":"%s","check":"%s"}]}`,
				v["epoch"], v["epoch"], v["k3"], v["k3_check"])
			if err := files.Create(path, []byte(ring)); err != nil {
				t.Fatal(err)
			}
			k, err := keys.OpenKeyring(path, "development")
			if err != nil {
				t.Fatal(err)
			}
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
