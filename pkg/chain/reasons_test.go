package chain_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/solidity"
)

// TestEveryCustomErrorHasASentence: an operator at night reads words, not
// selectors.
func TestEveryCustomErrorHasASentence(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, name := range solidity.DeployOrder() {
		a, err := solidity.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		var members []struct{ Type, Name string }
		if err := json.Unmarshal(a.ABI, &members); err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Type != "error" {
				continue
			}
			seen++
			e := &chain.RevertError{Name: m.Name}
			if text := e.Error(); !strings.HasSuffix(text, "("+m.Name+")") || len(text) < len(m.Name)+40 {
				t.Errorf("%s: %s reads %q", name, m.Name, text)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d custom errors were found", seen)
	}
}
