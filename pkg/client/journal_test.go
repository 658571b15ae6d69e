package client_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// auditor is an audit role over a real journal, without its checks of callers.
type auditor struct {
	*httptest.Server
	t        *testing.T
	op       omni.Operator
	journal  *journal.Journal
	path     string
	key      jose.PrivateKey
	sequence uint64
	requests int
	fault    error                                        // instead of every answer
	lie      func(cursor string) (api.AuditEvents, error) // the same, of events
}

func newAuditor(t *testing.T) *auditor {
	t.Helper()
	a := &auditor{t: t, op: omni.OperatorOfWallet([20]byte{1}), path: filepath.Join(t.TempDir(), "audit.db")}
	var err error
	if a.journal, err = journal.OpenSQLite(t.Context(), a.path, time.Now); err != nil {
		t.Fatal(err)
	}
	if a.key, err = jose.GenerateKey(); err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests++
		body, err := a.answer(r)
		if err != nil {
			p := apierr.From(err).Problem(apierr.LayerAudit, "", "r")
			w.WriteHeader(p.Status)
			body = p
		}
		text, err := strictjson.Encode(body)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(text)
	}))
	t.Cleanup(func() {
		a.Close()
		if err := a.journal.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func (a *auditor) answer(r *http.Request) (any, error) {
	if a.fault != nil {
		return nil, a.fault
	}
	if a.lie != nil {
		return a.lie(r.URL.Query().Get("cursor"))
	}
	var q api.AuditQuery
	if err := q.DecodeURL("", r.URL.Query()); err != nil {
		return nil, apierr.New(apierr.InvalidInput, "%s", err)
	}
	after, _ := q.After()
	switch r.URL.Path {
	case api.PathAuditEmitters:
		set, err := jose.NewKeySet(a.key.Public())
		return api.AuditEmitters{Format: api.AuditEmittersFormat, Emitters: []api.AuditEmitter{{Role: "signer", Keys: set.JWKS()}}}, err
	case api.PathAuditBatches:
		list, err := a.journal.Batches(r.Context(), a.op, after, q.Limit)
		out := api.AuditBatches{}
		for _, b := range list {
			out.Batches = append(out.Batches, api.BatchOf(b))
		}
		if len(list) == q.Limit {
			out.Next = strconv.FormatUint(after+uint64(q.Limit), 10)
		}
		return out, err
	}
	list, err := a.journal.Events(r.Context(), journal.Query{Operator: a.op, Result: q.Result, After: after, Limit: q.Limit})
	var damage *journal.Damage
	if errors.As(err, &damage) {
		return nil, apierr.Wrap(apierr.JournalDamaged, err, "%s", damage.Error())
	}
	out := api.AuditEvents{}
	for _, e := range list {
		out.Events = append(out.Events, api.AuditEntry{Hash: e.Hash, Leaf: string(e.Leaf)})
	}
	if len(list) == q.Limit {
		out.Next = strconv.FormatUint(list[len(list)-1].Position, 10)
	}
	return out, err
}

// fill appends n entries, every tenth a decision of the signer, and puts them into
// a batch.
func (a *auditor) fill(n int, note string) {
	a.t.Helper()
	source := audit.NewSource("signer", a.key.Public(), "1")
	for from := 0; from < n; from += 250 {
		var entries []journal.Entry
		for i := from; i < min(from+250, n); i++ {
			e := journal.Entry{Event: audit.Event{
				ID: jose.NewID(), Time: time.Now(), Emitter: audit.EmitterOperator, Operator: a.op, Actor: omni.Self(a.op),
				Op: "note", Result: audit.Noted, Note: note,
			}}
			if i%10 == 9 {
				a.sequence++
				e.Event.Emitter, e.Event.Op, e.Event.Result, e.Event.Note, e.Event.Service = "signer", service.OpFetch, audit.Allowed, "", "github"
				receipt, err := audit.Sign(a.key, source, a.sequence, e.Event)
				if err != nil {
					a.t.Fatal(err)
				}
				e.Source, e.Sequence, e.Signature = source, a.sequence, receipt
			}
			entries = append(entries, e)
		}
		if _, err := a.journal.Append(a.t.Context(), entries...); err != nil {
			a.t.Fatal(err)
		}
	}
	if _, err := a.journal.Build(a.t.Context(), a.op, 0); err != nil {
		a.t.Fatal(err)
	}
}

// behind changes the database behind the role's back.
func (a *auditor) behind(statement string, args ...any) {
	a.t.Helper()
	db, err := sql.Open("sqlite", "file:"+a.path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(a.t.Context(), statement, args...); err != nil {
		a.t.Fatal(err)
	}
}

func (a *auditor) source(t *testing.T) client.Journal {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	c := &client.Caller{API: &api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}, Hosts: client.Hosts{Audit: a.URL}, Key: k, Cache: client.NewMemory(), Now: time.Now}
	c.Cache.SaveSession(api.Session{Token: "s", ExpiresAt: time.Now().Add(time.Hour), Operator: a.op})
	return client.Journal{Caller: c, Operator: a.op}
}

// anchored are the roots of all batches of the journal.
type anchored struct{ a *auditor }

func (x anchored) Roots(ctx context.Context, o omni.Operator, indices ...uint64) (uint64, []auditproof.Root, error) {
	all, err := x.a.journal.Batches(ctx, o, 0, journal.MaxPage)
	out := make([]auditproof.Root, len(indices))
	for n, i := range indices {
		out[n] = auditproof.Root{Root: journal.Hash(all[i].Root), Count: all[i].Count}
	}
	return uint64(len(all)), out, err
}

func (x anchored) Anchored(context.Context, omni.Operator, uint64) (auditproof.Root, auditproof.Anchor, bool, error) {
	return auditproof.Root{}, auditproof.Anchor{}, false, errors.New("not asked")
}

func (a *auditor) check(t *testing.T) (auditproof.Report, error) {
	t.Helper()
	s := a.source(t)
	emitters, err := s.Caller.AuditEmitters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return auditproof.Check(t.Context(), s, auditproof.Checking{Operator: a.op, Emitters: emitters, Roots: anchored{a}})
}

func TestAJournalIsReadOverPages(t *testing.T) {
	a := newAuditor(t)
	a.fill(600, "x")
	a.fill(3, "x")
	r, err := a.check(t)
	if err != nil || !r.Sound() || r.Events != 603 || r.Notes != 543 || r.Batches != 2 || r.Covered != 603 || len(r.Numbers) != 1 || r.Numbers[0].Events != 60 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestManyBatches(t *testing.T) {
	a := newAuditor(t)
	for range api.MaxAuditPage + 2 {
		a.fill(1, "x")
	}
	n := uint64(0)
	for b, err := range a.source(t).BatchesFrom(t.Context(), 1) {
		if n++; err != nil || b.Index != n {
			t.Fatal(b, err)
		}
	}
	if n != api.MaxAuditPage+1 {
		t.Error(n)
	}
}

// The longest notes that there are, in the characters that JSON writes longest.
func TestAPageOfTheLongestEvents(t *testing.T) {
	a := newAuditor(t)
	a.fill(260, strings.Repeat(`"`, audit.MaxNote))
	if r, err := a.check(t); err != nil || !r.Sound() || r.Events != 260 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Rows changed behind the role's back: it does not show the page that has one, and
// the first entry that is not genuine is named all the same.
func TestTheFirstBadEventOfADamagedJournal(t *testing.T) {
	edit := `UPDATE entries SET record = CAST(replace(CAST(record AS TEXT), '"op":', '"op" :') AS BLOB) WHERE position IN (?, ?)`
	for name, c := range map[string]struct {
		statement string
		args      []any
		place     uint64
		says      string
	}{
		"edited":       {edit, []any{437, 511}, 437, "is not shown by the audit role: it was edited"},
		"the first":    {edit, []any{1, 2}, 1, "is not shown by the audit role: it was edited"},
		"the last":     {edit, []any{600, 600}, 600, "is not shown by the audit role: it was edited"},
		"removed":      {`DELETE FROM entries WHERE position = ?`, []any{301}, 301, "is missing: entry 302 follows"},
		"the end":      {`DELETE FROM entries WHERE position > ?`, []any{598}, 599, "is missing: batch 0 has it"},
		"a batch less": {`UPDATE batches SET count = count - ?`, []any{1}, 1, "begins batch 0, whose root is not that of its entries"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuditor(t)
			a.fill(600, "x")
			a.behind(c.statement, c.args...)
			r, err := a.check(t)
			if err != nil || r.Sound() || r.First == nil || r.First.Position != c.place || !strings.Contains(r.First.Reason, c.says) {
				t.Errorf("%+v, %v", r.First, err)
			}
		})
	}
}

// What has nothing to do with the journal's state is no fault of it, and is not
// asked again and again.
func TestARoleThatRefusesIsNoDamage(t *testing.T) {
	a := newAuditor(t)
	a.fill(10, "x")
	s := a.source(t)
	for _, code := range []apierr.Code{apierr.RateLimited, apierr.AuditUnavailable, apierr.OperatorMismatch} {
		a.fault, a.requests = apierr.New(code, "x"), 0
		for leaf, err := range s.Leaves(t.Context()) {
			if leaf != nil || apierr.CodeOf(err) != code || errors.Is(err, auditproof.ErrNotGenuine) {
				t.Errorf("%s: %v", code, err)
			}
		}
		if a.requests != 1 {
			t.Errorf("%s: %d requests", code, a.requests)
		}
	}
	a.Close()
	for _, err := range s.Leaves(t.Context()) {
		var silent *api.Unreachable
		if !errors.As(err, &silent) || errors.Is(err, auditproof.ErrNotGenuine) {
			t.Error(err)
		}
	}
}

func TestEmitters(t *testing.T) {
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	list := func(format string, entries ...api.AuditEmitter) []byte {
		text, err := strictjson.Encode(api.AuditEmitters{Format: format, Emitters: entries})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	keys := func(k jose.PrivateKey) jose.JWKS {
		set, err := jose.NewKeySet(k.Public())
		if err != nil {
			t.Fatal(err)
		}
		return set.JWKS()
	}
	got, err := client.ParseEmitters(list(api.AuditEmittersFormat, api.AuditEmitter{Role: "signer", Keys: keys(k)}, api.AuditEmitter{Role: "signer", Keys: keys(other)}, api.AuditEmitter{Role: "cred", Keys: keys(k)}))
	if err != nil || len(got) != 2 || len(got["signer"].Emitters().Keys()) != 2 || len(got["cred"].Emitters().Keys()) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	for name, text := range map[string][]byte{
		"another format": list("x"), "no JSON": []byte("x"), "no keys": list(api.AuditEmittersFormat, api.AuditEmitter{Role: "cred", Keys: jose.JWKS{Keys: []jose.JWK{}}}),
		"a key twice": list(api.AuditEmittersFormat, api.AuditEmitter{Role: "cred", Keys: keys(k)}, api.AuditEmitter{Role: "cred", Keys: keys(k)}),
	} {
		if _, err := client.ParseEmitters(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAProfileWithoutAnAuditHost(t *testing.T) {
	s := newAuditor(t).source(t)
	s.Caller.Hosts.Audit = ""
	if _, err := s.Caller.AuditStatus(t.Context()); !errors.Is(err, client.ErrNoAudit) {
		t.Error(err)
	}
	if _, err := s.Caller.AuditEmitters(t.Context()); !errors.Is(err, client.ErrNoAudit) {
		t.Error(err)
	}
	if _, err := s.Caller.AuditProof(t.Context(), "../../x"); err == nil || errors.Is(err, client.ErrNoAudit) {
		t.Error("an identifier is checked first:", err)
	}
}

// FuzzEmitters: what is taken for emitters has a key for each role.
func FuzzEmitters(f *testing.F) {
	f.Add([]byte(`{"format":"agentkeys-emitters-1","emitters":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := client.ParseEmitters(text)
		for role, of := range got {
			if err != nil || len(of.Emitters().Keys()) == 0 {
				t.Fatal(role, err)
			}
		}
	})
}
