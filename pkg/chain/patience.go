package chain

import (
	"context"
	"errors"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Patience bounds how often a question without an answer is asked again, and
// how long a transaction may wait for its block.
type Patience struct {
	// Attempts is how often one question is asked in all.
	Attempts int
	// Pause is the mean wait before the second attempt; it doubles.
	Pause time.Duration
	// Block is how long a transaction, or what the wallet sent before, may wait
	// for its block.
	Block time.Duration
}

// DefaultPatience gives an endpoint about three seconds to come back, and a
// transaction some minutes: blocks of a busy chain are full.
func DefaultPatience() Patience {
	return Patience{Attempts: 5, Pause: 200 * time.Millisecond, Block: 5 * time.Minute}
}

// again asks until there is an answer, of whatever kind; only silence is asked
// again.
func again[T any](ctx context.Context, p Patience, ask func(context.Context) (T, error)) (T, error) {
	for n := 1; ; n++ {
		t, err := ask(ctx)
		if err == nil || !silent(err) || n >= p.Attempts || !pause(ctx, jitter(p.Pause<<(n-1))) {
			return t, err
		}
	}
}

// silent tells an endpoint that gave no usable answer from one that did. That it
// speaks of another chain is an answer, which no repetition changes.
func silent(err error) bool {
	return apierr.CodeOf(err) == apierr.ChainUnavailable && !errors.Is(err, ErrOtherChain)
}
