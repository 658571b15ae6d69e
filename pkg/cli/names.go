package cli

import (
	"fmt"
	"regexp"
	"strings"

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
)

// inCommand puts names in the place of identifiers in a command to type.
func (p *program) inCommand(s string) string {
	return fullID.ReplaceAllStringFunc(s, func(id string) string {
		if name := p.nameOf(id); name != "" {
			return name
		}
		return id
	})
}

// inSentence puts names before the short identifiers of a sentence that a
// server wrote. One that fits several names is left alone.
func (p *program) inSentence(s string) string {
	b, err := p.book()
	if err != nil {
		return s
	}
	return shortID.ReplaceAllStringFunc(s, func(short string) string {
		name := ""
		for _, e := range b.Entries() {
			if e.Operator.Short() != short && e.Actor.Short() != short && e.Device.Short() != short {
				continue
			}
			if e.Kind == home.KindAgent && e.Operator.Short() == short {
				continue
			}
			if name != "" && name != e.Name {
				return short
			}
			name = e.Name
		}
		if name == "" {
			return short
		}
		return fmt.Sprintf("%s (%s)", name, short)
	})
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

// party shows a name with the short form of what it stands for, or the short
// form alone.
func party(name, short string) string {
	if name == "" {
		return short
	}
	return name + " (" + short + ")"
}
