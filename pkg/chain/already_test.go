package chain_test

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// What a contract refuses is done already only if the chain shows just what was
// wanted: a change that somebody else made in between is no success.
func TestRefusedBecauseDone(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	o, a := s.operator(t), newAgent(t)
	o.register(t)
	if err := o.bind(t, a); err != nil {
		t.Fatal(err)
	}
	read := typeddata.Grant{Service: name(t, "github"), Ops: service.Read}
	list := typeddata.Grant{Service: name(t, "github"), Ops: service.List}
	for _, g := range []typeddata.Grant{read, list, read} {
		o.grant(t, a, g) // by somebody else, meanwhile
	}
	for what, c := range map[string]struct {
		grant typeddata.Grant
		done  bool
	}{
		"what is there already": {read, true},
		"something else":        {list, false},
	} {
		op := typeddata.SetScope{Operator: o.omni, Actor: a.actor, Grants: []typeddata.Grant{c.grant}, Nonce: 0, Deadline: o.deadline()}
		_, err := o.SetScope(t.Context(), op, o.vote(t, op, o.ScopeDomain()))
		revert(t, err, "StaleNonce")
		if errors.Is(err, chain.ErrAlready) != c.done {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := o.RevokeAgent(t.Context(), a.device); err != nil {
		t.Fatal(err)
	}
	if _, err := o.RevokeAgent(t.Context(), a.device); !errors.Is(err, chain.ErrAlready) {
		t.Errorf("revoked twice: %v", err)
	}
	other := s.operator(t)
	if _, err := other.RevokeAgent(t.Context(), newAgent(t).device); err == nil || errors.Is(err, chain.ErrAlready) {
		t.Errorf("an unknown device: %v", err)
	}
}
