package workertest

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
)

// Run is what every worker's calls must do.
func Run(t *testing.T, s Suite) {
	t.Run("matrix", s.matrix)
	t.Run("order of checks", s.orderOfChecks)
	t.Run("a key over its quota", s.aKeyOverItsQuota)
	t.Run("no identity but the caller's", s.noAmbientIdentity)
	t.Run("a broken sink touches nothing", s.aBrokenSinkTouchesNothing)
	t.Run("the event comes first", s.theEventComesFirst)
	t.Run("nothing before the disk", s.nothingBeforeTheDisk)
	t.Run("the receipt is in the answer", s.theReceiptIsInTheAnswer)
	t.Run("an outcome is waited for by nobody", s.anOutcomeIsWaitedForByNobody)
	t.Run("wants audit", s.wantsAudit)
	t.Run("the signer's reason", s.signersReason)
	t.Run("faults of the host", s.faultsOfTheHost)
}

// matrix sends every fault by every actor at every op through the whole
// worker, and beside each the same call without the fault; what each leaves in the
// journal belongs to the answer.
func (s Suite) matrix(t *testing.T) {
	w := s.World(t)
	cells, told := 0, 0
	check := func(p int, o Op, what string, err error, want apierr.Code) {
		cells++
		told = w.toldOf(what, w.People[p], o, told, want)
		if got := apierr.CodeOf(err); got != want {
			t.Errorf("actor %d, %s, %s: got %q (%v), want %q", p, o.Action.Op, what, got, err, want)
		}
	}
	first := s.Ops[0]
	for i, p := range w.People {
		check(i, first, "stored", w.Call(p, first).Send(), "")
		for _, o := range s.Ops {
			for _, f := range s.faults() {
				c := w.Call(p, o)
				f.Set(c)
				check(i, o, f.Name, c.Send(), f.Want)
			}
			for _, f := range w.Forger.Confusions(t, captoken.Type, payload(w.Mint(w.Call(p, o).Cap, w.Now()))) {
				c := w.Call(p, o)
				check(i, o, f.Name, c.Present(f.Token), apierr.CapInvalid)
			}
			for _, f := range s.chainFaults(o) {
				f.set(w, p)
				check(i, o, f.name, w.Call(p, o).Send(), f.want)
				f.back(w, p)
			}
			w.twice(i, p, o, check)
			// A teardown emptied the object; what comes next finds one again.
			check(i, first, "restored", w.Call(p, first).Send(), "")
		}
	}
	t.Logf("%d cells", cells)
}

// twice uses one capability up and replays one proof.
func (w *World) twice(i int, p *Person, o Op, check func(int, Op, string, error, apierr.Code)) {
	c := w.Call(p, o)
	token := w.Mint(c.Cap, c.At)
	var proof string
	c.Edit = func(r *http.Request) { proof = r.Header.Get("DPoP") }
	check(i, o, "first use", c.Present(token), "")
	c.Edit = func(r *http.Request) { r.Header.Set("DPoP", proof) }
	check(i, o, "replayed proof", c.Present(token), apierr.ProofReplayed)
	c.Edit = nil
	check(i, o, "used up", c.Present(token), apierr.CapUsed)
}

// orderOfChecks breaks two things at once: the earlier check speaks.
func (s Suite) orderOfChecks(t *testing.T) {
	w := s.World(t)
	by := map[string]func(*Call){}
	for _, f := range s.faults() {
		by[f.Name] = f.Set
	}
	order := []struct {
		name string
		want apierr.Code
	}{
		{"no session token", apierr.STSHeadersIncomplete},
		{"no capability", apierr.CapInvalid},
		{"wrong htu", apierr.ProofInvalid},
		{"wrong class", apierr.CapDataClassMismatch},
		{"future epoch", apierr.CapEpochAhead},
		{"session of another actor", apierr.StorageDenied},
	}
	for i, first := range order {
		for _, later := range order[i+1:] {
			c := w.Call(w.People[0], s.Ops[1])
			by[later.name](c)
			edit := c.Edit
			by[first.name](c)
			if inner := c.Edit; edit != nil && inner != nil {
				c.Edit = func(r *http.Request) { edit(r); inner(r) }
			} else if edit != nil {
				c.Edit = edit
			}
			if err := c.Send(); apierr.CodeOf(err) != first.want {
				t.Errorf("%s and %s: got %v, want %s", first.name, later.name, err, first.want)
			}
		}
	}
}

// aKeyOverItsQuota: one key that makes all the calls it can, be they refused, is told
// to wait; its neighbour, and the same key a minute later, is served.
func (s Suite) aKeyOverItsQuota(t *testing.T) {
	w := s.World(t)
	greedy, modest, o := w.People[0], w.People[1], s.Ops[0]
	c := w.Call(greedy, o)
	c.Cap.Action = s.Ops[1].Action // at the first route: refused after the proof
	token := w.Mint(c.Cap, c.At)
	var last string
	c.Edit = func(r *http.Request) { last = r.Header.Get("DPoP") }
	for i := range dpop.DefaultPerKey {
		if err := c.Present(token); apierr.CodeOf(err) != apierr.CapOpMismatch {
			t.Fatalf("call %d: %v", i, err)
		}
		if i < 100 { // a stolen capability without its key takes nothing of the quota
			stolen := w.Call(modest, o)
			if err := stolen.Present(token); apierr.CodeOf(err) != apierr.ProofInvalid {
				t.Fatalf("a stolen capability: %v", err)
			}
		}
	}
	if err := w.Call(greedy, o).Send(); apierr.CodeOf(err) != apierr.RateLimited {
		t.Errorf("one call more: %v", err)
	}
	c.Edit = func(r *http.Request) { r.Header.Set("DPoP", last) }
	if err := c.Present(token); apierr.CodeOf(err) != apierr.ProofReplayed {
		t.Errorf("a replay at the quota: %v", err)
	}
	if err := w.Call(modest, o).Send(); err != nil {
		t.Errorf("another key: %v", err)
	}
	w.Advance(dpop.MaxAge + time.Second)
	if err := w.Call(greedy, o).Send(); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// noAmbientIdentity poisons everything from which a cloud SDK would take
// credentials by itself: a call without its own session is refused, and one
// with its own works.
func (s Suite) noAmbientIdentity(t *testing.T) {
	poison := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(poison, []byte("[default]\naws_access_key_id=AKIAPOISON\naws_secret_access_key=poison\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAPOISON", "AWS_SECRET_ACCESS_KEY": "poison", "AWS_SESSION_TOKEN": "poison",
		"AWS_SHARED_CREDENTIALS_FILE": poison, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-poison-1", "HTTP_PROXY": "http://127.0.0.1:1",
	} {
		t.Setenv(k, v)
	}
	w := s.World(t)
	if err := w.Call(w.People[0], s.Ops[0]).Send(); err != nil {
		t.Errorf("with its own session: %v", err)
	}
	c := w.Call(w.People[0], s.Ops[0])
	c.Edit = func(r *http.Request) {
		for name := range r.Header {
			if strings.HasPrefix(name, "X-Aws-") {
				r.Header.Del(name)
			}
		}
	}
	if err := c.Send(); apierr.CodeOf(err) != apierr.STSHeadersIncomplete {
		t.Errorf("without any: %v", err)
	}
}
