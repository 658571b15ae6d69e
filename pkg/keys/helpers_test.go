package keys

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/seal"
)

// options name a keyring that is not there yet. keystest does the same for
// other packages.
func options(t testing.TB) Options {
	t.Helper()
	p, err := seal.GeneratePassphrase()
	if err != nil {
		t.Fatal(err)
	}
	s, err := seal.Passphrase(p)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Path: filepath.Join(t.TempDir(), "keyring"), Seal: s, Deployment: Deployment{31337, [20]byte{3}},
		Now: func() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 7, time.FixedZone("", 3600)) },
	}
}

// made is a keyring with keys for epochs 1 to n.
func made(t testing.TB, n uint64) *Keyring {
	t.Helper()
	k, err := Create(t.Context(), options(t))
	if err != nil {
		t.Fatal(err)
	}
	for e := uint64(2); e <= n; e++ {
		if _, err := k.Prepare(t.Context(), e, e-1); err != nil {
			t.Fatal(err)
		}
	}
	return k
}
