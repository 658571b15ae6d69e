package chain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// stragglerGrace is how long those who have not spoken yet are waited for once
// enough have. Without it the fastest k would decide how new the head is; with
// more of it one endpoint that hangs would hold up everybody.
const stragglerGrace = 500 * time.Millisecond

// errContradiction: so many endpoints say different things that no answer can
// be the right one.
var errContradiction = errors.New("the RPC endpoints contradict each other")

// quorum asks several endpoints and gives only the answers on which k of them
// agree. While fewer than k lie, one of those k is honest, so that no invented
// answer passes. An endpoint that gives no answer abstains; that never counts
// as "no".
type quorum struct {
	eps []*endpoint
	k   int
	// dissent is told that endpoints contradict each other, and who is not
	// with the others. It may be called after the answer was given.
	dissent func(who []int, about string)

	failures, dissents []atomic.Uint64 // per endpoint

	life context.Context // ends with close, and with it every question
	end  context.CancelFunc
}

// newQuorum wants k of the endpoints to agree; 0 means all.
func newQuorum(eps []*endpoint, k int) *quorum {
	if k == 0 {
		k = len(eps)
	}
	q := &quorum{
		eps: eps, k: k, dissent: func([]int, string) {},
		failures: make([]atomic.Uint64, len(eps)), dissents: make([]atomic.Uint64, len(eps)),
	}
	q.life, q.end = context.WithCancel(context.Background())
	return q
}

// dialQuorum opens the profile's endpoints, without asking them anything.
func dialQuorum(ctx context.Context, p Profile, o Options) (*quorum, error) {
	o = o.withDefaults()
	var eps []*endpoint
	for _, u := range p.RPC {
		ep, err := o.dial(ctx, u, o.CallTimeout, o.MaxResponse)
		if err != nil {
			for _, e := range eps {
				e.close()
			}
			return nil, err
		}
		eps = append(eps, ep)
	}
	return newQuorum(eps, p.Quorum), nil
}

func (q *quorum) close() {
	q.end()
	for _, e := range q.eps {
		e.close()
	}
}

// contradiction counts and tells who is not with the others.
func (q *quorum) contradiction(who []int, about string) {
	for _, i := range who {
		q.dissents[i].Add(1)
	}
	q.dissent(who, about)
}

// reply is what one endpoint said.
type reply[T any] struct {
	who    int
	answer T
	err    error
}

// round puts a question to all endpoints at the same time and hands their
// replies to take, which says when it has heard enough. Then the others have
// patience left; without patience round returns at once, and late gets what
// the others still say within the grace.
func round[T any](ctx context.Context, q *quorum, patience time.Duration, put func(ctx context.Context, who int, e *endpoint) (T, error), take func(reply[T]) (enough bool), late func(reply[T])) {
	ctx, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(q.life, cancel)
	giveUp := func() { unhook(); cancel() }
	replies := make(chan reply[T], len(q.eps))
	for i, e := range q.eps {
		go func() {
			t, err := put(ctx, i, e)
			if err != nil {
				q.failures[i].Add(1)
			}
			replies <- reply[T]{i, t, err}
		}()
	}
	var over <-chan time.Time
	for left := len(q.eps); left > 0; {
		select {
		case r := <-replies:
			left--
			if !take(r) || over != nil || left == 0 {
				continue
			}
			if patience == 0 {
				go func() {
					defer giveUp()
					defer time.AfterFunc(stragglerGrace, cancel).Stop()
					for range left {
						late(<-replies)
					}
				}()
				return
			}
			t := time.NewTimer(patience)
			defer t.Stop()
			over = t.C
		case <-over:
			left = 0
		}
	}
	giveUp()
}

// votes are answers by who gave them.
type votes[T comparable] map[T][]int

func (v votes[T]) add(who int, t T) { v[t] = append(v[t], who) }

// winner is the answer of k, which is more than half.
func (v votes[T]) winner(k int) (t T, ok bool) {
	for t, who := range v {
		if len(who) >= k {
			return t, true
		}
	}
	return t, false
}

// others are all who did not say t.
func (v votes[T]) others(t T) (out []int) {
	for said, who := range v {
		if said != t {
			out = append(out, who...)
		}
	}
	slices.Sort(out)
	return out
}

// cast is how many have spoken.
func (v votes[T]) cast() (n int) {
	for _, who := range v {
		n += len(who)
	}
	return n
}

// hopeless tells that no answer can reach k any more, with that many still to
// speak.
func (v votes[T]) hopeless(k, left int) bool {
	most := 0
	for _, who := range v {
		most = max(most, len(who))
	}
	return most+left < k
}

// tooFew is the error when not enough endpoints gave an answer.
func (q *quorum) tooFew(faults []error) error {
	err := errors.Join(faults...)
	if len(q.eps) == 1 || err == nil {
		return err
	}
	return fmt.Errorf("%d of %d RPC endpoints gave no answer, and %d must agree: %w", len(faults), len(q.eps), q.k, err)
}

// batch asks for byte strings (eth_call, eth_getCode). The answers to the
// whole batch must be the same from k endpoints.
func (q *quorum) batch(ctx context.Context, elems []rpc.BatchElem) error {
	won, err := agreed(ctx, q, "what the contracts say", func(ctx context.Context, e *endpoint) ([]rpc.BatchElem, error) {
		own := make([]rpc.BatchElem, len(elems))
		for i, el := range elems {
			own[i] = rpc.BatchElem{Method: el.Method, Args: el.Args, Result: new(*hexutil.Bytes)}
		}
		return own, e.batch(ctx, own)
	}, fingerprint)
	if err != nil {
		return err
	}
	for i, el := range elems {
		*el.Result.(**hexutil.Bytes) = *won[i].Result.(**hexutil.Bytes)
	}
	return nil
}

// agreed puts a question to all endpoints and is the answer that k of them give;
// answers are the same when what same makes of them is equal.
func agreed[T any, K comparable](ctx context.Context, q *quorum, about string, put func(context.Context, *endpoint) (T, error), same func(T) K) (T, error) {
	var faults []error
	var answer T
	var won bool
	v, left := votes[K]{}, len(q.eps)
	round(ctx, q, 0, func(ctx context.Context, _ int, e *endpoint) (T, error) {
		return put(ctx, e)
	}, func(r reply[T]) bool {
		left--
		if r.err != nil {
			faults = append(faults, r.err)
			return v.hopeless(q.k, left)
		}
		said := same(r.answer)
		v.add(r.who, said)
		if len(v[said]) >= q.k {
			answer, won = r.answer, true
		}
		return won || v.hopeless(q.k, left)
	}, func(r reply[T]) {
		if won && r.err == nil && same(r.answer) != same(answer) {
			q.contradiction([]int{r.who}, about)
		}
	})
	if len(v) > 1 {
		q.contradiction(v.others(same(answer)), about)
	}
	switch {
	case won:
		return answer, nil
	case len(v) > 1:
		return answer, fmt.Errorf("%w about %s", errContradiction, about)
	}
	return answer, q.tooFew(faults)
}

// fingerprint tells answers apart, byte for byte.
func fingerprint(answers []rpc.BatchElem) string {
	var b []byte
	for _, a := range answers {
		out := *a.Result.(**hexutil.Bytes)
		if out == nil {
			b = append(b, 0)
			continue
		}
		b = binary.BigEndian.AppendUint64(append(b, 1), uint64(len(*out)))
		b = append(b, *out...)
	}
	return string(b)
}
