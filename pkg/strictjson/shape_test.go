package strictjson_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

type inner struct {
	A string    `json:"a"`
	B time.Time `json:"b,omitzero"`
}

type outer struct {
	inner
	One   inner            `json:"one"`
	Maybe *inner           `json:"maybe"`
	Many  []inner          `json:"many,omitempty"`
	Bytes []byte           `json:"bytes,omitzero"`
	Map   map[string]inner `json:"map,omitzero"`
	At    time.Time        `json:"at"`
	Not   string           `json:"-"`
	Plain int
	none  int
}

func TestMembers(t *testing.T) {
	var got []string
	for _, m := range strictjson.Members(reflect.TypeFor[outer]()) {
		if m.Required {
			m.Name += "!"
		}
		got = append(got, m.Name)
	}
	if want := "a! b one! maybe many bytes map at! Plain!"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	for _, none := range []reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[string](), reflect.TypeFor[[]inner]()} {
		if m := strictjson.Members(none); m != nil {
			t.Errorf("%v: %v", none, m)
		}
	}
	_ = outer{none: 1}
}

const whole = `{"a":"x","one":{"a":""},"many":[{"a":"1"},{"a":"2","b":"2027-01-01T00:00:00Z"}],"at":"2027-01-01T00:00:00Z","Plain":0}`

// TestShape: each member taken away is missed by its place, and no other.
func TestShape(t *testing.T) {
	s := strictjson.NewShape(reflect.TypeFor[outer]())
	if err := s.Check([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, now, want string }{
		"of an embedded struct": {`"a":"x",`, ``, "missing member /a"},
		"a struct":              {`"one":{"a":""},`, ``, "missing member /one"},
		"of a struct":           {`{"a":""}`, `{}`, "missing member /one/a"},
		"of an element":         {`{"a":"2",`, `{`, "missing member /many/1/a"},
		"optional":              {`,"b":"2027-01-01T00:00:00Z"`, ``, ""},
		"an optional list":      {`"many":[{"a":"1"},{"a":"2","b":"2027-01-01T00:00:00Z"}],`, ``, ""},
		"of an optional struct": {`"Plain":0`, `"Plain":0,"maybe":{}`, "missing member /maybe/a"},
		"an optional struct":    {`"Plain":0`, `"Plain":0,"maybe":{"a":""}`, ""},
		"under an escaped name": {`"at":`, `"\u0061t":`, ""},
		"an unknown one":        {`"Plain":0`, `"Plain":0,"x":{}`, ""},
		"text":                  {`"at":"2027-01-01T00:00:00Z",`, ``, "missing member /at"},
	} {
		text := strings.Replace(whole, c.old, c.now, 1)
		err := s.Check([]byte(text))
		if (err == nil) != (c.want == "") || err != nil && (!errors.Is(err, strictjson.ErrInvalid) || !strings.HasSuffix(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, other := range []string{"", "[", `{"a"`, `[]`, `"x"`, `{"one":[]}`, `{"a":1}`} {
		_ = s.Check([]byte(other)) // Decode refuses it; it must only not run away
	}
}

// FuzzShape: what is whole decodes back whole, and what lacks a member is refused
// whatever stands around.
func FuzzShape(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"a":"x"}`))
	f.Add([]byte(`[[{]`))
	s := strictjson.NewShape(reflect.TypeFor[inner]())
	f.Fuzz(func(t *testing.T, data []byte) {
		var v inner
		if strictjson.Decode(data, &v) != nil {
			_ = s.Check(data)
			return
		}
		var members map[string]any
		if err := strictjson.Decode(data, &members); err != nil {
			return // not an object: nothing of it was taken
		}
		if _, has := members["a"]; has != (s.Check(data) == nil) {
			t.Errorf("%q: has it: %v", data, has)
		}
	})
}
