package roles_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// described loads the document with a library that knows nothing of this program.
func described(t testing.TB, text []byte) (*openapi3.T, error) {
	t.Helper()
	d, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	return d, d.Validate(t.Context())
}

// TestOpenAPIIsValid: by an independent validator, which refuses what is broken.
func TestOpenAPIIsValid(t *testing.T) {
	text := document(t)
	d, err := described(t, text)
	if err != nil || d.OpenAPI != "3.1.0" || d.Paths.Len() < 30 {
		t.Fatalf("%v", err)
	}
	for name, c := range map[string][2]string{
		"a reference to nothing":   {`"#/components/schemas/api.Capability"`, `"#/components/schemas/api.Nothing"`},
		"a type that there is not": {`"type":"integer"`, `"type":"number of things"`},
		"a parameter of no path":   {`{"name":"id","in":"path"`, `{"name":"other","in":"path"`},
		"no responses":             {`"responses":{"200"`, `"respond":{"200"`},
		"an unknown scheme":        {`"session":[]`, `"session":"yes"`},
	} {
		broken := strings.Replace(string(text), c[0], c[1], 1)
		if broken == string(text) {
			t.Errorf("%s: %s is not in the document", name, c[0])
			continue
		}
		if _, err := described(t, []byte(broken)); err == nil {
			t.Errorf("%s: valid", name)
		}
	}
}

// laterChecked are bounds of texts that the handler holds, behind what it verifies:
// the decoder takes them as text.
var laterChecked = []string{"service", "op", "result", "code", "data_class", "request_id", "note"}

// isLater: so is the class of what is wrapped anew, each item for itself.
func isLater(what string) bool {
	before, found := strings.CutSuffix(what, ": of another form")
	name := before[strings.LastIndexByte(before, ' ')+1:]
	return found && (slices.Contains(laterChecked, name) || before == "items: element: class")
}

// TestOpenAPIAgainstHandlers: for every route, what the document calls valid is what
// the route reads, and each step away from it is refused by both.
func TestOpenAPIAgainstHandlers(t *testing.T) {
	d, err := described(t, document(t))
	if err != nil {
		t.Fatal(err)
	}
	bodies, params, bare := 0, 0, 0
	for _, r := range everything().Described() {
		path := r.Path
		for _, part := range strings.Split(path, "/") {
			if strings.HasPrefix(part, ":") {
				path = strings.Replace(path, part, "{"+part[1:]+"}", 1)
			}
		}
		item := d.Paths.Value(path)
		if item == nil || item.GetOperation(r.Method) == nil {
			t.Errorf("%s %s is not described", r.Method, r.Path)
			continue
		}
		o := item.GetOperation(r.Method)
		if o.Extensions["x-agentkeys-policy"] != r.Policy || !slices.Contains(o.Tags, r.Role) {
			t.Errorf("%s %s: policy %v, role %v", r.Method, r.Path, o.Extensions, o.Tags)
		}
		switch media := bodyOf(o); {
		case media == nil:
			bare++
			withoutBody(t, r, o, &params)
		case o.RequestBody.Value.Content.Get("application/json") == nil:
			octets(t, r)
		default:
			bodies++
			checkBody(t, r, media.Schema)
		}
	}
	if bodies < 14 || params < 10 || bare < 15 {
		t.Errorf("only %d bodies, %d parameters and %d routes without a body were checked", bodies, params, bare)
	}
}

func bodyOf(o *openapi3.Operation) *openapi3.MediaType {
	if o.RequestBody == nil {
		return nil
	}
	for _, m := range o.RequestBody.Value.Content {
		return m
	}
	return nil
}

func call(r httpd.Described, media string, body []byte) *httpd.Call {
	c := &httpd.Call{Method: r.Method, Path: r.Path, Header: http.Header{}, Body: body}
	if media != "" {
		c.Header.Set("Content-Type", media)
	}
	return c
}

func octets(t *testing.T, r httpd.Described) {
	t.Helper()
	if err := r.Check(call(r, "application/octet-stream", []byte{0})); err != nil {
		t.Errorf("%s: %v", r.Path, err)
	}
	for _, other := range []string{"", "application/json", "text/plain"} {
		if err := r.Check(call(r, other, []byte{0})); apierr.CodeOf(err) != apierr.InvalidInput {
			t.Errorf("%s as %q: %v", r.Path, other, err)
		}
	}
}

