package audit_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	events "github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/merkle"
	"github.com/litentry/agentkeys/pkg/role"
)

// TestWhoReadsWhat: an operator everything of its own, an agent what is about
// itself, nobody anything of another operator.
func TestWhoReadsWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := map[string][]string{}
	for name, p := range map[string]person{"agent": w.agent, "sibling": w.sibling, "stranger": w.stranger} {
		for _, e := range w.told(p, 2) {
			ids[name] = append(ids[name], e.ID)
		}
	}
	for _, o := range []person{w.master, w.stranger} {
		must[api.AuditFlushed](t)(w.flush(o, o.operator))
	}
	for _, c := range []struct {
		name string
		who  person
		sees []string
	}{
		{"master", w.master, []string{"agent", "sibling"}},
		{"agent", w.agent, []string{"agent"}},
		{"sibling", w.sibling, []string{"sibling"}},
		{"stranger", w.stranger, []string{"stranger"}},
	} {
		var want, got []string
		for _, n := range c.sees {
			want = append(want, ids[n]...)
		}
		for _, r := range records(t, must[api.AuditEvents](t)(get[api.AuditEvents](w, c.who, api.PathAuditEvents))) {
			got = append(got, r.Event.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", c.name, got, want)
		}
		for whose, list := range ids {
			_, err := get[api.AuditProof](w, c.who, api.PathAuditProof+"/"+list[0])
			if slices.Contains(c.sees, whose) {
				wantCode(t, c.name+" proves "+whose, err, "")
			} else {
				wantCode(t, c.name+" proves "+whose, err, apierr.NotFound)
			}
		}
	}
	about := api.PathAuditEvents + "?actor="
	_, err := get[api.AuditEvents](w, w.agent, about+w.sibling.actor.String())
	wantCode(t, "an agent asks about another", err, apierr.OperatorMismatch)
	must[api.AuditEvents](t)(get[api.AuditEvents](w, w.agent, about+w.agent.actor.String()))
	if page := must[api.AuditEvents](t)(get[api.AuditEvents](w, w.master, about+w.sibling.actor.String())); len(page.Events) != 2 {
		t.Errorf("%d events about the sibling", len(page.Events))
	}
}

// TestProof: what is proven verifies with the definition of the trees alone, and
// what is not there and what may not be seen look the same.
func TestProof(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := w.told(w.agent, 5)
	_, err := get[api.AuditProof](w, w.agent, api.PathAuditProof+"/"+told[3].ID)
	wantCode(t, "before a flush", err, apierr.EventNotBatched)
	flushed := must[api.AuditFlushed](t)(w.flush(w.master, w.master.operator))
	p := must[api.AuditProof](t)(get[api.AuditProof](w, w.agent, api.PathAuditProof+"/"+told[3].ID))
	var siblings []merkle.Hash
	for _, h := range p.Siblings {
		siblings = append(siblings, merkle.Hash(h))
	}
	if flushed.Batch == nil || p.Batch != *flushed.Batch || p.Position != 4 || p.Batch.Count != 5 || p.Batch.First != 1 ||
		!merkle.Verify(merkle.Hash(p.Batch.Root), p.Batch.Count, []byte(p.Leaf), siblings) {
		t.Errorf("%+v", p)
	}
	if r := must[journal.Record](t)(journal.DecodeRecord([]byte(p.Leaf))); r.Event.ID != told[3].ID {
		t.Errorf("%+v", r)
	}
	_, missing := get[api.AuditProof](w, w.agent, api.PathAuditProof+"/"+jose.NewID())
	_, foreign := get[api.AuditProof](w, w.stranger, api.PathAuditProof+"/"+told[3].ID)
	if a, b := apierr.From(missing), apierr.From(foreign); a.Code != apierr.NotFound || a.Code != b.Code || a.Detail != b.Detail {
		t.Errorf("%v\n%v", a, b)
	}
	for _, bad := range []string{"/short", "/" + jose.NewID() + "?x=1", "/%2e%2e"} {
		if _, err := get[api.AuditProof](w, w.agent, api.PathAuditProof+bad); apierr.CodeOf(err) != apierr.InvalidInput && apierr.CodeOf(err) != apierr.ProofInvalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestFiltersAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := w.clock.now()
	for i := range 7 {
		e := w.about(w.agent)
		e.RequestID = fmt.Sprintf("R%d", i/2)
		if e.Service = "github"; i%2 == 1 {
			e.Service, e.Op, e.Result, e.Code = "stripe", "store", events.Denied, apierr.ServiceNotInScope
		}
		must[api.AuditPlaces](t)(w.emit(w.signed(e)))
		w.clock.advance(time.Minute)
	}
	stamp := func(d time.Duration) string { return start.Add(d).UTC().Format(time.RFC3339) }
	w.master, w.agent = w.signIn(w.master), w.signIn(w.agent)
	for query, want := range map[string][]uint64{
		"":                                   {1, 2, 3, 4, 5, 6, 7},
		"?service=stripe":                    {2, 4, 6},
		"?op=fetch":                          {1, 3, 5, 7},
		"?result=denied":                     {2, 4, 6},
		"?from=" + stamp(2*time.Minute):      {3, 4, 5, 6, 7},
		"?to=" + stamp(2*time.Minute):        {1, 2},
		"?result=allowed&cursor=3":           {5, 7},
		"?request=R1":                        {3, 4},
		"?request=R1&result=denied":          {4},
		"?request=r1":                        nil,
		"?service=stripe&op=fetch":           nil,
		"?actor=" + w.sibling.actor.String(): nil,
	} {
		page := must[api.AuditEvents](t)(get[api.AuditEvents](w, w.master, api.PathAuditEvents+query))
		var got []uint64
		for _, r := range records(t, page) {
			got = append(got, r.Position)
		}
		if !slices.Equal(got, want) || page.Next != "" {
			t.Errorf("%q: %v, want %v; next %q", query, got, want, page.Next)
		}
	}
	var all []uint64
	cursor, pages := "", 0
	for ; pages == 0 || cursor != ""; pages++ {
		page := must[api.AuditEvents](t)(get[api.AuditEvents](w, w.master, api.PathAuditEvents+"?"+api.AuditQuery{Limit: 3, Cursor: cursor}.Encode()))
		for _, r := range records(t, page) {
			all = append(all, r.Position)
		}
		cursor = page.Next
	}
	if !slices.Equal(all, []uint64{1, 2, 3, 4, 5, 6, 7}) || pages != 3 {
		t.Errorf("%v in %d pages", all, pages)
	}
	for _, bad := range []string{
		"?x=1", "?service=a&service=b", "?service=", "?actor=0x12", "?from=yesterday", "?to=1", "?limit=0", "?limit=501", "?limit=01", "?limit=x", "?cursor=-1", "?cursor=01", "?cursor=9007199254740992", "?%zz",
		"?request=", "?request=a%2Fb", "?request=" + strings.Repeat("r", 65), "?request=R1&request=R2",
	} {
		_, err := get[api.AuditEvents](w, w.master, api.PathAuditEvents+bad)
		wantCode(t, bad, err, apierr.InvalidInput)
	}
	body := func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }
	if _, err := get[api.AuditEvents](w, w.master, api.PathAuditEvents+"?limit=500", body); err != nil {
		t.Error(err)
	}
}

