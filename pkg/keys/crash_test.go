package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/secret"
)

var errCrash = errors.New("the process ended")

// mortal is a disk whose process ends at its n-th write: before it, or right
// after it.
type mortal struct {
	osDisk
	n     int
	after bool
	wrote int
}

func (m *mortal) create(path string, b []byte) error  { return m.write(m.osDisk.create, path, b) }
func (m *mortal) replace(path string, b []byte) error { return m.write(m.osDisk.replace, path, b) }

func (m *mortal) write(do func(string, []byte) error, path string, b []byte) error {
	m.wrote++
	if m.wrote < m.n {
		return do(path, b)
	}
	if m.wrote == m.n && m.after {
		if err := do(path, b); err != nil {
			return err
		}
	}
	return errCrash
}

func (m *mortal) read(path string) (secret.Secret, error) {
	if m.wrote >= m.n {
		return secret.Secret{}, errCrash
	}
	return m.osDisk.read(path)
}

// facts are what must never be lost: keys by check value, which of them were
// destroyed, the high-water mark of keyring and mark.
type facts struct {
	checks    map[uint64]string
	destroyed map[uint64]bool
	highWater uint64
	mark      uint64
}

func factsOf(t *testing.T, o Options) (f facts) {
	t.Helper()
	k, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal("it does not open:", err)
	}
	defer k.Close()
	f.checks, f.destroyed = map[uint64]string{}, map[uint64]bool{}
	for _, e := range k.Status().Epochs {
		f.checks[e.Epoch], f.destroyed[e.Epoch] = e.Check, !e.Destroyed.IsZero()
	}
	f.highWater = k.Status().HighWater
	m, have, err := o.readMark()
	if err != nil || !have {
		t.Fatal("no mark after opening:", err)
	}
	if !m.equal(k.snapshot().mark()) {
		t.Errorf("the mark after opening is %+v, not %+v", m, k.snapshot().mark())
	}
	f.mark = m.HighWater
	return f
}

// TestCrash ends the process before and after every write of every operation.
// Whatever comes, the keyring opens, nothing that was there is lost, no mark
// goes down, and the operation can be repeated.
func TestCrash(t *testing.T) {
	p := func(f func(k *Keyring) error) func(t *testing.T, o Options) error {
		return func(t *testing.T, o Options) error {
			k, err := Open(t.Context(), o)
			if err != nil {
				return err
			}
			defer k.Close()
			return f(k)
		}
	}
	source := made(t, 9)
	k3, s, err := source.Export(9)
	if err != nil {
		t.Fatal(err)
	}
	for what, do := range map[string]func(t *testing.T, o Options) error{
		"prepare": p(func(k *Keyring) error { _, err := k.Prepare(t.Context(), 5, 4); return err }),
		"remake":  p(func(k *Keyring) error { _, err := k.Remake(t.Context(), 5, 5); return err }),
		"raise":   p(func(k *Keyring) error { return k.Raise(t.Context(), 4) }),
		"destroy": p(func(k *Keyring) error { _, err := k.Destroy(t.Context(), 2, 4); return err }),
		"import": p(func(k *Keyring) error {
			_, err := k.Import(t.Context(), 5, 4, k3, s.Check, k.Status().RingID)
			return err
		}),
	} {
		for n := 1; n <= 3; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprint(what, n, after), func(t *testing.T) {
					k := made(t, 4)
					if err := k.Raise(t.Context(), 3); err != nil {
						t.Fatal(err)
					}
					if _, err := k.Destroy(t.Context(), 1, 3); err != nil {
						t.Fatal(err)
					}
					o := k.o
					before := factsOf(t, o)
					dying := o
					m := &mortal{n: n, after: after}
					dying.disk = m
					if err := do(t, dying); n <= 2 && !errors.Is(err, errCrash) || n > 2 && (err != nil || m.wrote != 2) {
						t.Fatal(err, m.wrote)
					}
					kept(t, before, factsOf(t, o))
					if err := do(t, o); err != nil {
						t.Error("it cannot be repeated:", err)
					}
					kept(t, before, factsOf(t, o))
				})
			}
		}
	}
}

func kept(t *testing.T, before, now facts) {
	t.Helper()
	for e, c := range before.checks {
		if now.checks[e] != c {
			t.Errorf("epoch %d is lost", e)
		}
		if before.destroyed[e] && !now.destroyed[e] {
			t.Errorf("the key of epoch %d is back", e)
		}
	}
	if now.highWater < before.highWater || now.mark < before.mark || now.mark != now.highWater {
		t.Errorf("a mark went down: %+v, %+v", before, now)
	}
}

