package jose_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"math/big"
	"strings"
	"testing"

	"github.com/c2sp/wycheproof"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// vectors of one Wycheproof file, with the members that any test here reads.
type vectors struct {
	TestGroups []struct {
		Comment   string
		Public    json.RawMessage // a JWK, or a set of them
		PublicKey struct{ Uncompressed string }
		Tests     []struct {
			TcID    int
			Comment string
			JWS     any // a string, or in a few vectors an object
			Msg     string
			Sig     string
			Result  string
			Flags   []string
		}
	}
}

func load(t *testing.T, name string) vectors {
	t.Helper()
	b, err := fs.ReadFile(wycheproof.TestVectors, name)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The signature alone: 64 bytes, in range, low s, right.
func TestWycheproofSignatures(t *testing.T) {
	half := new(big.Int).Rsh(elliptic.P256().Params().N, 1)
	valid, highS, invalid := 0, 0, 0
	for _, g := range load(t, "ecdsa_secp256r1_sha256_p1363_test.json").TestGroups {
		point, err := hex.DecodeString(g.PublicKey.Uncompressed)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			t.Fatal(err)
		}
		k, err := jose.NewPublicKey(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range g.Tests {
			msg, _ := hex.DecodeString(c.Msg)
			sig, _ := hex.DecodeString(c.Sig)
			high := len(sig) == 64 && new(big.Int).SetBytes(sig[32:]).Cmp(half) > 0
			err := k.VerifyInput(string(msg), sig)
			switch {
			case c.Result == "valid" && !high:
				valid++
			case c.Result == "valid":
				highS++
			default:
				invalid++
			}
			if want := c.Result == "valid" && !high; want != (err == nil) {
				t.Errorf("%d %s (%s): %v", c.TcID, c.Comment, c.Result, err)
			}
		}
	}
	if valid < 50 || highS < 50 || invalid < 50 {
		t.Errorf("%d valid, %d high-s, %d invalid: not the vectors that were meant", valid, highS, invalid)
	}
}

// Whole tokens of every algorithm. None is of our type, so none may verify; and
// with typ and kid left aside, the verdict must be Wycheproof's, except that
// high-s is refused.
func TestWycheproofTokens(t *testing.T) {
	total, accepted, upper := 0, 0, 0
	for _, name := range []string{"json_web_signature_test.json", "json_web_key_test.json"} {
		for _, g := range load(t, name).TestGroups {
			key, usable := relabelled(g.Public)
			for _, c := range g.Tests {
				total++
				token, compact := c.JWS.(string)
				if !compact || !usable {
					continue // the JSON serialisation, or a key that is not ES256's
				}
				for _, typ := range []string{"", "JWT", "cap+jwt"} {
					if p, err := keySet(t, key).Verify(token, typ); err == nil {
						t.Errorf("%s %d: verified as %q: %q", name, c.TcID, typ, p)
					}
				}
				err := bare(key, token)
				if err == nil {
					accepted++
				}
				high := c.Result == "valid" && err != nil && strings.Contains(err.Error(), "upper half")
				if high {
					upper++
				}
				if (err == nil) != (c.Result == "valid") && !high {
					t.Errorf("%s %d %s (%s): %v", name, c.TcID, c.Comment, c.Result, err)
				}
			}
		}
	}
	if total != 427 || accepted != 1 || upper != 1 {
		t.Errorf("%d tokens, %d accepted without our header, %d high-s: not the vectors that were meant", total, accepted, upper)
	}
}

// relabelled reads a vector's key with our kid in place of its own; false when
// the rest of it is not of our form.
func relabelled(public json.RawMessage) (jose.PublicKey, bool) {
	var set jose.JWKS
	if json.Unmarshal(public, &set) != nil || len(set.Keys) == 0 {
		set.Keys = make([]jose.JWK, 1)
		if json.Unmarshal(public, &set.Keys[0]) != nil {
			return jose.PublicKey{}, false
		}
	}
	x, _ := jose.DecodeSegment(set.Keys[0].X)
	y, _ := jose.DecodeSegment(set.Keys[0].Y)
	if len(set.Keys) != 1 || len(x) != 32 || len(y) != 32 {
		return jose.PublicKey{}, false
	}
	set.Keys[0].Kid = jose.Thumbprint("P-256", [32]byte(x), [32]byte(y))
	text, _ := json.Marshal(set)
	if _, err := jose.ParseKeySet(text); err != nil {
		return jose.PublicKey{}, false
	}
	raw, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil {
		return jose.PublicKey{}, false
	}
	k, err := jose.NewPublicKey(raw)
	return k, err == nil
}

// bare verifies a token as KeySet.Verify does, but for typ and kid.
func bare(k jose.PublicKey, token string) error {
	c, err := jose.Split(token)
	if err != nil {
		return err
	}
	var h struct {
		Alg string `json:"alg"`
		Kid string `json:"kid"`
	}
	if err := strictjson.Decode(c.Header, &h); err != nil {
		return err
	}
	if h.Alg != "ES256" {
		return jose.ErrHeader
	}
	return k.VerifyInput(c.Input, c.Signature)
}