// TestEventsOfARequest: its operator sees it, and the agent that it is about; to
// everybody else it looks like one that never was.
func TestEventsOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.about(w.agent)
	e.RequestID = "REQUEST"
	must[api.AuditPlaces](t)(w.emit(w.signed(e)))
	for name, c := range map[string]struct {
		who  person
		sees int
	}{"its operator": {w.master, 1}, "the agent": {w.agent, 1}, "another agent": {w.sibling, 0}, "another operator": {w.stranger, 0}} {
		page := must[api.AuditEvents](t)(get[api.AuditEvents](w, c.who, api.PathAuditEvents+"?"+api.AuditQuery{Request: "REQUEST"}.Encode()))
		unknown := must[api.AuditEvents](t)(get[api.AuditEvents](w, c.who, api.PathAuditEvents+"?request=UNKNOWN"))
		if len(page.Events) != c.sees || len(unknown.Events) != 0 || page.Next != unknown.Next {
			t.Errorf("%s: %+v; unknown: %+v", name, page, unknown)
		}
	}
}

func TestBatchesAndStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var last api.AuditBatch
	for i := range 5 {
		w.told(w.agent, i+1)
		last = *must[api.AuditFlushed](t)(w.flush(w.master, w.master.operator)).Batch
	}
	w.told(w.agent, 2)
	for _, who := range []person{w.master, w.agent} {
		var got []api.AuditBatch
		for cursor, first := "", true; first || cursor != ""; first = false {
			page := must[api.AuditBatches](t)(get[api.AuditBatches](w, who, api.PathAuditBatches+"?"+api.AuditQuery{Limit: 2, Cursor: cursor}.Encode()))
			got, cursor = append(got, page.Batches...), page.Next
		}
		if len(got) != 5 || got[4] != last || last.Index != 4 || last.First != 11 || last.Count != 5 || last.State != journal.Built {
			t.Errorf("%+v", got)
		}
		s := must[api.AuditStatus](t)(get[api.AuditStatus](w, who, api.PathAuditStatus))
		if s.Operator != who.operator || s.Position != 17 || s.Batches != 5 || s.Covered != 15 || s.Unanchored != 5 {
			t.Errorf("%+v", s)
		}
	}
	if s := must[api.AuditStatus](t)(get[api.AuditStatus](w, w.stranger, api.PathAuditStatus)); s.Position != 0 || s.Batches != 0 {
		t.Errorf("%+v", s)
	}
	_, err := get[api.AuditBatches](w, w.master, api.PathAuditBatches+"?service=x")
	wantCode(t, "a filter", err, apierr.InvalidInput)
}