// withoutBody: none is taken, and of the URL exactly what is described.
func withoutBody(t *testing.T, r httpd.Described, o *openapi3.Operation, params *int) {
	t.Helper()
	want := func(what, last, query string, code apierr.Code) {
		t.Helper()
		c := call(r, "", nil)
		c.Path, c.Query = strings.Replace(r.Path, lastOf(r.Path), last, 1), query
		if err := r.Check(c); apierr.CodeOf(err) != code || code == "" && err != nil {
			t.Errorf("%s %s: %v", r.Path, what, err)
		}
	}
	if err := r.Check(call(r, "application/json", []byte("{}"))); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("%s takes a body: %v", r.Path, err)
	}
	if !r.Shape.Query {
		return
	}
	last := lastOf(r.Path)
	for _, p := range o.Parameters {
		if *params++; p.Value.In == "path" {
			last = fmt.Sprint(example(p.Value.Schema))
		}
	}
	want("as described", last, "", "")
	want("with an unknown parameter", last, "unknown=1", apierr.InvalidInput)
	for _, p := range o.Parameters {
		value := fmt.Sprint(example(p.Value.Schema))
		if p.Value.In == "path" {
			want("with another path", "x", "", apierr.InvalidInput)
			continue
		}
		query := p.Value.Name + "=" + value
		want(query, last, query, "")
		want(query+" twice", last, query+"&"+query, apierr.InvalidInput)
		want(p.Value.Name+" empty", last, p.Value.Name+"=", apierr.InvalidInput)
		if !slices.Contains(laterChecked, p.Value.Name) {
			want(p.Value.Name+" of another form", last, p.Value.Name+"=%21", apierr.InvalidInput)
		}
	}
}

func lastOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// checkBody tries the example, and everything that differs from it in one place.
func checkBody(t *testing.T, r httpd.Described, schema *openapi3.SchemaRef) {
	t.Helper()
	whole := example(schema)
	judge := func(what string, v any, valid bool) {
		t.Helper()
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(body, &plain); err != nil {
			t.Fatal(err)
		}
		if err := schema.Value.VisitJSON(plain, openapi3.EnableJSONSchema2020()); (err == nil) != valid {
			t.Errorf("%s %s: the schema says %v: %s", r.Path, what, err, body)
		}
		switch err := r.Check(call(r, "application/json", body)); {
		case valid && err != nil, !valid && apierr.CodeOf(err) != apierr.InvalidInput:
			t.Errorf("%s %s: the handler says %v: %s", r.Path, what, err, body)
		}
	}
	judge("as described", whole, true)
	for _, m := range mutations(schema, whole) {
		if !isLater(m.what) {
			judge(m.what, m.value, m.valid)
		}
	}
	body, _ := json.Marshal(whole)
	if err := r.Check(call(r, "", body)); apierr.CodeOf(err) != apierr.InvalidInput {
		t.Errorf("%s without a media type: %v", r.Path, err)
	}
}

// example is a value that has everything that a schema describes.
func example(s *openapi3.SchemaRef) any {
	v := s.Value
	switch {
	case len(v.Examples) > 0:
		return v.Examples[0]
	case len(v.Enum) > 0:
		return v.Enum[0]
	case v.Type.Is("object"):
		out := map[string]any{}
		for name, p := range v.Properties {
			out[name] = example(p)
		}
		return out
	case v.Type.Is("array"):
		return []any{example(v.Items)}
	case v.Type.Is("integer") && v.Min != nil && *v.Min > 0:
		return int(*v.Min)
	case v.Type.Is("integer"):
		return 1
	case v.Type.Is("boolean"):
		return true
	}
	return "text"
}

type mutation struct {
	what  string
	value any
	valid bool
}

// mutations are all values that differ from one in one place.
func mutations(s *openapi3.SchemaRef, value any) (out []mutation) {
	v := s.Value
	add := func(what string, value any, valid bool) { out = append(out, mutation{what, value, valid}) }
	switch value := value.(type) {
	case map[string]any:
		with := func(name string, x any) map[string]any {
			c := maps.Clone(value)
			if c[name] = x; x == nil {
				delete(c, name)
			}
			return c
		}
		add("with an unknown member", with("unknown", 1), false)
		for name := range value {
			add("without "+name, with(name, nil), !slices.Contains(v.Required, name))
			for _, m := range mutations(v.Properties[name], value[name]) {
				add(name+": "+m.what, with(name, m.value), m.valid)
			}
		}
		add("an array", []any{value}, false)
	case []any:
		for _, m := range mutations(v.Items, value[0]) {
			add("element: "+m.what, []any{m.value}, m.valid)
		}
		if v.MinItems > 0 {
			add("of too few", []any{}, false)
		}
		if v.MaxItems != nil {
			add("of the most", slices.Repeat(value, int(*v.MaxItems)), true)
			add("of too many", slices.Repeat(value, int(*v.MaxItems)+1), false)
		}
		add("no array", value[0], false)
	case string:
		add("a number", 1, false)
		if v.Pattern != "" || len(v.Enum) > 0 {
			add("of another form", "!", false)
		}
	default:
		add("a text", "1", false)
		if v.Min != nil {
			add("too small", int64(*v.Min)-1, false)
		}
		if v.Max != nil {
			add("the greatest", int64(*v.Max), true)
			add("too great", int64(*v.Max)+1, false)
		}
	}
	return out
}
