package devchain_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// No reply leaves while a block that it may speak of is not on disk, and none
// at all while the last one is known not to be.
func TestReplyAfterDurable(t *testing.T) {
	t.Parallel()
	ch := start(t, t.TempDir())
	c := dial(t, ch.URL())
	if _, err := c.BlockNumber(t.Context()); err != nil {
		t.Fatal(err)
	}
	end := ch.HoldBlock()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if n, err := c.BlockNumber(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a reply left: %d, %v", n, err)
	}
	replied := make(chan error, 1)
	go func() {
		_, err := c.BlockNumber(t.Context())
		replied <- err
	}()
	end(errors.New("disk full"))
	if err := <-replied; err == nil || !strings.Contains(err.Error(), "not on disk") {
		t.Errorf("a block that is not on disk was spoken of: %v", err)
	}
	// The next block that reaches the disk heals it.
	ctx, cancel = context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := c.BlockNumber(ctx); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it does not heal")
		}
	}
}
