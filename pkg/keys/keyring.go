package keys

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litentry/agentkeys/pkg/seal"
)

// Options say which keyring is meant. All parts are needed.
type Options struct {
	// Path is the keyring file, mode 0600. Its mark lies beside it.
	Path string
	// Seal opens and seals it: seal.Passphrase or seal.KMS.
	Seal seal.Seal
	// Deployment is refused when the file names another one.
	Deployment Deployment
	Now        func() time.Time

	random io.Reader // crypto/rand but in this package's own tests
	disk   disk      // the system's but in this package's own tests
}

// Keyring is the signer's DataKeys: K3 of every epoch, sealed in one file and,
// while it runs, in locked memory.
//
// It is safe for concurrent use, also by several processes on one file: a
// change reads the file again under a lock and writes it whole. A change waits
// for the Seal (some seconds under a person's passphrase, the network under a KMS);
// data keys under epochs that are there do not wait for it.
type Keyring struct {
	o       Options
	writing sync.Mutex // held during a change, before mu
	closed  atomic.Bool

	mu   sync.RWMutex // guards ring and last
	ring ring
	last [sha256.Size]byte // hash of the newest DEK: a source that repeats itself is refused
}

// EpochStatus is what may be known of one epoch's key.
type EpochStatus struct {
	Epoch uint64
	// Check is equal at all signers that have the same key: 16 hex.
	Check   string
	Created time.Time // when the key came into this keyring; zero once destroyed
	Retired time.Time // when a later epoch came into use here, or zero
	// Destroyed is when the key was destroyed, or zero.
	Destroyed time.Time
}

// Status is what may be known of a keyring.
type Status struct {
	RingID    string // equal at all signers of a deployment; empty once closed
	HighWater uint64 // greatest epoch under which keys were made, or 0
	// Locked reports whether all keys lie in memory that is not swapped out and
	// stays out of core dumps. Where not, an operator should hear of it.
	Locked bool
	Epochs []EpochStatus // in order of the epoch
}

// Create makes a keyring with a fresh ring id and a key for epoch 1. A file
// that is there is fs.ErrExist; a mark without one is ErrKeyringLost.
func Create(ctx context.Context, o Options) (*Keyring, error) {
	return create(ctx, o, func(o *Options) (ring, error) {
		id, err := draw16(o.random)
		if err != nil {
			return ring{}, err
		}
		key, err := drawKey(o.random, o.now())
		if err != nil {
			return ring{}, fmt.Errorf("make the key of epoch 1: %w", err)
		}
		return ring{ringID: id, keys: map[uint64]*epochKey{1: key}}, nil
	})
}

