package envelope_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
)

// TestTwoKeyCiphertext builds what AES-GCM alone would accept: one envelope,
// one ciphertext, one tag, that two data keys open to two different texts, each
// under its own epoch. The commitment fits one of them at most.
func TestTwoKeyCiphertext(t *testing.T) {
	r := request(t)
	one, two := dek(t, "the first of the two data keys.."), dek(t, "the second of the two data keys.")
	var nonce [12]byte
	copy(nonce[:], "chosen nonce")
	aead1, commitment1, aad, err := envelope.Derive(one, r.Binding, nonce)
	if err != nil {
		t.Fatal(err)
	}
	aead2, commitment2, _, err := envelope.Derive(two, r.Binding, nonce)
	if err != nil {
		t.Fatal(err)
	}
	body := twoKeyCiphertext(t, aead1, aead2, nonce[:], aad, []byte("chosen sixteen.."))
	for _, a := range []cipher.AEAD{aead1, aead2} {
		if _, err := a.Open(nil, nonce[:], body, aad); err != nil {
			t.Fatal("the forgery is no forgery:", err)
		}
	}
	dk := fixedKeys{1: one, 2: two}
	for _, c := range []struct {
		commitment [32]byte
		opens      map[uint64]bool
	}{{commitment1, map[uint64]bool{1: true}}, {commitment2, map[uint64]bool{2: true}}, {[32]byte{}, nil}} {
		for epoch := uint64(1); epoch <= 2; epoch++ {
			got, err := envelope.Open(ctx, dk, r, build(epoch, c.commitment, nonce, body))
			if c.opens[epoch] {
				if err != nil {
					t.Errorf("the key that the commitment names: %v", err)
				}
				continue
			}
			if apierr.CodeOf(err) != apierr.EnvelopeInvalid || got.Len() != 0 {
				t.Errorf("opened under a second key: %v", err)
			}
		}
	}
}

// build writes an envelope by the documented layout.
func build(epoch uint64, commitment [32]byte, nonce [12]byte, body []byte) []byte {
	out := append([]byte("AKEV"), 1, 1)
	out = binary.BigEndian.AppendUint64(out, epoch)
	out = append(out, make([]byte, keys.WrapSize)...)
	out = append(out, commitment[:]...)
	out = append(out, nonce[:]...)
	return append(out, body...)
}

// twoKeyCiphertext returns ciphertext and tag valid under both keys. The first
// block is free to choose; the second is solved for. With the second block zero
// the tags are t1 and t2; a second block c adds c*H^2 to each (it is the last
// but one of GHASH's inputs, before the lengths), H being E(0) of each key. So
// c = (t1 + t2) / (H1^2 + H2^2).
func twoKeyCiphertext(t *testing.T, a1, a2 cipher.AEAD, nonce, aad, first []byte) []byte {
	t.Helper()
	ct := append(bytes.Clone(first), make([]byte, 16)...)
	t1, h1 := tagAndHash(t, a1, nonce, aad, ct)
	t2, h2 := tagAndHash(t, a2, nonce, aad, ct)
	sq1, sq2 := h1.mul(h1), h2.mul(h2)
	c := t1.add(t2).mul(sq1.add(sq2).inverse())
	copy(ct[16:], c.bytes())
	tag := t1.add(c.mul(sq1))
	return append(ct, tag.bytes()...)
}

// tagAndHash returns the tag that a key gives the ciphertext, and the key's H
// squared out of two tags: a change d in the last block changes the tag by d*H^2.
func tagAndHash(t *testing.T, a cipher.AEAD, nonce, aad, ct []byte) (tag, h field) {
	t.Helper()
	base := tagOf(a, nonce, aad, ct)
	// d = 1 in the second block gives H^2; its square root is H^(2^128 / 2).
	changed := bytes.Clone(ct)
	changed[16] ^= 0x80
	h2 := base.add(tagOf(a, nonce, aad, changed))
	h = h2
	for range 127 {
		h = h.mul(h)
	}
	if h.mul(h) != h2 {
		t.Fatal("square root in GF(2^128)")
	}
	return base, h
}

// tagOf seals the plaintext that encrypts to ct and returns the tag.
func tagOf(a cipher.AEAD, nonce, aad, ct []byte) field {
	keystream := a.Seal(nil, nonce, make([]byte, len(ct)), aad)[:len(ct)]
	plain := make([]byte, len(ct))
	for i := range plain {
		plain[i] = ct[i] ^ keystream[i]
	}
	sealed := a.Seal(nil, nonce, plain, aad)
	return fieldOf(sealed[len(ct):])
}

// field is an element of GF(2^128) in GCM's bit order: the first bit of the
// first byte is the constant term (NIST SP 800-38D, section 6.3).
type field struct{ hi, lo uint64 }

func fieldOf(b []byte) field {
	return field{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (f field) bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, f.hi), f.lo)
}

func (f field) add(g field) field { return field{f.hi ^ g.hi, f.lo ^ g.lo} }

func (f field) mul(g field) (z field) {
	for i := range 128 {
		bit := f.hi >> (63 - i%64)
		if i >= 64 {
			bit = f.lo >> (63 - i%64)
		}
		if bit&1 == 1 {
			z = z.add(g)
		}
		carry := g.lo & 1
		g = field{g.hi >> 1, g.hi<<63 | g.lo>>1}
		if carry == 1 {
			g.hi ^= 0xe1 << 56
		}
	}
	return z
}

// inverse is f^(2^128 - 2).
func (f field) inverse() field {
	out, sq := field{1 << 63, 0}, f
	for range 127 {
		sq = sq.mul(sq)
		out = out.mul(sq)
	}
	return out
}

// TestFieldAgreesWithGCM: GHASH of the standard library is what mul computes.
func TestFieldAgreesWithGCM(t *testing.T) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	var zero [16]byte
	block.Encrypt(zero[:], zero[:])
	_, h := tagAndHash(t, aead, make([]byte, 12), nil, make([]byte, 32))
	if h != fieldOf(zero[:]) {
		t.Errorf("H is %x, got %x", zero, h.bytes())
	}
	if one := h.mul(h.inverse()); one != (field{1 << 63, 0}) {
		t.Errorf("%x", one.bytes())
	}
}
