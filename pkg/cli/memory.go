package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// maxMemory is the largest value.
const maxMemory = 1 << 20

func (p *program) memoryCommand() *cli.Command {
	return &cli.Command{
		Name: "memory", Usage: "what an agent keeps for itself, by namespace and key", Category: categoryAgent,
		Description: `An agent writes values into the namespaces that its operator granted, and nobody else reads them. Each value has a version: a put or teardown can name the one that must be there, and a get notices when an older one was put back.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.memoryPut(), p.memoryGet(), p.memoryList(), p.memoryTeardown()},
	}
}

// memory is which memory a command means.
type memory struct{ namespace string }

func (m *memory) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "namespace", Aliases: []string{"n"}, Destination: &m.namespace, Usage: "`NAME` of the namespace, such as notes; its service is memory:NAME"},
	}, more...)
}

func (m *memory) space() (service.Name, error) {
	if m.namespace == "" {
		return service.Name{}, usage("name the namespace: --namespace NAME")
	}
	s, err := service.MemoryNamespace(m.namespace)
	if err != nil {
		return s, usage("--namespace: %s", err)
	}
	return s, nil
}

// one reads namespace and key.
func (m *memory) one(c *cli.Context) (service.Name, service.MemoryKey, error) {
	s, err := m.space()
	if err != nil {
		return s, service.MemoryKey{}, err
	}
	if c.NArg() != 1 {
		return s, service.MemoryKey{}, usage("name one key: memory %s KEY --namespace %s", c.Command.Name, m.namespace)
	}
	k, err := service.ParseMemoryKey(c.Args().First())
	if err != nil {
		return s, k, usage("%s", err)
	}
	return s, k, nil
}

// agentCaller is the agent that acts: memory is nobody else's.
func (p *program) agentCaller() (*client.Caller, error) {
	id, err := p.choose(home.KindAgent)
	if err != nil {
		return nil, err
	}
	if id.Kind != home.KindAgent {
		return nil, usage("%s is an operator, and memory is an agent's alone: name the agent with --as", id.Name)
	}
	c, err := p.caller(id)
	if err != nil {
		return nil, err
	}
	d, pr, err := p.homeAndProfile()
	if err != nil {
		return nil, err
	}
	c.Versions, err = d.Versions(id, pr)
	return c, err
}

func (p *program) memoryPut() *cli.Command {
	var m memory
	var file string
	var when client.Condition
	return &cli.Command{
		Name: "put", Usage: "store a value under a key",
		UsageText: "memory put KEY --namespace NAME [--file FILE] [--if-version N | --if-absent] < VALUE",
		Description: `Reads up to 1 MiB from standard input or a file, byte for byte, and answers the version that it got. Without a condition the last writer wins; with one nothing is overwritten that was not seen.

Examples:
  echo "ship on friday" | agentkeys memory put plan --namespace notes
  agentkeys memory put plan --namespace notes --file plan.md --if-version 1795736712345
  agentkeys memory put lock --namespace jobs --file host.txt --if-absent`,
		Flags: m.flags(
			&cli.StringFlag{Name: "file", Destination: &file, DefaultText: "standard input", Usage: "`FILE` that holds the value, - for standard input"},
			&cli.Uint64Flag{Name: "if-version", Destination: &when.Version, Usage: "only if the version `N` is stored there"},
			&cli.BoolFlag{Name: "if-absent", Destination: &when.Absent, Usage: "only if nothing is stored there"},
		),
		Action: func(c *cli.Context) error {
			s, k, err := m.one(c)
			if err != nil {
				return err
			}
			if c.IsSet("if-version") && when.Version == 0 || when.Version > api.MaxVersion {
				return usage("--if-version is the version that a put or get named; for \"nothing is there\": --if-absent")
			}
			if when.Absent && when.Version != 0 {
				return usage("--if-version and --if-absent: name one of them")
			}
			return p.putMemory(c.Context, s, k, file, when)
		},
	}
}

func (p *program) putMemory(ctx context.Context, s service.Name, k service.MemoryKey, file string, when client.Condition) error {
	if (file == "" || file == "-") && p.StdinIsTerminal {
		return usage("a value is not typed at a terminal: pipe it in (echo … | %s) or name a file with --file", p.command(Name+" memory put "+k.String()))
	}
	if file == "" {
		file = "-"
	}
	data, err := p.read(ctx, file, maxMemory)
	defer clear(data)
	if err != nil {
		return fmt.Errorf("reading the value: %w", err)
	}
	if len(data) == 0 {
		return usage("the value is empty: nothing was stored; to remove one: memory teardown %s", k)
	}
	c, err := p.agentCaller()
	if err != nil {
		return err
	}
	value := secret.New(data)
	defer value.Destroy()
	got, err := c.PutMemory(ctx, s, k, value, when)
	if err != nil {
		return err
	}
	return p.print(got, ui.Facts{{Key: "stored", Value: fmt.Sprintf("%s in %s, %s", got.Key, got.Namespace, ui.Bytes(int64(got.Bytes)))}, {Key: "version", Value: fmt.Sprint(got.Version)}})
}

// memoryRead answers a get into a file.
type memoryRead struct {
	Namespace string            `json:"namespace"`
	Key       service.MemoryKey `json:"key"`
	Version   uint64            `json:"version"`
	Bytes     int               `json:"bytes"`
	File      string            `json:"file"`
}

func (p *program) memoryGet() *cli.Command {
	var m memory
	var out string
	var show bool
	var o client.GetOptions
	return &cli.Command{
		Name: "get", Usage: "read a value",
		UsageText: "memory get KEY --namespace NAME [--out FILE | --show] [--if-version N] [--accept-rollback]",
		Description: `Writes the value's bytes, and nothing else, to standard output or to a file of mode 0600; with --out the version is answered. A terminal takes --show.

Storage can put an older value back, or take one away. A value that is older than one that this identity wrote or read on this machine is refused (memory_rolled_back), and one that was seen here, was not removed here and is not there is told apart from one that never was (memory_gone). --accept-rollback takes it so. An identity that never saw it cannot know: then name the version with --if-version.

Examples:
  agentkeys memory get plan --namespace notes | less
  agentkeys memory get plan --namespace notes --out plan.md -o json`,
		Flags: m.flags(
			&cli.StringFlag{Name: "out", Destination: &out, DefaultText: "standard output", Usage: "`FILE` to write, with mode 0600; one that is there is replaced"},
			&cli.BoolFlag{Name: "show", Destination: &show, Usage: "write to standard output even if that is a terminal"},
			&cli.Uint64Flag{Name: "if-version", Destination: &o.Version, Usage: "only the version `N`"},
			&cli.BoolFlag{Name: "accept-rollback", Destination: &o.AcceptRollback, Usage: "take a value that is older than one that was seen, or that it is gone"},
		),
		Action: func(c *cli.Context) error {
			s, k, err := m.one(c)
			if err != nil {
				return err
			}
			if c.IsSet("if-version") && o.Version == 0 || o.Version > api.MaxVersion {
				return usage("--if-version is the version that a put or get named")
			}
			if out == "" && p.StdoutIsTerminal && !show {
				return usage("a value is not written to a terminal unasked: pipe it, write it with --out FILE, or add --show")
			}
			if err := checkOut(out); err != nil {
				return err
			}
			return p.getMemory(c.Context, s, k, out, o)
		},
	}
}

func (p *program) getMemory(ctx context.Context, s service.Name, k service.MemoryKey, out string, o client.GetOptions) error {
	c, err := p.agentCaller()
	if err != nil {
		return err
	}
	value, version, err := c.GetMemory(ctx, s, k, o)
	if err != nil {
		return rolledBack(err, s, k)
	}
	defer value.Destroy()
	if out == "" || out == "-" {
		_, err := p.Stdout.Write(value.Reveal())
		return err
	}
	if err := files.Replace(out, value.Reveal()); err != nil {
		return fmt.Errorf("writing the value: %w", err)
	}
	return p.print(memoryRead{s.Namespace(), k, version, value.Len(), out}, ui.Facts{
		{Key: "read", Value: fmt.Sprintf("%s of %s, %s, into %s", k, s.Namespace(), ui.Bytes(int64(value.Len())), out)}, {Key: "version", Value: fmt.Sprint(version)},
	})
}

// rolledBack says what may have happened to a memory that is not what was seen, and
// how to take it so.
func rolledBack(err error, s service.Name, k service.MemoryKey) error {
	why, but := "", ""
	var remote *api.RemoteError
	switch code := apierr.CodeOf(err); {
	case errors.As(err, &remote):
		return err // no host knows what was seen here, whatever code it answers
	case code == apierr.MemoryRolledBack:
		why, but = "somebody put it back, or the worker's clock was", "take it all the same"
	case code == apierr.MemoryGone:
		why, but = "another machine of this agent may have, or somebody who reaches the storage", "accept that"
	default:
		return err
	}
	e := apierr.From(err)
	return ui.WithFix(apierr.New(e.Code, "%s: %s", e.Detail, why), "to %s: agentkeys memory get %s --namespace %s --accept-rollback", but, k, s.Namespace())
}

func (p *program) memoryTeardown() *cli.Command {
	var m memory
	var version uint64
	return &cli.Command{
		Name: "teardown", Usage: "remove a value",
		UsageText: "memory teardown KEY --namespace NAME [--if-version N]",
		Description: `Removes the value from storage. One that is not there is no error, unless a version is named; nor is one that somebody else took away.

Examples:
  agentkeys memory teardown plan --namespace notes
  agentkeys memory teardown lock --namespace jobs --if-version 1795736712345`,
		Flags: m.flags(&cli.Uint64Flag{Name: "if-version", Destination: &version, Usage: "only if the version `N` is stored there"}),
		Action: func(c *cli.Context) error {
			s, k, err := m.one(c)
			if err != nil {
				return err
			}
			if c.IsSet("if-version") && version == 0 || version > api.MaxVersion {
				return usage("--if-version is the version that a put or get named")
			}
			caller, err := p.agentCaller()
			if err != nil {
				return err
			}
			got, err := caller.TeardownMemory(c.Context, s, k, version)
			if err != nil {
				return err
			}
			return p.print(got, ui.Facts{{Key: "removed", Value: fmt.Sprintf("%s of %s", k, s.Namespace())}})
		},
	}
}
