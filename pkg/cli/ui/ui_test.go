package ui_test

import (
	"encoding/json"
	"errors"
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
		[]int{},
		map[string]int{},
		"a\\\"b{}[],:",
		map[string]any{"b": []any{1.5, true, map[string]any{}}, "a": "x"},
		7, "\u007f\u0085\u202e\U000e0041<>&\\u0041",
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
	// What is prepared is shown and not counted; what was not asked for is not what was not run.
	s = newScreen(ui.Options{})
	r = s.Stage("loop", "", 14).Asked(3)
	r.Prepare(0, "people").End(ui.OK, "two")
	r.Prepare(1, "stack").End(ui.Failed, "")
	r.Begin(2, "x", "").End(ui.OK, "")
	st := r.Finish()
	err := s.Summarise(ui.Report{Stages: []ui.Stage{st}})
	if err != nil || len(st.Steps) != 1 || st.Result != ui.Partial || !strings.Contains(s.out.String(), "partial  1 ok · 2 not run · 11 not asked for of 14 steps") ||
		!strings.Contains(s.out.String(), "\n         people                                       ready        0 µs\n         two\n   1/14  stack                                        failed       0 µs\n") {
		t.Error(err, st, s.out.String())
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
		{ui.Options{OutTTY: true}, true},
		{ui.Options{ErrTTY: true}, false},
		{ui.Options{Format: ui.JSON, OutTTY: true}, false},
		{ui.Options{Format: ui.JSON, ErrTTY: true}, true},
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

func TestALastColumnThatWraps(t *testing.T) {
	rows := ui.Rows{Header: []string{"#", "who", "said"}, Right: []int{0}, Wrap: true, Rows: [][]string{
		{"7", "build-bot", "one two three four five six seven"}, {"12", "acme", "short"},
	}}
	for width, want := range map[int]string{
		40: " #  WHO        SAID\n 7  build-bot  one two three four five\n               six seven\n12  acme       short\n",
		80: " #  WHO        SAID\n 7  build-bot  one two three four five six seven\n12  acme       short\n",
	} {
		s := newScreen(ui.Options{Width: width})
		if err := s.Show(nil, rows); err != nil || s.out.String() != want {
			t.Errorf("%d:\n%s", width, s.out.String())
		}
	}
	rows.Rows[0][1] = "a-name-that-leaves-no-room"
	s := newScreen(ui.Options{Width: 40})
	if err := s.Show(nil, rows); err != nil || !strings.HasPrefix(s.out.String(), "#     7\nwho   a-name") {
		t.Error(s.out.String())
	}
}
