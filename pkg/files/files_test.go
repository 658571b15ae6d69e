package files_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/files"
)

var content = []byte("0123456789abcdef")

func at(t *testing.T) string { return filepath.Join(t.TempDir(), "key") }

func TestCreateThenRead(t *testing.T) {
	p := at(t)
	if err := files.Create(p, content); err != nil {
		t.Fatal(err)
	}
	s, err := files.Read(p)
	if err != nil || !bytes.Equal(s.Reveal(), content) {
		t.Fatalf("%v %q", err, s.Reveal())
	}
	st, err := os.Lstat(p)
	if err != nil || st.Mode() != 0o600 {
		t.Errorf("%v %v", err, st.Mode())
	}
	if names, _ := os.ReadDir(filepath.Dir(p)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	p := at(t)
	if err := files.Create(p, content); err != nil {
		t.Fatal(err)
	}
	if err := files.Create(p, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if s, err := files.Read(p); err != nil || !bytes.Equal(s.Reveal(), content) {
		t.Fatalf("%v %q", err, s.Reveal())
	}
	dangling := at(t)
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Fatal(err)
	}
	if err := files.Create(dangling, content); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if names, _ := os.ReadDir(filepath.Dir(p)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestOneOfManyCreatesWins(t *testing.T) {
	p := at(t)
	var wg sync.WaitGroup
	var won atomic.Int32
	for i := range 16 {
		wg.Go(func() {
			switch err := files.Create(p, bytes.Repeat([]byte{byte(i)}, 32)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d winners", won.Load())
	}
}

func TestReplace(t *testing.T) {
	p := at(t)
	for _, c := range []string{"first", "second"} {
		if err := files.Replace(p, []byte(c)); err != nil {
			t.Fatal(err)
		}
		if s, err := files.Read(p); err != nil || string(s.Reveal()) != c {
			t.Fatalf("%v %q", err, s.Reveal())
		}
	}
}

func TestReplaceDoesNotFollowALink(t *testing.T) {
	p := at(t)
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, []byte("untouched"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, p); err != nil {
		t.Fatal(err)
	}
	if err := files.Replace(p, content); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(target); string(b) != "untouched" {
		t.Errorf("wrote through the link: %q", b)
	}
	if s, err := files.Read(p); err != nil || !bytes.Equal(s.Reveal(), content) {
		t.Error(err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, p string) error
		want  error
		words string
	}{
		"nothing wrong":   {func(*testing.T, string) error { return nil }, nil, ""},
		"stricter mode":   {func(_ *testing.T, p string) error { return os.Chmod(p, 0o400) }, nil, ""},
		"missing":         {func(_ *testing.T, p string) error { return os.Remove(p) }, fs.ErrNotExist, ""},
		"others may read": {func(_ *testing.T, p string) error { return os.Chmod(p, 0o604) }, files.ErrUnsafe, "mode 0604; type: chmod 600"},
		"group may read":  {func(_ *testing.T, p string) error { return os.Chmod(p, 0o640) }, files.ErrUnsafe, "mode 0640"},
		"executable":      {func(_ *testing.T, p string) error { return os.Chmod(p, 0o700) }, files.ErrUnsafe, "mode 0700"},
		"symbolic link": {func(_ *testing.T, p string) error {
			return errors.Join(os.Rename(p, p+".real"), os.Symlink(p+".real", p))
		}, files.ErrUnsafe, "symbolic link"},
		"fifo": {func(_ *testing.T, p string) error {
			return errors.Join(os.Remove(p), unix.Mkfifo(p, 0o600))
		}, files.ErrUnsafe, "not a regular file"},
		"directory": {func(_ *testing.T, p string) error {
			return errors.Join(os.Remove(p), os.Mkdir(p, 0o600))
		}, files.ErrUnsafe, "not a regular file"},
		"too large": {func(_ *testing.T, p string) error { return os.Truncate(p, files.MaxSize+1) }, files.ErrUnsafe, "larger than"},
		"just fits": {func(_ *testing.T, p string) error { return os.Truncate(p, files.MaxSize) }, nil, ""},
		"everybody may write in the directory": {func(_ *testing.T, p string) error {
			return os.Chmod(filepath.Dir(p), 0o777|os.ModeSticky)
		}, files.ErrUnsafe, "everybody may write"},
	} {
		t.Run(name, func(t *testing.T) {
			p := at(t)
			if err := files.Create(p, content); err != nil {
				t.Fatal(err)
			}
			if err := c.spoil(t, p); err != nil {
				t.Fatal(err)
			}
			s, err := files.Read(p)
			if !errors.Is(err, c.want) || (err != nil && (s.Len() != 0 || !strings.Contains(err.Error(), c.words))) {
				t.Errorf("got %v", err)
			}
			if c.words == "larger than" {
				return // Check does not read
			}
			if err := files.Check(p); !errors.Is(err, c.want) || (err != nil && !strings.Contains(err.Error(), c.words)) {
				t.Errorf("Check: %v", err)
			}
		})
	}
}

func TestWriteRefusesAnOpenDirectory(t *testing.T) {
	d := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(d, 0o700), os.Chmod(d, 0o777)); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(string, []byte) error{files.Create, files.Replace} {
		if err := write(filepath.Join(d, "key"), content); !errors.Is(err, files.ErrUnsafe) {
			t.Error(err)
		}
	}
}

func TestAMissingDirectory(t *testing.T) {
	p := filepath.Join(t.TempDir(), "none", "key")
	if _, err := files.Read(p); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := files.Create(p, content); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestReadPublic: a list of whom to trust may be read by everybody and written
// by nobody else.
func TestReadPublic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list.json")
	write := func(mode os.FileMode) {
		if err := os.WriteFile(path, []byte("list"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o664: true, 0o646: false, 0o666: false} {
		write(mode)
		for _, p := range []string{path, link} {
			b, err := files.ReadPublic(p)
			if (err == nil && string(b) == "list") != want || err != nil && !errors.Is(err, files.ErrUnsafe) {
				t.Errorf("%s %04o: %q %v", filepath.Base(p), mode, b, err)
			}
		}
	}
	write(0o644)
	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(open, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.ReadPublic(filepath.Join(open, "x")); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{filepath.Join(open, "x"), dir} {
		if _, err := files.ReadPublic(p); !errors.Is(err, files.ErrUnsafe) {
			t.Errorf("%s: %v", p, err)
		}
	}
	if _, err := files.ReadPublic(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
