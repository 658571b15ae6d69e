package solidity_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/litentry/agentkeys/solidity"
)

// errorNamed is how a forge test names the error that it expects: by the
// selector that the interface declares, never by a hand-made constant.
var errorNamed = regexp.MustCompile(`\bI[A-Z]\w*\.(\w+)\.selector`)

// TestEveryErrorIsExpectedByATest: a custom error that no forge test expects is
// one that nobody has seen. That the expectations are met is forge's part, and
// that every revert in src was executed is the coverage check's
// (.ci/coverage).
func TestEveryErrorIsExpectedByATest(t *testing.T) {
	files, err := filepath.Glob("test/*.t.sol")
	if err != nil || len(files) == 0 {
		t.Fatalf("no forge tests: %v", err)
	}
	expected := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range errorNamed.FindAllSubmatch(text, -1) {
			expected[string(m[1])] = true
		}
	}
	declared := map[string]bool{}
	for _, name := range solidity.DeployOrder() {
		a, _ := load(t, name)
		var members []struct{ Type, Name string }
		if err := json.Unmarshal(a.ABI, &members); err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Type != "error" {
				continue
			}
			declared[m.Name] = true
			if !expected[m.Name] {
				t.Errorf("%s: no test in solidity/test expects %s", name, m.Name)
			}
		}
	}
	if len(declared) < 50 {
		t.Errorf("only %d errors found in the artifacts", len(declared))
	}
	for name := range expected {
		if !declared[name] {
			t.Errorf("a test expects %s, which no contract has", name)
		}
	}
	t.Logf("%d errors, each expected by a test", len(declared))
}
