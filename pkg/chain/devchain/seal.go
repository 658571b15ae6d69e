package devchain

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/txpool"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/event"
	"github.com/holiman/uint256"
	"github.com/rs/zerolog"
)

const (
	// heartbeat is the longest time without a block.
	heartbeat = 2 * time.Second
	// maxAhead bounds how far block times may run ahead of the clock: every
	// block is at least a second younger than its parent, so a burst of
	// blocks borrows time, which heartbeats give back.
	maxAhead = 30 * time.Second
)

// sealer makes the blocks, alone.
type sealer struct {
	eth    *eth.Ethereum
	beacon *catalyst.SimulatedBeacon
	now    func() time.Time
	log    zerolog.Logger

	// block is held for writing from before a block is made until it is
	// durable; replies wait on it.
	block sync.RWMutex
	// fault is what kept the last block from becoming durable (under block).
	fault error

	txs  chan core.NewTxsEvent
	sub  event.Subscription
	quit chan struct{}
	done chan struct{}
}

func newSealer(e *eth.Ethereum, b *catalyst.SimulatedBeacon, cfg Config) *sealer {
	return &sealer{
		eth: e, beacon: b, now: cfg.Now, log: cfg.Log,
		txs: make(chan core.NewTxsEvent, 64), quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// start makes one block, so that the head is of now and not of the last run,
// and then follows the pool.
func (s *sealer) start() error {
	if _, err := s.seal(); err != nil {
		return err
	}
	s.sub = s.eth.TxPool().SubscribeTransactions(s.txs, true)
	go s.loop()
	return nil
}

func (s *sealer) stop() {
	close(s.quit)
	<-s.done
	s.sub.Unsubscribe()
}

func (s *sealer) loop() {
	defer close(s.done)
	timer := time.NewTimer(heartbeat)
	defer timer.Stop()
	for {
		select {
		case <-s.quit:
			return
		case <-s.txs:
			s.drain()
			if s.ahead() > maxAhead {
				continue // until the next heartbeat
			}
		case <-timer.C:
		}
		timer.Reset(s.next())
	}
}

// next makes a block and says when the following one is due: at once if
// transactions are left over and the last block took some. One that no block
// takes must not make the loop spin.
func (s *sealer) next() time.Duration {
	took, err := s.seal()
	if err != nil {
		s.log.Error().Err(err).Msg("making a block")
		return heartbeat
	}
	if took > 0 && s.waiting() && s.ahead() <= maxAhead {
		return 0
	}
	return heartbeat
}

// drain empties the announcements: one block serves them all.
func (s *sealer) drain() {
	for {
		select {
		case <-s.txs:
		default:
			return
		}
	}
}

func (s *sealer) ahead() time.Duration {
	return time.Unix(int64(s.eth.BlockChain().CurrentBlock().Time), 0).Sub(s.now())
}

func (s *sealer) waiting() bool {
	_, n := s.eth.TxPool().Pending(txpool.PendingFilter{MinTip: uint256.NewInt(1)})
	return n > 0
}

// seal makes a block and returns when it is on disk.
func (s *sealer) seal() (took int, err error) {
	s.block.Lock()
	defer s.block.Unlock()
	before := s.head()
	after := s.beacon.Commit()
	if after == before {
		s.fault = errors.New("development chain: no block could be made")
		return 0, s.fault
	}
	if s.fault = s.settle(); s.fault != nil {
		return 0, s.fault
	}
	return len(s.eth.BlockChain().GetBlockByHash(after).Transactions()), nil
}

// settle returns when a new block is on disk and the pool counts by it: who
// has read a balance from a reply may spend it with the next request.
func (s *sealer) settle() error {
	// The pool has the head event by now (its channel is unbuffered), but works
	// it off beside us.
	if err := s.eth.TxPool().Sync(); err != nil {
		return fmt.Errorf("development chain: the pool does not follow: %w", err)
	}
	if err := s.eth.ChainDb().SyncKeyValue(); err != nil {
		return fmt.Errorf("development chain: writing a block to disk: %w", err)
	}
	return nil
}

func (s *sealer) head() common.Hash { return s.eth.BlockChain().CurrentBlock().Hash() }

// durable returns when everything that could have been read so far is on
// disk, or says why it is not.
func (s *sealer) durable() error {
	s.block.RLock()
	defer s.block.RUnlock()
	return s.fault
}
