package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/role"
)

func (p *program) serveCommand() *cli.Command {
	var o role.Options
	var names cli.StringSlice
	var level string
	configs := map[string]role.Config{}
	flags := []cli.Flag{
		&cli.StringSliceFlag{Name: "role", Destination: &names, EnvVars: []string{"AGENTKEYS_ROLE"}, Usage: "`NAME` of a role to serve, repeatable: " + role.Names(p.Roles)},
		&cli.StringFlag{Name: "listen", Destination: &o.Listen, EnvVars: []string{"AGENTKEYS_LISTEN"}, DefaultText: "127.0.0.1 and the first role's port", Usage: "`HOST:PORT` of the roles"},
		&cli.StringFlag{Name: "admin-listen", Destination: &o.Admin, EnvVars: []string{"AGENTKEYS_ADMIN_LISTEN"}, DefaultText: fmt.Sprintf("127.0.0.1 and that port + %d", role.AdminOffset), Usage: "`HOST:PORT` of readiness and metrics, on loopback"},
		&cli.BoolFlag{Name: "check", Destination: &o.CheckOnly, Usage: "check configuration, keys and every dependency, say all that is wrong and what a start would do to databases, and end; databases stay as they are"},
		&cli.BoolFlag{Name: "create-keys", Destination: &o.Env.CreateKeys, EnvVars: []string{"AGENTKEYS_CREATE_KEYS"}, Usage: "make key files that are missing; one that exists is never touched"},
		&cli.BoolFlag{Name: "replicated", Destination: &o.Env.Replicated, EnvVars: []string{"AGENTKEYS_REPLICATED"}, Usage: "other processes serve the same roles: refuse to start where they would not share nonces, uses, limits and used proofs (see the --ROLE-postgres flags)"},
		&cli.StringFlag{Name: "log-level", Destination: &level, EnvVars: []string{"AGENTKEYS_LOG_LEVEL"}, Value: "info", Usage: "least `LEVEL` that is logged: debug, info, warn or error"},
	}
	for _, r := range p.Roles {
		configs[r.Name] = r.New()
		flags = append(flags, configs[r.Name].Flags()...)
	}
	return &cli.Command{
		Name: "serve", Usage: "serve one role or several on one listener", Category: categoryHost,
		UsageText: "serve --role NAME [--role NAME]... [--check] [flags of the roles]",
		Description: `A process serves exactly the roles that are named. Several roles in one process, or one role on each host, differ in flags and DNS and in nothing else.

Every dependency is checked before the first request, and everything that is wrong is said at once. Logs are JSON on standard error. SIGTERM lets running requests finish.

Examples:
  agentkeys serve --role cred --cap-keys /etc/agentkeys/capability-keys.json --cred-signer-keys /etc/agentkeys/signer-keys.json
  agentkeys serve --role signer --signer-cap-keys /etc/agentkeys/capability-keys.json --signer-workers /etc/agentkeys/workers.json
  agentkeys serve --role broker --operators operators.txt --check`,
		Flags: flags,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			least, err := zerolog.ParseLevel(level)
			if err != nil || level == "" {
				return usage("--log-level is debug, info, warn or error, not %q", level)
			}
			if o.Roles, err = p.findRoles(names.Value()); err != nil {
				return err
			}
			if !o.CheckOnly && slices.ContainsFunc(o.Roles, func(r role.Role) bool { return r.Secrets }) {
				if err := overwriteFreed(p.Environ); err != nil {
					return err
				}
			}
			for _, r := range o.Roles {
				o.Configs = append(o.Configs, configs[r.Name])
			}
			d, errHome := p.home()
			pr, errProfile := p.load()
			if err := errors.Join(errHome, errProfile); err != nil {
				return err
			}
			if err := pr.RequireServices(); err != nil {
				return err
			}
			o.Version, o.Registry = p.Version, prometheus.NewRegistry()
			o.Env.Now, o.Env.Metrics, o.Env.Profile, o.Env.Home = p.Now, o.Registry, pr, d.Root()
			o.Env.Log = p.logger().Level(least)
			defer role.HoldHeap()()
			if err := role.Serve(c.Context, o); err != nil {
				return fmt.Errorf("serving %s: %w", role.Names(o.Roles), err)
			}
			if o.CheckOnly {
				p.note("everything that %s needs is there", role.Names(o.Roles))
			}
			return nil
		},
	}
}

// findRoles takes names from repeated flags or, separated by commas, from the
// environment. It names every one that does not exist.
func (p *program) findRoles(names []string) ([]role.Role, error) {
	var all []string
	var problems []error
	for _, n := range names {
		for part := range strings.SplitSeq(n, ",") {
			all = append(all, strings.TrimSpace(part))
		}
	}
	found, err := role.Find(p.Roles, all)
	if err == nil {
		return found, nil
	}
	for _, n := range all {
		if _, err := role.Find(p.Roles, []string{n}); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) < 2 {
		return nil, usage("%s", err)
	}
	return nil, &usageError{errors.Join(problems...)}
}

// logger writes JSON lines to standard error, with the clock of the process.
func (p *program) logger() zerolog.Logger {
	return zerolog.New(p.Stderr).Hook(p.clock())
}
