package omni_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/omni"
)

// address is the account of the well-known test key 1.
var address = [20]byte{0x7e, 0x5f, 0x45, 0x52, 0x09, 0x1a, 0x69, 0x12, 0x5d, 0x5d, 0xfc, 0xb7, 0xb8, 0xc2, 0x65, 0x90, 0x29, 0x39, 0x5b, 0xdf}

func TestDerivations(t *testing.T) {
	// printf agentkeysevm0x7e5f4552091a69125d5dfcb7b8c2659029395bdf | sha256sum
	const want = "0xd457789998c7158f596b6aa7a7e1dfba26703f6cd4374a2df43dc0567a042851"
	o := omni.OperatorOfWallet(address)
	if o.String() != want || o.Key() != want[2:] || omni.Self(o).Key() != o.Key() {
		t.Errorf("forms disagree: %s %s", o, o.Key())
	}
	if omni.ActorOfWallet(address).Bytes() != o.Bytes() {
		t.Error("actor and operator derive differently")
	}
	if d := omni.DeviceKeyOfAddress(address); d.Key() == o.Key() {
		t.Error("device key equals omni")
	}
}

func TestParse(t *testing.T) {
	good := "0x" + strings.Repeat("0", 63) + "1"
	if o, err := omni.ParseOperator(good); err != nil || o.String() != good {
		t.Fatalf("%v %v", o, err)
	}
	for name, bad := range map[string]string{
		"zero":        "0x" + strings.Repeat("0", 64),
		"no prefix":   strings.Repeat("1", 64),
		"upper case":  "0x" + strings.Repeat("A", 64),
		"upper X":     "0X" + strings.Repeat("1", 64),
		"short":       "0x" + strings.Repeat("1", 63),
		"long":        "0x" + strings.Repeat("1", 65),
		"not hex":     "0x" + strings.Repeat("1", 63) + "g",
		"empty":       "",
		"wildcard":    "0x" + strings.Repeat("1", 63) + "*",
		"space":       " 0x" + strings.Repeat("1", 63),
		"full width":  "0x" + strings.Repeat("1", 61) + "１",
		"newline end": "0x" + strings.Repeat("1", 63) + "\n",
	} {
		if _, err := omni.ParseActor(bad); !errors.Is(err, omni.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
		var d omni.DeviceKey
		if err := d.UnmarshalText([]byte(bad)); !errors.Is(err, omni.ErrInvalid) || !d.IsZero() {
			t.Errorf("%s: UnmarshalText got %v, left %v", name, err, d)
		}
	}
}

func TestZeroIsNeverEncoded(t *testing.T) {
	if _, err := json.Marshal(omni.Actor{}); !errors.Is(err, omni.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if _, err := omni.OperatorFromBytes([32]byte{}); !errors.Is(err, omni.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("0x" + strings.Repeat("1", 64))
	f.Add("0x" + strings.Repeat("0", 64))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		o, err := omni.ParseOperator(s)
		if err != nil {
			return
		}
		if o.String() != s || o.IsZero() {
			t.Fatalf("%q read as %v", s, o)
		}
		if _, err := hex.DecodeString(o.Key()); err != nil || len(o.Key()) != 64 {
			t.Fatalf("key form %q", o.Key())
		}
	})
}
