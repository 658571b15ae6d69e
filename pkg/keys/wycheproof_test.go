package keys_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/c2sp/wycheproof"
)

// hexBytes reads the vectors' hex strings.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(t []byte) (err error) {
	*h, err = hex.DecodeString(string(t))
	return err
}

// The primitives are the standard library's; the vectors hold it to account on
// the platform at hand.

func TestWycheproofAESGCM(t *testing.T) {
	var f struct {
		Groups []struct {
			IV    int `json:"ivSize"`
			Key   int `json:"keySize"`
			Tag   int `json:"tagSize"`
			Tests []struct {
				ID     int      `json:"tcId"`
				Key    hexBytes `json:"key"`
				IV     hexBytes `json:"iv"`
				AAD    hexBytes `json:"aad"`
				Msg    hexBytes `json:"msg"`
				CT     hexBytes `json:"ct"`
				Tag    hexBytes `json:"tag"`
				Result string   `json:"result"`
			} `json:"tests"`
		} `json:"testGroups"`
	}
	read(t, "aes_gcm_test.json", &f)
	n := 0
	for _, g := range f.Groups {
		if g.Key != 256 || g.IV != 96 || g.Tag != 128 {
			continue // sizes that nothing here uses
		}
		for _, c := range g.Tests {
			n++
			block, err := aes.NewCipher(c.Key)
			if err != nil {
				t.Fatal(err)
			}
			aead, err := cipher.NewGCM(block)
			if err != nil {
				t.Fatal(err)
			}
			sealed := append(append([]byte(nil), c.CT...), c.Tag...)
			got, err := aead.Open(nil, c.IV, sealed, c.AAD)
			if valid := c.Result == "valid"; valid != (err == nil) || (valid && !bytes.Equal(got, c.Msg)) {
				t.Errorf("case %d (%s): %v", c.ID, c.Result, err)
			}
			if c.Result == "valid" && !bytes.Equal(aead.Seal(nil, c.IV, c.Msg, c.AAD), sealed) {
				t.Errorf("case %d: sealed otherwise", c.ID)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d cases ran", n)
	}
}

func TestWycheproofHKDF(t *testing.T) {
	var f struct {
		Groups []struct {
			Tests []struct {
				ID     int      `json:"tcId"`
				IKM    hexBytes `json:"ikm"`
				Salt   hexBytes `json:"salt"`
				Info   hexBytes `json:"info"`
				Size   int      `json:"size"`
				OKM    hexBytes `json:"okm"`
				Result string   `json:"result"`
			} `json:"tests"`
		} `json:"testGroups"`
	}
	read(t, "hkdf_sha256_test.json", &f)
	n := 0
	for _, g := range f.Groups {
		for _, c := range g.Tests {
			n++
			got, err := hkdf.Key(sha256.New, c.IKM, c.Salt, string(c.Info), c.Size)
			if valid := c.Result == "valid"; valid != (err == nil) || (valid && !bytes.Equal(got, c.OKM)) {
				t.Errorf("case %d (%s): %v", c.ID, c.Result, err)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d cases ran", n)
	}
}

func read(t *testing.T, name string, v any) {
	t.Helper()
	b, err := fs.ReadFile(wycheproof.TestVectors, name)
	if err != nil {
		t.Fatal(err)
	}
	// These files are public and have members that nothing here needs.
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}
