package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/service"
)

// stackOf is the stack that a script has for itself.
func (s *stacks) stackOf(ts *testscript.TestScript) *devstack.Stack {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own[ts] == nil {
		ts.Fatalf("the script has no stack of its own")
	}
	return s.own[ts]
}

// decide OPERATOR AGENT FROM TO hands in what the signer of the script's stack
// would have decided: one event for each of its numbers, every third one denied.
// The receipt of the last one is left in the file receipt.
func (s *stacks) decide(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: decide OPERATOR AGENT FROM TO")
	}
	stack := s.stackOf(ts)
	from, err := strconv.ParseUint(args[2], 10, 64)
	ts.Check(err)
	to, err := strconv.ParseUint(args[3], 10, 64)
	ts.Check(err)
	d, err := home.Open(ts.MkAbs("home"), time.Now)
	ts.Check(err)
	operator, err := d.Identity(args[0])
	ts.Check(err)
	agent, err := d.Identity(args[1])
	ts.Check(err)
	key, err := jose.LoadKey(filepath.Join(filepath.Dir(stack.ProfilePath), "signer", "identity.pem"))
	ts.Check(err)
	source := audit.NewSource("signer", key.Public(), "script")
	var in api.AuditEmit
	for n := from; n <= to; n++ {
		e := audit.Event{
			ID: jose.NewID(), Time: time.Now(), Emitter: "signer", Operator: operator.Operator, Actor: agent.Actor, Device: agent.Device,
			Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
		}
		if n%3 == 0 {
			e.Result, e.Code = audit.Denied, apierr.ServiceNotInScope
		}
		receipt, err := audit.Sign(key, source, n, e)
		ts.Check(err)
		in.Entries = append(in.Entries, journal.Entry{Event: e, Sequence: n, Signature: receipt, Source: source})
		ts.Check(os.WriteFile(ts.MkAbs("receipt"), []byte(receipt), 0o600))
		ts.Setenv("RECEIPT", receipt)
	}
	c := &api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}
	_, err = api.PostJSON[api.AuditPlaces](s.ctx, c, api.Request{URL: stack.Profile.Hosts["audit"] + api.PathAuditEmit}, in)
	ts.Check(err)
}

// journal edit POSITION OLD NEW, journal hide POSITION, journal show POSITION and
// journal forget BATCH change the rows of the database of the script's stack behind the audit role's
// back.
func (s *stacks) journal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: journal edit POSITION OLD NEW, journal hide POSITION, journal show POSITION")
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(filepath.Dir(s.stackOf(ts).ProfilePath), "audit", "audit.db")+"?_pragma=busy_timeout(5000)")
	ts.Check(err)
	defer db.Close()
	do := func(statement string, values ...any) {
		_, err := db.ExecContext(context.Background(), statement, values...)
		ts.Check(err)
	}
	switch args[0] {
	case "edit":
		var record []byte
		ts.Check(db.QueryRow(`SELECT record FROM entries WHERE position = ?`, args[1]).Scan(&record))
		edited := bytes.Replace(record, []byte(args[2]), []byte(args[3]), 1)
		if bytes.Equal(edited, record) {
			ts.Fatalf("there is no %s in %s", args[2], record)
		}
		do(`UPDATE entries SET record = ? WHERE position = ?`, edited, args[1])
	case "forget": // from a batch on
		for _, table := range []string{"batches", "archives"} {
			do(`DELETE FROM `+table+` WHERE batch_index >= ?`, args[1])
		}
	case "hide":
		do(`CREATE TABLE hidden AS SELECT * FROM entries WHERE position = ?`, args[1])
		do(`DELETE FROM entries WHERE position = ?`, args[1])
	case "show":
		do(`INSERT INTO entries SELECT * FROM hidden`)
		do(`DROP TABLE hidden`)
	default:
		ts.Fatalf("%s", fmt.Sprint(args))
	}
}
