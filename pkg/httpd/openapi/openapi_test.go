package openapi_test

import (
	"encoding"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd/openapi"
	"github.com/litentry/agentkeys/pkg/omni"
)

type entry struct {
	Self []entry `json:"self,omitzero"`
}

type input struct {
	Who   omni.Actor        `json:"who"`
	At    time.Time         `json:"at,omitzero"`
	Count int               `json:"count,omitzero" oas:"min=1,max=9"`
	Kind  string            `json:"kind" oas:"enum=a|b"`
	Tags  map[string]string `json:"tags,omitzero"`
	List  []entry           `json:"list" oas:"minItems=1"`
	Ok    *bool             `json:"ok"`
}

type asked struct {
	Limit int `query:"limit" oas:"min=1,max=5"`
	Other int
}

// own has a form that nobody described.
type own struct{}

func (own) MarshalText() ([]byte, error) { return nil, nil }

var _ encoding.TextMarshaler = own{}

func route(edit func(*openapi.Route)) openapi.Route {
	r := openapi.Route{
		Refuses: []apierr.Code{apierr.ProofInvalid, apierr.CapUsed, apierr.StorageDenied, apierr.PreconditionFailed},
		Role:    "x", Method: "POST", Path: "/v1/x/:operator", Policy: "session+proof", Layer: apierr.LayerWorker, Op: "fetch", Class: "credentials",
		In: reflect.TypeFor[input](), Takes: openapi.JSON, Out: reflect.TypeFor[entry](), Answers: openapi.JSON,
	}
	if edit != nil {
		edit(&r)
	}
	return r
}

func TestBuild(t *testing.T) {
	d, err := openapi.Build("v1", []openapi.Route{route(nil), route(func(r *openapi.Route) {
		r.Method, r.In, r.Query, r.Takes, r.Answers = "GET", reflect.TypeFor[asked](), true, "", openapi.Stream
		r.Refuses = []apierr.Code{apierr.CapUsed, apierr.StorageDenied}
	})})
	if err != nil {
		t.Fatal(err)
	}
	o := d.Paths["/v1/x/{operator}"]["post"]
	if o.ID != "post_v1_x_operator" || len(o.Security) != 1 || len(o.Security[0]) != 2 || o.Parameters[0].Name != "operator" || o.Body == nil {
		t.Errorf("%+v", o)
	}
	s := d.Components.Schemas["openapi_test.input"]
	if strings.Join(s.Required, " ") != "who kind list" || s.Additional != false || *s.Properties["count"].Maximum != 9 ||
		strings.Join(s.Properties["kind"].Enum, " ") != "a b" || s.Properties["who"].Pattern != "^0x[0-9a-f]{64}$" || s.Properties["at"].Format != "date-time" ||
		*s.Properties["list"].MinItems != 1 || s.Properties["tags"].Additional == nil || s.Properties["ok"].Type != "boolean" {
		t.Errorf("%+v", s)
	}
	if e := d.Components.Schemas["openapi_test.entry"]; e.Properties["self"].Items.Ref != "#/components/schemas/openapi_test.entry" {
		t.Errorf("%+v", e)
	}
	g := d.Paths["/v1/x/{operator}"]["get"]
	if len(g.Parameters) != 2 || g.Parameters[1].Name != "limit" || g.Parameters[1].In != "query" || g.Body != nil || g.Responses["200"].Content["text/event-stream"].Schema.Type != "string" {
		t.Errorf("%+v", g)
	}
	// What each route declares, and no more; what is the same is shared.
	for _, c := range []struct {
		of                 openapi.Operation
		status, name, want string
	}{
		{o, "401", "x_401", "Refused: cap_used, proof_invalid."},
		{o, "403", "x_403", "Refused: storage_denied."},
		{o, "412", "x_412", "Refused: precondition_failed."},
		{g, "401", "x_401_2", "Refused: cap_used."},
		{g, "403", "x_403", "Refused: storage_denied."},
	} {
		if got := d.Components.Responses[c.name]; c.of.Responses[c.status].Ref != "#/components/responses/"+c.name || got.Description != c.want {
			t.Errorf("%s: %+v, %+v", c.name, c.of.Responses[c.status], got)
		}
	}
	if len(o.Responses) != 4 || len(g.Responses) != 3 {
		t.Errorf("%v, %v", o.Responses, g.Responses)
	}
}

// TestBuildRefuses: what cannot be described is noticed, whatever it is.
func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*openapi.Route)
		want string
	}{
		"sound":                   {func(*openapi.Route) {}, ""},
		"a policy nobody knows":   {func(r *openapi.Route) { r.Policy = "magic" }, `the policy "magic" is not described`},
		"an addition to a policy": {func(r *openapi.Route) { r.Policy = "public, sometimes" }, "is not described"},
		"a parameter of the path": {func(r *openapi.Route) { r.Path = "/v1/:thing" }, `there is no form "thing"`},
		"a body that is not said": {func(r *openapi.Route) { r.In = nil }, "httpd.Reads"},
		"a code of another role":  {func(r *openapi.Route) { r.Refuses = []apierr.Code{apierr.OperatorNotServed} }, `no check of the role x answers "operator_not_served"`},
		"a code of no table":      {func(r *openapi.Route) { r.Refuses = []apierr.Code{"made_up"} }, `answers "made_up"`},
		"a form of its own":       {func(r *openapi.Route) { r.Out = reflect.TypeFor[own]() }, "has a form of its own"},
		"a channel":               {func(r *openapi.Route) { r.Out = reflect.TypeFor[chan int]() }, "cannot be described"},
		"anything":                {func(r *openapi.Route) { r.Out = reflect.TypeFor[any]() }, "cannot be described"},
		"no name":                 {func(r *openapi.Route) { r.Out = reflect.TypeFor[struct{ A int }]() }, "has no name"},
		"a tag without number": {func(r *openapi.Route) {
			type bad struct {
				A int `json:"a" oas:"min=x"`
			}
			r.Out = reflect.TypeFor[bad]()
		}, "has no number"},
		"an unknown tag": {func(r *openapi.Route) {
			type bad struct {
				A int `json:"a" oas:"least=1"`
			}
			r.Out = reflect.TypeFor[bad]()
		}, `has "least=1"`},
		"an unknown form": {func(r *openapi.Route) {
			type bad struct {
				A string `json:"a" oas:"form=colour"`
			}
			r.Out = reflect.TypeFor[bad]()
		}, `there is no form "colour"`},
	} {
		_, err := openapi.Build("v1", []openapi.Route{route(c.edit)})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
