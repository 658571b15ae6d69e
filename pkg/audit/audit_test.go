package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func event() audit.Event {
	return audit.Event{
		ID: "AAAAAAAAAAAAAAAAAAAAAA", Time: time.Date(2027, 1, 15, 9, 0, 0, 123_456_789, time.FixedZone("x", 3600)), Emitter: "signer",
		Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet([20]byte{2}), Device: omni.DeviceKeyOfAddress([20]byte{2}),
		Class: service.Credentials, Op: service.OpFetch, Service: "github", ObjectKey: "bots/abc/credentials/github.enc", Epoch: 2,
		Result: audit.Denied, Code: apierr.DeviceRevoked, RequestID: "REQ1",
	}
}

// The names are a format: others read them.
func TestEncode(t *testing.T) {
	t.Parallel()
	e := event()
	b, err := e.Encode()
	want := `{"actor_omni":"` + e.Actor.String() + `","code":"device_revoked","data_class":"credentials","device_key_hash":"` + e.Device.String() +
		`","emitter":"signer","id":"AAAAAAAAAAAAAAAAAAAAAA","k3_epoch":2,"object_key":"bots/abc/credentials/github.enc","op":"fetch","operator_omni":"` +
		e.Operator.String() + `","request_id":"REQ1","result":"denied","service":"github","time":"2027-01-15T08:00:00.123Z"}`
	if err != nil || string(b) != want {
		t.Errorf("%s\n%s\n%v", b, want, err)
	}
	least := audit.Event{ID: e.ID, Time: e.Time, Emitter: "signer", Op: "epoch", Result: audit.Allowed}
	if b, err := least.Encode(); err != nil || string(b) != `{"emitter":"signer","id":"AAAAAAAAAAAAAAAAAAAAAA","op":"epoch","result":"allowed","time":"2027-01-15T08:00:00.123Z"}` {
		t.Errorf("%s, %v", b, err)
	}
	// Sorted, as RFC 8785 wants it, whatever the order of the fields.
	var names []string
	d := json.NewDecoder(bytes.NewReader(b))
	for depth := 0; ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if s, ok := tok.(string); ok && depth%2 == 0 {
			names = append(names, s)
		}
		if _, brace := tok.(json.Delim); !brace {
			depth++
		}
	}
	if len(names) != 14 || !slices.IsSorted(names) {
		t.Errorf("%v", names)
	}
}

