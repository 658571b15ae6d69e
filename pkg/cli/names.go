package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

// nameOf is the name that the address book has for an omni, a device key hash
// or an address; empty when it knows none. It never fails: without a book,
// people read identifiers.
func (p *program) nameOf(id string) string {
	b, err := p.book()
	if err != nil {
		return ""
	}
	return nameIn(b, id)
}

func nameIn(b *home.Book, id string) string {
	if a, err := profile.ParseAddress(id); err == nil {
		return b.NameOfAddress(a)
	}
	if a, err := omni.ParseActor(id); err == nil {
		if name := b.NameOfActor(a); name != "" {
			return name
		}
	}
	if o, err := omni.ParseOperator(id); err == nil {
		if name := b.NameOfOperator(o); name != "" {
			return name
		}
	}
	if k, err := omni.ParseDeviceKey(id); err == nil {
		return b.NameOfDevice(k)
	}
	return ""
}

var (
	fullID  = regexp.MustCompile(`0x[0-9a-f]{64}\b`)
	shortID = regexp.MustCompile(`0x[0-9a-f]{8}…`)
	// ourCommand is this program's name before one of its commands.
	ourCommand = regexp.MustCompile(`\bagentkeys (init|k11|device|wallet|freeze|unfreeze|agent|scope|login|whoami|cred|memory|run|audit|k3|demo|dev|serve|contracts|aws|doctor|explain|config|completion|version|help)\b`)
)

// inText puts names into what a server, or a package below, wrote with
// identifiers: a full one gives way to the name, since it stands in a command
// to type, and a short one gets the name before it. A command takes the form in
// which this program was started.
func (p *program) inText(s string) string {
	b, err := p.book()
	if err != nil {
		return s
	}
	s = fullID.ReplaceAllStringFunc(s, func(id string) string {
		if name := nameIn(b, id); name != "" {
			return name
		}
		return id
	})
	var out strings.Builder
	at := 0
	for _, found := range shortID.FindAllStringIndex(s, -1) {
		short := s[found[0]:found[1]]
		out.WriteString(s[at:found[0]])
		at = found[1]
		// Text of this package has the name in place already.
		if name := ofShort(b, short); name != "" && !strings.HasSuffix(out.String(), name+" (") {
			short = name + " (" + short + ")"
		}
		out.WriteString(short)
	}
	s = out.String() + s[at:]
	return ourCommand.ReplaceAllString(s, strings.ReplaceAll(p.invocation(), "$", "$$")+" $1")
}

// inChecks is inText for a checklist: every one that is shown goes through here, once.
func (p *program) inChecks(l ui.Checklist) ui.Checklist {
	out := slices.Clone(l)
	for i, c := range out {
		out[i].Detail, out[i].Fix = p.inText(c.Detail), p.inText(c.Fix)
	}
	return out
}

// ofShort is the only party that a short identifier can mean, or empty.
func ofShort(b *home.Book, short string) string {
	name := ""
	for _, e := range b.Entries() {
		fits := !e.Actor.IsZero() && e.Actor.Short() == short || !e.Device.IsZero() && e.Device.Short() == short ||
			e.Kind == home.KindOperator && e.Operator.Short() == short
		switch {
		case !fits:
		case name != "":
			return ""
		default:
			name = e.Name
		}
	}
	return name
}

// invocation is the form in which this program was started, for commands that
// people copy: `go run .` leaves its binary in a cache of builds.
func (p *program) invocation() string {
	form := Name
	if len(p.Args) > 0 {
		switch self := p.Args[0]; {
		case strings.Contains(self, "go-build"):
			form = "go run ."
		case strings.Contains(self, "/"):
			form = self
		}
	}
	return form
}

// command is a command line in the form in which this program was started.
func (p *program) command(line string) string {
	if rest, ok := strings.CutPrefix(line, Name+" "); ok {
		return p.invocation() + " " + rest
	}
	return line
}