func create(ctx context.Context, o Options, first func(*Options) (ring, error)) (*Keyring, error) {
	if err := o.prepare(); err != nil {
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	unlock, err := o.lock()
	if err != nil {
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	defer unlock()
	if err := o.absent(); err != nil {
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	if _, have, err := o.readMark(); err != nil {
		return nil, fmt.Errorf("create the keyring: %w", err)
	} else if have {
		return nil, fmt.Errorf("create the keyring: %w: %s%s says that one was here; put it back, or type: agentkeys k3 restore", ErrKeyringLost, o.Path, markSuffix)
	}
	r, err := first(&o)
	if err != nil {
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	sealed, err := o.sealNew(ctx, &r)
	if err == nil {
		err = o.disk.create(o.Path, sealed)
	}
	if err == nil {
		// Generation 1 without a mark is what a crash here leaves.
		err = o.writeMark(r.mark())
	}
	if err != nil {
		r.destroyBut(ring{})
		return nil, fmt.Errorf("create the keyring: %w", err)
	}
	return &Keyring{o: o, ring: r}, nil
}

// Open opens a keyring. A missing one is fs.ErrNotExist; one that is not the
// newest of this deployment is ErrKeyringLost, ErrKeyringRolledBack or
// ErrKeyringSwapped; others are seal.ErrSeal, seal.ErrDamaged,
// ErrKeyringInvalid and files.ErrUnsafe. Nothing is changed by a refusal.
func Open(ctx context.Context, o Options) (*Keyring, error) {
	if err := o.prepare(); err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	unlock, err := o.lock()
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	defer unlock()
	r, err := o.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	return &Keyring{o: o, ring: r}, nil
}

// OpenOrCreate opens the keyring, or creates it where there is neither file nor
// mark.
func OpenOrCreate(ctx context.Context, o Options) (*Keyring, error) {
	k, err := Open(ctx, o)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	k, err = Create(ctx, o)
	if errors.Is(err, fs.ErrExist) {
		return Open(ctx, o) // another process was faster
	}
	return k, err
}

// prepare fills in what only tests set, and refuses what is left out.
func (o *Options) prepare() error {
	if o.random == nil {
		o.random = rand.Reader
	}
	if o.disk == nil {
		o.disk = osDisk{}
	}
	if o.Path == "" || o.Seal == nil || o.Now == nil || o.Deployment.ChainID == 0 || o.Deployment.EpochContract == [20]byte{} {
		return errors.New("a keyring needs a path, a seal, a clock and a deployment")
	}
	return nil
}

// now is the instant that documents carry.
func (o *Options) now() time.Time { return o.Now().UTC().Truncate(time.Second) }

// absent refuses a path that exists, even as a dangling link.
func (o *Options) absent() error {
	_, err := os.Lstat(o.Path)
	if err == nil {
		return &fs.PathError{Op: "create", Path: o.Path, Err: fs.ErrExist}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sealNew makes r a file of its own, and seals it.
func (o *Options) sealNew(ctx context.Context, r *ring) (sealed []byte, err error) {
	if r.fileID, err = draw16(o.random); err != nil {
		return nil, err
	}
	r.generation, r.deployment = 1, o.Deployment
	return r.seal(ctx, o.Seal, ringFormat)
}

// snapshot is the ring of this instant.
func (k *Keyring) snapshot() ring {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.ring
}

// set publishes a ring and then zeroes the keys that it no longer holds, so
// that who meets a zeroed key finds the reason by looking again.
func (k *Keyring) set(next ring) {
	k.mu.Lock()
	held := k.ring
	k.ring = next
	k.mu.Unlock()
	held.destroyBut(next)
}

// Close zeroes all keys. Every method answers ErrClosed or signer_unavailable
// from then on.
func (k *Keyring) Close() error {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.closed.Store(true)
	k.set(ring{})
	return nil
}

// Refresh takes what another process wrote: new keys, a higher mark, destroyed
// keys. It costs two small reads when there is nothing new. It fails as Open
// does, and then keeps what it has.
func (k *Keyring) Refresh(ctx context.Context) error {
	if err := k.o.disk.check(k.o.Path); err != nil {
		return fmt.Errorf("read the keyring again: %w", err)
	}
	m, have, err := k.o.readMark()
	if err != nil {
		return fmt.Errorf("read the keyring again: %w", err)
	}
	if held := k.snapshot(); have && m.equal(held.mark()) {
		return nil
	}
	return k.change(ctx, func(r ring) (ring, bool, error) { return r, false, nil })
}

// Status describes the keyring as this process knows it.
func (k *Keyring) Status() Status {
	r := k.snapshot()
	s := Status{RingID: r.ringID, HighWater: r.highWater, Locked: true}
	for _, e := range r.epochs() {
		st, _ := r.status(e)
		s.Epochs = append(s.Epochs, st)
		if key := r.keys[e]; key != nil && !key.k3.Pinned() {
			s.Locked = false
		}
	}
	return s
}

// Check refuses a keyring that does not fit the chain's epoch: ErrEpochMissing
// names the epochs that have neither key nor tombstone, ErrTooFarAhead one that
// is more than one ahead of both the chain and the high-water mark: a
// reorganisation may have taken the chain back behind what was in use already. It
// refuses one whose passphrase file has none any more (fs.ErrNotExist,
// files.ErrUnsafe, seal.ErrPassphrase), too: no change could be written. That another
// passphrase is in it, only opening the keyring shows.
func (k *Keyring) Check(chainEpoch uint64) error {
	if k.closed.Load() {
		return ErrClosed
	}
	r := k.snapshot()
	if err := r.complete(chainEpoch); err != nil {
		return err
	}
	if top, seen := r.highest(), max(chainEpoch, r.highWater); top > seen && top-seen > 1 {
		return fmt.Errorf("%w: there is a key for epoch %d, the chain is at %d and keys were made here under epoch %d at most; is this the chain of this keyring?", ErrTooFarAhead, top, chainEpoch, r.highWater)
	}
	return seal.Ready(k.o.Seal)
}
