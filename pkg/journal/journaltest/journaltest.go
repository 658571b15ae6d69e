// Package journaltest says what any backend of pkg/journal must do. A backend's
// own tests call Run; nothing here knows which backend it is.
package journaltest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Open opens one database; called again, after Close, it opens the same one.
type Open func(t *testing.T, now func() time.Time) *journal.Journal

// Run runs the suite. fresh makes a new, empty database.
func Run(t *testing.T, fresh func(t *testing.T) Open) {
	for name, test := range map[string]func(*testing.T, *bench){
		"append":                    appended,
		"append again":              appendedAgain,
		"another under one name":    conflict,
		"all or none":               allOrNone,
		"invalid entries":           invalid,
		"without an operator":       withoutOperator,
		"append under racers":       appendRace,
		"one event under racers":    sameEventRace,
		"the chain":                 chain,
		"gaps":                      gaps,
		"a sink":                    sink,
		"a caller who left":         callerWhoLeft,
		"closed":                    closed,
		"ready":                     ready,
		"restart":                   restart,
		"queries":                   queries,
		"pages":                     pages,
		"an empty journal":          empty,
		"batches":                   batches,
		"build under racers":        buildRace,
		"build while appending":     buildWhileAppending,
		"proofs":                    proofs,
		"pending":                   pending,
		"anchoring":                 anchoring,
		"transitions":               transitions,
		"move under racers":         moveRace,
		"archiving":                 archiving,
		"ways into the archive":     archiveTransitions,
		"archive under racers":      archiveRace,
		"turns":                     archiveTurns,
		"a clock that goes back":    clockBack,
		"the longest of everything": longest,
		"leases":                    leases,
		"leases given back":         released,
		"times of leases":           leaseTimes,
		"a lease from the future":   leaseFromTheFuture,
		"names of leases":           leaseNames,
		"leases under racers":       leaseRace,
		"of one deployment":         ofOneDeployment,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{open: fresh(t), clock: start.UnixNano()}
			b.Journal = b.open(t, b.now)
			t.Cleanup(func() {
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, b)
		})
	}
}

// start is not on a whole millisecond.
var start = time.Date(2027, 3, 4, 5, 30, 0, 123456789, time.UTC)

// bench is one journal with a clock that the test moves.
type bench struct {
	*journal.Journal
	open  Open
	clock int64 // atomic, nanoseconds
}

func (b *bench) now() time.Time { return time.Unix(0, atomic.LoadInt64(&b.clock)) }

func (b *bench) move(d time.Duration) { atomic.AddInt64(&b.clock, int64(d)) }

// reopen closes and opens the database, as a restart does.
func (b *bench) reopen(t *testing.T) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.Journal = b.open(t, b.now)
}

func ctx() context.Context { return context.Background() }

// Operator is the n-th operator of tests.
func Operator(n int) omni.Operator { return omni.OperatorOfWallet([20]byte{1, byte(n)}) }

// ID is an identifier made of a name.
func ID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return jose.EncodeSegment(sum[:16])
}

// Entry is a valid entry of an operator, told apart by its name alone.
func Entry(o omni.Operator, name string) journal.Entry {
	return journal.Entry{Event: audit.Event{
		ID: ID(name), Time: start, Emitter: "signer", Operator: o, Actor: omni.ActorOfWallet([20]byte{2}),
		Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
	}}
}

// fill appends n entries of an operator, named by their number from 1.
func (b *bench) fill(t *testing.T, o omni.Operator, n int) {
	t.Helper()
	for i := range n {
		if _, err := b.Append(ctx(), Entry(o, fmt.Sprintf("%s %d", o, i+1))); err != nil {
			t.Fatal(err)
		}
	}
}

// sound verifies a journal of n entries.
func (b *bench) sound(t *testing.T, o omni.Operator, n uint64) {
	t.Helper()
	if h, err := b.Verify(ctx(), o); err != nil || h.Position != n {
		t.Errorf("%d entries, want %d: %v", h.Position, n, err)
	}
}

// want fails unless err is the refusal expected: nil, a sentinel or a code.
func want(t *testing.T, err error, expected any) {
	t.Helper()
	switch e := expected.(type) {
	case nil:
		if err != nil {
			t.Errorf("got %v, want success", err)
		}
	case error:
		if !errors.Is(err, e) {
			t.Errorf("got %v, want %v", err, e)
		}
	case apierr.Code:
		if apierr.CodeOf(err) != e {
			t.Errorf("got %v, want code %s", err, e)
		}
	default:
		panic(fmt.Sprintf("cannot expect %T", expected))
	}
}
