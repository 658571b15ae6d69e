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

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds the nesting of arrays and objects.
const MaxDepth = 16

// ErrInvalid is wrapped by every error of Decode.
var ErrInvalid = errors.New("invalid JSON")

// Decode reads exactly one JSON value from data into v. Its errors describe
// the fault without repeating values of the input.
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
			return fmt.Errorf("null at %s", d.StackPointer())
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
			return fmt.Sprintf("duplicate member at %s", clip(string(syn.JSONPointer)))
		}
		return fmt.Sprintf("malformed at byte %d", syn.ByteOffset)
	}
	var sem *json.SemanticError
	if errors.As(err, &sem) {
		if errors.Is(err, json.ErrUnknownName) {
			return fmt.Sprintf("unknown member %s", clip(string(sem.JSONPointer)))
		}
		if sem.Err != nil {
			return fmt.Sprintf("%s: %s", clip(string(sem.JSONPointer)), clip(sem.Err.Error()))
		}
		return fmt.Sprintf("wrong type at %s", clip(string(sem.JSONPointer)))
	}
	return "malformed"
}

func clip(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}
