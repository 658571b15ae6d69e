package keeper_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/service"
)

const (
	// The chain makes about a block a second, so sixteen operators bind their
	// agents side by side.
	loadOperators = 16
	loadAgents    = 4
	loadClients   = loadOperators * loadAgents
	loadRotations = 10 // AGENTKEYS_TEST_ROTATIONS says otherwise
)

// load is agents that store and fetch all the time.
type load struct {
	*kit
	keyring *keys.Keyring // the signer's own files
	// floor is the epoch of the newest rotation that has returned: what is stored
	// from then on is under it, or a later one.
	floor         atomic.Uint64
	reads, writes atomic.Int64
	byEpoch       sync.Map // epoch -> true
}

// TestRotationsUnderLoad: nothing that 64 clients do fails while epoch after
// epoch comes. There is no retry beside those that pkg/client documents, and it
// hides none: any error of any call fails the test.
func TestRotationsUnderLoad(t *testing.T) {
	rotations := loadRotations
	if s := os.Getenv("AGENTKEYS_TEST_ROTATIONS"); s != "" {
		rotations = must[int](t)(strconv.Atoi(s))
	}
	k := newKit(t)
	began := time.Now()
	l := &load{kit: k, keyring: must[*keys.Keyring](t)(keys.Open(t.Context(), keys.Options{
		Path: filepath.Join(k.dir, "signer", "keyring.age"), Seal: must[seal.Seal](t)(seal.PassphraseFile(filepath.Join(k.dir, "signer", "passphrase"))),
		Now: time.Now, Deployment: keys.Deployment{ChainID: k.Profile.Chain.ChainID, EpochContract: k.Profile.Contracts.Epoch},
	}))}
	t.Cleanup(func() { _ = l.keyring.Close() })
	l.floor.Store(1)
	people := l.people()
	t.Logf("%d agents in %s", loadClients, time.Since(began).Round(time.Millisecond))

	stop := make(chan struct{})
	var wg sync.WaitGroup
	last := make([]string, loadClients)
	for i, a := range people {
		wg.Go(func() { last[i] = l.client(a, fmt.Sprint("service-", i), stop) })
	}
	began = time.Now()
	own := k.dial(nil)
	for n := range rotations {
		target := uint64(n + 2)
		k.rotateTo(target, own)
		l.floor.Store(target)
		// Everybody gets a turn under each epoch.
		for turn := l.writes.Load() + loadClients; l.writes.Load() < turn && !t.Failed(); {
			<-time.After(5 * time.Millisecond)
		}
	}
	took := time.Since(began)
	close(stop)
	wg.Wait()
	for i, a := range people {
		a.has(fmt.Sprint("service-", i), last[i])
		a.has(fmt.Sprint("first-", i), "from before")
		if got := k.under(a.key(fmt.Sprint("first-", i))); got != 1 {
			t.Errorf("an old object moved by itself to %d", got)
		}
	}
	for e := uint64(2); e <= uint64(rotations+1); e++ {
		if _, ok := l.byEpoch.Load(e); !ok {
			t.Errorf("nothing was ever sealed under epoch %d", e)
		}
	}
	t.Logf("%d rotations in %s beside %d clients: %.0f reads/s, %.0f writes/s, none failed", rotations, took.Round(time.Millisecond), loadClients,
		float64(l.reads.Load())/took.Seconds(), float64(l.writes.Load())/took.Seconds())
}

// people are the clients, each with a service that nobody else writes and an
// object from before the first rotation.
func (l *load) people() []*agent {
	l.t.Helper()
	people := make([]*agent, loadClients)
	var wg sync.WaitGroup
	for op := range loadOperators {
		wg.Go(func() {
			o := l.kit.operator()
			for i := op * loadAgents; i < (op+1)*loadAgents; i++ {
				people[i] = l.agent(o, fmt.Sprint("service-", i), fmt.Sprint("first-", i))
				people[i].put(fmt.Sprint("first-", i), "from before")
			}
		})
	}
	wg.Wait()
	if l.t.Failed() {
		l.t.FailNow()
	}
	return people
}

// client stores and fetches until it is told to stop, and returns what it stored
// last.
func (l *load) client(a *agent, name string, stop <-chan struct{}) string {
	value := ""
	for n := 0; ; n++ {
		select {
		case <-stop:
			return value
		default:
		}
		floor := l.floor.Load()
		value = fmt.Sprint(name, " ", n)
		a.put(name, value)
		if a.t.Failed() {
			return value
		}
		l.writes.Add(1)
		if err := l.exactly(a, name, value, floor); err != nil {
			a.t.Errorf("%s: %v", name, err)
		}
		a.has(name, value)
		l.reads.Add(1)
		if a.t.Failed() {
			return value
		}
	}
}

// exactly checks an object as it lies in storage: it is under floor or later,
// opens under that epoch's key, and under no other.
func (l *load) exactly(a *agent, name, value string, floor uint64) error {
	raw, err := l.Cloud.RawObject(l.Profile.Cloud.VaultBucket, a.key(name).String())
	if err != nil {
		return err
	}
	epoch, err := envelope.Epoch(raw)
	if err != nil {
		return err
	}
	l.byEpoch.Store(epoch, true)
	if epoch < floor {
		return fmt.Errorf("its writing began after epoch %d had come, and it is under %d", floor, epoch)
	}
	ctx := a.t.Context()
	if err := l.keyring.Refresh(ctx); err != nil {
		return err
	}
	r := keys.Request{Binding: keys.Binding{Class: service.Credentials, Operator: a.operator, Actor: a.actor, Service: serviceNamed(a.t, name)}}
	got, err := envelope.Open(ctx, l.keyring, r, raw)
	if err != nil {
		return fmt.Errorf("under epoch %d: %w", epoch, err)
	}
	if string(got.Reveal()) != value {
		return fmt.Errorf("under epoch %d it opens to %q", epoch, got.Reveal())
	}
	other := epoch - 1
	if other == 0 {
		return nil
	}
	binary.BigEndian.PutUint64(raw[6:14], other) // pkg/envelope, layout
	if _, err := envelope.Open(ctx, l.keyring, r, raw); apierr.CodeOf(err) != apierr.EnvelopeInvalid {
		return fmt.Errorf("under epoch %d it opens as well: %w", other, err)
	}
	return nil
}
