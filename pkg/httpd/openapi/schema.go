package openapi

import (
	"fmt"
	"path"
	"reflect"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// schemas collects the object types that are described.
type schemas struct {
	named map[string]*Schema
	types map[string]reflect.Type // what each name stands for
	// refusals are shared by the routes of a role.
	refusals map[string]Response
	// byCodes are their names by role, status and codes.
	byCodes map[string]string
	errs    []error
}

func (c *schemas) fail(format string, args ...any) *Schema {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
	return &Schema{}
}

// of is the schema of a type: a reference where it is an object.
func (c *schemas) of(t reflect.Type) *Schema {
	if t == nil {
		return c.fail("what its policy reads is not described: httpd.Reads")
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, own := ofType(t); own {
		return &s
	}
	if strictjson.Itself(t) {
		return c.fail("%s has a form of its own that is not described", t)
	}
	switch t.Kind() {
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return &Schema{Type: "integer"}
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		return &Schema{Type: "integer", Minimum: new(int64)}
	case reflect.Slice, reflect.Array:
		return &Schema{Type: "array", Items: c.of(t.Elem())}
	case reflect.Map:
		return &Schema{Type: "object", Additional: c.of(t.Elem())}
	case reflect.Struct:
		return c.object(t)
	}
	return c.fail("%s cannot be described", t)
}

// object describes a struct once, and refers to it.
func (c *schemas) object(t reflect.Type) *Schema {
	name := path.Base(t.PkgPath()) + "." + t.Name()
	ref := &Schema{Ref: "#/components/schemas/" + name}
	switch have := c.types[name]; {
	case t.Name() == "":
		return c.fail("%s has no name", t)
	case have == t:
		return ref
	case have != nil:
		return c.fail("two types are named %s", name)
	}
	s := &Schema{Type: "object", Properties: map[string]*Schema{}, Additional: false}
	c.types[name], c.named[name] = t, s
	for _, m := range strictjson.Members(t) {
		s.Properties[m.Name] = c.tagged(m.Type, m.Field)
		if m.Required {
			s.Required = append(s.Required, m.Name)
		}
	}
	return ref
}

// tagged is the schema of a field, with what its tag adds.
func (c *schemas) tagged(t reflect.Type, f reflect.StructField) *Schema {
	s := c.of(t)
	tag := f.Tag.Get("oas")
	if tag == "" {
		return s
	}
	own := *s
	for part := range strings.SplitSeq(tag, ",") {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.ParseInt(value, 10, 64)
		number := name != "form" && name != "enum"
		switch {
		case number && err != nil:
			return c.fail("%s: the tag oas has no number in %q", f.Name, part)
		case name == "form":
			known := false
			if own, known = form(value); !known {
				return c.fail("%s: there is no form %q", f.Name, value)
			}
		case name == "enum":
			own.Enum = strings.Split(value, "|")
		case name == "min":
			own.Minimum = &n
		case name == "max":
			own.Maximum = &n
		case name == "minItems":
			own.MinItems = &n
		case name == "maxItems":
			own.MaxItems = &n
		default:
			return c.fail("%s: the tag oas has %q", f.Name, part)
		}
	}
	return &own
}

// query describes the parameters that a type reads from the URL: its fields with the
// tag query.
func (c *schemas) query(t reflect.Type) (out []Parameter) {
	for i := range t.NumField() {
		f := t.Field(i)
		if name := f.Tag.Get("query"); name != "" {
			out = append(out, Parameter{Name: name, In: "query", Schema: c.tagged(f.Type, f)})
		}
	}
	return out
}
