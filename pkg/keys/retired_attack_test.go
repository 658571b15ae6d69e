package keys

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/seal"
)

// TestRestoreEndsWhatWasInUse: the mark says that a later epoch than the
// backup's was in use, so the earlier ones have ended.
func TestRestoreEndsWhatWasInUse(t *testing.T) {
	k := made(t, 2)
	if err := k.Raise(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	text, recipient, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "identity")
	if err := files.Create(path, text.Reveal()); err != nil {
		t.Fatal(err)
	}
	to, err := seal.ToRecipients([]string{recipient})
	if err != nil {
		t.Fatal(err)
	}
	from, err := seal.FromIdentities(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(k.o.Path); err != nil {
		t.Fatal(err)
	}
	again, err := Restore(t.Context(), k.o, b, from)
	if err != nil {
		t.Fatal(err)
	}
	if s := again.Status(); s.HighWater != 2 || s.Epochs[0].Retired.IsZero() || !s.Epochs[1].Retired.IsZero() {
		t.Errorf("%+v", s)
	}
}

// TestAnOldKeyThatComesLateHasEnded: a later epoch is in use here already.
func TestAnOldKeyThatComesLateHasEnded(t *testing.T) {
	k := made(t, 3)
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for epoch, ended := range map[uint64]bool{1: true, 3: false} {
		r := k.snapshot().clone()
		key := r.keys[epoch]
		fresh := &epochKey{k3: key.k3, check: key.check, created: key.created}
		delete(r.keys, epoch)
		next, changed, err := r.imported(epoch, 3, fresh, fresh.check)
		if err != nil || !changed || next.keys[epoch].retired.IsZero() == ended {
			t.Errorf("epoch %d: %+v, %v", epoch, next.keys[epoch], err)
		}
	}
}
