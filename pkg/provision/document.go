package provision

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// meaning is a policy document taken apart: what is said, by where it is said.
// Two documents with equal meanings decide alike: one value and a list of one
// are the same, and so are lists in any order, statements included (AWS IAM
// user guide, "Grammar of the IAM JSON policy language").
type meaning map[string][]string

// maxStatements bounds what is compared.
const maxStatements = 1000

// parseMeaning reads a document as the cloud hands it out.
func parseMeaning(doc []byte) (meaning, error) {
	var top map[string]any
	if err := strictjson.Decode(doc, &top); err != nil {
		return nil, fmt.Errorf("policy document: %w", err)
	}
	m := meaning{}
	statements, ok := top["Statement"].([]any)
	if !ok {
		statements = []any{top["Statement"]}
	}
	if len(statements) > maxStatements {
		return nil, fmt.Errorf("policy document: more than %d statements", maxStatements)
	}
	for _, s := range statements {
		object, ok := s.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("policy document: a statement that is no object")
		}
		sid, _ := object["Sid"].(string)
		at := sid
		for n := 2; m[at] != nil; n++ { // without a Sid, or with one that is there twice
			at = fmt.Sprintf("%s (%d)", sid, n)
		}
		m[at] = []string{"there"}
		for name, value := range object {
			if name != "Sid" {
				m.say(at+" "+name, value)
			}
		}
	}
	for name, value := range top {
		if name != "Statement" {
			m.say(name, value)
		}
	}
	return m, nil
}

// say notes a value, and the members of an object each for itself.
func (m meaning) say(at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		m[at] = []string{"there"} // an empty object is not nothing
		for name, inner := range v {
			m.say(at+" "+name, inner)
		}
	case []any:
		list := make([]string, 0, len(v))
		for _, x := range v {
			list = append(list, fmt.Sprint(x))
		}
		if len(list) == 0 {
			list = append(list, "nothing")
		}
		slices.Sort(list)
		m[at] = slices.Compact(list)
	default:
		m[at] = []string{fmt.Sprint(v)}
	}
}

// difference is what have says and want does not (- ) and the reverse (+ ), by
// place. It is empty when both mean the same.
func difference(have, want meaning) []string {
	var out []string
	places := slices.Sorted(maps.Keys(have))
	for p := range want {
		if have[p] == nil {
			places = append(places, p)
		}
	}
	slices.Sort(places)
	for _, p := range places {
		for _, v := range have[p] {
			if !slices.Contains(want[p], v) {
				out = append(out, line("-", p, v))
			}
		}
		for _, v := range want[p] {
			if !slices.Contains(have[p], v) {
				out = append(out, line("+", p, v))
			}
		}
	}
	return out
}

func line(sign, place, value string) string {
	if value == "there" && !strings.Contains(place, " ") {
		return sign + " statement " + place
	}
	return sign + " " + place + ": " + value
}

// compare compares what is there with what is wanted. What cannot be read is a
// difference.
func compare(have, want []byte) ([]string, error) {
	w, err := parseMeaning(want)
	if err != nil {
		return nil, err
	}
	h, err := parseMeaning(have)
	if err != nil {
		return []string{"- a document that cannot be read: " + err.Error()}, nil
	}
	return difference(h, w), nil
}
