package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/journal"
)

// auditEvent is an event as it is shown.
type auditEvent struct {
	Hash journal.Hash `json:"hash"`
	journal.Record
}

// readEvents takes a page apart. What contradicts itself is not shown as if it
// were an event.
func readEvents(entries []api.AuditEntry) ([]auditEvent, error) {
	out := make([]auditEvent, len(entries))
	for i, e := range entries {
		r, err := journal.DecodeRecord([]byte(e.Leaf))
		if err == nil && journal.HashOf([]byte(e.Leaf)) != e.Hash {
			err = errors.New("its hash is another")
		}
		if err != nil {
			return nil, ui.WithFix(fmt.Errorf("the audit role shows an event that is none: %w", err), "agentkeys audit verify --all")
		}
		out[i] = auditEvent{e.Hash, r}
	}
	return out, nil
}

// eventRows is one line for each event: when, who, what, how it ended, and why.
func (p *program) eventRows(events []auditEvent) ui.Rows {
	rows := ui.Rows{
		Header: []string{"#", "utc", "who", "what", "result", "detail"}, Right: []int{0}, Wrap: true,
		Empty: "no event matches", Rows: [][]string{},
	}
	for _, e := range events {
		rows.Rows = append(rows.Rows, []string{
			strconv.FormatUint(e.Position, 10), p.eventTime(e.Event.Time), p.eventActor(e.Event), eventWhat(e.Event), string(e.Event.Result), eventDetail(e.Event),
		})
	}
	return rows
}

// eventTime leaves out what is so today: the date, and at least the year.
func (p *program) eventTime(t time.Time) string {
	now := p.Now().UTC()
	switch t = t.UTC(); {
	case t.Year() != now.Year():
		return t.Format("2006-01-02 15:04:05")
	case t.YearDay() != now.YearDay():
		return t.Format("Jan _2 15:04:05")
	}
	return t.Format(time.TimeOnly)
}

// eventActor is whom the event is about: a name, or an identifier that is
// unknown here.
func (p *program) eventActor(e audit.Event) string {
	switch {
	case !e.Actor.IsZero():
		if name := p.nameOf(e.Actor.String()); name != "" {
			return name
		}
		return e.Actor.Short()
	case !e.Device.IsZero():
		if name := p.nameOf(e.Device.String()); name != "" {
			return name
		}
		return e.Device.Short()
	}
	return "nobody"
}

func eventWhat(e audit.Event) string {
	if e.Service == "" {
		return string(e.Op)
	}
	return string(e.Op) + " " + e.Service
}

// eventDetail is why, how often, and who says so.
func eventDetail(e audit.Event) string {
	if e.Result == audit.Noted {
		return shortNote(e.Note)
	}
	text := strings.TrimSpace(string(e.Code) + " by " + e.Emitter)
	if e.Count > 0 {
		text += fmt.Sprintf(", %d more like it", e.Count)
	}
	return text
}

// shortNote leaves the beginning of a note: a line for each event, and all of it
// where one event is shown.
func shortNote(s string) string {
	const most = 100
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// eventFacts is an event in full; signed: its receipt was verified.
func (p *program) eventFacts(r journal.Record, signed bool) ui.Facts {
	e := r.Event
	epoch := ""
	if e.Epoch > 0 {
		epoch = strconv.FormatUint(uint64(e.Epoch), 10)
	}
	receipt := "none: a note has no emitter that signs"
	switch number := e.Emitter + ", its number " + strconv.FormatUint(r.Sequence, 10); {
	case r.Signature != "" && signed:
		receipt = "signed by " + number
	case r.Signature != "":
		receipt = "names " + number + "; who signed it was not checked: --emitters FILE"
	}
	return ui.Facts{
		{Key: "event", Value: e.ID},
		{Key: "time", Value: ui.When(e.Time, p.Now())},
		{Key: "who", Value: p.eventActor(e)},
		{Key: "what", Value: eventWhat(e)},
		{Key: "result", Value: strings.TrimSpace(string(e.Result) + " " + string(e.Code))},
		{Key: "note", Value: e.Note},
		{Key: "follows", Value: e.Decision},
		{Key: "object", Value: e.ObjectKey},
		{Key: "key epoch", Value: epoch},
		{Key: "receipt", Value: receipt},
	}
}
