package ui_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/omni"
)

var update = flag.Bool("update", false, "write the golden files")

// screen is a printer and what it wrote.
type screen struct {
	*ui.Printer
	out, err bytes.Buffer
	clock    time.Time
}

func newScreen(o ui.Options) *screen {
	s := &screen{clock: time.Date(2026, 11, 23, 21, 0, 0, 0, time.UTC)}
	o.Out, o.Err, o.Now = &s.out, &s.err, func() time.Time { return s.clock }
	s.Printer = ui.New(o)
	return s
}

func terminal(width int) ui.Options { return ui.Options{OutTTY: true, ErrTTY: true, Width: width} }

// golden compares with testdata/<name>; escapes are written visibly.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.NewReplacer("\x1b", "␛", "\r", "␍").Replace(got)
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: go test ./pkg/cli/ui -update shows the difference\n--- got\n%s\n--- want\n%s", name, got, want)
	}
}

type grantJSON struct {
	Agent   string `json:"agent"`
	Service string `json:"service"`
	Used    int    `json:"used"`
}

func views() (any, []ui.View) {
	actor := omni.ActorOfWallet([20]byte{2})
	v := []grantJSON{{"build-bot", "github", 12}, {"deploy-bot", "email:ci@acme.example", 0}}
	return v, []ui.View{
		ui.Facts{
			{"Operator", ui.Named("acme", omni.OperatorOfWallet([20]byte{1}))},
			{"Agent", ui.Named("build-bot", actor)},
			{"Device key", omni.DeviceKeyOfAddress([20]byte{2}).String()},
			{"Session", ui.When(time.Date(2026, 11, 23, 21, 58, 0, 0, time.UTC), time.Date(2026, 11, 23, 21, 0, 0, 0, time.UTC))},
			{"Left out", ""},
		},
		ui.Rows{
			Header: []string{"agent", "service", "ops", "used", "limit"}, Right: []int{3, 4},
			Rows: [][]string{
				{ui.Named("build-bot", actor), "github", "read,list", "12", "100 per h"},
				{ui.Named("", omni.ActorOfWallet([20]byte{3})), "email:ci@acme.example", "send", "0", "unlimited"},
			},
		},
		ui.Heading("Try next"),
		ui.Commands{{"the agent fetches its secret", "agentkeys cred fetch github --as build-bot"}, {"", "agentkeys scope show --agent build-bot"}},
	}
}

func TestDataForPeople(t *testing.T) {
	v, vs := views()
	for name, o := range map[string]ui.Options{"data-plain": {}, "data-colour": terminal(100), "data-narrow": {Width: 50}, "data-nocolor": {OutTTY: true, NoColor: true, Width: 100}} {
		s := newScreen(o)
		if err := s.Show(v, vs...); err != nil {
			t.Fatal(err)
		}
		golden(t, name, s.out.String())
		if s.err.Len() > 0 {
			t.Error("data on stderr")
		}
	}
}

func TestDataForPrograms(t *testing.T) {
	v, vs := views()
	s := newScreen(ui.Options{Format: ui.JSON, OutTTY: true})
	if err := s.Show(v, vs...); err != nil {
		t.Fatal(err)
	}
	golden(t, "data-json", s.out.String())
}

