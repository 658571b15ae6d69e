// Package role says what a role is and how a process serves some of them.
//
// Roles are a list, not a graph: each builds its own dependencies from its own
// configuration and never learns which other roles run beside it. Putting two
// roles into one process or on two hosts differs in flags and DNS, never in
// code.
package role

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/profile"
)

// Role is one entry of the list of roles.
type Role struct {
	Name    string
	Summary string
	Port    int // the default port; the admin listener is Port + AdminOffset
	Layer   apierr.Layer
	// Secrets: plaintext, data keys or storage sessions of others pass through it.
	Secrets bool
	// New returns an empty configuration whose Flags fill it.
	New func() Config
}

// AdminOffset is added to the role's port for the admin listener.
const AdminOffset = 10000

// Config is a role's own configuration.
type Config interface {
	// Flags bind to the configuration's fields. Names start with the role's
	// name, so that several roles can share one command line.
	Flags() []cli.Flag
	// Look refuses what the role must not take up, before any role of the process
	// opens anything: databases of another deployment or version, and spools with
	// something unsent that another version has to send. It writes nothing. What is
	// wrong with flags and key files is for Open to say.
	Look(ctx context.Context, e Env) error
	// Open checks the configuration and key files and builds the service.
	// What it depends on is asked later, by Checks; the one exception is a key
	// that is pinned by thumbprint and fetched. It reports ALL problems at
	// once, joined with errors.Join.
	Open(ctx context.Context, e Env) (Service, error)
}

// Parse fills a configuration from arguments in the form of its own flags.
func Parse(c Config, args ...string) error {
	set := flag.NewFlagSet("role", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	for _, f := range c.Flags() {
		if err := f.Apply(set); err != nil {
			return err
		}
	}
	return set.Parse(args)
}

// Service is a role that is ready to register its routes.
type Service interface {
	Routes(m *httpd.Mux)
	// Checks probe each dependency: once at start-up, and for /readyz.
	Checks() []httpd.Check
	// Begin claims the role's databases for the deployment of the profile, and starts
	// what goes on beside requests, but for the spool, which sends what it has when open. It is called once, when no role of the process
	// refuses to start, and before the first request.
	Begin(ctx context.Context) error
	Close() error
}

// Env is what a process gives to each of its roles.
type Env struct {
	Now     func() time.Time
	Log     zerolog.Logger
	Metrics prometheus.Registerer
	Profile *profile.Profile
	Home    string // the state directory; a role keeps its own files below Home/<role>
	URL     string // the role's public URL, to which proofs are bound
	// CheckOnly says that nobody will be served: databases and spools are not opened.
	CheckOnly bool
	// CreateKeys allows a role to create key files that are missing.
	CreateKeys bool
	// Replicated says that other processes serve the same roles: what all of them
	// must know lies in PostgreSQL then, or the role does not start.
	Replicated bool
}

// Path is where the role keeps a file of its own, unless a flag says otherwise.
func (e Env) Path(role, file string) string { return filepath.Join(e.Home, role, file) }

// Find picks roles by name, in the order named. An unknown name is an error
// that lists what exists.
func Find(all []Role, names []string) ([]Role, error) {
	var out []Role
next:
	for _, name := range names {
		for _, r := range all {
			if r.Name != name {
				continue
			}
			for _, have := range out {
				if have.Name == name {
					return nil, fmt.Errorf("role %q is named twice", name)
				}
			}
			out = append(out, r)
			continue next
		}
		return nil, fmt.Errorf("there is no role %q; this binary has: %s", name, Names(all))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("name at least one --role: %s", Names(all))
	}
	return out, nil
}

// Names lists the roles for people.
func Names(all []Role) string {
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}
