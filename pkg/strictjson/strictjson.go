// Package strictjson decodes JSON that hostile hands may have written.
//
// encoding/json takes the last of two duplicate members, ignores case, folds
// unusual letters into ASCII and replaces invalid UTF-8. Two parsers that
// disagree about one signed text are an attack, so this package refuses
// (RFC 7493, I-JSON): duplicate members, unknown members, members that differ
// in case, invalid UTF-8, trailing data, a byte order mark, nesting deeper
// than MaxDepth, numbers that do not fit, and null where a value is expected.
package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds the nesting of arrays and objects.
const MaxDepth = 16

// ErrInvalid is wrapped by every error of Decode.
var ErrInvalid = errors.New("invalid JSON")

// Decode reads exactly one JSON value from data into v. Its errors describe
// the fault without repeating values of the input, or a name that could be none.
func Decode(data []byte, v any) error { return decode(data, v, true) }

// DecodeAnswer is Decode for a client that reads a server's answer: members
// that it does not know are skipped, so that an older client still understands
// a newer server.
func DecodeAnswer(data []byte, v any) error { return decode(data, v, false) }

func decode(data []byte, v any, rejectUnknown bool) error {
	if err := scan(data); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := json.Unmarshal(data, v, json.RejectUnknownMembers(rejectUnknown), json.MatchCaseInsensitiveNames(false)); err != nil {
		return fmt.Errorf("%w: %s", ErrInvalid, describe(err))
	}
	return nil
}

// Encode writes v compactly and deterministically.
func Encode(v any) ([]byte, error) { return json.Marshal(v, json.Deterministic(true)) }

// scan refuses null anywhere, deep nesting, and whatever jsontext refuses
// (duplicate names and invalid UTF-8 among it).
func scan(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(data)) // which it reads where it lies: no copy of a secret stays behind
	for {
		tok, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New(describe(err))
		}
		if tok.Kind() == jsontext.KindNull {
			return fmt.Errorf("null at %s", placeOf(d.StackPointer()))
		}
		if d.StackDepth() > MaxDepth {
			return fmt.Errorf("nested deeper than %d", MaxDepth)
		}
	}
}

// describe names place and fault, never the value.
func describe(err error) string {
	var syn *jsontext.SyntacticError
	if errors.As(err, &syn) {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Sprintf("duplicate member at %s", placeOf(syn.JSONPointer))
		}
		return fmt.Sprintf("malformed at byte %d", syn.ByteOffset)
	}
	var sem *json.SemanticError
	if errors.As(err, &sem) {
		if errors.Is(err, json.ErrUnknownName) {
			return fmt.Sprintf("unknown member %s", placeOf(sem.JSONPointer))
		}
		if sem.Err != nil {
			return fmt.Sprintf("%s: %s", placeOf(sem.JSONPointer), clip(sem.Err.Error()))
		}
		return fmt.Sprintf("wrong type at %s", placeOf(sem.JSONPointer))
	}
	return "malformed"
}

// placeOf is a pointer (RFC 6901) with those of its names that could be a member's: who
// puts a secret in the place of a name does not find it in a log.
func placeOf(p jsontext.Pointer) string {
	var b strings.Builder
	for name := range p.Tokens() {
		if !isName(name) {
			name = "…"
		}
		b.WriteString("/" + name)
	}
	return clip(b.String())
}

// isName: letters, underscores and hardly a digit, as members are named here and by
// others, or a place in an array.
func isName(s string) bool {
	letters, digits := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
			letters++
		case '0' <= c && c <= '9':
			digits++
		default:
			return false
		}
	}
	return s != "" && len(s) <= 40 && (digits <= 3 || letters == 0 && digits <= 7)
}

func clip(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}
