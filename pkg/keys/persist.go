package keys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/secret"
)

// disk is how the keyring reaches its two files. The tests of a crash put one
// in its place that ends between two writes.
type disk interface {
	check(path string) error
	read(path string) (secret.Secret, error)
	create(path string, content []byte) error
	replace(path string, content []byte) error
}

// osDisk is pkg/files.
type osDisk struct{}

func (osDisk) check(path string) error                 { return files.Check(path) }
func (osDisk) read(path string) (secret.Secret, error) { return files.Read(path) }
func (osDisk) create(path string, b []byte) error      { return files.Create(path, b) }
func (osDisk) replace(path string, b []byte) error     { return files.Replace(path, b) }

// readMark returns the mark; have is false when there is none.
func (o *Options) readMark() (m mark, have bool, err error) {
	b, err := o.disk.read(o.Path + markSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return mark{}, false, nil
	}
	if err != nil {
		return mark{}, false, err
	}
	m, err = parseMark(b.Reveal())
	if err != nil {
		return mark{}, false, fmt.Errorf("%s%s: %w", o.Path, markSuffix, err)
	}
	return m, true, nil
}

func (o *Options) writeMark(m mark) error {
	b, err := m.encode()
	if err != nil {
		return err
	}
	return o.disk.replace(o.Path+markSuffix, b)
}

// load reads both files and refuses what is not the newest keyring of this
// deployment. A mark that is one write behind is written first, so that it is
// never two behind. The caller holds the lock.
func (o *Options) load(ctx context.Context) (ring, error) {
	m, have, err := o.readMark()
	if err != nil {
		return ring{}, err
	}
	sealed, err := o.disk.read(o.Path)
	if errors.Is(err, fs.ErrNotExist) && have {
		return ring{}, fmt.Errorf("%w: %s%s is there and %s is not; put it back, or type: agentkeys k3 restore", ErrKeyringLost, o.Path, markSuffix, o.Path)
	}
	if err != nil {
		return ring{}, err
	}
	r, err := o.open(ctx, o.Seal, sealed.Reveal(), ringFormat)
	if err != nil {
		return ring{}, fmt.Errorf("%s: %w", o.Path, err)
	}
	heal, err := judge(r, m, have, o.Path)
	if err == nil && heal {
		err = o.writeMark(r.mark())
	}
	if err != nil {
		r.destroyBut(ring{})
		return ring{}, err
	}
	return r, nil
}

// open opens and reads a sealed document of this deployment.
func (o *Options) open(ctx context.Context, s seal.Seal, sealed []byte, format string) (ring, error) {
	plain, err := seal.Open(ctx, s, sealed)
	if err != nil {
		return ring{}, err
	}
	defer plain.Destroy()
	r, err := parseRing(plain.Reveal(), format)
	if err != nil {
		return ring{}, err
	}
	if r.deployment != o.Deployment {
		r.destroyBut(ring{})
		return ring{}, fmt.Errorf("%w: it belongs to %s, this is %s", ErrKeyringSwapped, r.deployment, o.Deployment)
	}
	return r, nil
}

// seal encodes and seals a document, and proves that it opens and reads again: a
// keyring that does not would be the loss of everything under it.
func (r ring) seal(ctx context.Context, s seal.Seal, format string) ([]byte, error) {
	plain, err := r.encode(format)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	back, err := parseRing(plain, format)
	if err != nil {
		return nil, err
	}
	back.destroyBut(ring{})
	sealed, err := seal.Encrypt(ctx, s, plain)
	if err != nil {
		return nil, err
	}
	again, err := seal.Open(ctx, s, sealed)
	if errors.Is(err, seal.ErrOneWay) {
		return sealed, nil // a backup to public keys
	}
	if err != nil {
		return nil, fmt.Errorf("what was sealed does not open again: %w", err)
	}
	again.Destroy()
	return sealed, nil
}

// change reads the files again, applies f and makes the result durable, under a
// lock that other processes honour: first the keyring, then its mark. What f
// returns unchanged (the same generation of the same keys) is not written. It is
// sealed under what opened it.
func (k *Keyring) change(ctx context.Context, f func(ring) (next ring, changed bool, err error)) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	unlock, err := k.o.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := ctx.Err(); err != nil {
		return err // who waited too long for others does not start a change
	}
	if k.closed.Load() {
		return ErrClosed
	}
	o, done, err := k.o.held()
	if err != nil {
		return fmt.Errorf("read the keyring again: %w", err)
	}
	defer done()
	now, err := k.reload(ctx, o)
	if err != nil {
		return err
	}
	next, changed, err := f(now)
	if err != nil || !changed {
		return err
	}
	next.generation++
	if err := o.write(ctx, next); err != nil {
		next.destroyBut(now)
		return err
	}
	k.set(next)
	return nil
}

// held is o with a seal that stays the same until done is called.
func (o *Options) held() (out *Options, done func(), err error) {
	same := *o
	same.Seal, done, err = seal.Held(o.Seal)
	return &same, done, err
}

// write makes a ring durable in the place of the one that is there.
func (o *Options) write(ctx context.Context, r ring) error {
	sealed, err := r.seal(ctx, o.Seal, ringFormat)
	if err != nil {
		return fmt.Errorf("write the keyring: %w", err)
	}
	if err := o.disk.replace(o.Path, sealed); err != nil {
		return fmt.Errorf("write the keyring: %w", err)
	}
	if err := o.writeMark(r.mark()); err != nil {
		return fmt.Errorf("write the mark of the keyring: %w", err)
	}
	return nil
}

// reload reads the files again and takes what they say, unless they say less
// than this process knows. The caller holds writing and the lock.
func (k *Keyring) reload(ctx context.Context, o *Options) (ring, error) {
	held := k.snapshot()
	now, err := o.load(ctx)
	if err != nil {
		return ring{}, fmt.Errorf("read the keyring again: %w", err)
	}
	// Both files may have been put back while this process ran.
	if err := notOlder(now, held.mark(), k.o.Path); err != nil {
		now.destroyBut(ring{})
		return ring{}, fmt.Errorf("read the keyring again: %w", err)
	}
	now = now.adopt(held)
	k.set(now)
	return now, nil
}

// lock takes the advisory lock of the keyring's directory. It ends with the
// process, however that ends.
func (o *Options) lock() (unlock func(), err error) {
	f, err := os.Open(filepath.Dir(o.Path))
	if err != nil {
		return nil, fmt.Errorf("lock the keyring: %w", err)
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, unix.EINTR) {
			_ = f.Close()
			return nil, fmt.Errorf("lock the keyring: %w", err)
		}
	}
}
