package seal

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"filippo.io/age"
)

const (
	// kmsStanza is the type of the age stanza that holds the file key wrapped
	// by a KMS. It has no arguments; its body is the KMS's own blob.
	kmsStanza = "agentkeys.litentry/kms-v1"
	// fileKeySize is the length of age's file key.
	fileKeySize = 16
	// maxBlob bounds what is sent to the KMS: what AWS KMS takes.
	maxBlob = 6144
)

// Wrapper is a key service that wraps small keys under a key of its own, bound
// to a context (AWS KMS: Encrypt, Decrypt, encryption context).
type Wrapper interface {
	// Encrypt wraps at most 4096 bytes.
	Encrypt(ctx context.Context, plaintext []byte, context map[string]string) ([]byte, error)
	// Decrypt is the inverse, under exactly the same context.
	Decrypt(ctx context.Context, blob []byte, context map[string]string) ([]byte, error)
}

type kms struct {
	w       Wrapper
	context map[string]string
	refused error
}

// KMS seals under a key of w, bound to context. refused is the error that w's
// Decrypt wraps when its answer is no (another key, another context, a blob
// that was changed); it reads as ErrSeal. Every other error of w means that
// there was no answer and comes out as it is.
func KMS(w Wrapper, context map[string]string, refused error) (Seal, error) {
	if w == nil || refused == nil || len(context) == 0 {
		return nil, errors.New("seal with a KMS: it needs a client, a context and the error of a refusal")
	}
	return kms{w, maps.Clone(context), refused}, nil
}

// Name implements Seal.
func (kms) Name() string { return "KMS" }

func (k kms) recipients(ctx context.Context) ([]age.Recipient, error) {
	return []age.Recipient{kmsCall{k, ctx}}, nil
}

func (k kms) identities(ctx context.Context) ([]age.Identity, error) {
	return []age.Identity{kmsCall{k, ctx}}, nil
}

// kmsCall is the seal during one call: age's interfaces carry no context.
type kmsCall struct {
	kms
	ctx context.Context
}

// Wrap implements age.Recipient.
func (k kmsCall) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	blob, err := k.w.Encrypt(k.ctx, fileKey, maps.Clone(k.context))
	if err != nil {
		return nil, err
	}
	if len(blob) == 0 || len(blob) > maxBlob {
		return nil, fmt.Errorf("the KMS answered %d bytes", len(blob))
	}
	return []*age.Stanza{{Type: kmsStanza, Body: blob}}, nil
}

// Unwrap implements age.Identity. A document has one stanza: a second one would
// let whoever adds it open what is written next.
func (k kmsCall) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != kmsStanza {
		return nil, age.ErrIncorrectIdentity
	}
	s := stanzas[0]
	if len(s.Args) != 0 || len(s.Body) == 0 || len(s.Body) > maxBlob {
		return nil, errors.New("its KMS stanza is malformed")
	}
	key, err := k.w.Decrypt(k.ctx, s.Body, maps.Clone(k.context))
	if errors.Is(err, k.refused) {
		return nil, fmt.Errorf("%w: %w", age.ErrIncorrectIdentity, err)
	}
	if err != nil {
		return nil, &serviceError{err}
	}
	if len(key) != fileKeySize {
		clear(key)
		return nil, errors.New("its KMS stanza holds no file key")
	}
	return key, nil
}
