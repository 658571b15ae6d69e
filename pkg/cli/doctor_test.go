package cli

import (
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
)

func TestStranding(t *testing.T) {
	for _, c := range []struct {
		q    chain.Quorum
		want string
	}{
		{chain.Quorum{}, ""},
		{chain.Quorum{Threshold: 1, Masters: 1}, "there is one recovery master"},
		{chain.Quorum{Threshold: 1, Masters: 2}, ""},
		{chain.Quorum{Threshold: 2, Masters: 2}, "all 2 recovery masters must agree"},
		{chain.Quorum{Threshold: 2, Masters: 3}, ""},
		{chain.Quorum{Threshold: 3, Masters: 3}, "all 3 recovery masters must agree"},
	} {
		if got := stranding(c.q); !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
}
