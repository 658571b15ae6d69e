package home_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
)

func TestOpenMakesAPrivateDirectory(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a", "b")
	d, err := home.Open(root, newClock().now)
	if err != nil || d.Root() != root {
		t.Fatal(d, err)
	}
	for _, p := range []string{root, filepath.Dir(root)} {
		if st, err := os.Stat(p); err != nil || st.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v %v", p, err, st.Mode())
		}
	}
	if _, err := home.Open(root, newClock().now); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := home.Open("", newClock().now); err == nil || !strings.Contains(err.Error(), "no state directory named") {
		t.Error("the working directory is nobody's choice:", err)
	}
	for _, mode := range []os.FileMode{0o750, 0o705, 0o777, 0o710, 0o701} {
		root := t.TempDir()
		must(t, os.Chmod(root, mode))
		if _, err := home.Open(root, newClock().now); !errors.Is(err, files.ErrUnsafe) || !strings.Contains(err.Error(), "chmod 700 "+root) {
			t.Errorf("%o: %v", mode, err)
		}
		must(t, os.Chmod(root, 0o700)) // the twin
		if _, err := home.Open(root, newClock().now); err != nil {
			t.Error(err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	if _, err := home.Open(file, newClock().now); err == nil {
		t.Error("a file accepted as a directory")
	}
}

func TestRootMayBeALink(t *testing.T) {
	target, link := t.TempDir(), filepath.Join(t.TempDir(), "link")
	must(t, os.Chmod(target, 0o700))
	must(t, os.Symlink(target, link))
	if _, err := home.Open(link, newClock().now); err != nil {
		t.Error(err)
	}
}

func TestSubdirectoriesAreChecked(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"link": func(p string) error { return os.Symlink(t.TempDir(), p) },
		"file": func(p string) error { return os.WriteFile(p, nil, 0o600) },
		"open": func(p string) error { return errors.Join(os.Mkdir(p, 0o700), os.Chmod(p, 0o750)) },
	} {
		d, _ := open(t)
		must(t, spoil(filepath.Join(d.Root(), "identities")))
		if _, _, err := d.Create("acme", home.KindOperator, home.KeySource{}); !errors.Is(err, files.ErrUnsafe) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOwnerIsChecked(t *testing.T) {
	root := t.TempDir()
	must(t, os.Chmod(root, 0o700))
	if err := os.Chown(root, 65534, -1); err != nil {
		// Only root may give files away; the rule is then held by the
		// descriptor's owner alone, which pkg/files tests.
		t.Logf("not tried: %v", err)
		return
	}
	if _, err := home.Open(root, newClock().now); !errors.Is(err, files.ErrUnsafe) || !strings.Contains(err.Error(), "another user") {
		t.Error(err)
	}
}

func TestProfile(t *testing.T) {
	d, _ := open(t)
	if _, err := d.Profile(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	p := testProfile()
	must(t, d.SaveProfile(p))
	got, err := d.Profile()
	if err != nil || got.Chain.Name != p.Chain.Name || got.Environment != profile.Development {
		t.Error(got, err)
	}
}
