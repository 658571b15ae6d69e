// Package files reads and writes small files that hold secrets: keys,
// passphrases, cached sessions.
//
// Reading refuses whatever another user of the machine could have planted or
// could read: a symbolic link, anything but a regular file, a file that is not
// ours or that group or others may touch, and a file in a directory in which
// everybody may write (sticky or not: names there are taken by whoever comes
// first). What was checked is what is read: one descriptor serves both.
//
// Writing is atomic and durable. A reader, and a machine that loses power at
// any instant, sees the whole old file, the whole new file, or none. [Create]
// never overwrites; [Replace] is the one that was asked to.
//
// It does not encrypt, does not lock (two writers of one path are the caller's
// business), and does not judge directories above the immediate parent. A
// process that is killed while it writes may leave a temporary file behind:
// mode 0600, with a name that starts with a dot and that nothing reads.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/secret"
)

// MaxSize bounds what Read accepts: no secret of ours comes near it.
const MaxSize = 1 << 20

// ErrUnsafe is wrapped by every refusal of a file because of what it is, whose
// it is, or who may reach it.
var ErrUnsafe = errors.New("unsafe secret file")

// Read returns the content of a secret file after checking it. A missing file
// is fs.ErrNotExist; an unsafe one is ErrUnsafe with the command that mends it.
func Read(path string) (secret.Secret, error) {
	f, err := openChecked(path)
	if err != nil {
		return secret.Secret{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	defer clear(b)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("read %s: %w", path, err)
	}
	if len(b) > MaxSize {
		return secret.Secret{}, fmt.Errorf("%w: %s is larger than %d bytes", ErrUnsafe, path, MaxSize)
	}
	return secret.New(b), nil
}

// ReadPublic returns the content of a file that is no secret but is believed: a
// list of whom to trust. Everybody may read it; but it must be ours or root's, a
// regular file of a directory in which not everybody may write, and nobody else
// may write to it (a group may, as in openDir). A symbolic link is followed: the
// file that it leads to is judged.
func ReadPublic(path string) ([]byte, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	dir, err := openDir(target)
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	fd, err := unix.Openat(dir, filepath.Base(target), unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if err := checkPublic(uint32(st.Mode), st.Uid, uint32(os.Geteuid()), path); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(b) > MaxSize {
		return nil, fmt.Errorf("%w: %s is larger than %d bytes", ErrUnsafe, path, MaxSize)
	}
	return b, nil
}

// checkPublic judges a file that is believed.
func checkPublic(mode, owner, self uint32, path string) error {
	switch {
	case mode&unix.S_IFMT != unix.S_IFREG:
		return fmt.Errorf("%w: %s is not a regular file", ErrUnsafe, path)
	case owner != self && owner != 0:
		return fmt.Errorf("%w: %s belongs to user id %d, who could put another content there", ErrUnsafe, path, owner)
	case mode&0o002 != 0:
		return fmt.Errorf("%w: everybody may write to %s; type: chmod o-w %s", ErrUnsafe, path, path)
	}
	return nil
}

// Check judges a file as Read does, without reading it: for files that another
// library opens by name. It looks once; what happens to the name afterwards is
// seen by nobody. It does not open the file, for closing a descriptor would end
// the locks that this process holds on it (fcntl(2); SQLite depends on them).
func Check(path string) error {
	dir, err := openDir(path)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	var st unix.Stat_t
	if err := unix.Fstatat(dir, filepath.Base(path), &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if uint32(st.Mode)&unix.S_IFMT == unix.S_IFLNK {
		return fmt.Errorf("%w: %s is a symbolic link", ErrUnsafe, path)
	}
	return checkFile(uint32(st.Mode), st.Uid, uint32(os.Geteuid()), path)
}

// Create writes a new secret file, mode 0600. A path that exists, even as a
// dangling link, is fs.ErrExist and is left as it was.
func Create(path string, content []byte) error {
	// link(2) fails when the new name exists, atomically and on every
	// unix; rename(2) would overwrite.
	return write(path, content, func(tmp string) error {
		if err := os.Link(tmp, path); err != nil {
			return err
		}
		return os.Remove(tmp)
	})
}

// Replace writes a secret file, mode 0600, in the place of whatever has that
// name. A symbolic link is replaced itself; its target is not touched.
func Replace(path string, content []byte) error {
	return write(path, content, func(tmp string) error { return os.Rename(tmp, path) })
}

// openChecked opens path and refuses it unless it is safe.
func openChecked(path string) (*os.File, error) {
	dir, err := openDir(path)
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	// O_NONBLOCK: opening a FIFO must not wait for its writer.
	fd, err := unix.Openat(dir, filepath.Base(path), unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ELOOP) {
		return nil, fmt.Errorf("%w: %s is a symbolic link", ErrUnsafe, path)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		_ = unix.Close(fd)
		return nil, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if err := checkFile(uint32(st.Mode), st.Uid, uint32(os.Geteuid()), path); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}

// openDir opens the directory of path and refuses it unless it is safe.
func openDir(path string) (int, error) {
	parent := filepath.Dir(path)
	dir, err := unix.Open(parent, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: parent, Err: err}
	}
	if err := checkDir(dir, parent); err != nil {
		_ = unix.Close(dir)
		return 0, err
	}
	return dir, nil
}

// checkFile judges what stat said about the file itself.
func checkFile(mode, owner, self uint32, path string) error {
	if mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("%w: %s is not a regular file", ErrUnsafe, path)
	}
	if owner != self {
		return fmt.Errorf("%w: %s belongs to user id %d, not to %d, who reads it", ErrUnsafe, path, owner, self)
	}
	if mode&0o177 != 0 {
		return fmt.Errorf("%w: %s has mode %04o; type: chmod 600 %s", ErrUnsafe, path, mode&0o7777, path)
	}
	return nil
}

// checkDir refuses a directory in which everybody may create names. A group's
// write bit is let pass: with private user groups it is the default.
func checkDir(fd int, path string) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if uint32(st.Mode)&0o002 != 0 {
		return fmt.Errorf("%w: everybody may write in %s; keep secrets in a directory of your own", ErrUnsafe, path)
	}
	return nil
}

// write puts content into a fresh file beside path, makes it durable, lets
// place give it its name, and makes the name durable.
func write(path string, content []byte, place func(tmp string) error) (err error) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer dir.Close()
	if err := checkDir(int(dir.Fd()), filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	// CreateTemp draws an unpredictable name, O_EXCL, mode 0600.
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	if err := fill(tmp, content); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := place(tmp.Name()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("write %s: make the name durable: %w", path, err)
	}
	return nil
}

// fill writes, makes durable and closes.
func fill(f *os.File, content []byte) error {
	if _, err := f.Write(content); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
