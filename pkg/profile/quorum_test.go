package profile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/profile"
)

func fourRPC() []string {
	return []string{"https://rpc.one.example", "https://rpc.two.example", "https://rpc.three.example", "https://rpc.four.example"}
}

// How many endpoints must agree, whose they are, and who may wake us. An empty
// reason means that it is accepted.
func TestEndpointsThatAgree(t *testing.T) {
	acme := []string{"https://a.acme.example", "https://b.acme.example", "https://c.acme.example"}
	for name, c := range map[string]struct {
		rpc    []string
		quorum int
		wake   []string
		want   string
	}{
		"two, all":                   {fourRPC()[:2], 0, nil, ""},
		"two, all by number":         {fourRPC()[:2], 2, nil, ""},
		"one of two":                 {fourRPC()[:2], 1, nil, "chain.quorum: a quorum of 1 of 2"},
		"three of two":               {fourRPC()[:2], 3, nil, "chain.quorum: a quorum of 3 of 2"},
		"less than none":             {fourRPC()[:2], -1, nil, "chain.quorum: a quorum of -1 of 2"},
		"two of three":               {fourRPC()[:3], 2, nil, ""},
		"two of four":                {fourRPC(), 2, nil, "chain.quorum: a quorum of 2 of 4"},
		"three of four":              {fourRPC(), 3, nil, ""},
		"one operator, two of three": {acme, 2, nil, "chain.rpc: production needs two endpoints of different operators"},
		"one operator makes two":     {append(acme[:2:2], "https://other.example"), 2, nil, "chain.quorum: 2 of 3 can be reached by the endpoints of acme.example alone"},
		"beside our own as well":     {append(acme[:2:2], "http://127.0.0.1:8545"), 2, nil, "chain.quorum: 2 of 3 can be reached by the endpoints of acme.example alone"},
		"but all must agree":         {append(acme[:2:2], "https://other.example"), 0, nil, ""},
		"our own twice":              {[]string{"http://127.0.0.1:8545", "http://127.0.0.1:8546", "https://other.example"}, 2, nil, ""},
		"subscriptions":              {fourRPC()[:2], 0, []string{"wss://rpc.one.example/v1", "ws://127.0.0.1:8546"}, ""},
		"a subscription over https":  {fourRPC()[:2], 0, []string{"https://rpc.one.example"}, "chain.wake[0]: must begin with wss://"},
		"a subscription in clear":    {fourRPC()[:2], 0, []string{"ws://rpc.one.example"}, "chain.wake[0]: read as http://rpc.one.example: must be https"},
		"too many subscriptions":     {fourRPC()[:2], 0, make([]string, 17), "chain.wake: names more than 16"},
	} {
		p := production()
		p.Chain.RPC, p.Chain.Quorum, p.Chain.Wake = c.rpc, c.quorum, c.wake
		err := p.Validate()
		if c.want == "" {
			if k := p.ChainProfile(); err != nil || k.Quorum != c.quorum || len(k.Wake) != len(c.wake) || k.Check() != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: %v, want %q alone", name, err, c.want)
		}
	}
}
