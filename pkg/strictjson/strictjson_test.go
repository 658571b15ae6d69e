package strictjson_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

type doc struct {
	Service string   `json:"service"`
	Uses    int      `json:"uses,omitzero"`
	Tags    []string `json:"tags,omitzero"`
}

func TestDecode(t *testing.T) {
	var d doc
	if err := strictjson.Decode([]byte(` {"service":"github","uses":3,"tags":["a"]} `), &d); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d, doc{"github", 3, []string{"a"}}) {
		t.Errorf("%+v", d)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"empty":            ``,
		"duplicate":        `{"service":"a","service":"b"}`,
		"case folded":      `{"Service":"a"}`,
		"long s":           `{"ſervice":"a"}`,
		"escaped twin":     `{"service":"a","\u0073ervice":"b"}`,
		"unknown":          `{"service":"a","x":1}`,
		"trailing":         `{"service":"a"} x`,
		"two documents":    `{"service":"a"}{"service":"b"}`,
		"byte order mark":  "\ufeff" + `{"service":"a"}`,
		"wrong type":       `{"service":1}`,
		"number as string": `{"uses":"1"}`,
		"float":            `{"uses":1.5}`,
		"overflow":         `{"uses":9223372036854775808}`,
		"huge exponent":    `{"uses":1e400}`,
		"NaN":              `{"uses":NaN}`,
		"null member":      `{"service":null}`,
		"null":             `null`,
		"invalid UTF-8":    "{\"service\":\"\xff\"}",
		"lone surrogate":   `{"service":"\ud800"}`,
		"deep":             `{"tags":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`,
		"comment":          `{"service":"a"/**/}`,
		"comma":            `{"service":"a",}`,
		"array":            `["a"]`,
		"NUL":              "{\"service\":\"a\x00\"}",
	} {
		var d doc
		if err := strictjson.Decode([]byte(in), &d); !errors.Is(err, strictjson.ErrInvalid) {
			t.Errorf("%s: accepted as %+v (%v)", name, d, err)
		}
	}
}

func TestDecodeAnswer(t *testing.T) {
	var d doc
	if err := strictjson.DecodeAnswer([]byte(`{"service":"a","newer":1}`), &d); err != nil || d.Service != "a" {
		t.Errorf("%+v %v", d, err)
	}
	for _, in := range []string{`{"service":"a","service":"b"}`, `{"service":1}`, `{"newer":null}`, `{} {}`} {
		if err := strictjson.DecodeAnswer([]byte(in), &d); !errors.Is(err, strictjson.ErrInvalid) {
			t.Errorf("%s accepted", in)
		}
	}
}

func TestErrorsDoNotRepeatValues(t *testing.T) {
	var d doc
	for _, in := range []string{`{"uses":"canary-1"}`, `{"service":"canary-1"`, `{"service":"canary-1" "canary-1"}`} {
		if err := strictjson.Decode([]byte(in), &d); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v", err)
		}
	}
}

// TestErrorsDoNotRepeatNames that are no member's: whoever mistook a place finds its
// secret in no log. A member that is mistyped is named.
func TestErrorsDoNotRepeatNames(t *testing.T) {
	type nested struct {
		In map[string]doc `json:"in,omitzero"`
	}
	for _, secret := range []string{"canary+1/~", "sk-canary", "eyJhbGciOiJFUzI1NiJ9.e30.canary", "c4n4ry0123456789", "9f86d081884c7d65", strings.Repeat("canary", 7), "ca nary", "canäry", ""} {
		name := string(must(json.Marshal(secret)))
		for in, says := range map[string]string{
			`{` + name + `:1}`:                            "unknown member /…",
			`{` + name + `:1,` + name + `:2}`:             "duplicate member at /…",
			`{` + name + `:null}`:                         "null at /…",
			`{"in":{` + name + `:{"service":[]}}}`:        "wrong type at /in/…/service",
			`{"in":{` + name + `:{"tags":[["x"]]}}}`:      "wrong type at /in/…/tags/0",
			`{"in":{` + name + `:{"service":"a","x":1}}}`: "unknown member /in/…/x",
		} {
			var d nested
			if err := strictjson.Decode([]byte(in), &d); err == nil || !strings.HasSuffix(err.Error(), says) {
				t.Errorf("%s: %v", in, err)
			}
		}
	}
	for _, name := range []string{"servcie", "body_sha256", "jwksUri", "id_token_signing_alg_values_supported"} {
		var d doc
		if err := strictjson.Decode([]byte(`{"`+name+`":1}`), &d); err == nil || !strings.HasSuffix(err.Error(), "unknown member /"+name) {
			t.Errorf("%v", err)
		}
	}
	shape := strictjson.NewShape(reflect.TypeFor[[]doc]())
	if err := shape.Check([]byte(`[{"service":"a"},{}]`)); err == nil || !strings.HasSuffix(err.Error(), "missing member /1/service") {
		t.Errorf("%v", err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"service":"a"}`, `{"service":"a","uses":1}`, `{"tags":["a","b"]}`, `{}`, `[`, `{"service":"a","service":"b"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var d doc
		if strictjson.Decode(data, &d) != nil {
			return
		}
		// What is accepted means the same to the standard library.
		var std doc
		if err := json.Unmarshal(data, &std); err != nil || !reflect.DeepEqual(d, std) {
			t.Fatalf("%q: %+v, standard library %+v (%v)", data, d, std, err)
		}
	})
}
