// Package p256 holds questions to a P-256 verifier whose answers are known.
//
// Deployment puts them to the chain's router before it trusts it: a chain may
// have anything at 0x100 (RIP-7212, EIP-7951), also a precompile that says yes
// to a forgery, and the router believes its yes. A precompile that wrongly says
// no costs gas and changes nothing, but the questions with the answer yes also
// show that there is a verifier at all.
//
// Knowing the answers, a precompile made to deceive passes. The table finds
// mistakes, not malice: a chain's own code is trusted for everything else too.
package p256

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// Size is the length of a question: hash || r || s || x || y.
const Size = 160

// ErrWrongAnswer is wrapped by what Check returns when a verifier answers
// otherwise than it must.
var ErrWrongAnswer = errors.New("the chain's P-256 verifier gives a wrong answer")

// KnownAnswer is one question.
type KnownAnswer struct {
	Name  string
	Input [Size]byte
	Valid bool
}

// Word is the answer in the raw interface: 32 bytes, 1 or 0.
func (k KnownAnswer) Word() []byte {
	w := make([]byte, 32)
	if k.Valid {
		w[31] = 1
	}
	return w
}

// Check asks every question by ask, which performs a read-only call. The first
// wrong answer ends it with ErrWrongAnswer; an error of ask is returned as it
// is, for "no answer" is not "the wrong answer".
func Check(ask func(input []byte) ([]byte, error)) error {
	all, err := KnownAnswers()
	if err != nil {
		return err
	}
	for _, k := range all {
		got, err := ask(bytes.Clone(k.Input[:]))
		if err != nil {
			return fmt.Errorf("asking the P-256 verifier: %w", err)
		}
		if !bytes.Equal(got, k.Word()) {
			return fmt.Errorf("%w: %s", ErrWrongAnswer, k.Name)
		}
	}
	return nil
}

// Offsets of the words of a question.
const (
	atHash = 0
	atR    = 32
	atS    = 64
	atX    = 96
	atY    = 128
)

// The prime of the field and the order of the group.
const (
	fieldPrime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
	groupOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
	zero       = "0000000000000000000000000000000000000000000000000000000000000000"
	one        = "0000000000000000000000000000000000000000000000000000000000000001"
)

// Signatures, one word a line; the last two are none.
const (
	honest = "9bcdc67732c2e8f3903221ad4733bfdcee9486268a0fefb5bca9afbdfa96d4b6" +
		"d0a226b7f1d4cafd2227e23aea42fda6441da8133b070e8fba41c19b48c6c64a" +
		"4ba2f2fd8d48686981abd1f223315337c79d297d6fb1fefb7f8fc5c7139932c1" +
		"3758c5190de9cf8b09d35006430678e2f22a48e7e629b6ec829a616489e912e3" +
		"1f05cd41759ed8f9976cc8c129b641435d1b3ee784717111d904370a212c1fd5"
	// The hash is zero, so u1 is.
	zeroHash = zero +
		"4d09e41d37fbd32fb1d274972c116bb9db6a5190f1af8fbc8a0fce9371532ba0" +
		"2eacc146af6f3b25516c13676830931d6531c3753c295d3cce9c82791b878c0d" +
		"b09b8f92405a6b5c389826cda9519fa392bd59551c54335c05fefd0a46244c5d" +
		"c3a9b19430e1424422dab6eb7a897a80b057a0d8e0f975133e90f431aee9b34b"
	// The key is the generator: additions meet themselves.
	keyIsG = "bd642754d6c9fdf5d241c60dd0020a3e27ceb258842d3d28f0a5313a843a496c" +
		"54e77a001c3862b97a76647f4336df3cf126acbe7a069c5e5709277324d2920b" +
		"25e0d4aa915b99312a0d279c5ccd353fa18fbd44e73c3f6e9687703ee73edb7c" +
		"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
		"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
	// x(R) is n + 3 and r is 3.
	largeX = "89c100c2f418580e068b4d82e1584ad8266365e9f7033eaed3fe8c14d87f9206" +
		"0000000000000000000000000000000000000000000000000000000000000003" +
		"5541d77f09aa92b08a963dd5c53a0c9439047dbb6f654e51e90b5ede1e2d9de2" +
		"7cdcf91dce3a40584bf6f8d9609f1dd5353564b0bec411dd421ae95feaad2b6a" +
		"9863ba948e77f62f3a4a6ddb5c01bf073838f25d9f8a364c497aa787ca44d5e7"
	// The key's x is 5, so that x + p still fits into a word.
	smallKey = "011b9ba32998249ab8c91b116e89133786b811fde42a3dd408d5673b94bc6ed4" +
		"625be1c6c243dc94e4952f40b1b667457f5dc830c087f7f8c3cee54ca3da5ab3" +
		"666f2c76defa17da32bd659c424668e6a647813020d3b64cb096fc0a790e2a26" +
		"0000000000000000000000000000000000000000000000000000000000000005" +
		"459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"
	// The key is on another curve of the same field, on which it is valid.
	otherCurve = zero +
		"19120f85fd1cb9cb3f7da97629df582a19d1f78d95209565984ba349feeddddb" +
		"fd99c6d35eaa2b82d1ef57bce1cdadb65ab54feccafc1f229cfc5e4861a754bb" +
		"ca3d2975c08f22c3a37c01f7d0bfb23faa76028eab21da91c1d69a85e3d43b31" +
		"126b36047f151bcc33bae4cfd2ff1d7cdee651127618ddfd427924ee08f9a950"
	// u1*G + u2*Q is the point at infinity, which no r fits.
	infinite = "01c27ea70e1c3b66571fcedbe5f6bc628fe54433ee5efc2bcf87e6d134a36a48" +
		"0000000000000000000000000000000000000000000000000000000000000007" +
		"da2b61fb45b541a9ed6324bb5b11c31f335d65178a143aac835f42993806350d" +
		"f7431c53badcd8b6ee6a204611f69480e06119598c20b33e5116f587835c4f53" +
		"71c49ce750e0b693a4e7a0564e3ebc4da8ea3d112286ef182d03dac7ffd2afd4"
)

