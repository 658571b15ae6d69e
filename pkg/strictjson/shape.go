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
	members map[string]member // of an object; nil for none
	must    []string
	element *Shape // of an array
}

// member is what is known of a member by its name: its place among those that must
// be there, or -1, and its own shape.
type member struct {
	place int
	shape *Shape
}

const (
	// maxNesting bounds types that contain themselves; what is deeper is not looked at.
	maxNesting = MaxDepth
	// maxMust bounds the members of one type that must be there: a bit each.
	maxMust = 64
)

// NewShape is the shape of a type. Of a type with more than 64 members that must be
// there, the others may be absent.
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
	s := &Shape{members: map[string]member{}}
	for _, m := range Members(t) {
		known := member{place: -1, shape: shapeOf(m.Type, depth+1)}
		if m.Required && len(s.must) < maxMust {
			known.place, s.must = len(s.must), append(s.must, m.Name)
		}
		s.members[m.Name] = known
	}
	return s
}

// Check refuses a text that lacks a member. The text is one that Decode took: what
// is malformed, or there twice, is not found here.
func (s *Shape) Check(data []byte) error {
	if err := s.check(jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

func (s *Shape) check(d *jsontext.Decoder) error {
	switch kind := d.PeekKind(); {
	case s != nil && s.members != nil && kind == '{':
		return s.checkObject(d)
	case s == nil || s.element == nil || kind != '[':
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if err := s.element.check(d); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (s *Shape) checkObject(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	var seen uint64
	empty := true
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		empty = false
		m := s.member(name)
		if m.place >= 0 {
			seen |= 1 << m.place
		}
		if err := m.shape.check(d); err != nil {
			return err
		}
	}
	for place, name := range s.must {
		if seen&(1<<place) == 0 {
			at := d.StackPointer()
			if !empty { // it names the member read last
				at = at.Parent()
			}
			return fmt.Errorf("missing member %s/%s", placeOf(at), name)
		}
	}
	_, err := d.ReadToken()
	return err
}

// member finds a member by its name as it was written.
func (s *Shape) member(quoted jsontext.Value) member {
	m, known := member{}, false
	if len(quoted) >= 2 && bytes.IndexByte(quoted, '\\') < 0 {
		m, known = s.members[string(quoted[1:len(quoted)-1])]
	} else if name, err := jsontext.AppendUnquote(nil, quoted); err == nil {
		m, known = s.members[string(name)]
	}
	if !known {
		return member{place: -1}
	}
	return m
}