// Each event differs from a valid one in one thing, and no sink takes it.
func TestInvalidEvents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*audit.Event)
		want string
	}{
		"no id":                  {func(e *audit.Event) { e.ID = "" }, "id is not"},
		"a short id":             {func(e *audit.Event) { e.ID = "AAAA" }, "id is not"},
		"no time":                {func(e *audit.Event) { e.Time = time.Time{} }, "time is missing"},
		"a time beyond all":      {func(e *audit.Event) { e.Time = time.Date(10000, 1, 2, 0, 0, 0, 0, time.UTC) }, "time is missing"},
		"no emitter":             {func(e *audit.Event) { e.Emitter = "" }, "emitter"},
		"an emitter of lines":    {func(e *audit.Event) { e.Emitter = "signer\ncanary" }, "emitter"},
		"no op":                  {func(e *audit.Event) { e.Op = "" }, "op is not"},
		"an op of words":         {func(e *audit.Event) { e.Op = "canary op" }, "op is not"},
		"no result":              {func(e *audit.Event) { e.Result = "" }, "result"},
		"another result":         {func(e *audit.Event) { e.Result = "canary" }, "result"},
		"allowed with a code":    {func(e *audit.Event) { e.Result = audit.Allowed }, "no code"},
		"denied without":         {func(e *audit.Event) { e.Code = "" }, "none of the table"},
		"denied with another":    {func(e *audit.Event) { e.Code = "canary" }, "none of the table"},
		"another class":          {func(e *audit.Event) { e.Class = "canary" }, "data_class"},
		"another service":        {func(e *audit.Event) { e.Service = "Canary" }, "service is none"},
		"a request id of lines":  {func(e *audit.Event) { e.RequestID = "a\ncanary" }, "request_id"},
		"a long request id":      {func(e *audit.Event) { e.RequestID = strings.Repeat("a", 65) }, "request_id"},
		"an object with a quote": {func(e *audit.Event) { e.ObjectKey = `canary"` }, "object_key"},
		"an object of lines":     {func(e *audit.Event) { e.ObjectKey = "canary\nx" }, "object_key"},
		"a long object":          {func(e *audit.Event) { e.ObjectKey = strings.Repeat("a", 513) }, "object_key"},
	} {
		e := event()
		c.edit(&e)
		err := e.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(strings.ToLower(err.Error()), "canary") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		var out bytes.Buffer
		m := &audittest.Memory{}
		for what, s := range map[string]audit.Sink{"log": audit.LogSink(zerolog.New(&out)), "memory": m} {
			if _, err := s.Emit(t.Context(), e); apierr.CodeOf(err) != apierr.AuditUnavailable {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if out.Len() != 0 || len(m.Events()) != 0 {
			t.Errorf("%s: taken: %s %v", name, &out, m.Events())
		}
	}
	for name, edit := range map[string]func(*audit.Event){
		"as it is": func(*audit.Event) {}, "a list": func(e *audit.Event) { e.Service, e.Op = service.Any, service.OpList },
		"of mail":    func(e *audit.Event) { e.Service, e.Class = "email:me+x@example.com", service.Email },
		"of memory":  func(e *audit.Event) { e.Service, e.ObjectKey = "memory:notes", "bots/abc/memory/notes/K.1_x-y.enc" },
		"no request": func(e *audit.Event) { e.RequestID = "" }, "allowed": func(e *audit.Event) { e.Result, e.Code = audit.Allowed, "" },
	} {
		e := event()
		edit(&e)
		if err := e.Validate(); err != nil {
			t.Errorf("the twin, %s: %v", name, err)
		}
	}
}

func TestLogSink(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := event()
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	// An event is not a matter of the log's level.
	s := audit.LogSink(zerolog.New(&out).Level(zerolog.FatalLevel))
	if _, err := s.Emit(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != `{"event":`+string(b)+`,"message":"audit"}`+"\n" {
		t.Error(got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx context.Context
		log zerolog.Logger
	}{
		"no log":             {t.Context(), zerolog.Nop()},
		"a log switched off": {t.Context(), zerolog.New(&out).Level(zerolog.Disabled)},
		"nobody waits":       {ended, zerolog.New(&out)},
	} {
		out.Reset()
		_, err := audit.LogSink(c.log).Emit(c.ctx, e)
		if p := apierr.From(err); p.Code != apierr.AuditUnavailable || p.Problem("", "", "").Status != 503 || out.Len() != 0 {
			t.Errorf("%s: %v, %s", name, err, &out)
		}
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	m := &audittest.Memory{}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := m.Emit(t.Context(), event()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	m.Break()
	_, err := m.Emit(t.Context(), event())
	if apierr.CodeOf(err) != apierr.AuditUnavailable || len(m.Events()) != 10 {
		t.Errorf("%v, %d events", err, len(m.Events()))
	}
	if again := audit.Unavailable(err); !errors.Is(again, err) || again.Error() != err.Error() {
		t.Errorf("wrapped twice: %v", again)
	}
	// Another code of the cause is not the answer.
	if got := audit.Unavailable(apierr.New(apierr.NotFound, "canary")); apierr.CodeOf(got) != apierr.AuditUnavailable || strings.Contains(apierr.From(got).Detail, "canary") {
		t.Error(got)
	}
	m.Mend()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Emit(ended, event()); apierr.CodeOf(err) != apierr.AuditUnavailable {
		t.Error(err)
	}
	e := event()
	if _, err := m.Emit(t.Context(), e); err != nil || m.Events()[10] != e {
		t.Error(err, m.Events())
	}
}
