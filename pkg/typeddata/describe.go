package typeddata

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// Line is one line of what a person reads before signing.
type Line struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// String is the line for a terminal.
func (l Line) String() string { return l.Label + ": " + l.Text }

// Names turns the text form of an omni, a device key hash or a checksummed
// address into the name that the local address book has for it, or "". A nil
// Names knows nobody.
type Names func(id string) string

// Describe says in words what signing op for d does: the operation, every
// field that is signed, and where it will be executed. What has a name is shown
// by name and short form, everything else in full.
func Describe(op Operation, d Domain, names Names) []Line {
	if names == nil {
		names = func(string) string { return "" }
	}
	lines := []Line{{"Operation", op.title()}}
	for _, f := range op.structure().fields {
		if f.words != nil {
			lines = append(lines, f.words(names)...)
		}
	}
	return append(lines,
		Line{"Chain", strconv.FormatUint(d.ChainID, 10)},
		Line{"Contract", d.Contract.Hex()})
}

func text(label, t string) func(Names) []Line {
	return func(Names) []Line { return []Line{{label, t}} }
}

func named(label, id, short string) func(Names) []Line {
	return func(names Names) []Line {
		if name := names(id); name != "" {
			return []Line{{label, name + " (" + short + ")"}}
		}
		return []Line{{label, id}}
	}
}

// account shows an address in full even when it has a name: it is short enough.
func account(label string, a common.Address) func(Names) []Line {
	return named(label, a.Hex(), a.Hex())
}

func grantLines(grants []Grant) []Line {
	lines := make([]Line, len(grants))
	for i, g := range grants {
		lines[i] = Line{fmt.Sprintf("Grant %d of %d", i+1, len(grants)), g.String()}
	}
	return lines
}

// String is the grant in words.
func (g Grant) String() string {
	parts := []string{g.Service.String() + ": " + strings.ReplaceAll(g.Ops.String(), ",", ", ")}
	if g.MaxPerPeriod == 0 && g.MaxTotal == 0 {
		parts = append(parts, "without limit of uses")
	}
	if g.MaxPerPeriod != 0 {
		parts = append(parts, fmt.Sprintf("at most %s per %s", uses(g.MaxPerPeriod), period(g.PeriodSeconds)))
	}
	if g.MaxTotal != 0 {
		parts = append(parts, fmt.Sprintf("at most %s in all", uses(g.MaxTotal)))
	}
	if g.ExpiresAt == 0 {
		parts = append(parts, "without end")
	} else {
		parts = append(parts, "until "+instant(g.ExpiresAt))
	}
	return strings.Join(parts, "; ")
}

func uses(n uint32) string {
	if n == 1 {
		return "1 use"
	}
	return fmt.Sprintf("%d uses", n)
}

func period(seconds uint32) string {
	for _, u := range []struct {
		seconds uint32
		name    string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}} {
		if seconds != 0 && seconds%u.seconds == 0 {
			if n := seconds / u.seconds; n != 1 {
				return fmt.Sprintf("%d %ss", n, u.name)
			}
			return u.name
		}
	}
	return "0 seconds"
}

// lastInstant is the end of the year 9999: what lies beyond is not a date that
// anybody means.
const lastInstant = 253402300799

func instant(unix uint64) string {
	if unix > lastInstant {
		return fmt.Sprintf("the end of time (%d)", unix)
	}
	return time.Unix(int64(unix), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}
