package audit

import "strings"

// An event is looked at several times on its way, by whoever takes it from another:
// its grammars are written out, since regular expressions were a tenth of what an
// event costs.

// spelled: one byte of first, then bytes of more, at most limit in all.
func spelled(s string, limit int, first, more func(byte) bool) bool {
	if s == "" || len(s) > limit || !first(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !more(s[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) bool { return 'a' <= c && c <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }

func alphanumeric(c byte) bool { return lower(c) || 'A' <= c && c <= 'Z' || digit(c) }

// or is a class with some more bytes.
func or(class func(byte) bool, others string) func(byte) bool {
	return func(c byte) bool { return class(c) || strings.IndexByte(others, c) >= 0 }
}

// isEmitter: [a-z][a-z0-9-]{0,31}.
func isEmitter(s string) bool {
	return spelled(s, 32, lower, func(c byte) bool { return lower(c) || digit(c) || c == '-' })
}

// isOp: [a-z][a-z0-9_-]{0,31}.
func isOp(s string) bool {
	return spelled(s, 32, lower, func(c byte) bool { return lower(c) || digit(c) || c == '_' || c == '-' })
}

// IsRequestID reports whether s may name a request: [A-Za-z0-9_-]{1,64}.
func IsRequestID(s string) bool {
	class := or(alphanumeric, "_-")
	return spelled(s, 64, class, class)
}

// isObject: [A-Za-z0-9][A-Za-z0-9._:@+/-]{0,511}.
func isObject(s string) bool { return spelled(s, 512, alphanumeric, or(alphanumeric, "._:@+/-")) }

// IsSource reports whether s may name a series of numbers, or a lease:
// [A-Za-z0-9][A-Za-z0-9._:-]{0,63}.
func IsSource(s string) bool { return spelled(s, 64, alphanumeric, or(alphanumeric, "._:-")) }

// IsSignature reports whether s is base64url and dots, at most MaxReceipt
// characters, or empty.
func IsSignature(s string) bool {
	if len(s) > MaxReceipt {
		return false
	}
	for i := range len(s) { // the longest text of an entry: written out for its length
		if c := s[i]; !alphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