// TestSpeakers: every route of a speaker, with each thing wrong in turn.
func TestSpeakers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.told(w.agent, 1)
	must[api.AuditFlushed](t)(w.flush(w.master, w.master.operator))
	id := records(t, must[api.AuditEvents](t)(get[api.AuditEvents](w, w.agent, api.PathAuditEvents)))[0].Event.ID
	routes := func(p person, edit ...func(*http.Request)) map[string]error {
		_, notes := post[api.AuditPlaces](w, p, api.PathAuditAppend, api.AuditAppend{Notes: []api.AuditNote{note("x")}}, edit...)
		_, list := get[api.AuditEvents](w, p, api.PathAuditEvents, edit...)
		_, proof := get[api.AuditProof](w, p, api.PathAuditProof+"/"+id, edit...)
		_, batches := get[api.AuditBatches](w, p, api.PathAuditBatches, edit...)
		_, status := get[api.AuditStatus](w, p, api.PathAuditStatus, edit...)
		out := map[string]error{"append": notes, "events": list, "proof": proof, "batches": batches, "status": status}
		if p.kind == w.master.kind {
			_, out["flush"] = post[api.AuditFlushed](w, p, api.PathAuditFlush+"/"+p.operator.String(), nil, edit...)
		}
		return out
	}
	all := func(what string, want apierr.Code, got map[string]error) {
		t.Helper()
		for route, err := range got {
			wantCode(t, what+", "+route, err, want)
		}
	}
	all("an agent", "", routes(w.agent))
	all("a master", "", routes(w.master))
	all("no session", apierr.Unauthorized, routes(w.agent, func(r *http.Request) { r.Header.Del("Authorization") }))
	all("two sessions", apierr.Unauthorized, routes(w.agent, func(r *http.Request) { r.Header.Add("Authorization", "DPoP x") }))
	all("no proof", apierr.ProofInvalid, routes(w.agent, func(r *http.Request) { r.Header.Del("DPoP") }))
	thief := w.agent
	thief.key = w.sibling.key
	all("another's key", apierr.ProofInvalid, routes(thief))
	forged := newWorld(t)
	forger := w.agent
	forger.token = forged.signIn(w.agent).token
	all("a session by another K1", apierr.Unauthorized, routes(forger))
	var kept *http.Request
	all("kept", "", routes(w.agent, func(r *http.Request) { kept = r }))
	all("a proof of another request", apierr.ProofInvalid, routes(w.agent, func(r *http.Request) {
		if r.URL.Path != kept.URL.Path {
			r.Header.Set("DPoP", kept.Header.Get("DPoP"))
			return
		}
		r.Header.Del("DPoP")
	}))

	agentAddress := crypto.PubkeyToAddress(w.agent.key.PublicKey)
	w.chain.SetFrozen(w.master.operator, true)
	all("frozen", apierr.OperatorFrozen, routes(w.agent))
	all("a master while frozen", "", routes(w.master))
	w.chain.SetFrozen(w.master.operator, false)
	all("no longer", "", routes(w.agent))
	w.chain.GoUnavailable()
	all("no chain", apierr.ChainUnavailable, routes(w.agent))
	w.chain.GoStale()
	all("an old chain", apierr.ChainStale, routes(w.master))
	w.chain.Recover()
	// Allowed is allowed at both blocks.
	w.chain.Hold()
	w.chain.Revoke(agentAddress)
	all("revoked at the newest block", apierr.DeviceRevoked, routes(w.agent))
	w.chain.Confirm()
	all("revoked", apierr.DeviceRevoked, routes(w.agent))
	left := routes(w.sibling)
	delete(left, "proof") // of an event that is not about it
	all("its sibling", "", left)
	w.chain.Retire(crypto.PubkeyToAddress(w.stranger.key.PublicKey))
	all("a retired wallet", apierr.WalletRetired, routes(w.stranger))
	unknown := w.signIn(person{key: must[person](t)(fresh(t)).key, kind: w.agent.kind, operator: w.agent.operator, actor: w.agent.actor})
	all("a device that is not registered", apierr.DeviceNotActive, routes(unknown))
	other := w.signIn(person{key: w.sibling.key, kind: w.sibling.kind, operator: w.sibling.operator, actor: w.agent.actor})
	all("a device of another actor", apierr.DeviceBindingMismatch, routes(other))
	moved := w.signIn(person{key: w.sibling.key, kind: w.sibling.kind, operator: w.stranger.operator, actor: w.sibling.actor})
	all("a device of another operator", apierr.DeviceBindingMismatch, routes(moved))
	w.clock.advance(time.Hour)
	all("an hour later", apierr.SessionExpired, routes(w.sibling))
}

func fresh(testing.TB) (person, error) {
	k, err := crypto.GenerateKey()
	return person{key: k}, err
}

func TestOperatorsServed(t *testing.T) {
	t.Parallel()
	var file string
	w := newWorld(t, func(w *world) {
		file = t.TempDir() + "/operators"
		writeFile(t, file, fmt.Sprintf("# ours\n%s\n", w.master.operator))
		w.parts.Operators = must[role.Operators](t)(role.LoadOperators("audit role", "audit-operators", file, false))
	})
	_, err := w.note(w.stranger, note("x"))
	wantCode(t, "another operator", err, apierr.OperatorNotServed)
	must[api.AuditPlaces](t)(w.note(w.master, note("x")))
}
