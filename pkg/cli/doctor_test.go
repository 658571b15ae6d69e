package cli

import (
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestWarnings(t *testing.T) {
	masters := func(n int) []omni.DeviceKey { return make([]omni.DeviceKey, n) }
	for _, c := range []struct {
		st   chain.Standing
		want []string
	}{
		{chain.Standing{}, nil},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(1)}, []string{"there is one recovery master"}},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(2)}, nil},
		{chain.Standing{Threshold: 2, RecoveryMasters: masters(2)}, []string{"a quorum takes all 2 recovery masters"}},
		{chain.Standing{Threshold: 2, RecoveryMasters: masters(3)}, nil},
		{chain.Standing{Threshold: 3, RecoveryMasters: masters(3)}, []string{"a quorum takes all 3 recovery masters"}},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(2), Frozen: true}, []string{"the operator is frozen"}},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(2), Maturing: omni.DeviceKeyOfAddress([20]byte{1})}, []string{"master 0x"}},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(2), Rotation: chain.Rotation{NewWallet: common.Address{1}}}, []string{"a move to wallet 0x01"}},
		{chain.Standing{Threshold: 1, RecoveryMasters: masters(1), Frozen: true}, []string{"the operator is frozen", "there is one"}},
	} {
		got := warnings(c.st)
		if len(got) != len(c.want) {
			t.Errorf("%+v: %v, want %v", c.st, got, c.want)
			continue
		}
		for i, w := range got {
			if !strings.HasPrefix(w.Why, c.want[i]) || !strings.HasPrefix(w.Fix, "agentkeys ") {
				t.Errorf("%+v: %v, want %q", c.st, w, c.want[i])
			}
		}
	}
}
