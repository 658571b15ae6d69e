package software

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrKeyFile marks a key file that is not the user's own secret: readable by
// others, owned by someone else, a symbolic link, or damaged.
var ErrKeyFile = errors.New("passkey file is refused")

const (
	fileVersion = 1
	fileMode    = 0o600
	// maxFile bounds a key file; one credential takes about 300 bytes.
	maxFile = 1 << 20
)

// file is the JSON form. Its warning is for the person who opens it.
type file struct {
	Version int       `json:"version"`
	Warning string    `json:"warning"`
	Keys    []fileKey `json:"credentials"`
}

const warning = "software passkey for development: whoever reads this file can sign as its owner"

type fileKey struct {
	ID        string `json:"credential_id"`
	RPID      string `json:"rp_id"`
	UserID    string `json:"user_id"`
	UserName  string `json:"user_name"`
	SignCount uint32 `json:"sign_count"`
	Private   string `json:"private_key"`
}

// load reads a key file; none is no keys.
func load(path string) ([]key, error) {
	data, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer clear(data)
	var f file
	if err := strictjson.Decode(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if f.Version != fileVersion || f.Warning != warning {
		return nil, fmt.Errorf("%w: not a software passkey file of version %d", ErrKeyFile, fileVersion)
	}
	keys := make([]key, 0, len(f.Keys))
	for i, fk := range f.Keys {
		k, err := fk.key()
		if err != nil {
			return nil, fmt.Errorf("%w: credential %d: %w", ErrKeyFile, i, err)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// read opens the file itself, never what a link points to, and looks at the
// open file, so that nothing can be exchanged between the look and the read.
func read(path string) ([]byte, error) {
	fd, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.ELOOP) {
		return nil, fmt.Errorf("%w: a symbolic link", ErrKeyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("opening a passkey file: %w", err)
	}
	defer fd.Close()
	var st unix.Stat_t
	if err := unix.Fstat(int(fd.Fd()), &st); err != nil {
		return nil, fmt.Errorf("looking at a passkey file: %w", err)
	}
	if err := check(st, os.Geteuid()); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(fd, maxFile))
	if err != nil {
		return nil, fmt.Errorf("reading a passkey file: %w", err)
	}
	return data, nil
}

// check holds for a file that is its user's own secret.
func check(st unix.Stat_t, euid int) error {
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return fmt.Errorf("%w: not a regular file", ErrKeyFile)
	case st.Mode&0o077 != 0:
		return fmt.Errorf("%w: mode must be 0600, so that nobody else can read it", ErrKeyFile)
	case int(st.Uid) != euid:
		return fmt.Errorf("%w: owned by another user", ErrKeyFile)
	case st.Size > maxFile:
		return fmt.Errorf("%w: larger than %d bytes", ErrKeyFile, maxFile)
	}
	return nil
}

// save replaces the key file: a reader, and a machine that stops at any moment,
// finds either the old or the new one, whole.
func save(path string, keys []key) (err error) {
	f := file{Version: fileVersion, Warning: warning, Keys: make([]fileKey, 0, len(keys))}
	for _, k := range keys {
		f.Keys = append(f.Keys, k.file())
	}
	data, err := strictjson.Encode(f)
	if err != nil {
		return fmt.Errorf("encoding a passkey file: %w", err)
	}
	defer clear(data)
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".passkey-*") // O_EXCL, mode 0600, unpredictable name
	if err != nil {
		return fmt.Errorf("writing a passkey file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(tmp.Name())))
		}
	}()
	_, writeErr := tmp.Write(data)
	if err := errors.Join(writeErr, tmp.Chmod(fileMode), tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("writing a passkey file: %w", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("replacing a passkey file: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes the rename itself durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening a passkey directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("syncing a passkey directory: %w", err)
	}
	return nil
}

// lock keeps other processes from changing the same key file meanwhile. The
// lock is on a file beside it, because save replaces the key file itself.
func lock(path string) (unlock func(), err error) {
	fd, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR|unix.O_NOFOLLOW, fileMode)
	if err != nil {
		return nil, fmt.Errorf("opening a passkey lock: %w", err)
	}
	for {
		err := unix.Flock(int(fd.Fd()), unix.LOCK_EX)
		if err == nil {
			return func() { _ = fd.Close() }, nil // closing releases the lock
		}
		if !errors.Is(err, unix.EINTR) {
			_ = fd.Close()
			return nil, fmt.Errorf("locking a passkey file: %w", err)
		}
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (k key) file() fileKey {
	return fileKey{
		ID:        base64.RawURLEncoding.EncodeToString(k.id),
		RPID:      k.rpID,
		UserID:    base64.RawURLEncoding.EncodeToString(k.userID),
		UserName:  k.userName,
		SignCount: k.signCount,
		Private:   base64.RawURLEncoding.EncodeToString(k.private.Reveal()),
	}
}

func (f fileKey) key() (key, error) {
	k := key{rpID: f.RPID, userName: f.UserName, signCount: f.SignCount}
	var err error
	if k.id, err = decode(f.ID); err != nil {
		return key{}, fmt.Errorf("credential_id: %w", err)
	}
	if k.userID, err = decode(f.UserID); err != nil {
		return key{}, fmt.Errorf("user_id: %w", err)
	}
	scalar, err := decode(f.Private)
	if err != nil {
		return key{}, fmt.Errorf("private_key: %w", err)
	}
	defer clear(scalar)
	if _, err := parsePrivate(scalar); err != nil {
		return key{}, fmt.Errorf("private_key: %w", err)
	}
	k.private = secret.New(scalar)
	return k, nil
}

// decode never repeats its input in an error: it may be the private key.
func decode(s string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) == 0 {
		return nil, errors.New("must be base64url without padding")
	}
	return b, nil
}
