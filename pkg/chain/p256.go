package chain

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
)

// question is an input of the raw P-256 interface with its known answer.
type question struct {
	name  string
	input []byte
	valid bool
}

func (q question) answer() common.Hash {
	if q.valid {
		return common.Hash{31: 1}
	}
	return common.Hash{}
}

// knownAnswers are the vector of RFC 6979 (A.2.5, SHA-256, "sample"), a fresh
// signature that no list can hold, and what becomes of them by one fault each.
func knownAnswers() ([]question, error) {
	hash := sha256.Sum256([]byte("sample"))
	rfc := signature{
		hash: new(big.Int).SetBytes(hash[:]),
		r:    word("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"),
		s:    word("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"),
		x:    word("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
		y:    word("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
	}
	fresh, err := freshSignature()
	if err != nil {
		return nil, err
	}
	n, p := elliptic.P256().Params().N, elliptic.P256().Params().P
	one, zero := big.NewInt(1), new(big.Int)
	plus := func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }
	twin := func(s signature) signature { s.s = new(big.Int).Sub(n, s.s); return s }
	out := []question{
		{"the vector of RFC 6979", rfc.bytes(), true},
		{"a fresh signature", fresh.bytes(), true},
		{"the other s of a signature", twin(rfc).bytes(), true},
		{"nothing", nil, false},
		{"a byte too few", rfc.bytes()[:159], false},
		{"a byte too many", append(rfc.bytes(), 0), false},
	}
	for _, s := range []signature{rfc, fresh} {
		for name, bad := range map[string]signature{
			"another hash":           {plus(s.hash, one), s.r, s.s, s.x, s.y},
			"another r":              {s.hash, plus(s.r, one), s.s, s.x, s.y},
			"r is zero":              {s.hash, zero, s.s, s.x, s.y},
			"s is zero":              {s.hash, s.r, zero, s.x, s.y},
			"r and s are zero":       {s.hash, zero, zero, s.x, s.y},
			"r is n":                 {s.hash, n, s.s, s.x, s.y},
			"s is n":                 {s.hash, s.r, n, s.x, s.y},
			"a key off the curve":    {s.hash, s.r, s.s, s.x, plus(s.y, one)},
			"no key":                 {s.hash, s.r, s.s, zero, zero},
			"another key":            {s.hash, s.r, s.s, s.x, new(big.Int).Sub(p, s.y)},
			"a coordinate above p":   {s.hash, s.r, s.s, p, s.y},
			"r, s and key exchanged": {s.hash, s.x, s.y, s.r, s.s},
		} {
			out = append(out, question{name, bad.bytes(), false})
		}
	}
	return out, nil
}

type signature struct{ hash, r, s, x, y *big.Int }

// bytes is hash || r || s || x || y. Sums above 2^256 wrap, as their callers
// want some other word.
func (s signature) bytes() []byte {
	var out []byte
	for _, v := range []*big.Int{s.hash, s.r, s.s, s.x, s.y} {
		out = append(out, common.BigToHash(v).Bytes()...)
	}
	return out
}

func word(s string) *big.Int { return common.HexToHash(s).Big() }

func freshSignature() (signature, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return signature{}, fmt.Errorf("making a P-256 key: %w", err)
	}
	pub, err := k.PublicKey.Bytes()
	if err != nil {
		return signature{}, fmt.Errorf("making a P-256 key: %w", err)
	}
	hash := sha256.Sum256(pub)
	r, s, err := ecdsa.Sign(rand.Reader, k, hash[:])
	if err != nil {
		return signature{}, fmt.Errorf("making a P-256 signature: %w", err)
	}
	return signature{new(big.Int).SetBytes(hash[:]), r, s, new(big.Int).SetBytes(pub[1:33]), new(big.Int).SetBytes(pub[33:])}, nil
}
