package profile

// indent lays out compact JSON for people: one member or element per line, two
// spaces per level, a newline at the end. No string of a valid profile holds a
// quote or a backslash, so a quote always begins or ends one.
func indent(compact []byte) []byte {
	var (
		out      []byte
		depth    int
		inString bool
	)
	line := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, "  "...)
		}
	}
	for i, c := range compact {
		switch {
		case inString:
			out = append(out, c)
			inString = c != '"'
		case c == '{' || c == '[':
			out = append(out, c)
			if next := compact[i+1]; next != '}' && next != ']' {
				depth++
				line()
			}
		case c == '}' || c == ']':
			if prev := compact[i-1]; prev != '{' && prev != '[' {
				depth--
				line()
			}
			out = append(out, c)
		case c == ',':
			out = append(out, c)
			line()
		case c == ':':
			out = append(out, ": "...)
		default:
			inString = c == '"'
			out = append(out, c)
		}
	}
	return append(out, '\n')
}
