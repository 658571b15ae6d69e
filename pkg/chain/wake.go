package chain

import (
	"context"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
)

const (
	// wakeSpacing is the least time between two wishes of one subscription:
	// one that announces without end must not make us ask without end.
	wakeSpacing = 200 * time.Millisecond
	// minRedial and maxRedial bound the wait before a subscription that broke
	// is opened again.
	minRedial = time.Second
	maxRedial = time.Minute
	// maxAnnouncement bounds one message; a header takes about 2 KiB.
	maxAnnouncement = 64 << 10
)

// wake lets a subscription to new blocks wake the poller until ctx ends. It
// carries no facts: what is announced is asked for like anything else, and
// when it breaks or falls silent the poller's interval is what remains.
func (c *Cache) wake(ctx context.Context, url string) {
	for wait := minRedial; ; {
		if c.announced(ctx, url) {
			wait = minRedial
		}
		if !pause(ctx, jitter(wait)) {
			return
		}
		wait = min(2*wait, maxRedial)
	}
}

// announced follows one subscription to its end and tells whether anything was
// announced.
func (c *Cache) announced(ctx context.Context, url string) (heard bool) {
	dial, cancel := context.WithTimeout(ctx, c.o.CallTimeout)
	defer cancel()
	client, err := rpc.DialOptions(dial, url, rpc.WithWebsocketMessageSizeLimit(maxAnnouncement))
	if err != nil {
		c.o.Log.Debug().Msg("no subscription to new blocks: the endpoint cannot be reached")
		return false
	}
	defer client.Close()
	heads := make(chan struct{}, 16)
	sub, err := client.EthSubscribe(dial, heads, "newHeads")
	if err != nil {
		c.o.Log.Debug().Msg("no subscription to new blocks: the endpoint refused it")
		return false
	}
	defer sub.Unsubscribe()
	c.awake.Add(1)
	defer c.awake.Add(-1)
	// A block may have come before it began.
	c.poller.wish()
	silence := time.NewTimer(c.p.MaxHeadAge)
	defer silence.Stop()
	for {
		select {
		case <-ctx.Done():
			return heard
		case <-sub.Err():
			return heard
		case <-silence.C:
			return heard
		case <-heads:
			heard = true
			c.poller.wish()
			silence.Reset(c.p.MaxHeadAge)
			if !pause(ctx, wakeSpacing) {
				return heard
			}
			for len(heads) > 1 {
				<-heads
			}
		}
	}
}
