package auditproof

import (
	"cmp"
	"maps"
	"slices"
)

// Numbers is what was seen of an emitter's own numbers in one journal. The
// emitter numbers its events over the journals of all operators: what is missing
// here may be in another's.
type Numbers struct {
	Source string `json:"source"`
	Events uint64 `json:"events"`
	// First and Last are the least and the greatest number.
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	// Missing is how many numbers between them were not seen.
	Missing uint64 `json:"missing,omitzero"`
	// Twice is how many were given to more than one event, which no emitter does.
	Twice uint64 `json:"twice,omitzero"`
}

// run is numbers that follow each other without a gap.
type run struct{ first, last uint64 }

// numbers collects the numbers of all sources; runs are sorted and apart.
type numbers map[string]*seen

type seen struct {
	runs          []run
	events, twice uint64
}

func (n numbers) add(source string, number uint64) {
	s := n[source]
	if s == nil {
		s = &seen{}
		n[source] = s
	}
	s.events++
	i, inside := slices.BinarySearchFunc(s.runs, number, func(r run, number uint64) int {
		switch {
		case r.last < number:
			return -1
		case r.first > number:
			return 1
		}
		return 0
	})
	if inside {
		s.twice++
		return
	}
	before := i > 0 && s.runs[i-1].last+1 == number
	after := i < len(s.runs) && s.runs[i].first-1 == number
	switch {
	case before && after:
		s.runs[i-1].last = s.runs[i].last
		s.runs = slices.Delete(s.runs, i, i+1)
	case before:
		s.runs[i-1].last = number
	case after:
		s.runs[i].first = number
	default:
		s.runs = slices.Insert(s.runs, i, run{number, number})
	}
}

// list is what was seen, by source.
func (n numbers) list() []Numbers {
	out := []Numbers{}
	for source, s := range maps.All(n) {
		x := Numbers{Source: source, Events: s.events, First: s.runs[0].first, Last: s.runs[len(s.runs)-1].last, Twice: s.twice}
		x.Missing = x.Last - x.First + 1
		for _, r := range s.runs {
			x.Missing -= r.last - r.first + 1
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Numbers) int { return cmp.Compare(a.Source, b.Source) })
	return out
}
