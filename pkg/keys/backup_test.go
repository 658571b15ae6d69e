package keys_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/keys/keystest"
	"github.com/litentry/agentkeys/pkg/seal"
)

// safe is a key pair for backups.
func safe(t testing.TB) (to, from seal.Seal) {
	t.Helper()
	text, recipient, err := seal.GenerateIdentity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "identity")
	if err := files.Create(path, text.Reveal()); err != nil {
		t.Fatal(err)
	}
	to, err1 := seal.ToRecipients([]string{recipient})
	from, err2 := seal.FromIdentities(path)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return to, from
}

func TestBackupAndRestore(t *testing.T) {
	k, _ := rotated(t)
	dek, w, err := k.New(t.Context(), request(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	to, from := safe(t)
	b, err := k.Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	o := keystest.Options(t)
	again, err := keys.Restore(t.Context(), o, b, from)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*keys.Keyring{again, reopen(t, o)} {
		if s, was := r.Status(), k.Status(); s.RingID != was.RingID || s.HighWater != was.HighWater || epochs(r) != epochs(k) || s.Epochs[1] != was.Epochs[1] {
			t.Errorf("%+v\n%+v", s, was)
		}
		if got, err := r.Unwrap(t.Context(), request(t, 0), w); err != nil || !got.Equal(dek.Secret) {
			t.Error(err)
		}
		if _, w, err := r.New(t.Context(), request(t, 1)); err != nil || w.Epoch != 3 {
			t.Error("the high-water mark was lost:", err, w.Epoch)
		}
	}
	before := save(t, o)
	if _, err := keys.Restore(t.Context(), o, b, from); !errors.Is(err, fs.ErrExist) || save(t, o) != before {
		t.Error("restored over a keyring:", err)
	}
	prepare(t, again, 4)
}

func TestRestoreRefuses(t *testing.T) {
	k, source := rotated(t)
	to, from := safe(t)
	b, err := k.Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger := safe(t)
	for what, c := range map[string]struct {
		spoil func(o *keys.Options, b *[]byte, from *seal.Seal)
		want  error
	}{
		"nothing":        {func(*keys.Options, *[]byte, *seal.Seal) {}, nil},
		"other chain":    {func(o *keys.Options, _ *[]byte, _ *seal.Seal) { o.Deployment.ChainID++ }, keys.ErrKeyringSwapped},
		"other contract": {func(o *keys.Options, _ *[]byte, _ *seal.Seal) { o.Deployment.EpochContract[0]++ }, keys.ErrKeyringSwapped},
		"other identity": {func(_ *keys.Options, _ *[]byte, from *seal.Seal) { *from = stranger }, seal.ErrSeal},
		"public key":     {func(_ *keys.Options, _ *[]byte, from *seal.Seal) { *from = to }, seal.ErrOneWay},
		"cut":            {func(_ *keys.Options, b *[]byte, _ *seal.Seal) { *b = (*b)[:len(*b)-1] }, seal.ErrDamaged},
		"trailing":       {func(_ *keys.Options, b *[]byte, _ *seal.Seal) { *b = append((*b)[:len(*b):len(*b)], 0) }, seal.ErrDamaged},
		"empty":          {func(_ *keys.Options, b *[]byte, _ *seal.Seal) { *b = nil }, seal.ErrDamaged},
		"a keyring file": {func(_ *keys.Options, b *[]byte, from *seal.Seal) {
			*b, *from = []byte(content(t, source.Path)), source.Seal
		}, keys.ErrKeyringInvalid},
		"a seal that only opens": {func(o *keys.Options, _ *[]byte, _ *seal.Seal) { o.Seal = from }, seal.ErrOneWay},
	} {
		t.Run(what, func(t *testing.T) {
			o, b, from := keystest.Options(t), b, from
			c.spoil(&o, &b, &from)
			if _, err := keys.Restore(t.Context(), o, b, from); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if c.want != nil && state(t, filepath.Dir(o.Path)) != "" {
				t.Error("something was written:", state(t, filepath.Dir(o.Path)))
			}
		})
	}
}

// TestRestoreBesideAMark: a backup takes the place of a keyring that was lost
// only when it knows every epoch that was in use.
func TestRestoreBesideAMark(t *testing.T) {
	k, o := keyring(t, 1)
	to, from := safe(t)
	backup := func() []byte {
		t.Helper()
		b, err := k.Backup(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	old := backup()
	prepare(t, k, 2)
	unused := backup() // has the key, knows nothing of its use
	_, w, err := k.New(t.Context(), request(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := keystest.WithEpochs(t, 3).Backup(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, o.Path)
	mark := content(t, o.Path+".mark")
	for what, c := range map[string]struct {
		b    []byte
		want error
	}{"old": {old, keys.ErrBackupIncomplete}, "foreign": {foreign, keys.ErrOtherRing}} {
		if _, err := keys.Restore(t.Context(), o, c.b, from); !errors.Is(err, c.want) || content(t, o.Path+".mark") != mark {
			t.Errorf("%s: %v", what, err)
		}
	}
	again, err := keys.Restore(t.Context(), o, unused, from)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Unwrap(t.Context(), request(t, 0), w); err != nil || again.Status().HighWater != 2 {
		t.Error("the mark's high-water mark was lost:", err, again.Status().HighWater)
	}
	if reopen(t, o).Status().HighWater != 2 {
		t.Error("not durable")
	}
}
