// Package envelope seals one object so that it opens only as what, whose and
// where it was sealed, and under exactly one key.
//
// Layout, 134 bytes longer than the plaintext (numbers big-endian):
//
//	 0  magic       4  "AKEV"
//	 4  format      1  1
//	 5  suite       1  1 = AES-256-GCM with HKDF-SHA256 key commitment
//	 6  epoch       8  of the KEK under which the data key is wrapped
//	14  wrapped    60  the data key (pkg/keys)
//	74  commitment 32
//	106 nonce      12  random
//	118 ciphertext  n
//	118+n tag      16
//
// Format 2 is that with 2 at byte 4 and, between wrapped and commitment, 8 bytes more
// that tell the object's version: 142 bytes longer than the plaintext.
//
// Construction. From the data key (DEK), the nonce and the additional data,
//
//	encryption key || commitment = HKDF-SHA256(DEK, salt = nonce, info = AAD, 64)
//
// and the plaintext is encrypted with AES-256-GCM under the encryption key, the
// nonce and the same AAD: the canonical binding of keys.Binding under a format
// id, then format and suite. Opening derives both, compares the commitment in
// constant time, and only then decrypts.
//
// AES-GCM alone does not commit to its key: one ciphertext can be built that
// opens under two keys. Here such a ciphertext needs two (key, nonce, AAD) with
// one 32-byte HKDF output, a collision of SHA-256. This is the generic repair of
// Albertini, Duong, Gueron, Kölbl, Luykx and Schmieg, "How to Abuse and Fix
// Authenticated Encryption Without Key Commitment" (USENIX Security 2022),
// section 5, in the form in which the AWS Encryption SDK uses it; with nonce and
// AAD inside the derivation it commits to those as well (CMT-4 of Bellare and
// Hoang, EUROCRYPT 2022).
//
// Nonce reuse. Each object has its own DEK, drawn by another source than the
// nonce when the signer is remote, and the encryption key also depends on
// binding and nonce. A pair (key, nonce) repeats only if DEK, nonce and binding
// all do, so a broken generator on one side does no harm; what is plainly broken
// (all bytes alike) is refused.
//
// The epoch is bound by the wrap, not by the data: moving an object to a new
// epoch replaces bytes 6 to 74 and touches nothing else. An older genuine wrap of
// the same data key can be put back. An older object with the same binding can
// too: see keys.Binding.Version. Contents are hidden, lengths are not.
package envelope

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	// MaxPlaintext is the largest object: 1 MiB.
	MaxPlaintext = 1 << 20
	// Overhead is by how much an envelope is longer than its plaintext, and
	// OverheadVersioned one that tells the object's version.
	Overhead          = headerSize + tagSize
	OverheadVersioned = Overhead + versionSize
)

// dataFormat is the first part of the data's AAD.
const dataFormat = "agentkeys/envelope/v1"

// Seal encrypts plaintext for the object that r names, under a fresh data key.
// Its errors are those of keys.DataKeys.New, and apierr.BodyTooLarge.
func Seal(ctx context.Context, dk keys.DataKeys, r keys.Request, plaintext []byte) ([]byte, error) {
	return seal(ctx, dk, r, plaintext, plain, rand.Reader)
}

// SealVersioned is Seal in format 2: the envelope tells the version of r's binding
// to whoever can read it ([PeekVersion]).
func SealVersioned(ctx context.Context, dk keys.DataKeys, r keys.Request, plaintext []byte) ([]byte, error) {
	return seal(ctx, dk, r, plaintext, versioned, rand.Reader)
}

// Open decrypts the object that r names. Whatever is not that object, whole and
// genuine, is apierr.EnvelopeInvalid, also an envelope that tells another version
// than r's binding; other errors are those of keys.DataKeys.Unwrap. The caller destroys the result when it is done.
func Open(ctx context.Context, dk keys.DataKeys, r keys.Request, blob []byte) (secret.Secret, error) {
	h, body, err := decode(blob)
	if err != nil {
		return secret.Secret{}, err
	}
	if h.format == versioned && h.version != r.Binding.Version {
		return secret.Secret{}, apierr.New(apierr.EnvelopeInvalid, "the stored object is another version than the one to open")
	}
	dek, err := dk.Unwrap(ctx, r, h.wrapped)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("open an envelope: %w", err)
	}
	defer dek.Destroy()
	aead, commitment, aad, err := derive(dek, r.Binding, h.nonce, h.format)
	if err != nil {
		return secret.Secret{}, err
	}
	if subtle.ConstantTimeCompare(commitment[:], h.commitment[:]) != 1 {
		return secret.Secret{}, apierr.New(apierr.EnvelopeInvalid, "the stored object was not sealed under this data key")
	}
	// The cipher writes straight into what becomes the secret, and clears it when
	// the tag does not fit: the plaintext exists once, and no copy waits for the
	// garbage collector.
	plain, err := aead.Open(make([]byte, 0, len(body)-tagSize), h.nonce[:], body, aad)
	if err != nil {
		return secret.Secret{}, apierr.Wrap(apierr.EnvelopeInvalid, err, "the stored object does not open")
	}
	return secret.Own(plain), nil
}

