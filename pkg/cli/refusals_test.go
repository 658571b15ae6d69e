package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/solidity"
)

func TestRefusalsAreSentences(t *testing.T) {
	stale := &chain.RevertError{Name: "StaleNonce", Value: &bindings.SidecarRegistryStaleNonce{Current: 8, Signed: 7}}
	for _, c := range []struct {
		err  error
		want string
	}{
		{stale, "the contract refused: the operation was signed for another turn: something else was executed first; run the same command again [StaleNonce (Current 8, Signed 7)]"},
		{fmt.Errorf("binding: %w", stale), "binding: the contract refused: the operation was signed for another turn: something else was executed first; run the same command again [StaleNonce (Current 8, Signed 7)]"},
		{&chain.RevertError{Name: "NoGrants", Value: &bindings.AgentKeysScopeNoGrants{}}, "the contract refused: a scope without grants is not set; it is revoked [NoGrants]"},
		{&chain.RevertError{Name: "Error", Reason: "words"}, "the contract refused: Error: words"},
		{&chain.RevertError{Reason: "0xdeadbeef"}, "the contract refused: 0xdeadbeef"},
		{errors.New("something else"), "something else"},
	} {
		got := inSentence(c.err)
		if got.Error() != c.want || ui.ExitCode(got) != ui.ExitCode(c.err) || !errors.Is(got, c.err) {
			t.Errorf("%q (exit %d), want %q", got, ui.ExitCode(got), c.want)
		}
	}
	if inSentence(nil) != nil {
		t.Error("nil is no refusal")
	}
}

// A hint belongs to an error that exists.
func TestHintsAreOfErrors(t *testing.T) {
	notices, err := solidity.Notices()
	if err != nil {
		t.Fatal(err)
	}
	for name := range hints() {
		if notices[name] == "" {
			t.Errorf("there is no error %s", name)
		}
	}
}
