package iam

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// pattern is a string of a policy, cut into its parts once at load time, so
// that what a variable stands for is never read as part of the pattern.
type pattern []part

type part struct {
	kind     partKind
	char     rune   // literal
	variable string // the context key whose value goes here
}

type partKind byte

const (
	literal partKind = iota
	anyOne           // ?
	anyRun           // *
	variable
)

var variableName = regexp.MustCompile(`^aws:PrincipalTag/[A-Za-z0-9_]{1,128}$`)

// compile cuts s up. Without wild, * and ? are characters; without vars a
// variable is refused.
func compile(s string, wild, vars bool) (pattern, error) {
	if s == "" {
		return nil, fmt.Errorf("an empty pattern")
	}
	var p pattern
	for s != "" {
		if rest, ok := strings.CutPrefix(s, "${"); ok {
			name, after, closed := strings.Cut(rest, "}")
			switch {
			case !closed || !variableName.MatchString(name):
				return nil, fmt.Errorf("a policy variable that is not in use here")
			case !vars:
				return nil, fmt.Errorf("a policy variable where its absence would widen the policy")
			}
			p, s = append(p, part{kind: variable, variable: name}), after
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case wild && r == '*':
			p = append(p, part{kind: anyRun})
		case wild && r == '?':
			p = append(p, part{kind: anyOne})
		default:
			p = append(p, part{char: r})
		}
	}
	return p, nil
}

// bind puts the values of variables in, letter by letter. A variable without a
// value makes the pattern match nothing.
func (p pattern) bind(context map[string]string) (pattern, bool) {
	out := make(pattern, 0, len(p)+64)
	for _, x := range p {
		if x.kind != variable {
			out = append(out, x)
			continue
		}
		value := context[x.variable]
		if value == "" {
			return nil, false
		}
		for _, r := range value {
			out = append(out, part{char: r})
		}
	}
	return out, true
}

// matches reports whether the whole of s fits. It takes at most
// len(p) * len(s) steps: on a mismatch only the last * is widened.
func (p pattern) matches(s string, context map[string]string) bool {
	p, ok := p.bind(context)
	if !ok {
		return false
	}
	text := []rune(s)
	i, j, star, from := 0, 0, -1, 0
	for j < len(text) {
		switch {
		case i < len(p) && p[i].kind == anyRun:
			star, from = i, j
			i++
		case i < len(p) && (p[i].kind == anyOne || p[i].kind == literal && p[i].char == text[j]):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i].kind == anyRun {
		i++
	}
	return i == len(p)
}