// edit replaces one word.
type edit struct {
	at   int
	word string
}

// KnownAnswers returns the questions, valid and invalid. Each invalid one
// differs in one thing from a valid one, but for the last three.
func KnownAnswers() ([]KnownAnswer, error) {
	table := []struct {
		name  string
		valid bool
		base  string
		edits []edit
	}{
		{"an honest signature", true, honest, nil},
		{"its twin with n - s", true, honest, []edit{{atS, "b45d0d0172b797977e542e0ddcceacc7f549d13037659f89742a04fbe8c9f290"}}},
		{"a hash of zero", true, zeroHash, nil},
		{"a key equal to the generator", true, keyIsG, nil},
		{"x(R) above the order", true, largeX, nil},
		{"a key with a small x", true, smallKey, nil},

		{"another hash", false, honest, []edit{{atHash, one}}},
		{"another r", false, honest, []edit{{atR, one}}},
		{"another s", false, honest, []edit{{atS, one}}},
		{"r = 0", false, honest, []edit{{atR, zero}}},
		{"s = 0", false, honest, []edit{{atS, zero}}},
		{"r = s = 0", false, honest, []edit{{atR, zero}, {atS, zero}}},
		{"r = n", false, honest, []edit{{atR, groupOrder}}},
		{"s = n", false, honest, []edit{{atS, groupOrder}}},
		{"r = 0 and s = n", false, honest, []edit{{atR, zero}, {atS, groupOrder}}},
		{"r not reduced", false, largeX, []edit{{atR, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632554"}}},
		{"another key", false, honest, []edit{{atX, "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"}, {atY, "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"}}},
		{"a key off the curve", false, honest, []edit{{atY, one}}},
		{"a key at infinity", false, honest, []edit{{atX, zero}, {atY, zero}}},
		{"a key at infinity, and r = s = 0", false, honest, []edit{{atR, zero}, {atS, zero}, {atX, zero}, {atY, zero}}},
		{"a key with x = p", false, honest, []edit{{atX, fieldPrime}}},
		{"a key with x + p", false, smallKey, []edit{{atX, "ffffffff00000001000000000000000000000001000000000000000000000004"}}},
		{"all zero", false, zero + zero + zero + zero + zero, nil},
		{"a key on another curve", false, otherCurve, nil},
		{"a sum at infinity", false, infinite, nil},
	}
	out := make([]KnownAnswer, 0, len(table))
	for _, row := range table {
		k := KnownAnswer{Name: row.name, Valid: row.valid}
		if _, err := hex.Decode(k.Input[:], []byte(row.base)); err != nil {
			return nil, fmt.Errorf("known answer %q: %w", row.name, err)
		}
		for _, e := range row.edits {
			if _, err := hex.Decode(k.Input[e.at:e.at+32], []byte(e.word)); err != nil {
				return nil, fmt.Errorf("known answer %q: %w", row.name, err)
			}
		}
		out = append(out, k)
	}
	return out, nil
}
