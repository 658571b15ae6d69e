package journal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

func leaf(t testing.TB) []byte {
	t.Helper()
	e, err := named(mine, 5).normal()
	if err != nil {
		t.Fatal(err)
	}
	b, err := strictjson.Encode(e.record(7, Genesis(mine), noon))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzDecodeRecord: whatever is taken for a record encodes to what was given,
// and would be taken by the journal.
func FuzzDecodeRecord(f *testing.F) {
	f.Add(leaf(f))
	f.Add([]byte(`{"event":{},"position":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeRecord(b)
		if err != nil {
			return
		}
		again, err := strictjson.Encode(r)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%s\n%s\n%v", b, again, err)
		}
		if e, err := r.Entry().normal(); err != nil || e != r.Entry() || r.Position == 0 {
			t.Fatal(r, err)
		}
	})
}

// The names are a format, and so are the hashes: others compute them. (This one
// was computed outside Go.)
func TestLeaf(t *testing.T) {
	t.Parallel()
	want := `{"event":{"actor_omni":"` + mine.String() + `","emitter":"signer","id":"` + named(mine, 5).Event.ID + `","op":"fetch","operator_omni":"` + mine.String() +
		`","result":"allowed","time":"2027-03-04T12:00:00Z"},"position":7,"previous":"` + Genesis(mine).String() +
		`","received":"2027-03-04T12:00:00Z","sequence":5,"source":"signer"}`
	if got := string(leaf(t)); got != want {
		t.Errorf("%s\n%s", got, want)
	}
	if got := HashOf(leaf(t)).String(); got != "0x95efd56a48e173485991844238bd43c401acfacc6d1cb65db8bca06b3a16d235" {
		t.Error(got)
	}
}

// Each differs from a record in one thing.
func TestNotARecord(t *testing.T) {
	t.Parallel()
	good := string(leaf(t))
	if _, err := DecodeRecord([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string][2]string{
		"white space":         {`{"event"`, `{ "event"`},
		"another order":       {`"sequence":5,"source":"signer"`, `"source":"signer","sequence":5`},
		"a member more":       {`"sequence":5`, `"sequence":5,"shape":1`},
		"a member twice":      {`"sequence":5`, `"sequence":5,"sequence":5`},
		"a zero written":      {`"sequence":5`, `"sequence":0`},
		"a number in digits":  {`"sequence":5`, `"sequence":5.0`},
		"a number too large":  {`"sequence":5`, `"sequence":9007199254740992`},
		"position zero":       {`"position":7`, `"position":0`},
		"position too large":  {`"position":7`, `"position":9007199254740992`},
		"no source":           {`,"source":"signer"`, ``},
		"a source of lines":   {`"source":"signer"`, `"source":"a\nb"`},
		"an escape":           {`"source":"signer"`, `"source":"\u0073igner"`},
		"a time elsewhere":    {`"received":"2027-03-04T12:00:00Z"`, `"received":"2027-03-04T13:00:00+01:00"`},
		"a time too fine":     {`"received":"2027-03-04T12:00:00Z"`, `"received":"2027-03-04T12:00:00.0001Z"`},
		"a fraction of zero":  {`"received":"2027-03-04T12:00:00Z"`, `"received":"2027-03-04T12:00:00.0Z"`},
		"an event's time":     {`"time":"2027-03-04T12:00:00Z"`, `"time":"2027-03-04T12:00:00.0001Z"`},
		"an invalid event":    {`"result":"allowed"`, `"result":"perhaps"`},
		"a hash in capitals":  {`"previous":"0x`, `"previous":"0X`},
		"a hash without 0x":   {`"previous":"0x`, `"previous":"`},
		"a hash of 31 bytes":  {`"previous":"0x` + Genesis(mine).String()[2:4], `"previous":"0x`},
		"something behind it": {`"source":"signer"}`, `"source":"signer"} `},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		if bad == good {
			t.Errorf("%s: nothing was edited", name)
		}
		if r, err := DecodeRecord([]byte(bad)); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestHashText(t *testing.T) {
	t.Parallel()
	good := Genesis(mine).String()
	var h Hash
	if err := h.UnmarshalText([]byte(good)); err != nil || h != Genesis(mine) {
		t.Error(h, err)
	}
	for _, bad := range []string{"", "0x", good[2:], "0x" + good, strings.ToUpper(good), "0x" + strings.ToUpper(good[2:]), good[:64], good + "00", good[:65] + "g"} {
		if err := h.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is a hash", bad)
		}
	}
}