// TestTwoCrashes: a process that ends between keyring and mark, twice in a row,
// leaves no gap that reads as a keyring put back.
func TestTwoCrashes(t *testing.T) {
	k := made(t, 1)
	o := k.o
	for e := uint64(2); e <= 4; e++ {
		dying := o
		dying.disk = &mortal{n: 1, after: true}
		d, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		d.o.disk = dying.disk
		if _, err := d.Prepare(t.Context(), e, e-1); !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
	}
	if got := factsOf(t, o); len(got.checks) != 4 {
		t.Errorf("%+v", got)
	}
}

// TestFailedMark: a process whose mark could not be written goes on when it
// can again, and an older process beside it too.
func TestFailedMark(t *testing.T) {
	k := made(t, 1)
	beside, err := Open(t.Context(), k.o)
	if err != nil {
		t.Fatal(err)
	}
	k.o.disk = &mortal{n: 2}
	if _, err := k.Prepare(t.Context(), 2, 1); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	if len(k.Status().Epochs) != 1 {
		t.Error("a change that failed shows")
	}
	k.o.disk = osDisk{}
	for e := uint64(3); e <= 5; e++ {
		for _, k := range []*Keyring{beside, k} {
			if _, err := k.Prepare(t.Context(), e, e-1); err != nil {
				t.Fatal(err)
			}
		}
	}
	kept(t, facts{}, factsOf(t, k.o))
}

// TestCrashOfCreate: what is left is a keyring or none, never half of one.
func TestCrashOfCreate(t *testing.T) {
	for n := 1; n <= 2; n++ {
		for _, after := range []bool{false, true} {
			o := options(t)
			dying := o
			dying.disk = &mortal{n: n, after: after}
			if _, err := Create(t.Context(), dying); !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
			o.disk = osDisk{}
			_, err := os.Lstat(o.Path)
			there := err == nil
			if _, err := Open(t.Context(), o); there != (err == nil) || !there && !errors.Is(err, fs.ErrNotExist) {
				t.Error(n, after, err)
			}
			k, err := OpenOrCreate(t.Context(), o)
			if err != nil || len(k.Status().Epochs) != 1 {
				t.Fatal(n, after, err)
			}
			factsOf(t, o)
		}
	}
}

// TestCrashOfRestore: beside a mark and without one, restoring can be repeated,
// and the mark knows what it knew.
func TestCrashOfRestore(t *testing.T) {
	for n := 1; n <= 2; n++ {
		for _, after := range []bool{false, true} {
			for _, beside := range []bool{false, true} {
				t.Run(fmt.Sprint(n, after, beside), func(t *testing.T) {
					k := made(t, 2)
					b, err := k.Backup(t.Context(), k.o.Seal) // knows no epoch in use, and none destroyed
					if err != nil {
						t.Fatal(err)
					}
					o := options(t)
					o.disk = osDisk{}
					if beside {
						if err := k.Raise(t.Context(), 2); err != nil {
							t.Fatal(err)
						}
						if _, err := k.Destroy(t.Context(), 1, 2); err != nil {
							t.Fatal(err)
						}
						mark, err := os.ReadFile(k.o.Path + markSuffix)
						if err != nil || !strings.Contains(string(mark), `"high_water":2`) {
							t.Fatal(err)
						}
						if err := os.WriteFile(o.Path+markSuffix, mark, 0o600); err != nil {
							t.Fatal(err)
						}
					}
					dying := o
					dying.disk = &mortal{n: n, after: after}
					if _, err := Restore(t.Context(), dying, b, k.o.Seal); !errors.Is(err, errCrash) {
						t.Fatal(err)
					}
					if m, have, err := o.readMark(); err != nil || have && beside && (m.HighWater != 2 || len(m.Tombstones) != 1 || m.Tombstones[0].Epoch != 1) {
						t.Fatal("the mark knows less", m, err)
					}
					if _, err := Restore(t.Context(), o, b, k.o.Seal); err != nil && !errors.Is(err, fs.ErrExist) {
						t.Fatal("it cannot be repeated:", err)
					}
					got := factsOf(t, o)
					if len(got.checks) != 2 || beside && got.highWater != 2 || got.destroyed[1] != beside || got.destroyed[2] {
						t.Errorf("%+v", got)
					}
				})
			}
		}
	}
}
