package apierr_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
)

func TestTableIsWellFormed(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[apierr.Code]bool{}
	for _, d := range apierr.Table() {
		if seen[d.Code] || !snake.MatchString(string(d.Code)) || d.Title == "" || d.Status < 400 || d.Status > 599 {
			t.Errorf("bad row %+v", d)
		}
		seen[d.Code] = true
		if d.Status == 503 && !d.Retryable {
			t.Errorf("%s: 503 is retryable", d.Code)
		}
	}
}

// TestOwnCodes: no host answers them, and something helps against each.
func TestOwnCodes(t *testing.T) {
	for _, d := range apierr.Own() {
		if _, ok := apierr.Lookup(d.Code); ok {
			t.Errorf("%s: a host answers it", d.Code)
		}
		if got, ok := apierr.Describe(d.Code); !ok || got != d || d.Layer != apierr.LayerClient || d.Status != 0 || d.Title == "" || apierr.Helps(d.Code) == "" {
			t.Errorf("bad row %+v", d)
		}
		if p := apierr.New(d.Code, "x").Problem(apierr.LayerWorker, "", ""); p.Code != apierr.InternalError {
			t.Errorf("a host answers %+v", p)
		}
	}
	for _, d := range apierr.Table() {
		if got, ok := apierr.Describe(d.Code); !ok || got != d {
			t.Errorf("%s: %+v", d.Code, got)
		}
	}
	if d, ok := apierr.Describe("made_up"); ok || d != (apierr.Def{}) {
		t.Errorf("%+v", d)
	}
}

func TestProblemHidesTheCause(t *testing.T) {
	e := apierr.Wrap(apierr.ChainUnavailable, io.ErrUnexpectedEOF, "no endpoint answered").WithFix("agentkeys doctor")
	p := e.Problem(apierr.LayerMint, "", "req1")
	if p.Status != 503 || p.Layer != apierr.LayerChain || !p.Retryable || p.RequestID != "req1" || p.Fix != "agentkeys doctor" {
		t.Errorf("%+v", p)
	}
	if strings.Contains(fmt.Sprintf("%+v", p), "EOF") {
		t.Error("the cause reached the caller")
	}
	if !errors.Is(e, io.ErrUnexpectedEOF) || !strings.Contains(e.Error(), "EOF") {
		t.Error("the cause is lost to the log")
	}
	if l := apierr.New(apierr.DeviceRevoked, "x").Problem(apierr.LayerWorker, "", "").Layer; l != apierr.LayerWorker {
		t.Error(l)
	}
}

func TestFrom(t *testing.T) {
	if got := apierr.From(errors.New("boom")); got.Code != apierr.InternalError || strings.Contains(got.Detail, "boom") {
		t.Errorf("%+v", got)
	}
	wrapped := fmt.Errorf("doing: %w", apierr.New(apierr.NotFound, "nothing"))
	if got := apierr.From(wrapped); got.Code != apierr.NotFound || apierr.CodeOf(wrapped) != apierr.NotFound {
		t.Errorf("%+v", got)
	}
	if apierr.CodeOf(io.EOF) != "" {
		t.Error("code of a foreign error")
	}
	if p := (&apierr.Error{Code: "made_up"}).Problem("", "", ""); p.Code != apierr.InternalError || p.Status != 500 {
		t.Errorf("%+v", p)
	}
}
