package strictjson

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Member is one member of an object, as a struct's field describes it.
type Member struct {
	Name string
	Type reflect.Type
	// Required: the writer always writes it, so a reader may insist.
	Required bool
	Field    reflect.StructField
}

// Members are the members of a struct type, in the order of its fields, those of
// embedded structs among them; nil for every other type, and for one that reads or
// writes itself. A member is required unless it is omitted when it is zero, or may
// be absent as a pointer.
func Members(t reflect.Type) []Member {
	if t.Kind() != reflect.Struct || Itself(t) {
		return nil
	}
	var out []Member
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			out = append(out, Members(f.Type)...)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		optional := f.Type.Kind() == reflect.Pointer || strings.Contains(options, "omit")
		out = append(out, Member{Name: name, Type: f.Type, Required: !optional, Field: f})
	}
	return out
}

// Itself reports whether a type has its own form in JSON, or one of text.
func Itself(t reflect.Type) bool {
	for _, own := range []reflect.Type{
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](), reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[json.Marshaler](),
	} {
		if t.Implements(own) || reflect.PointerTo(t).Implements(own) {
			return true
		}
	}
	return false
}

// Shape is which members a JSON text must have. It does not change, and is safe for
// concurrent use.
type Shape struct {
	members map[string]*Shape // of an object
	must    []string
	element *Shape // of an array
}

// maxNesting bounds types that contain themselves; what is deeper is not looked at.
const maxNesting = MaxDepth

// NewShape is the shape of a type.
func NewShape(t reflect.Type) *Shape { return shapeOf(t, 0) }

func shapeOf(t reflect.Type, depth int) *Shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case depth > maxNesting || Itself(t):
		return nil
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		if e := shapeOf(t.Elem(), depth+1); e != nil {
			return &Shape{element: e}
		}
		return nil
	case t.Kind() != reflect.Struct:
		return nil
	}
	s := &Shape{members: map[string]*Shape{}}
	for _, m := range Members(t) {
		s.members[m.Name] = shapeOf(m.Type, depth+1)
		if m.Required {
			s.must = append(s.must, m.Name)
		}
	}
	return s
}

// Check refuses a text that lacks a member. The text is one that Decode took: what
// is malformed is not found here.
func (s *Shape) Check(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	if err := s.check(d); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func (s *Shape) check(d *jsontext.Decoder) error {
	kind := d.PeekKind()
	if s == nil || kind != '{' && kind != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if kind == '[' {
		for d.PeekKind() != ']' {
			if err := s.element.check(d); err != nil {
				return err
			}
		}
		_, err := d.ReadToken()
		return err
	}
	seen := map[string]bool{}
	at := d.StackPointer()
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		text := name.String()
		seen[text] = true
		if err := s.members[text].check(d); err != nil {
			return err
		}
	}
	for _, name := range s.must {
		if !seen[name] {
			return fmt.Errorf("missing member %s/%s", clip(string(at)), name)
		}
	}
	_, err := d.ReadToken()
	return err
}
