package emit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/emit/emittest"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
)

// tree is what lies in a directory, byte by byte.
func tree(t *testing.T, dir string) string {
	t.Helper()
	text := ""
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			text += fmt.Sprintln(path)
			return err
		}
		text += fmt.Sprintf("%s %x\n", path, read(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// looked is what Look says, which changes nothing.
func looked(t *testing.T, dir, role string, key jose.PublicKey) error {
	t.Helper()
	before := tree(t, filepath.Dir(dir))
	err := emit.Look(dir, role, key)
	if tree(t, filepath.Dir(dir)) != before {
		t.Error("who looked changed something")
	}
	return err
}

// TestLookSaysWhatOpenSays of each state of a spool, and changes nothing.
func TestLookSaysWhatOpenSays(t *testing.T) {
	t.Parallel()
	taken := func(c emit.Config) string { return filepath.Join(c.Dir, "taken") }
	cut := func(t *testing.T, path string, by int) { b := read(t, path); write(t, path, b[:len(b)-by]) }
	for name, test := range map[string]struct {
		edit func(t *testing.T, c *emit.Config)
		want error
		text string
	}{
		"sound":      {func(*testing.T, *emit.Config) {}, nil, ""},
		"none":       {func(t *testing.T, c *emit.Config) { c.Dir = filepath.Join(t.TempDir(), "spool") }, nil, ""},
		"empty":      {func(t *testing.T, c *emit.Config) { c.Dir = t.TempDir() }, nil, ""},
		"a torn end": {func(t *testing.T, c *emit.Config) { list := segments(t, *c); cut(t, list[len(list)-1], 3) }, nil, ""},
		"without what was taken": {func(t *testing.T, c *emit.Config) {
			if err := os.Remove(taken(*c)); err != nil {
				t.Fatal(err)
			}
		}, nil, ""},
		"torn before its end":    {func(t *testing.T, c *emit.Config) { cut(t, segments(t, *c)[0], 3) }, emit.ErrDamaged, "behind entry"},
		"older than what it was": {func(t *testing.T, c *emit.Config) { write(t, taken(*c), emit.TakenLine(99, source(t, *c))) }, emit.ErrDamaged, "older than it was"},
		"without its beginning": {func(t *testing.T, c *emit.Config) {
			write(t, taken(*c), emit.TakenLine(1, source(t, *c)))
			if err := os.Remove(segments(t, *c)[0]); err != nil {
				t.Fatal(err)
			}
		}, emit.ErrDamaged, "and only 1 were sent"},
		"of another key":  {func(t *testing.T, c *emit.Config) { c.Identity = newKey(t) }, nil, "20 of its events are not known to be sent"},
		"of another role": {func(_ *testing.T, c *emit.Config) { c.Role = "cred" }, nil, "20 of its events are not known to be sent"},
		"of another key, and all sent": {func(t *testing.T, c *emit.Config) {
			write(t, taken(*c), emit.TakenLine(20, source(t, *c)))
			c.Identity = newKey(t)
		}, nil, ""},
		"of another version": {func(t *testing.T, c *emit.Config) {
			c.Dir = filepath.Join(t.TempDir(), "spool")
			emittest.Older(t, c.Dir, c.Role, c.Identity, time.Now)
		}, emit.ErrVersion, "1 events from number 1 on"},
		"read by others":       {func(t *testing.T, c *emit.Config) { mode(t, segments(t, *c)[0], 0o666) }, files.ErrUnsafe, ""},
		"taken by anybody":     {func(t *testing.T, c *emit.Config) { mode(t, taken(*c), 0o666) }, files.ErrUnsafe, ""},
		"something else there": {func(t *testing.T, c *emit.Config) { c.Dir = segments(t, *c)[0] }, nil, "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := filled(t, 20)
			test.edit(t, &c)
			look := looked(t, c.Dir, c.Role, c.Identity.Public())
			for what, err := range map[string]error{"looked": look, "opened": opens(t, c)} {
				fails := test.want != nil || test.text != ""
				if (err != nil) != fails || fails && !strings.Contains(err.Error(), test.text) || test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("%s: %v, want %v and %q", what, err, test.want, test.text)
				}
			}
		})
	}
}

// TestLookWithoutAKey: whose spool it is is not asked then, but everything else is.
func TestLookWithoutAKey(t *testing.T) {
	t.Parallel()
	c, _ := filled(t, 20)
	if err := looked(t, c.Dir, "cred", jose.PublicKey{}); err != nil {
		t.Error(err)
	}
	write(t, filepath.Join(c.Dir, "taken"), emit.TakenLine(99, source(t, c)))
	if err := looked(t, c.Dir, c.Role, jose.PublicKey{}); !errors.Is(err, emit.ErrDamaged) {
		t.Error(err)
	}
	older := filepath.Join(t.TempDir(), "spool")
	emittest.Older(t, older, c.Role, c.Identity, time.Now)
	if err := looked(t, older, c.Role, jose.PublicKey{}); !errors.Is(err, emit.ErrVersion) {
		t.Error(err)
	}
}

// TestLookBesideAProcess: what a process has is not judged, and stays that process's.
func TestLookBesideAProcess(t *testing.T) {
	t.Parallel()
	c, r := filled(t, 20)
	r.answers(silence)
	s := open(t, c)
	mustEmit(t, s, "while somebody looks")
	write(t, filepath.Join(c.Dir, "taken"), emit.TakenLine(99, source(t, c)))
	if err := looked(t, c.Dir, c.Role, c.Identity.Public()); !errors.Is(err, emit.ErrInUse) {
		t.Error(err)
	}
	mustEmit(t, s, "and after")
	closed(t, s)
	write(t, filepath.Join(c.Dir, "taken"), emit.TakenLine(99, source(t, c)))
	if err := looked(t, c.Dir, c.Role, c.Identity.Public()); !errors.Is(err, emit.ErrDamaged) {
		t.Errorf("when it is nobody's: %v", err)
	}
}

func newKey(t *testing.T) jose.PrivateKey {
	t.Helper()
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// source is whose numbers are in a spool: the second word of its files.
func source(t *testing.T, c emit.Config) string {
	t.Helper()
	var magic, source string
	if _, err := fmt.Sscan(string(read(t, segments(t, c)[0])), &magic, &source); err != nil {
		t.Fatal(err)
	}
	return source
}

func opens(t *testing.T, c emit.Config) error {
	t.Helper()
	s, err := emit.Open(c)
	if err == nil {
		closed(t, s)
	}
	return err
}
