package role

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/litentry/agentkeys/pkg/httpd"
)

// Options of a serving process.
type Options struct {
	Roles   []Role   // at least one; the first one's port is the default
	Configs []Config // one per role, its flags already parsed
	Listen  string   // host:port; empty = 127.0.0.1 and the first role's port
	Admin   string   // host:port; empty = 127.0.0.1 and that port + AdminOffset
	// Listener and AdminListener, when given, are used instead.
	Listener, AdminListener net.Listener
	// CheckOnly ends after the start-up checks. Databases and spools are as before.
	CheckOnly bool
	Version   httpd.Version
	Env       Env // URL and CheckOnly are filled in
	Registry  *prometheus.Registry
	// Ready is called once, when both listeners answer.
	Ready func(url string)
}

// Serve opens the roles, checks everything that they depend on, and answers
// until ctx ends. When something is wrong before the first request, the error
// joins ALL problems of all roles.
//
// First it looks at what lies in databases and spools, of all roles: where one must not
// go on from there, no role opens any. They are claimed for the deployment last, when
// nothing else can refuse.
func Serve(ctx context.Context, o Options) error {
	o.Env.CheckOnly = o.CheckOnly
	refused := look(ctx, o)
	o.Env.CheckOnly = o.CheckOnly || refused != nil
	server := httpd.New(httpd.Options{Log: o.Env.Log, Metrics: o.Registry, Now: o.Env.Now})
	services, err := open(ctx, o, server)
	defer func() {
		for _, s := range services {
			if err := s.Close(); err != nil {
				o.Env.Log.Error().Err(err).Msg("closing a role")
			}
		}
	}()
	if err := errors.Join(refused, err); err != nil {
		return err
	}
	checks := gather(o.Roles, services)
	if err := startUp(ctx, checks); err != nil {
		return err
	}
	if o.CheckOnly {
		return nil
	}
	return listen(ctx, o, server, services, checks)
}

// env is what a role is given.
func (o Options) env(r Role) (Env, error) {
	e := o.Env
	var err error
	e.URL, err = e.Profile.Host(r.Name)
	e.Log = e.Log.With().Str("role", r.Name).Logger()
	return e, err
}

func look(ctx context.Context, o Options) error {
	var problems []error
	for i, r := range o.Roles {
		env, err := o.env(r)
		if err != nil { // open says so
			continue
		}
		if err := o.Configs[i].Look(ctx, env); err != nil {
			problems = append(problems, fmt.Errorf("role %s: %w", r.Name, err))
		}
	}
	return errors.Join(problems...)
}

func open(ctx context.Context, o Options, server *httpd.Server) ([]Service, error) {
	var services []Service
	var problems []error
	for i, r := range o.Roles {
		env, err := o.env(r)
		if err != nil {
			problems = append(problems, fmt.Errorf("role %s: %w", r.Name, err))
			continue
		}
		s, err := o.Configs[i].Open(ctx, env)
		if err != nil {
			problems = append(problems, fmt.Errorf("role %s: %w", r.Name, err))
			continue
		}
		services = append(services, s)
		s.Routes(server.Mux(r.Name, r.Layer, env.URL))
		o.Version.Roles = append(o.Version.Roles, r.Name)
	}
	httpd.Health(server, o.Version)
	return services, errors.Join(problems...)
}

// gather names each check after its role.
func gather(roles []Role, services []Service) []httpd.Check {
	var out []httpd.Check
	for i, s := range services {
		for _, c := range s.Checks() {
			c.Name = roles[i].Name + "/" + c.Name
			out = append(out, c)
		}
	}
	return out
}

func startUp(ctx context.Context, checks []httpd.Check) error {
	var problems []error
	checks = slices.DeleteFunc(slices.Clone(checks), func(c httpd.Check) bool { return c.Later })
	for _, c := range httpd.Probe(ctx, checks).Checks {
		if !c.OK {
			problems = append(problems, fmt.Errorf("%s: %s", c.Name, c.Error))
		}
	}
	return errors.Join(problems...)
}

// begin claims what the roles have, one after the other.
func begin(ctx context.Context, roles []Role, services []Service) error {
	for i, s := range services {
		if err := s.Begin(ctx); err != nil {
			return fmt.Errorf("role %s: %w", roles[i].Name, err)
		}
	}
	return nil
}

func listen(ctx context.Context, o Options, server *httpd.Server, services []Service, checks []httpd.Check) error {
	main, err := bind(ctx, o.Listener, o.Listen, o.Roles[0].Port)
	if err != nil {
		return err
	}
	defer main.Close()
	admin, err := bind(ctx, o.AdminListener, o.Admin, o.Roles[0].Port+AdminOffset)
	if err != nil {
		return err
	}
	defer admin.Close()
	if a, ok := admin.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		return fmt.Errorf("the admin listener must be on loopback, not %s: readiness and metrics are not for strangers", a)
	}
	if err := begin(ctx, o.Roles, services); err != nil {
		return err
	}
	o.Env.Log.Info().Str("listen", main.Addr().String()).Str("admin", admin.Addr().String()).Str("roles", Names(o.Roles)).Msg("serving")
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return server.Serve(ctx, main) })
	g.Go(func() error { return server.ServeAdmin(ctx, admin, checks) })
	if o.Ready != nil {
		o.Ready("http://" + main.Addr().String())
	}
	return g.Wait()
}

func bind(ctx context.Context, have net.Listener, addr string, port int) (net.Listener, error) {
	if have != nil {
		return have, nil
	}
	if addr == "" {
		addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	return l, nil
}
