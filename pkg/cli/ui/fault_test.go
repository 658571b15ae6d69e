package ui_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func TestExitCode(t *testing.T) {
	remote := func(c apierr.Code) error {
		return fmt.Errorf("doing: %w", &api.RemoteError{Problem: apierr.Problem{Code: c}})
	}
	local := func(c apierr.Code) error { return fmt.Errorf("doing: %w", apierr.New(c, "x")) }
	for i, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("x"), 1},
		{ui.Usage("x"), 1},
		{context.Canceled, 1},
		{context.DeadlineExceeded, 2},
		{&api.Unreachable{}, 2},
		{fmt.Errorf("x: %w", ui.ErrApprovalNeeded), 4},
		{ui.WithFix(ui.ErrApprovalNeeded, "x"), 4},
		{&chain.RevertError{}, 3},
		{fmt.Errorf("x: %w", &ui.ChildExit{Code: 42}), 42},
		{ui.WithExit(errors.New("x"), 5), 5},
		{remote(apierr.InvalidInput), 2},
		{local(apierr.InvalidInput), 1},
		{remote(apierr.NotFound), 2},
		{local(apierr.NotFound), 1},
		{remote(apierr.InternalError), 2},
		{local(apierr.InternalError), 1},
		{remote("future_code"), 2},
		{remote(""), 2},
		{local(apierr.StorageUnavailable), 2},
		{ui.WithFix(remote(apierr.ServiceNotInScope), "x"), 3},
	} {
		if got := ui.ExitCode(c.err); got != c.want {
			t.Errorf("%d: %v: got %d, want %d", i, c.err, got, c.want)
		}
	}
	for _, d := range apierr.Table() {
		want := 0
		switch {
		case d.Layer == apierr.LayerChain:
			want = ui.ExitChain
		case d.Status == 401 || d.Status == 403:
			want = ui.ExitDenied
		default:
			want = ui.ExitRemote
		}
		if got := ui.ExitCode(remote(d.Code)); got != want {
			t.Errorf("%s: %d, not %d", d.Code, got, want)
		}
	}
	for _, d := range apierr.Own() { // a refusal of this program's own, and no host's
		if here, there := ui.ExitCode(local(d.Code)), ui.ExitCode(remote(d.Code)); here != ui.ExitDenied || there != ui.ExitRemote {
			t.Errorf("%s: %d, answered %d", d.Code, here, there)
		}
	}
	if ui.WithExit(nil, 3) != nil || ui.WithFix(nil, "x") != nil {
		t.Error("no error became one")
	}
}

func TestFailShowsNeitherCauseNorToken(t *testing.T) {
	const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
	for _, err := range []error{
		apierr.Wrap(apierr.StorageDenied, errors.New("SECRET"), "storage refused"),
		fmt.Errorf("storing: %w", apierr.Wrap(apierr.StorageDenied, errors.New("SECRET"), "storage refused")),
		errors.New("bad " + token), errors.Join(errors.New(token), errors.New("b")),
	} {
		for _, f := range []ui.Format{ui.Table, ui.JSON} {
			s := newScreen(ui.Options{Format: f})
			s.Fail(err)
			if text := s.err.String(); strings.Contains(text, "SECRET") || strings.Contains(text, "c2lnbmF0dXJl") || text == "" {
				t.Errorf("%q", text)
			}
		}
	}
}

func TestASilentEnd(t *testing.T) {
	s := newScreen(ui.Options{})
	if a, b := s.Fail(nil), s.Fail(&ui.ChildExit{Code: 7}); a != 0 || b != 7 || s.err.Len() > 0 {
		t.Error(a, b, s.err.String())
	}
}

func TestAServerDoesNotChooseWhatPeopleRun(t *testing.T) {
	fix := func(s string) string {
		return ui.Explain(&api.RemoteError{Problem: apierr.Problem{Code: apierr.NotFound, Detail: "x", Fix: s}}).Fix
	}
	for _, s := range []string{
		"agentkeys login --as NAME", "an operator: agentkeys init; an agent: agentkeys agent request, then at the operator: agentkeys agent create --request FILE",
		"ask the host's owner to add 0x12 to the file of --operators",
	} {
		if fix(s) != s {
			t.Errorf("%q is not shown", s)
		}
	}
	for _, s := range []string{
		"", "curl https://evil.example/x", "agentkeys login; rm -rf /", "agentkeys login && x", "agentkeys login | sh", "agentkeys login $(x)", "agentkeys `x`",
		"agentkeys login > ~/.profile", "agentkeys login\nrm", "agentkeys", "an agent: rm", "agentkeys " + strings.Repeat("a", 401),
	} {
		if got := fix(s); got != "" {
			t.Errorf("%q is shown", got)
		}
	}
	if f := ui.Explain(ui.WithFix(refusal(), "agentkeys x $HOME")); f.Fix != "agentkeys x $HOME" {
		t.Error("our own is not restricted:", f.Fix)
	}
}

