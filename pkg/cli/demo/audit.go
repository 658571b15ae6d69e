package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// How often the agent fetches in each part of the story.
const (
	fetchesBefore = 20
	fetchesDuring = 40
)

// audited is the state that the steps of the audit stage share.
type audited struct {
	*loop
	role     *process
	receipts receipts
	proof    string // the file of it
	chosen   string // the event that is proven
	anchored uint64
	copied   string // the directory of what was archived
}

// Audit shows that every decision leaves an event that survives a crash, and that
// anybody can hold against the chain without believing the audit role.
func Audit(ctx context.Context, c Config) (ui.Report, error) {
	a := &audited{loop: newLoop(c)}
	ran := play(ctx, c, stage{name: "audit", about: "every decision leaves an event that nobody can lose, remove or forge", steps: a.steps()})
	var errs []error
	if a.role != nil {
		errs = append(errs, a.role.kill())
	}
	errs = append(errs, a.close())
	return ui.Report{Stages: []ui.Stage{ran}}, errors.Join(errs...)
}

func (a *audited) steps() []step {
	return []step{
		{name: "start the stack, the audit role apart", proves: "a process of its own, which can be killed", run: a.start},
		{name: "an operator, an agent, and its secret", proves: "the people of the story", run: a.people},
		{name: "the agent works", proves: "broker, worker and signer each sign a receipt for what they decide, before a secret leaves", run: a.work},
		{name: "kill -9 of the audit role, under load", proves: "the roles go on: what they decide waits on their own disks", run: a.killed},
		{name: "the audit role is started again", proves: "every receipt's event is there, once, in the order of its emitter", run: a.again},
		{name: "flush", proves: "what is new becomes a batch, with the root of its tree", run: a.flush},
		{name: "anchor", proves: "the operator's wallet puts the root on chain, once", run: a.anchor},
		{name: "proof", proves: "a receipt becomes a file that shows the event under the root", run: a.writeProof},
		{name: "kill -9 again, and verify by RPC only", proves: "the chain alone says that the event is genuine; the audit role is gone", run: a.verifyByChain},
		{name: "verify against a block hash, asking nobody", proves: "the receipt of the anchor's transaction is in the block", run: a.verifyOffline},
		{name: "refused: a tampered copy", proves: "one letter is enough", run: a.tampered},
		{name: "the whole journal is genuine", proves: "every event, link, receipt and root, held against the chain", run: a.verifyAll},
		{name: "refused: another operator", proves: "what it may not see and what is not there look the same", run: a.otherReads},
		{name: "the operator names a relayer", proves: "from then on the role anchors by itself", run: a.relay},
		{name: "the archive", proves: "storage has each batch with all proofs; the archive alone is the whole journal", run: a.archive},
		{name: "refused: an edited archive", proves: "the first event that is not genuine is named", run: a.editedArchive},
		{name: "summary", proves: "what journal and chain say in the end", run: a.summary},
	}
}

