package devcloud

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/litentry/agentkeys/pkg/blob/policy"
)

// objects keeps what is stored: one bbolt bucket per bucket, the object key as
// the key, and as the value 8 bytes of time and the data. Writes that wait at
// the same moment share one synced transaction.
type objects struct{ db *bbolt.DB }

type object struct {
	key      string
	modified time.Time
	size     int64
	etag     string // quoted
	data     []byte // nil in a listing
}

// condition is what must hold of what is stored for a put to happen. The zero
// condition always holds.
type condition struct {
	match  string // the quoted ETag that must be there
	absent bool   // nothing may be there
}

// holds judges the stored value, nil for none.
func (c condition) holds(stored []byte) error {
	switch {
	case c.absent && stored != nil:
		return faultPrecondition
	case c.match != "" && stored == nil:
		return faultNoSuchKey
	case c.match != "" && etag(stored[stamp:]) != c.match:
		return faultPrecondition
	}
	return nil
}

const stamp = 8

func openObjects(path string, buckets []policy.Bucket) (*objects, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 2 * time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("opening %s (is another development stack using it?): %w", path, err)
	}
	db.MaxBatchDelay = time.Millisecond
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := tx.CreateBucketIfNotExists([]byte(b.Name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("creating buckets in %s: %w", path, err)
	}
	return &objects{db}, nil
}

func (o *objects) close() error { return o.db.Close() }

// put stores and returns when the object is on disk. The condition is judged in
// the transaction that writes, so that of two writers with one condition one
// is refused.
func (o *objects) put(bucket, key string, data []byte, at time.Time, cond condition) error {
	value := binary.BigEndian.AppendUint64(make([]byte, 0, stamp+len(data)), uint64(at.UnixNano()))
	value = append(value, data...)
	return o.db.Batch(func(tx *bbolt.Tx) error {
		b, err := in(tx, bucket)
		if err != nil {
			return err
		}
		if err := cond.holds(b.Get([]byte(key))); err != nil {
			return err
		}
		return b.Put([]byte(key), value)
	})
}

// remove deletes what the condition holds of; what is not there is no error without
// one.
func (o *objects) remove(bucket, key string, cond condition) error {
	return o.db.Batch(func(tx *bbolt.Tx) error {
		b, err := in(tx, bucket)
		if err != nil {
			return err
		}
		if err := cond.holds(b.Get([]byte(key))); err != nil {
			return err
		}
		return b.Delete([]byte(key))
	})
}

func (o *objects) get(bucket, key string) (found object, ok bool, err error) {
	err = o.db.View(func(tx *bbolt.Tx) error {
		b, err := in(tx, bucket)
		if err != nil {
			return err
		}
		if v := b.Get([]byte(key)); v != nil {
			found, ok = decode(key, v), true
			found.data = bytes.Clone(v[stamp:])
		}
		return nil
	})
	return found, ok, err
}

// list returns up to limit objects whose key starts with prefix and comes
// after the key `after`, in the order of their keys, and whether there are more.
func (o *objects) list(bucket, prefix, after string, limit int) (page []object, more bool, err error) {
	err = o.db.View(func(tx *bbolt.Tx) error {
		b, err := in(tx, bucket)
		if err != nil {
			return err
		}
		from := []byte(max(prefix, after))
		c := b.Cursor()
		for k, v := c.Seek(from); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
			if after != "" && string(k) <= after {
				continue
			}
			if len(page) == limit {
				more = true
				return nil
			}
			page = append(page, decode(string(k), v))
		}
		return nil
	})
	return page, more, err
}

func in(tx *bbolt.Tx, bucket string) (*bbolt.Bucket, error) {
	b := tx.Bucket([]byte(bucket))
	if b == nil {
		return nil, fmt.Errorf("no bucket %q", bucket)
	}
	return b, nil
}

// etag is what S3 gives to an object put in one piece: the MD5 of its content,
// quoted. It tells versions apart and protects nothing.
func etag(data []byte) string {
	sum := md5.Sum(data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func decode(key string, v []byte) object {
	return object{
		key: key, size: int64(len(v) - stamp), etag: etag(v[stamp:]),
		modified: time.Unix(0, int64(binary.BigEndian.Uint64(v))).UTC(),
	}
}
