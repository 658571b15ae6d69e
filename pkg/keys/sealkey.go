package keys

import (
	"context"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// SealSize is the length of a sealed data key: the sender's X25519 share, the
// ciphertext, the tag.
const SealSize = sealShare + Size + wrapTag

const sealShare = 32

// The formats of sealing keys, as in wraps: what was made for one purpose never
// opens for another.
const (
	sealKeyFormat  = "agentkeys/seal-key/v1"
	sealInfoFormat = "agentkeys/seal-info/v1"
	sealAADFormat  = "agentkeys/seal/v1"
)

// SealBinding names whose sealing key is meant. All objects of one class of one
// actor are sealed to one public key per epoch.
type SealBinding struct {
	Class    service.Class
	Operator omni.Operator
	Actor    omni.Actor
}

func (b SealBinding) check() error {
	if _, err := service.ParseClass(string(b.Class)); err != nil {
		return apierr.Wrap(apierr.InvalidInput, err, "there is no such data class")
	}
	if b.Operator.IsZero() || b.Actor.IsZero() {
		return apierr.New(apierr.InvalidInput, "a sealing key has an operator and an actor")
	}
	return nil
}

// info is what one sealing key is derived for.
func (b SealBinding) info() string {
	op, actor := b.Operator.Bytes(), b.Actor.Bytes()
	out := part(nil, []byte(sealKeyFormat))
	out = part(out, []byte(b.Class))
	out = part(out, op[:])
	return string(part(out, actor[:]))
}

// deriveSealKey makes the private key: HKDF-SHA256 of K3, then DeriveKeyPair of
// DHKEM(X25519, HKDF-SHA256) (RFC 9180, section 7.1.3).
func deriveSealKey(k3 secret.Secret, b SealBinding) (hpke.PrivateKey, error) {
	if k3.Len() != Size {
		return nil, errors.New("derive the sealing key: there is no key of this epoch")
	}
	ikm, err := hkdf.Key(sha256.New, k3.Reveal(), nil, b.info(), Size)
	if err != nil {
		return nil, fmt.Errorf("derive the sealing key: %w", err)
	}
	defer clear(ikm)
	return hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(ikm)
}

// SealKey returns the public key (X25519, 32 bytes) to which data keys of an
// actor are sealed, and its epoch: the one wanted, or for 0 the high-water mark.
// An epoch that is not in use yet, or no epoch at all, is signer_unavailable;
// one that is destroyed or unknown is envelope_invalid.
func (k *Keyring) SealKey(b SealBinding, epoch uint64) (public []byte, of uint64, err error) {
	if err := b.check(); err != nil {
		return nil, 0, err
	}
	r := k.snapshot()
	if err := k.serving(); err != nil {
		return nil, 0, err
	}
	if epoch == 0 {
		epoch = r.highWater
	}
	if epoch == 0 || epoch > r.highWater {
		return nil, 0, apierr.New(apierr.SignerUnavailable, "key epoch %d is not in use yet", epoch)
	}
	err = k.under(context.Background(), epoch, func(k3 secret.Secret) error {
		private, err := deriveSealKey(k3, b)
		if err == nil {
			public = private.PublicKey().Bytes()
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return public, epoch, nil
}

// SealTo seals a data key to a public key that SealKey gave out, for one object
// and one epoch: SealSize bytes, HPKE base mode (RFC 9180, section 5.1.1) with
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. Info and additional
// data bind the whole Binding and the epoch. Whoever has the public key can do
// it: a seal proves no sender. A bad key or binding is invalid_input.
func SealTo(public []byte, b Binding, epoch uint64, dek DEK) ([]byte, error) {
	if dek.Len() != Size {
		return nil, apierr.Wrap(apierr.InvalidInput, ErrBadDEK, "there is no data key to seal")
	}
	if epoch == 0 {
		return nil, apierr.New(apierr.InvalidInput, "epochs start at 1")
	}
	info, aad, err := b.sealContext(epoch)
	if err != nil {
		return nil, err
	}
	to, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, apierr.Wrap(apierr.InvalidInput, err, "the sealing key is no X25519 key")
	}
	share, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, apierr.Wrap(apierr.InvalidInput, err, "nothing can be sealed to this key")
	}
	sealed, err := sender.Seal(aad, dek.Reveal())
	if err != nil {
		return nil, fmt.Errorf("seal the data key: %w", err)
	}
	return append(share, sealed...), nil
}

// OpenSeal opens what SealTo sealed. Whatever does not open is envelope_invalid;
// no keys to be had is signer_unavailable; an incomplete binding is
// invalid_input.
func (k *Keyring) OpenSeal(ctx context.Context, b Binding, epoch uint64, sealed []byte) (DEK, error) {
	if err := alive(ctx); err != nil {
		return DEK{}, err
	}
	info, aad, err := b.sealContext(epoch)
	if err != nil {
		return DEK{}, err
	}
	if len(sealed) != SealSize {
		return DEK{}, apierr.New(apierr.EnvelopeInvalid, "a sealed data key is %d bytes", SealSize)
	}
	var private hpke.PrivateKey
	err = k.under(ctx, epoch, func(k3 secret.Secret) (err error) {
		private, err = deriveSealKey(k3, SealBinding{b.Class, b.Operator, b.Actor})
		return err
	})
	if err != nil {
		return DEK{}, err
	}
	dek, err := openSeal(private, info, aad, sealed)
	if err != nil {
		return DEK{}, apierr.Wrap(apierr.EnvelopeInvalid, err, "the sealed data key of this object does not open")
	}
	return dek, nil
}

func openSeal(private hpke.PrivateKey, info, aad, sealed []byte) (DEK, error) {
	r, err := hpke.NewRecipient(sealed[:sealShare], private, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return DEK{}, err
	}
	raw, err := r.Open(aad, sealed[sealShare:])
	defer clear(raw)
	if err != nil {
		return DEK{}, err
	}
	return NewDEK(raw)
}

// sealContext is HPKE's info and additional data for one object and epoch.
func (b Binding) sealContext(epoch uint64) (info, aad []byte, err error) {
	if info, err = b.AAD(sealInfoFormat); err != nil {
		return nil, nil, err
	}
	if aad, err = b.AAD(sealAADFormat); err != nil {
		return nil, nil, err
	}
	return number(info, epoch), number(aad, epoch), nil
}