// Rewrap moves the envelope to a later epoch without opening the data. Binding
// and wrap are checked; commitment, ciphertext and tag are carried over as they
// are. Its errors are those of keys.Rewrapper.
func Rewrap(ctx context.Context, dk keys.Rewrapper, r keys.Request, blob []byte, toEpoch uint64) ([]byte, error) {
	w, err := Wrapped(blob)
	if err != nil {
		return nil, err
	}
	if w, err = dk.Rewrap(ctx, r, w, toEpoch); err != nil {
		return nil, fmt.Errorf("rewrap an envelope: %w", err)
	}
	return WithWrapped(blob, w)
}

// Wrapped reads the wrapped data key of an envelope, without checking anything
// but the envelope's shape.
func Wrapped(blob []byte) (keys.Wrapped, error) {
	h, _, err := decode(blob)
	return h.wrapped, err
}

// WithWrapped returns the envelope with another wrap of its data key.
func WithWrapped(blob []byte, w keys.Wrapped) ([]byte, error) {
	h, body, err := decode(blob)
	if err != nil {
		return nil, err
	}
	h.wrapped = w
	return append(h.append(make([]byte, 0, len(blob))), body...), nil
}

// EpochSize is how many first bytes of an envelope tell its epoch.
const EpochSize = prefixSize + 8

// PeekEpoch reads the epoch out of the first EpochSize bytes of an envelope.
func PeekEpoch(head []byte) (uint64, error) {
	if _, err := formatOf(head); err != nil {
		return 0, err
	}
	if len(head) < EpochSize {
		return 0, errSize()
	}
	return binary.BigEndian.Uint64(head[prefixSize:]), nil
}

// VersionSize is how many first bytes of an envelope of format 2 tell the object's
// version.
const VersionSize = wrapEnd + versionSize

// PeekVersion reads the object's version out of the first VersionSize bytes of an
// envelope. It is what the envelope says: only Open shows that it is true. An
// envelope that tells none is apierr.EnvelopeInvalid.
func PeekVersion(head []byte) (uint64, error) {
	f, err := formatOf(head)
	switch {
	case err != nil:
		return 0, err
	case f != versioned:
		return 0, apierr.New(apierr.EnvelopeInvalid, "the stored object is an envelope that tells no version")
	case len(head) < VersionSize:
		return 0, errSize()
	}
	return binary.BigEndian.Uint64(head[wrapEnd:]), nil
}

// Epoch reads the epoch that an envelope names, without checking anything but
// its shape.
func Epoch(blob []byte) (uint64, error) {
	h, _, err := decode(blob)
	return h.wrapped.Epoch, err
}

func seal(ctx context.Context, dk keys.DataKeys, r keys.Request, plaintext []byte, format byte, random io.Reader) ([]byte, error) {
	if len(plaintext) > MaxPlaintext {
		return nil, apierr.New(apierr.BodyTooLarge, "an object holds at most %d bytes, this one has %d", MaxPlaintext, len(plaintext))
	}
	h := header{format: format, version: r.Binding.Version}
	if _, err := io.ReadFull(random, h.nonce[:]); err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	if constant(h.nonce[:]) {
		return nil, errors.New("draw a nonce: the random source is broken: all bytes are alike")
	}
	dek, wrapped, err := dk.New(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("seal an envelope: %w", err)
	}
	defer dek.Destroy()
	h.wrapped = wrapped
	aead, commitment, aad, err := derive(dek, r.Binding, h.nonce, format)
	if err != nil {
		return nil, err
	}
	h.commitment = commitment
	out := h.append(make([]byte, 0, len(plaintext)+overhead(format)))
	return aead.Seal(out, h.nonce[:], plaintext, aad), nil
}

// derive makes the encryption key, ready to use, and the commitment.
func derive(dek keys.DEK, b keys.Binding, nonce [nonceSize]byte, format byte) (cipher.AEAD, [commitmentSize]byte, []byte, error) {
	var commitment [commitmentSize]byte
	if dek.Len() != keys.Size {
		return nil, commitment, nil, apierr.New(apierr.SignerUnavailable, "no usable data key was given")
	}
	aad, err := b.AAD(dataFormat)
	if err != nil {
		return nil, commitment, nil, err
	}
	aad = append(aad, format, suite)
	okm, err := hkdf.Key(sha256.New, dek.Reveal(), nonce[:], string(aad), keys.Size+commitmentSize)
	if err != nil {
		return nil, commitment, nil, fmt.Errorf("derive the encryption key: %w", err)
	}
	defer clear(okm)
	copy(commitment[:], okm[keys.Size:])
	block, err := aes.NewCipher(okm[:keys.Size])
	if err != nil {
		return nil, commitment, nil, fmt.Errorf("derive the encryption key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, commitment, nil, fmt.Errorf("derive the encryption key: %w", err)
	}
	return aead, commitment, aad, nil
}

// constant: 12 honest random bytes are all alike with a chance of 2^-88.
func constant(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}