func TestEmptyTable(t *testing.T) {
	s := newScreen(ui.Options{})
	if err := s.Show([]int{}, ui.Rows{Header: []string{"agent"}, Empty: "acme has no agents yet", Hint: "agentkeys agent request --operator acme"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "empty", s.out.String())
}

// demo is a stage in which everything that can happen to a step happens.
func demo(s *screen) ui.Report {
	r := s.Stage("loop", "an operator hands an agent a secret; the agent fetches it", 5)
	step := func(n int, name, proves string, took time.Duration, o ui.Outcome, detail string) {
		x := r.Begin(n, name, proves)
		s.clock = s.clock.Add(took)
		x.End(o, detail)
	}
	step(1, "tools and configuration", "", 3*time.Millisecond, ui.OK, "")
	step(2, "agent binds with its own consent", "nobody can bind an agent without a signature by the agent's own device key, and the contract computes the omni itself", 41*time.Millisecond, ui.OK, "build-bot (0x941cb1c3…) at block 12")
	step(3, "another operator's mint is refused", "the session decides before the chain is asked", 1234*time.Millisecond, ui.OK, "403 operator_mismatch, 0 chain reads")
	step(4, "a name that is much longer than the column that was made for it", "", 0, ui.Skipped, "allowed: --allow-skip")
	step(5, "the stolen capability", "a capability alone is nothing", 62*time.Second, ui.Failed, "expected 401 proof_invalid, got 200")
	return ui.Report{Stages: []ui.Stage{r.Finish()}}
}

func TestSteps(t *testing.T) {
	for name, o := range map[string]ui.Options{"steps-plain": {}, "steps-colour": terminal(100), "steps-narrow": {Width: 56}} {
		s := newScreen(o)
		if err := s.Summarise(demo(s)); err != nil {
			t.Fatal(err)
		}
		golden(t, name, s.out.String())
		if s.err.Len() > 0 {
			t.Error("steps on stderr")
		}
	}
}

func TestStepsAsJSON(t *testing.T) {
	s := newScreen(ui.Options{Format: ui.JSON})
	if err := s.Summarise(demo(s)); err != nil {
		t.Fatal(err)
	}
	golden(t, "steps-json", s.out.String())
	golden(t, "steps-json-stderr", s.err.String())
}

func refusal() error {
	return &api.RemoteError{Problem: apierr.Problem{
		Title: "No live grant covers this service and op.", Status: 403, Detail: "no live grant lets build-bot read github", Code: apierr.ServiceNotInScope,
		Layer: apierr.LayerMint, RequestID: "01JDC8Q4ZT", Fix: "agentkeys scope set --agent build-bot --service github --ops read",
	}}
}

func faults() []error {
	return []error{
		refusal(),
		fmt.Errorf("fetching github: %w", refusal()),
		ui.WithFix(&api.Unreachable{URL: "http://127.0.0.1:8091", Cause: errors.New("connection refused")}, "agentkeys dev"),
		apierr.Wrap(apierr.ChainStale, errors.New("SECRET CAUSE"), "the newest block is 40 s old"),
		fmt.Errorf("profile.json: %w", errors.Join(errors.New("chain.rpc: names no endpoint"), errors.New("oidc_issuer: missing"))),
		ui.Usage("there is no flag --srevice here"),
		fmt.Errorf("signing: %w", ui.ErrApprovalNeeded),
		errors.New("broken\n\x1b[2J\u202etxt.exe header eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"),
	}
}

func TestFaults(t *testing.T) {
	for name, o := range map[string]ui.Options{"faults-plain": {}, "faults-colour": terminal(100), "faults-json": {Format: ui.JSON}} {
		s := newScreen(o)
		for _, err := range faults() {
			code := s.Fail(err)
			fmt.Fprintf(&s.err, "=> %d\n", code)
		}
		golden(t, name, s.err.String())
		if s.out.Len() > 0 {
			t.Error("errors on stdout")
		}
	}
}

func TestNotes(t *testing.T) {
	s := newScreen(terminal(60))
	s.Note("signed in as %s", "acme\x1b[31m")
	s.Warn("every recovery master is needed for every quorum: one of them can lock this operator")
	golden(t, "notes", s.err.String())
}

func TestProgress(t *testing.T) {
	s := newScreen(terminal(60))
	b := s.Progress("re-wrapping credentials of build-bot", 200)
	for range 4 {
		s.clock = s.clock.Add(60 * time.Millisecond)
		b.Add(40)
	}
	s.Note("one object was moved meanwhile")
	b.Add(1000)
	b.Close()
	b.Close()
	golden(t, "progress", s.err.String())
	quiet := newScreen(ui.Options{})
	b = quiet.Progress("x", 0)
	b.Add(1)
	b.Close()
	if quiet.err.Len()+quiet.out.Len() > 0 {
		t.Error("a bar without a terminal")
	}
}
