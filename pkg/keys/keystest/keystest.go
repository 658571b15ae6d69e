// Package keystest makes keyrings for the tests of other packages: sealed under
// a generated passphrase, in a directory of the test, with a clock that stands.
package keystest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/seal"
)

// Deployment is the one that the keyrings belong to.
func Deployment() keys.Deployment {
	return keys.Deployment{ChainID: 31337, EpochContract: [20]byte{3}}
}

// Seal is under a generated passphrase of its own.
func Seal(t testing.TB) seal.Seal {
	t.Helper()
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	s, err := seal.Passphrase(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Options name a keyring that is not there yet.
func Options(t testing.TB) keys.Options {
	t.Helper()
	return keys.Options{
		Path: filepath.Join(t.TempDir(), "keyring"), Seal: Seal(t), Deployment: Deployment(),
		Now: func() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) },
	}
}

// Restored is a keyring made of a backup of another, which is how a second
// signer begins: the same ring, keys and high-water mark in a file of its own
// that o names. It is closed with the test.
func Restored(t testing.TB, o keys.Options, of *keys.Keyring) *keys.Keyring {
	t.Helper()
	s := Seal(t)
	b, err := of.Backup(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.Restore(t.Context(), o, b, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// New is a keyring with a key for epoch 1, closed with the test.
func New(t testing.TB) *keys.Keyring { return WithEpochs(t, 1) }

// WithEpochs is a keyring with keys for epochs 1 to n, none of them used yet.
func WithEpochs(t testing.TB, n uint64) *keys.Keyring {
	t.Helper()
	k, err := keys.Create(t.Context(), Options(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	for e := uint64(2); e <= n; e++ {
		if _, err := k.Prepare(t.Context(), e, e-1); err != nil {
			t.Fatal(err)
		}
	}
	return k
}
