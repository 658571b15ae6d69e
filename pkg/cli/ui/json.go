package ui

import (
	"fmt"
	"unicode/utf8"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// EncodeJSON renders a value for -o json: indented by two spaces, members in
// the order of the struct and maps in that of their keys, a newline at the end.
// What a terminal would act on is \u-escaped inside strings, which a JSON
// parser reads back as it was.
func EncodeJSON(v any) ([]byte, error) {
	compact, err := strictjson.Encode(v)
	if err != nil {
		return nil, err
	}
	return layOut(compact), nil
}

func layOut(compact []byte) []byte {
	out := make([]byte, 0, len(compact)*5/4)
	depth, quoted := 0, false
	line := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, "  "...)
		}
	}
	for i := 0; i < len(compact); {
		c := compact[i]
		if quoted {
			var n int
			out, n = appendInString(out, compact[i:])
			quoted = c != '"'
			i += n
			continue
		}
		switch c {
		case '{', '[':
			out = append(out, c)
			if next := compact[i+1]; next != '}' && next != ']' {
				depth++
				line()
			}
		case '}', ']':
			if prev := compact[i-1]; prev != '{' && prev != '[' {
				depth--
				line()
			}
			out = append(out, c)
		case ',':
			out = append(out, c)
			line()
		case ':':
			out = append(out, ": "...)
		default:
			quoted = c == '"'
			out = append(out, c)
		}
		i++
	}
	return append(out, '\n')
}

// appendInString copies one character of a string, or one escape, and returns
// how many bytes it took.
func appendInString(out, rest []byte) ([]byte, int) {
	if rest[0] == '\\' {
		return append(out, rest[:2]...), 2
	}
	r, n := utf8.DecodeRune(rest)
	switch {
	case r < utf8.RuneSelf && r != 0x7f, shown(r):
		return append(out, rest[:n]...), n
	case r < 0x10000:
		return fmt.Appendf(out, `\u%04x`, r), n
	}
	r -= 0x10000
	return fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff), n
}
