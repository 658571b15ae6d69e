package keeper_test

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/service"
)

// BenchmarkReencrypt moves objects of 1 KiB to a new epoch, and in the same run
// gets and puts the same objects with the same session and as many requests side
// by side. The ratio is what re-encrypting adds: looking, listing and the signer.
func BenchmarkReencrypt(b *testing.B) {
	const objects = 512
	k := newKit(b)
	k.maintain()
	old := k.fill(objects)
	k.rotateTo(2, k.dial(nil))
	bucket := k.bucket(nil)
	s := must[*blob.Session](b)(bucket.Open(b.Context()))
	back := func() {
		check(b, parallel(b.Context(), old, func(ctx context.Context, key blob.Key, data []byte) error { return s.Put(ctx, key, data) }))
	}
	var bare, moving time.Duration
	for range b.N {
		back()
		began := time.Now()
		check(b, parallel(b.Context(), old, func(ctx context.Context, key blob.Key, _ []byte) error {
			data, err := s.Get(ctx, key)
			if err != nil {
				return err
			}
			return s.Put(ctx, key, data)
		}))
		bare += time.Since(began)
		r := &keeper.Reencryption{Chain: k.chain, Signer: k.dial(nil), Buckets: []keeper.Bucket{bucket}}
		began = time.Now()
		out, err := r.Run(b.Context())
		moving += time.Since(began)
		if err != nil || out.Moved != objects {
			b.Fatalf("%+v %v", out, err)
		}
	}
	n := float64(objects * b.N)
	b.ReportMetric(n/moving.Seconds(), "objects/s")
	b.ReportMetric(n/bare.Seconds(), "bare-get-put/s")
	b.ReportMetric(bare.Seconds()/moving.Seconds(), "of-bare")
}

func parallel(ctx context.Context, objects map[blob.Key][]byte, f func(context.Context, blob.Key, []byte) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(keeper.DefaultParallel)
	for key, data := range objects {
		g.Go(func() error { return f(ctx, key, data) })
	}
	return g.Wait()
}

// fill makes objects of actors that nobody bound, under epoch 1, with the
// signer's own keyring.
func (k *kit) fill(n int) map[blob.Key][]byte {
	k.t.Helper()
	ring := must[*keys.Keyring](k.t)(keys.Open(k.t.Context(), keys.Options{
		Path: filepath.Join(k.dir, "signer", "keyring.age"), Seal: must[seal.Seal](k.t)(seal.PassphraseFile(filepath.Join(k.dir, "signer", "passphrase"))),
		Now: time.Now, Deployment: keys.Deployment{ChainID: k.Profile.Chain.ChainID, EpochContract: k.Profile.Contracts.Epoch},
	}))
	defer ring.Close()
	out := map[blob.Key][]byte{}
	for i := range n {
		var id [32]byte
		binary.BigEndian.PutUint64(id[:], uint64(i+1))
		actor := must[omni.Actor](k.t)(omni.ActorFromBytes(id))
		name := serviceNamed(k.t, "github")
		r := keys.Request{Epoch: 1, Binding: keys.Binding{
			Class: service.Credentials, Operator: must[omni.Operator](k.t)(omni.OperatorFromBytes(id)), Actor: actor, Service: name,
		}}
		out[blob.CredentialKey(actor, name)] = must[[]byte](k.t)(envelope.Seal(k.t.Context(), ring, r, make([]byte, 1024)))
	}
	return out
}

// TestReencryptManyPages: more objects than a page holds, each moved once, and
// told page by page.
func TestReencryptManyPages(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	const objects = 1100
	s := must[*blob.Session](t)(k.bucket(nil).Open(t.Context()))
	check(t, parallel(t.Context(), k.fill(objects), func(ctx context.Context, key blob.Key, data []byte) error { return s.Put(ctx, key, data) }))
	k.rotateTo(2, k.dial(nil))
	r := k.reencryption(nil)
	var told []int
	after := map[string]blob.Key{}
	r.Progress = func(p keeper.Progress) {
		told = append(told, p.Report.Scanned)
		if len(told) == 1 {
			after[p.Class] = p.Done
		}
	}
	if out := run(t, r); out.Moved != objects || len(told) != 2 || told[0] != 1000 || told[1] != objects {
		t.Errorf("%+v, told %v", out, told)
	}
	r = k.reencryption(nil)
	r.After = after
	if out := run(t, r); out.Scanned != objects-1000 || out.Current != objects-1000 {
		t.Errorf("from the first page's end on: %+v", out)
	}
	if n, err := keeper.Total(t.Context(), r.Buckets, omni.Actor{}, nil); n != objects || err != nil {
		t.Errorf("%d %v", n, err)
	}
}