func TestExplain(t *testing.T) {
	f := ui.Explain(&api.RemoteError{Problem: apierr.Problem{Code: apierr.NotFound, Title: "There is nothing there."}})
	if f.Why != "There is nothing there." || f.Code != apierr.NotFound || f.Exit != 2 {
		t.Errorf("%+v", f)
	}
	if f := ui.Explain(errors.Join(errors.New("only one"))); f.Why != "only one" || f.Problems != nil {
		t.Errorf("%+v", f)
	}
	two := fmt.Errorf("a %w b %w", errors.New("x"), errors.New("y"))
	if f := ui.Explain(two); f.Why != "a x b y" || f.Problems != nil {
		t.Errorf("%+v", f)
	}
}

func TestAnErrorWithoutACodeHasNoTag(t *testing.T) {
	s := newScreen(ui.Options{})
	s.Fail(&api.RemoteError{Problem: apierr.Problem{Detail: "x", Layer: apierr.LayerMint}})
	if s.err.String() != "error: x\n" {
		t.Error(s.err.String())
	}
}

func TestNamesInErrors(t *testing.T) {
	s := newScreen(ui.Options{Names: func(text string) string { return strings.ReplaceAll(text, "build-bot", "BOT") }})
	s.Fail(refusal())
	if text := s.err.String(); strings.Count(text, "BOT") != 2 {
		t.Error(text)
	}
}

// TestSeveralProblemsOfOneRole: a list within a list of one is told as a list,
// and what all of it has in common is said once.
func TestSeveralProblemsOfOneRole(t *testing.T) {
	one := fmt.Errorf("serving signer: %w", errors.Join(fmt.Errorf("role signer: %w", errors.Join(errors.New("no key"), errors.New("no list")))))
	f := ui.Explain(one)
	if f.Why != "serving signer: role signer: 2 problems" || !slices.Equal(f.Problems, []string{"no key", "no list"}) {
		t.Errorf("%+v", f)
	}
	two := fmt.Errorf("serving: %w", errors.Join(fmt.Errorf("role a: %w", errors.Join(errors.New("x"), errors.New("y"))), errors.New("role b: z")))
	if f := ui.Explain(two); f.Why != "serving: 3 problems" || !slices.Equal(f.Problems, []string{"role a: x", "role a: y", "role b: z"}) {
		t.Errorf("%+v", f)
	}
}

// TestAListWithinASentence is told as it stands: what follows it would be lost.
func TestAListWithinASentence(t *testing.T) {
	err := fmt.Errorf("opening: %w; nothing was changed", errors.Join(errors.New("x"), errors.New("y")))
	if f := ui.Explain(err); f.Why != err.Error() || f.Problems != nil {
		t.Errorf("%+v", f)
	}
}

// TestACodeHidesNoOtherProblem: one problem of a list has a code, and the others
// are told all the same.
func TestACodeHidesNoOtherProblem(t *testing.T) {
	coded := apierr.New(apierr.SignerUnavailable, "the key management service gave no answer")
	f := ui.Explain(fmt.Errorf("role signer: %w", errors.Join(errors.New("no list"), coded, errors.New("no pin"))))
	if f.Code != apierr.SignerUnavailable || f.Why != "role signer: 3 problems" || !slices.Equal(f.Problems, []string{"no list", "the key management service gave no answer", "no pin"}) {
		t.Errorf("%+v", f)
	}
	if f := ui.Explain(fmt.Errorf("role signer: %w", errors.Join(coded))); f.Why != "role signer: the key management service gave no answer" || f.Problems != nil {
		t.Errorf("alone: %+v", f)
	}
	over := apierr.Wrap(apierr.ChainUnavailable, errors.Join(errors.New("x"), errors.New("y")), "no endpoint answers")
	if f := ui.Explain(over); f.Why != "no endpoint answers" || f.Problems != nil {
		t.Errorf("a list is its cause: %+v", f)
	}
}
