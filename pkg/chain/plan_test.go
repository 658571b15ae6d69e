package chain

import (
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// Which contract's constructor is told which address decides what is made
// together.
func TestWhoNamesWhom(t *testing.T) {
	var order []string
	for _, c := range (Contracts{}).List() {
		order = append(order, c.Name)
	}
	for _, c := range []struct {
		who, whom string
		want      bool
	}{
		{"p256_router", "p256_verifier", true},
		{"k11_verifier", "p256_router", true},
		{"registry", "k11_verifier", true},
		{"registry", "scope", true},
		{"scope", "registry", true},
		{"p256_verifier", "p256_router", false},
		{"k11_verifier", "p256_verifier", false},
		{"scope", "k11_verifier", false},
		{"registry", "epoch", false},
		{"epoch", "registry", false},
	} {
		if got := names(slices.Index(order, c.who), slices.Index(order, c.whom)); got != c.want {
			t.Errorf("%s names %s: %v", c.who, c.whom, got)
		}
	}
}

// What is unsound takes with it everything that names it, and nothing else.
func TestMissing(t *testing.T) {
	sound := func() []ContractReport {
		var out []ContractReport
		for _, c := range (Contracts{}).List() {
			out = append(out, ContractReport{Name: c.Name, State: StateOK})
		}
		return out
	}
	for unsound, want := range map[string][]string{
		"":             nil,
		"epoch":        {"epoch"},
		"scope":        {"registry", "scope"},
		"registry":     {"registry", "scope"},
		"k11_verifier": {"k11_verifier", "registry", "scope"},
	} {
		have := sound()
		for i := range have {
			if have[i].Name == unsound {
				have[i].State = StateAbsent
			}
		}
		var got []string
		for _, i := range missing(have) {
			got = append(got, have[i].Name)
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("without %s: %v, want %v", unsound, got, want)
			}
		}
		if unsound == "" && got != nil || unsound == "epoch" && len(got) != 1 || slices.Contains(got, "p256_verifier") {
			t.Errorf("without %s: %v", unsound, got)
		}
	}
}

// Every contract can be given its address by name.
func TestSetCoversEveryContract(t *testing.T) {
	var c Contracts
	for n, x := range c.List() {
		c.set(x.Name, common.Address{19: byte(n + 1)})
	}
	for n, x := range c.List() {
		if x.Address != (common.Address{19: byte(n + 1)}) {
			t.Errorf("%s is at %s", x.Name, x.Address)
		}
	}
	if c.set("nobody", common.Address{1}); c.List()[0].Address != (common.Address{19: 1}) {
		t.Error("an unknown name changed something")
	}
}
