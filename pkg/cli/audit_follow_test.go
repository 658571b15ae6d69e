package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// pageOf is the wire form of n entries of a real journal.
func pageOf(t *testing.T, o omni.Operator, n int) []api.AuditEntry {
	t.Helper()
	j, err := journal.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "audit.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var entries []journal.Entry
	for range n {
		entries = append(entries, journal.Entry{Event: audit.Event{
			ID: jose.NewID(), Time: time.Now(), Emitter: audit.EmitterOperator, Operator: o, Actor: omni.Self(o), Op: "note", Result: audit.Noted, Note: "x",
		}})
	}
	if _, err := j.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
	stored, err := j.Events(t.Context(), journal.Query{Operator: o, Limit: n})
	if err != nil {
		t.Fatal(err)
	}
	var out []api.AuditEntry
	for _, s := range stored {
		out = append(out, api.AuditEntry{Hash: s.Hash, Leaf: string(s.Leaf)})
	}
	return out
}

// TestFollowedEventsGoOn: a role that shows an event again, or out of order, ends it:
// nothing is shown twice, and nobody is asked without end.
func TestFollowedEventsGoOn(t *testing.T) {
	o := omni.OperatorOfWallet([20]byte{1})
	page := pageOf(t, o, api.DefaultAuditPage+1)
	for name, c := range map[string]struct {
		answers [][]api.AuditEntry // one after the other, the last for ever
		lines   int
		says    string
	}{
		"each once":        {[][]api.AuditEntry{page[:2], page[2:3], nil}, 3, ""},
		"a full page":      {[][]api.AuditEntry{page[:api.DefaultAuditPage], nil}, api.DefaultAuditPage, ""},
		"the same again":   {[][]api.AuditEntry{page[:2]}, 2, "the audit role shows event 1 behind event 2"},
		"a full one again": {[][]api.AuditEntry{page[:api.DefaultAuditPage]}, api.DefaultAuditPage, "the audit role shows event 1 behind event 100"},
		"out of order":     {[][]api.AuditEntry{{page[1], page[0]}}, 0, "the audit role shows event 1 behind event 2"},
	} {
		asked := 0
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			b, err := strictjson.Encode(api.AuditEvents{Events: c.answers[min(asked, len(c.answers)-1)]})
			if err != nil {
				t.Error(err)
			}
			if asked++; asked > 9 {
				w.WriteHeader(http.StatusTeapot) // it would ask for ever
			}
			_, _ = w.Write(b)
		}))
		k, err := crypto.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		who := &client.Caller{API: &api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}, Hosts: client.Hosts{Audit: h.URL}, Key: k, Cache: client.NewMemory(), Now: time.Now}
		who.Cache.SaveSession(api.Session{Token: "s", ExpiresAt: time.Now().Add(time.Hour), Operator: o})
		var shown bytes.Buffer
		wake := make(chan time.Time)
		p := newProgram(Process{Stdout: &shown, Stderr: io.Discard, Now: time.Now, Wake: wake})
		p.global.output = "json"
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.follow(ctx, reading{caller: who, op: o}, api.AuditQuery{}, 0, nil) }()
		over := false
		for n := 0; n < 4 && !over; n++ {
			select {
			case wake <- time.Time{}:
			case err = <-ended:
				over = true
			}
		}
		if cancel(); !over {
			err = <-ended
		}
		h.Close()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Count(shown.String(), "\n"); got != c.lines {
			t.Errorf("%s: %d lines", name, got)
		}
	}
}