func (a *audited) start(ctx context.Context) (string, error) {
	if err := a.open(ctx, "audit"); err != nil {
		return "", err
	}
	url := a.profile.Hosts["audit"]
	a.role = &process{program: a.Executable, args: a.stack.Apart["audit"], environ: a.Environ, url: url}
	if err := a.role.start(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("chain %d; the audit role at %s is process %d", a.profile.Chain.ChainID, url, a.role.cmd.Process.Pid), nil
}

func (a *audited) people(ctx context.Context) (string, error) {
	for _, f := range []func(context.Context) (string, error){a.registerOperators, a.bindAgent, a.grant, a.provision} {
		if _, err := f(ctx); err != nil {
			return "", err
		}
	}
	// From here on the agent keeps the receipts that it is handed.
	a.agent.API.HTTP.Transport = a.receipts.through(a.agent.API.HTTP.Transport)
	return fmt.Sprintf("%s may read %q of %s", agentName, serviceName, operatorName), nil
}

// fetch has the agent fetch its secret n times, side by side.
func (a *audited) fetch(ctx context.Context, n int, during func() error) error {
	s, err := service.Parse(serviceName)
	if err != nil {
		return err
	}
	errs := make([]error, n+1)
	var wg sync.WaitGroup
	limit := make(chan struct{}, 8)
	for i := range n {
		limit <- struct{}{}
		if i == n/4 && during != nil {
			wg.Go(func() { errs[n] = during() })
		}
		wg.Go(func() {
			defer func() { <-limit }()
			got, err := a.agent.FetchCredential(ctx, omni.Actor{}, s)
			if err == nil && !bytes.Equal(got.Reveal(), a.Credential) {
				err = errors.New("other bytes came back")
			}
			errs[i] = err
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (a *audited) work(ctx context.Context) (string, error) {
	if err := a.fetch(ctx, fetchesBefore, nil); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d fetches, %d receipts", fetchesBefore, a.receipts.count()), nil
}

func (a *audited) killed(ctx context.Context) (string, error) {
	before := a.receipts.count()
	if err := a.fetch(ctx, fetchesDuring, a.role.kill); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d fetches while it was killed and gone, none failed, %d more receipts", fetchesDuring, a.receipts.count()-before), nil
}

func (a *audited) again(ctx context.Context) (string, error) {
	if err := a.role.start(ctx); err != nil {
		return "", err
	}
	want := a.receipts.all()
	var have []journal.Record
	err := until(ctx, "the roles have handed in what waited", func() (bool, error) {
		var err error
		have, err = a.journal(ctx)
		return missing(want, have) == 0, err
	})
	if err != nil {
		return "", fmt.Errorf("%w: %d of %d receipts have no event", err, missing(want, have), len(want))
	}
	a.chosen = want[len(want)/2]
	return fmt.Sprintf("%d events in the journal, each of the %d receipts among them", len(have), len(want)), inOrder(have)
}

// journal reads all of the operator's.
func (a *audited) journal(ctx context.Context) ([]journal.Record, error) {
	var out []journal.Record
	for q := (api.AuditQuery{Limit: api.MaxAuditPage}); ; {
		page, err := a.operator.AuditEvents(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			r, err := journal.DecodeRecord([]byte(e.Leaf))
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return out, nil
		}
	}
}

// missing counts the receipts that no event carries, or more than one.
func missing(receipts []string, have []journal.Record) (n int) {
	seen := map[string]int{}
	for _, r := range have {
		seen[r.Signature]++
	}
	for _, r := range receipts {
		if seen[r] != 1 {
			n++
		}
	}
	return n
}

// inOrder holds that each emitter's events stand in the order of its numbers.
func inOrder(have []journal.Record) error {
	last := map[string]uint64{}
	for _, r := range have {
		if r.Sequence <= last[r.Source] && r.Sequence != 0 {
			return fmt.Errorf("event %d is out of its emitter's order", r.Position)
		}
		last[r.Source] = r.Sequence
	}
	return nil
}

func (a *audited) flush(ctx context.Context) (string, error) {
	var out struct {
		Batch *api.AuditBatch `json:"batch"`
	}
	if err := a.answer(ctx, &out, "audit", "flush", "--as", operatorName); err != nil {
		return "", err
	}
	if out.Batch == nil {
		return "", errors.New("no batch was made")
	}
	return fmt.Sprintf("batch %d: %d events under root %s", out.Batch.Index, out.Batch.Count, short(out.Batch.Root)), nil
}

func short(h journal.Hash) string { return h.String()[:10] + "…" }

func (a *audited) anchor(ctx context.Context) (string, error) {
	for range 2 { // the second time there is nothing to do
		if _, err := a.command(ctx, nil, "audit", "anchor", "--as", operatorName, "--yes"); err != nil {
			return "", err
		}
	}
	return a.matches(ctx, 1)
}

// matches holds that the chain has exactly the journal's roots.
func (a *audited) matches(ctx context.Context, want uint64) (string, error) {
	n, err := a.chain.Roots(ctx, a.operatorOmni)
	if err != nil {
		return "", err
	}
	page, err := a.operator.AuditBatches(ctx, 0, api.MaxAuditPage)
	if err != nil {
		return "", err
	}
	if a.anchored = n; n != want || uint64(len(page.Batches)) != want {
		return "", fmt.Errorf("the chain has %d roots, the journal %d batches; %d were expected", n, len(page.Batches), want)
	}
	last := page.Batches[want-1]
	root, ok, err := a.chain.Root(ctx, a.operatorOmni, want-1)
	if err != nil {
		return "", err
	}
	if !ok || journal.Hash(root.Root) != last.Root || root.Count != last.Count {
		return "", errors.New("the root on chain is another one")
	}
	return fmt.Sprintf("rootCount %d; getRoot(%d) is %s over %d events, as in the journal", n, want-1, short(last.Root), last.Count), nil
}

func (a *audited) writeProof(ctx context.Context) (string, error) {
	a.proof = filepath.Join(a.Dir, "proof.json")
	_, err := a.command(ctx, nil, "audit", "proof", a.chosen, "--as", agentName, "--out", a.proof, "--offline")
	if err != nil {
		return "", err
	}
	s, err := audit.ReadReceipt(a.chosen)
	return fmt.Sprintf("event %s, from the receipt that %s was handed", s.Event, agentName), err
}

// receipts are what the agent was handed, in order.
type receipts struct {
	mu   sync.Mutex // guards kept
	kept []string
}

func (r *receipts) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.kept...)
}

func (r *receipts) count() int { return len(r.all()) }

// through keeps the receipts of the answers that pass.
func (r *receipts) through(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil {
			if text := resp.Header.Get(httpd.ReceiptHeader); text != "" {
				r.mu.Lock()
				r.kept = append(r.kept, text)
				r.mu.Unlock()
			}
		}
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
