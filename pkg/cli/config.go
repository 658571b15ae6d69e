package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

func (p *program) configCommand() *cli.Command {
	var origin bool
	return &cli.Command{
		Name: "config", Usage: "say which settings are in force", Category: categoryOther,
		Description: `A flag comes before the environment, the environment before the profile, and the profile before what this program takes by itself.`,
		Action:      p.group,
		Subcommands: []*cli.Command{{
			Name: "show", Usage: "show every setting in force, and where it comes from",
			UsageText: "config show [--origin] [-o json]",
			Description: `Variables of the environment that begin with AGENTKEYS_ and that nothing reads are named too: most are misspelled.

Examples:
  agentkeys config show --origin
  AGENTKEYS_AS=build-bot agentkeys config show --origin -o json`,
			Flags: []cli.Flag{&cli.BoolFlag{Name: "origin", Destination: &origin, Usage: "say where each value comes from"}},
			Action: func(c *cli.Context) error {
				if err := noArguments(c); err != nil {
					return err
				}
				return p.showConfig(c.Context, c.App, origin)
			},
		}},
	}
}

// setting is one value in force.
type setting struct {
	Name   string `json:"setting"`
	Value  string `json:"value"`
	Origin string `json:"origin,omitzero"`
}

func (p *program) showConfig(ctx context.Context, app *cli.App, origin bool) error {
	list := p.globalSettings(app)
	list = append(list, p.environmentSettings(app)...)
	members, err := p.profileSettings(ctx)
	list = append(list, members...)
	var facts ui.Facts
	for i, s := range list {
		value := s.Value
		switch {
		case !origin:
			list[i].Origin = ""
		case strings.HasPrefix(s.Origin, fromFile): // the file stands above
			value += " (file)"
		default:
			value += " (" + s.Origin + ")"
		}
		facts = append(facts, ui.Fact{Key: s.Name, Value: value})
	}
	if perr := p.print(list, facts); perr != nil {
		return perr
	}
	return err
}

const (
	fromDefault = "default"
	fromFlag    = "flag --"
	fromEnv     = "environment "
	fromFile    = "file "
)

// globalSettings are the flags that every command knows.
func (p *program) globalSettings(app *cli.App) []setting {
	var out []setting
	for _, f := range app.Flags {
		name := f.Names()[0]
		s := setting{Name: name, Origin: fromDefault}
		env := ""
		if d, ok := f.(cli.DocGenerationFlag); ok && len(d.GetEnvVars()) > 0 {
			env = d.GetEnvVars()[0]
		}
		s.Value = map[string]string{
			"home": p.global.home, "profile": p.global.profile, "as": p.global.as,
			"output": p.global.output, "passphrase-file": p.global.passphraseFile,
		}[name]
		switch {
		case p.given[name]:
			s.Origin = fromFlag + name
		case env != "" && p.environ(env) != "":
			s.Origin = fromEnv + env
		default:
			s.Value, s.Origin = p.defaultOf(name, s.Value)
		}
		out = append(out, s)
	}
	return out
}

// defaultOf is what a global flag means that nobody gave.
func (p *program) defaultOf(name, value string) (string, string) {
	switch name {
	case "home":
		if d, err := p.home(); err == nil {
			return d.Root(), fromDefault
		}
		return "", "none: HOME is not set"
	case "profile":
		path, err := p.profilePath()
		if err != nil {
			return "", "none"
		}
		if d, err := p.home(); err == nil && strings.HasPrefix(path, devDir(d)+string(filepath.Separator)) {
			return path, fromDefault + ", written by dev"
		}
		return path, fromDefault
	case "as":
		return "", fromDefault + ": the only one that the command can use"
	case "passphrase-file":
		return "", fromDefault + ": the generated one beside the key"
	}
	return value, fromDefault
}

// environmentSettings are the variables that commands read, or nobody.
func (p *program) environmentSettings(app *cli.App) []setting {
	readers := map[string][]string{}
	collect(readers, app.Commands, "")
	global := map[string]bool{}
	for _, f := range app.Flags {
		if d, ok := f.(cli.DocGenerationFlag); ok {
			for _, env := range d.GetEnvVars() {
				global[env] = true
			}
		}
	}
	var out []setting
	for _, kv := range slices.Sorted(slices.Values(p.Environ)) {
		env, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(env, "AGENTKEYS_") || global[env] || value == "" {
			continue
		}
		if len(readers[env]) == 0 {
			// Its value may be anything, a secret too.
			out = append(out, setting{"unknown", env, "environment; nothing reads it"})
			continue
		}
		for _, reader := range readers[env] {
			out = append(out, setting{reader, shown(value), fromEnv + env})
		}
	}
	return out
}

// shown is a value without what may be a secret: a key where a file was meant, or
// the access key in an endpoint's URL.
func shown(value string) string {
	if looksSecret(value) {
		return "not shown: it looks like a key, and a file is meant"
	}
	parts := strings.Split(value, ",")
	for i, part := range parts {
		if strings.Contains(part, "://") {
			parts[i] = hostOf(part)
		}
	}
	return strings.Join(parts, ",")
}

// collect finds which flags of which commands read a variable.
func collect(readers map[string][]string, commands []*cli.Command, parent string) {
	for _, c := range commands {
		name := strings.TrimSpace(parent + " " + c.Name)
		for _, f := range c.Flags {
			if d, ok := f.(cli.DocGenerationFlag); ok {
				for _, env := range d.GetEnvVars() {
					readers[env] = append(readers[env], name+" --"+f.Names()[0])
				}
			}
		}
		collect(readers, c.Subcommands, name)
	}
}

// profileSettings are what the file says, and what follows where it is silent.
func (p *program) profileSettings(ctx context.Context) ([]setting, error) {
	path, err := p.profilePath()
	if err != nil {
		return nil, nil // "profile" has said that there is none
	}
	pr, err := p.load()
	if err != nil {
		return nil, err
	}
	data, err := p.read(ctx, path, maxProfile)
	if err != nil {
		return nil, fmt.Errorf("reading the profile: %w", err)
	}
	var raw map[string]any
	if err := strictjson.Decode(data, &raw); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	have := map[string]setting{}
	flatten("", raw, func(name, value string) { have[name] = setting{name, value, fromFile + path} })
	absent := func(name, value, why string) {
		if _, ok := have[name]; !ok {
			have[name] = setting{name, value, fromDefault + why}
		}
	}
	absent("environment", string(profile.Production), "")
	absent("chain.poll_milliseconds", strconv.FormatInt(int64(chain.DefaultPoll/time.Millisecond), 10), "")
	for _, role := range profile.HostRoles() {
		if url, err := pr.Host(role); err == nil {
			absent("hosts."+role, url, ", from domain")
		}
	}
	return slices.SortedFunc(maps.Values(have), func(a, b setting) int { return cmp.Compare(a.Name, b.Name) }), nil
}

// maxProfile bounds what is read again of a profile that was loaded.
const maxProfile = 64 << 10

// flatten names every value by its path.
func flatten(prefix string, v any, emit func(name, value string)) {
	join := func(part string) string {
		if prefix == "" {
			return part
		}
		return prefix + "." + part
	}
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			flatten(join(k), inner, emit)
		}
	case []any:
		for i, inner := range v {
			flatten(fmt.Sprintf("%s[%d]", prefix, i), inner, emit)
		}
	case float64:
		emit(prefix, strconv.FormatFloat(v, 'f', -1, 64))
	default:
		emit(prefix, fmt.Sprint(v))
	}
}
