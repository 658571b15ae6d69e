package home

import (
	"fmt"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

// LookupError says why a name or identifier did not lead to exactly one party,
// and which names may have been meant. It wraps its Reason.
type LookupError struct {
	Query      string // empty: nothing was named and there was no only choice
	What       string // "agent", "operator or agent", "identity on this machine"
	Reason     error
	Is         Kind // with ErrWrongKind: what the name stands for
	Candidates []string
}

// Error implements error.
func (e *LookupError) Error() string {
	switch e.Reason {
	case ErrWrongKind:
		return fmt.Sprintf("%s is %s, not %s", e.Query, article(string(e.Is)), article(e.What))
	case ErrAmbiguousName:
		if e.Query == "" {
			return fmt.Sprintf("there is more than one %s (%s): name the one you mean", e.What, strings.Join(e.Candidates, ", "))
		}
		return fmt.Sprintf("%s stands for more than one %s: %s; use the name", e.Query, e.What, strings.Join(e.Candidates, ", "))
	}
	if e.Query == "" {
		return fmt.Sprintf("there is no %s", e.What)
	}
	s := fmt.Sprintf("there is no %s %s", e.What, e.Query)
	if len(e.Candidates) > 0 {
		s += "; did you mean " + strings.Join(e.Candidates, " or ") + "?"
	}
	return s
}

// Unwrap returns the reason.
func (e *LookupError) Unwrap() error { return e.Reason }

// Resolve finds the one entry of the given kinds (any when none is given) that
// q names: by name, by account address, or by omni or device key hash. It never
// guesses: no, several, or another kind is a [LookupError].
func (b *Book) Resolve(q string, kinds ...Kind) (Entry, error) {
	if strings.HasPrefix(q, "0x") {
		return b.resolveID(q, kinds)
	}
	what := describe(kinds, "entry")
	if i := slices.IndexFunc(b.entries, func(e Entry) bool { return e.Name == q }); i >= 0 {
		if e := b.entries[i]; wanted(e.Kind, kinds) {
			return e, nil
		} else {
			return Entry{}, &LookupError{Query: q, What: what, Reason: ErrWrongKind, Is: e.Kind}
		}
	}
	var known []string
	for _, e := range b.Entries(kinds...) {
		known = append(known, e.Name)
	}
	near := nearest(q, known)
	if err := CheckName(q); err != nil && len(near) == 0 {
		return Entry{}, err
	}
	return Entry{}, &LookupError{Query: clip(q), What: what, Reason: ErrUnknownName, Candidates: near}
}

func (b *Book) resolveID(q string, kinds []Kind) (Entry, error) {
	matches, err := matcher(q)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrInvalidName, err)
	}
	var found, other []Entry
	for _, e := range b.entries {
		switch {
		case !matches(e):
		case wanted(e.Kind, kinds):
			found = append(found, e)
		default:
			other = append(other, e)
		}
	}
	what := describe(kinds, "entry")
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		var names []string
		for _, e := range found {
			names = append(names, e.Name)
		}
		return Entry{}, &LookupError{Query: q, What: what, Reason: ErrAmbiguousName, Candidates: names}
	case len(other) > 0:
		return Entry{}, &LookupError{Query: other[0].Name, What: what, Reason: ErrWrongKind, Is: other[0].Kind}
	}
	return Entry{}, &LookupError{Query: q, What: what, Reason: ErrUnknownName}
}

// matcher reads an identifier. An operator's omni means the operator, not every
// agent that it has.
func matcher(q string) (func(Entry) bool, error) {
	if len(q) == 42 {
		a, err := profile.ParseAddress(q)
		return func(e Entry) bool { return e.Address == a }, err
	}
	id, err := omni.ParseActor(q)
	if err != nil {
		return nil, fmt.Errorf("an identifier is an address (0x and 40 hex characters) or an omni (0x and 64 lower-case hex characters)")
	}
	raw := id.Bytes()
	return func(e Entry) bool {
		return e.Kind == KindOperator && e.Operator.Bytes() == raw || e.Kind == KindAgent && e.Actor == id || e.Device.Bytes() == raw
	}, nil
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") {
		return "an " + noun
	}
	return "a " + noun
}
