package home

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Reasons of a lookup that finds nothing, wrapped by its error.
var (
	ErrInvalidName   = errors.New("invalid name")
	ErrUnknownName   = errors.New("unknown name")
	ErrAmbiguousName = errors.New("ambiguous name")
	ErrWrongKind     = errors.New("name of another kind")
	ErrNameTaken     = errors.New("name taken")
)

var nameGrammar = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// CheckName accepts [a-z0-9][a-z0-9-]{0,31} that does not look like hex with
// its prefix, so that a name is never taken for an identifier.
func CheckName(s string) error {
	if !nameGrammar.MatchString(s) || strings.HasPrefix(s, "0x") {
		return fmt.Errorf("%w: %q must be 1 to 32 lower-case letters, digits and hyphens, not beginning with a hyphen or 0x", ErrInvalidName, clip(s))
	}
	return nil
}

const (
	maxName = 32
	// maxHints bounds how many near misses an error lists, maxFar how far off
	// they may be.
	maxHints = 3
	maxFar   = 3
)

// nearest returns the known names that a person may have meant, nearest first.
func nearest(query string, known []string) []string {
	type hint struct {
		name string
		far  int
	}
	var hints []hint
	q := strings.ToLower(query)
	if len(q) > 2*maxName {
		return nil
	}
	for _, n := range known {
		far := distance(q, n)
		// What begins or ends alike is near however much is missing.
		if len(q) >= 3 && strings.Contains(n, q) || len(n) >= 3 && strings.Contains(q, n) {
			far = min(far, 1)
		}
		if far <= min(maxFar, max(1, len(q)/3)) {
			hints = append(hints, hint{n, far})
		}
	}
	slices.SortFunc(hints, func(a, b hint) int {
		if a.far != b.far {
			return a.far - b.far
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, h := range hints[:min(len(hints), maxHints)] {
		names = append(names, h.name)
	}
	return names
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

func clip(s string) string {
	if len(s) > 70 {
		return s[:70] + "…"
	}
	return s
}
