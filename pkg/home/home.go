// Package home is the state directory of one user ($AGENTKEYS_HOME): the
// profile, identities with their device keys (K10), the address book, passkey
// enrollments and cached sessions.
//
//	profile.json                        what contracts and hosts there are
//	names.json                          the address book
//	identities/<name>/identity.json     who this is
//	identities/<name>/k10.json          its K10, a version 3 keystore
//	identities/<name>/k10.pass          the generated passphrase, if one was
//	k11/<omni>--<rp id>.json            passkey enrollments
//	sessions/<name>/                    sign-ins and storage sessions
//	versions/<name>.json                versions of memories that were seen
//	refusals.json                       the last refusals, for `explain`
//
// Laws:
//   - Directories are 0700 and ours, secret files 0600 and read through
//     pkg/files; anything else is refused with the command that mends it.
//   - A key that exists is never regenerated and never overwritten: an identity
//     appears whole, by one rename, or not at all.
//   - A name never changes hands silently: it stands on pages on which people
//     sign.
//   - The cache of sessions is only a cache. What is damaged, foreign or over in
//     it is absent, and removed.
//   - Processes may work on one directory at the same time. What is read,
//     changed and written back happens under a file lock; all else is atomic.
//
// It reads no environment and asks no chain: what it knows about bindings is
// what its user was told, and the registry has the last word.
package home

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/profile"
)

const (
	profileFile  = "profile.json"
	namesFile    = "names.json"
	identityDir  = "identities"
	passkeyDir   = "k11"
	sessionDir   = "sessions"
	versionDir   = "versions"
	lockFile     = ".lock"
	identityFile = "identity.json"
	keyFile      = "k10.json"
	passFile     = "k10.pass"

	// fileVersion is the version of every JSON file that this package owns.
	fileVersion = 1
)

// Dir is an opened state directory. It is safe for concurrent use, also by
// several processes.
type Dir struct {
	root string
	now  func() time.Time
	// humanN is scrypt's cost under a person's passphrase.
	humanN int
}

// Open returns the state directory at root and makes it when it is absent. A
// directory that others may enter is refused (files.ErrUnsafe).
func Open(root string, now func() time.Time) (*Dir, error) {
	if root == "" {
		return nil, errors.New("no state directory named")
	}
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	// A link at the root itself is the user's own choice of a place.
	st, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	if err := checkDir(abs, st); err != nil {
		return nil, err
	}
	return &Dir{root: abs, now: now, humanN: standardN}, nil
}

// Root is the absolute path of the directory.
func (d *Dir) Root() string { return d.root }

// ProfilePath is where the profile stands.
func (d *Dir) ProfilePath() string { return d.path(profileFile) }

// Profile loads the profile; an absent one is fs.ErrNotExist.
func (d *Dir) Profile() (*profile.Profile, error) { return profile.Load(d.ProfilePath()) }

// SaveProfile writes the profile.
func (d *Dir) SaveProfile(p *profile.Profile) error { return p.Save(d.ProfilePath()) }

func (d *Dir) path(parts ...string) string {
	return filepath.Join(append([]string{d.root}, parts...)...)
}

// subdir makes a directory below the root if need be and checks it.
func (d *Dir) subdir(parts ...string) (string, error) {
	path := d.root
	for _, p := range parts {
		path = filepath.Join(path, p)
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("state directory: %w", err)
		}
		st, err := os.Lstat(path)
		if err != nil {
			return "", fmt.Errorf("state directory: %w", err)
		}
		if err := checkDir(path, st); err != nil {
			return "", err
		}
	}
	return path, nil
}

func checkDir(path string, st fs.FileInfo) error {
	switch sys, ok := unixStat(path); {
	case !st.IsDir():
		return fmt.Errorf("%w: %s is not a directory", files.ErrUnsafe, path)
	case !ok || int(sys.Uid) != os.Geteuid():
		return fmt.Errorf("%w: %s belongs to another user", files.ErrUnsafe, path)
	case st.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("%w: others may enter %s; type: chmod 700 %s", files.ErrUnsafe, path, path)
	}
	return nil
}

// unixStat follows links, like the Stat of the root; below the root Lstat has
// refused them already.
func unixStat(path string) (unix.Stat_t, bool) {
	var st unix.Stat_t
	return st, unix.Stat(path, &st) == nil
}

// locked runs f while no other process changes names or identities. The lock
// goes with the descriptor, so a process that dies holds none.
func (d *Dir) locked(f func() error) error {
	fd, err := os.OpenFile(d.path(lockFile), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("locking the state directory: %w", err)
	}
	defer fd.Close()
	for {
		err := unix.Flock(int(fd.Fd()), unix.LOCK_EX)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("locking the state directory: %w", err)
		}
	}
	return f()
}
