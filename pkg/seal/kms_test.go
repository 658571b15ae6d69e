package seal_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/seal"
)

var errRefused = errors.New("InvalidCiphertextException")

// fake is a key service: AES-GCM with the context as additional data.
type fake struct {
	aead    cipher.AEAD
	encrypt error                 // what Encrypt answers instead
	decrypt error                 // what Decrypt answers instead
	alter   func(b []byte) []byte // what becomes of Decrypt's answer
}

func newFake() *fake {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return &fake{aead: aead, alter: func(b []byte) []byte { return b }}
}

func (f *fake) seal(t testing.TB, context string) seal.Seal {
	t.Helper()
	s, err := seal.KMS(f, map[string]string{"what": context}, errRefused)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func aad(m map[string]string) []byte {
	var out []byte
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = fmt.Appendf(out, "%q=%q;", k, m[k])
	}
	return out
}

func (f *fake) Encrypt(ctx context.Context, plaintext []byte, context map[string]string) ([]byte, error) {
	if err := errors.Join(ctx.Err(), f.encrypt); err != nil {
		return nil, err
	}
	return f.aead.Seal(nil, nil, plaintext, aad(context)), nil
}

func (f *fake) Decrypt(ctx context.Context, blob []byte, context map[string]string) ([]byte, error) {
	if err := errors.Join(ctx.Err(), f.decrypt); err != nil {
		return nil, err
	}
	b, err := f.aead.Open(nil, nil, blob, aad(context))
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", errRefused)
	}
	return f.alter(b), nil
}

// TestNoAnswerIsNoRefusal: a key service that does not answer never reads as
// another key or as damage.
func TestNoAnswerIsNoRefusal(t *testing.T) {
	k := newFake()
	s := k.seal(t, "a")
	sealed := encrypt(t, s, document)
	gone := apierr.New(apierr.SignerUnavailable, "no answer")
	k.encrypt, k.decrypt = gone, gone
	if _, err := seal.Encrypt(t.Context(), s, document); !errors.Is(err, gone) || apierr.CodeOf(err) != apierr.SignerUnavailable {
		t.Error(err)
	}
	for _, cause := range []error{gone, errors.New("connection reset")} {
		k.decrypt = cause
		if _, err := seal.Open(t.Context(), s, sealed); !errors.Is(err, cause) || errors.Is(err, seal.ErrSeal) || errors.Is(err, seal.ErrDamaged) {
			t.Error(err)
		}
	}
	k.decrypt = nil
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := seal.Open(ended, s, sealed); !errors.Is(err, context.Canceled) || errors.Is(err, seal.ErrSeal) {
		t.Error(err)
	}
	if _, err := seal.Open(t.Context(), s, sealed); err != nil {
		t.Error(err)
	}
}

func TestKMSAnswersNonsense(t *testing.T) {
	k := newFake()
	s := k.seal(t, "a")
	sealed := encrypt(t, s, document)
	for what, alter := range map[string]func([]byte) []byte{
		"nothing": func([]byte) []byte { return nil }, "short": func(b []byte) []byte { return b[1:] },
		"long": func(b []byte) []byte { return append(b, 0) }, "another key": func(b []byte) []byte { return make([]byte, len(b)) },
	} {
		k.alter = alter
		if _, err := seal.Open(t.Context(), s, sealed); !errors.Is(err, seal.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestASecondStanza: a document that somebody else can open too does not open,
// although its header is genuine.
func TestASecondStanza(t *testing.T) {
	k := newFake()
	s := k.seal(t, "a")
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		to := []age.Recipient{kmsRecipient{k}, i.Recipient()}[:n+1]
		var out bytes.Buffer
		w, err := age.Encrypt(&out, to...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(document); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Open(t.Context(), s, out.Bytes()); (err == nil) != (n == 0) || n == 1 && !errors.Is(err, seal.ErrSeal) {
			t.Error(n, err)
		}
	}
}

// kmsRecipient writes the stanza as its format says.
type kmsRecipient struct{ k *fake }

func (r kmsRecipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	b, err := r.k.Encrypt(context.Background(), fileKey, map[string]string{"what": "a"})
	return []*age.Stanza{{Type: "agentkeys.litentry/kms-v1", Body: b}}, err
}

func TestKMSNeedsItsParts(t *testing.T) {
	k, c := newFake(), map[string]string{"a": "b"}
	for _, f := range []func() (seal.Seal, error){
		func() (seal.Seal, error) { return seal.KMS(nil, c, errRefused) },
		func() (seal.Seal, error) { return seal.KMS(k, nil, errRefused) },
		func() (seal.Seal, error) { return seal.KMS(k, c, nil) },
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), "it needs") {
			t.Error(err)
		}
	}
}

// hybrid makes a post-quantum key pair.
func hybrid(t testing.TB) (from seal.Seal, recipient string) {
	t.Helper()
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hybrid")
	if err := files.Create(path, []byte(i.String()+"\n")); err != nil {
		t.Fatal(err)
	}
	from, err = seal.FromIdentities(path)
	if err != nil {
		t.Fatal(err)
	}
	return from, i.Recipient().String()
}
