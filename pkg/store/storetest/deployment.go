package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/store"
)

// ofOneDeployment: who comes first has the database, also after a restart; nothing
// that is no name takes it.
func ofOneDeployment(t *testing.T, b *bench) {
	for _, name := range []string{"", "a\x00b", "\xff"} {
		if err := b.Claim(ctx(), name); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
	for range 2 {
		want(t, b.Claim(ctx(), "one"), nil)
		err := b.Claim(ctx(), "two")
		want(t, err, store.ErrDeployment)
		if !strings.Contains(err.Error(), "of one, and this is two") {
			t.Error(err)
		}
		want(t, b.Claim(ctx(), "ONE"), store.ErrDeployment)
		want(t, b.Claim(ctx(), "one"), nil)
		b.reopen(t)
	}
}

// replicasOfTwo: of deployments that come at once one has the database.
func replicasOfTwo(t *testing.T, r *replicas) {
	won := race(t, 100, isErr(store.ErrDeployment), func(i int) error { return r.of[i%2].Claim(ctx(), fmt.Sprint("deployment ", i%4)) })
	if won != 25 {
		t.Errorf("%d of 100 claims, of 25 by each, were right", won)
	}
}
