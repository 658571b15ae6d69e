package solidity_test

import (
	"encoding/json"
	"testing"

	"github.com/litentry/agentkeys/solidity"
)

// Whatever a contract can throw, people are told in a sentence.
func TestEveryErrorHasANotice(t *testing.T) {
	notices, err := solidity.Notices()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range solidity.DeployOrder() {
		a, err := solidity.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		var entries []struct{ Type, Name string }
		if err := json.Unmarshal(a.ABI, &entries); err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Type != "error" {
				continue
			}
			if n++; notices[e.Name] == "" {
				t.Errorf("%s: error %s has no @notice", name, e.Name)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d errors", n)
	}
}
