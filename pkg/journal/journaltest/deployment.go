package journaltest

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/store"
)

// ofOneDeployment: who comes first has the journal, also after a restart.
func ofOneDeployment(t *testing.T, b *bench) {
	for range 2 {
		for _, name := range []string{"one", "two", "one"} {
			err := b.Claim(t.Context(), name)
			if mine := name == "one"; errors.Is(err, store.ErrDeployment) == mine || mine && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		b.reopen(t)
	}
}
