package cli

import (
	"slices"
	"testing"
)

func TestOverwriting(t *testing.T) {
	for _, c := range []struct {
		have, want []string
		said       bool
	}{
		{nil, []string{"GODEBUG=clobberfree=1"}, false},
		{[]string{"A=b"}, []string{"A=b", "GODEBUG=clobberfree=1"}, false},
		{[]string{"GODEBUG=", "A=b"}, []string{"GODEBUG=clobberfree=1", "A=b"}, false},
		{[]string{"GODEBUG=netdns=go"}, []string{"GODEBUG=netdns=go,clobberfree=1"}, false},
		{[]string{"XGODEBUG=clobberfree=1"}, []string{"XGODEBUG=clobberfree=1", "GODEBUG=clobberfree=1"}, false},
		{[]string{"GODEBUG=netdns=go,clobberfree=1"}, []string{"GODEBUG=netdns=go,clobberfree=1"}, true},
		{[]string{"GODEBUG=clobberfree=0"}, []string{"GODEBUG=clobberfree=0"}, true},
	} {
		have := slices.Clone(c.have)
		env, said := overwriting(have)
		if !slices.Equal(env, c.want) || said != c.said || !slices.Equal(have, c.have) {
			t.Errorf("%q: %q, %t; the argument is %q now", c.have, env, said, have)
		}
		// What was started anew does not start anew again.
		if _, again := overwriting(env); !again {
			t.Errorf("%q: again and again", c.have)
		}
	}
}
