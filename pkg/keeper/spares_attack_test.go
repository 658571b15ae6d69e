package keeper

import (
	"errors"
	"strings"
	"testing"
)

// TestWhatKeepsAKey: one agent's object of nobody's making stops a destruction,
// so the refusal names it.
func TestWhatKeepsAKey(t *testing.T) {
	const object = "bots/00/credentials/x.enc"
	for _, c := range []struct {
		name   string
		census Census
		want   error
		says   string
	}{
		{"nothing", Census{Objects: map[uint64]int{2: 7}, Total: 7}, nil, ""},
		{"an object under it", Census{Objects: map[uint64]int{1: 1, 2: 7}, Total: 8}, ErrNeeded, "1 of 8 objects need epoch 1"},
		{"content of nobody", Census{Objects: map[uint64]int{2: 7}, Total: 7, Strange: 1, Names: []string{object}}, ErrStrange, object},
		{"a name of nobody", Census{Objects: map[uint64]int{2: 7}, Total: 7, Strange: 1}, ErrStrange, "1 of them"},
	} {
		err := c.census.spares(1)
		if !errors.Is(err, c.want) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
