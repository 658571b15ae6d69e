package audit_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/session"
)

// TestTheChainSaysWhoIsAMaster: a session of K1 that calls an agent's device a
// master's changes nothing of what the agent may do, nor the other way round.
func TestTheChainSaysWhoIsAMaster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	posing, modest := w.agent, w.master
	posing.kind, modest.kind = session.KindMaster, session.KindAgent
	posing, modest = w.signIn(posing), w.signIn(modest)
	others := w.told(w.sibling, 1)[0]
	w.told(w.agent, 1)

	for _, p := range []person{w.agent, posing} {
		page := must[api.AuditEvents](t)(get[api.AuditEvents](w, p, api.PathAuditEvents))
		if len(page.Events) != 1 {
			t.Errorf("a session of a %s: the agent reads %d events", p.kind, len(page.Events))
		}
		_, err := get[api.AuditEvents](w, p, api.PathAuditEvents+"?actor="+w.sibling.actor.String())
		wantCode(t, p.kind+": another actor's events", err, apierr.OperatorMismatch)
		_, err = get[api.AuditProof](w, p, api.PathAuditProof+"/"+others.ID)
		wantCode(t, p.kind+": the proof of another actor's event", err, apierr.NotFound)
		_, err = w.flush(p, p.operator)
		wantCode(t, p.kind+": a flush", err, apierr.DeviceRoleMissing)
	}
	must[api.AuditPlaces](t)(w.note(posing, note("I am the master")))
	must[api.AuditPlaces](t)(w.note(modest, note("I am an agent")))
	for i, want := range []string{events.EmitterAgent, events.EmitterOperator} {
		r := records(t, must[api.AuditEvents](t)(get[api.AuditEvents](w, modest, api.PathAuditEvents)))
		if len(r) != 4 || r[2+i].Event.Emitter != want {
			t.Errorf("%d entries, note %d: %+v", len(r), i, r)
		}
	}
	if _, err := w.flush(modest, modest.operator); err != nil {
		t.Errorf("a master's flush: %v", err)
	}
}
