// Package devstack is the whole product in one process on loopback: a real EVM
// chain under London rules, the contracts, S3 and STS that enforce the
// product's policies, and every role, served exactly as in production.
//
// Everything that it acknowledges is on disk: a second start after kill -9
// finds it. It is for development: anybody on this machine can use its faucet.
package devstack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
)

// The fixed ports of `agentkeys dev`. The issuer's URL stands in trust
// policies, so they do not move between starts.
const (
	ChainPort = 8545
	CloudPort = 9400
)

// Config says where a stack lives and what it serves.
type Config struct {
	Dir string // state directory; created when absent
	// FreePorts takes any free ports instead of the fixed ones.
	FreePorts bool
	Roles     []role.Role
	// Apart names roles that the stack leaves to processes of their own, which
	// [Stack.Apart] says how to start.
	Apart []string
	// Storage, if set, is the cloud instead of the embedded one: a gateway to
	// which nothing was done yet, which the caller closes after the stack. There is
	// no archive of the audit log on it; an actor has rights there from
	// [Stack.Admit] on.
	Storage *rgw.Server
	Version httpd.Version
	Now     func() time.Time
	Log     zerolog.Logger
	// Step, if set, is told what is being started.
	Step func(what string)
}

// Stack is a running stack.
type Stack struct {
	Profile     *profile.Profile
	ProfilePath string
	// AdminURL answers readiness and metrics.
	AdminURL string
	// Cloud is the embedded cloud, nil where another is the storage.
	Cloud *devcloud.Cloud
	// Apart are the arguments of the program for each role that is left to a
	// process of its own.
	Apart map[string][]string

	gateway *gateway // nil with the embedded cloud

	chain  *devchain.Chain
	stop   context.CancelFunc
	served chan error
	web    *http.Server
}

// ProfileFile is where a stack in dir keeps its profile.
func ProfileFile(dir string) string { return filepath.Join(dir, "profile.json") }

// Reset removes everything that a stack in dir keeps, and nothing else.
func Reset(dir string) error {
	var errs []error
	for _, part := range []string{"chain", "cloud", "broker", "cred", "memory", "signer", "audit", "deployer.key", RelayerFile, archiverFile, AdministratorFile, MaintenanceFile, signerKeysFile, workersFile, emittersFile, "profile.json", capKeysFile} {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, part)))
	}
	return errors.Join(errs...)
}

// Start starts everything and returns when every role is ready.
func Start(ctx context.Context, c Config) (_ *Stack, err error) {
	if c.Step == nil {
		c.Step = func(string) {}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	release := role.HoldHeap()
	s := &Stack{ProfilePath: ProfileFile(c.Dir), stop: func() { stop(); release() }}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	ports, err := reserve(ctx, c)
	if err != nil {
		return nil, err
	}
	defer ports.release(&err)

	c.Step("chain")
	chainAddr := ports.chain.Addr().String()
	if err := ports.chain.Close(); err != nil {
		return nil, err
	}
	s.chain, err = devchain.Start(ctx, devchain.Config{Dir: filepath.Join(c.Dir, "chain"), Listen: chainAddr, Now: c.Now, Log: c.Log})
	if err != nil {
		return nil, fmt.Errorf("starting the chain: %w", err)
	}
	c.Step("contracts")
	if s.Profile, err = prepare(ctx, c, s.chain.URL(), ports); err != nil {
		return nil, err
	}
	c.Step("cloud")
	if err := s.startCloud(ctx, c, ports.cloud); err != nil {
		return nil, err
	}
	c.Step("roles")
	return s, s.serve(ctx, c, ports)
}

// Close stops everything; the state stays.
func (s *Stack) Close() error {
	s.stop()
	var errs []error
	if s.served != nil {
		errs = append(errs, <-s.served)
	}
	if s.web != nil {
		errs = append(errs, s.web.Close())
	}
	if s.Cloud != nil {
		errs = append(errs, s.Cloud.Close())
	}
	if s.chain != nil {
		errs = append(errs, s.chain.Close())
	}
	return errors.Join(errs...)
}

// Wait blocks until the roles stop serving.
func (s *Stack) Wait() error {
	err := <-s.served
	s.served = nil
	return err
}

// serve runs the roles on one listener, as `agentkeys serve` does.
func (s *Stack) serve(ctx context.Context, c Config, p *ports) error {
	args, err := roleArguments(c, s.Profile)
	if err != nil {
		return err
	}
	if err := s.Profile.Save(s.ProfilePath); err != nil {
		return err
	}
	here, apart := split(c)
	s.Apart = map[string][]string{}
	for _, r := range apart {
		address := strings.TrimPrefix(s.Profile.Hosts[r.Name], "http://")
		s.Apart[r.Name] = append([]string{
			"--home", c.Dir, "--profile", s.ProfilePath, "serve", "--role", r.Name, "--listen", address, "--admin-listen", "127.0.0.1:0", "--create-keys", "--replicated=false",
		}, args[r.Name]...)
	}
	o := role.Options{
		Roles: here, Version: c.Version, Registry: prometheus.NewRegistry(),
		Listener: p.roles, AdminListener: p.admin,
	}
	o.Env = role.Env{Now: c.Now, Log: c.Log, Metrics: o.Registry, Profile: s.Profile, Home: c.Dir, CreateKeys: true}
	for _, r := range o.Roles {
		cfg := r.New()
		if err := role.Parse(cfg, args[r.Name]...); err != nil {
			return fmt.Errorf("role %s: %w", r.Name, err)
		}
		o.Configs = append(o.Configs, cfg)
	}
	ready := make(chan struct{})
	o.Ready = func(string) { close(ready) }
	s.AdminURL = "http://" + p.admin.Addr().String()
	s.served = make(chan error, 1)
	go func() { s.served <- role.Serve(ctx, o) }()
	select {
	case <-ready:
		return nil
	case err := <-s.served:
		s.served = nil
		if err == nil {
			err = ctx.Err()
		}
		return fmt.Errorf("serving the roles: %w", err)
	}
}

// split tells the roles that the stack serves from those that it leaves to
// processes of their own.
func split(c Config) (here, apart []role.Role) {
	for _, r := range c.Roles {
		if slices.Contains(c.Apart, r.Name) {
			apart = append(apart, r)
		} else {
			here = append(here, r)
		}
	}
	return here, apart
}

// ports are the listeners of a stack, bound before anything starts, so that a
// port in use is the first thing that is said.
type ports struct {
	chain, cloud, roles, admin net.Listener
	// apart are the addresses of roles that other processes will serve.
	apart map[string]string
}

func reserve(ctx context.Context, c Config) (*ports, error) {
	var p ports
	rolePort := c.Roles[0].Port
	var lc net.ListenConfig
	for _, want := range []struct {
		l    *net.Listener
		port int
		what string
	}{{&p.chain, ChainPort, "chain"}, {&p.cloud, CloudPort, "cloud"}, {&p.roles, rolePort, "roles"}, {&p.admin, rolePort + role.AdminOffset, "admin"}} {
		port := want.port
		if c.FreePorts {
			port = 0
		}
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			p.close()
			return nil, fmt.Errorf("the port of the %s is taken (another `agentkeys dev`?): %w", want.what, err)
		}
		*want.l = l
	}
	_, apart := split(c)
	p.apart = map[string]string{}
	for _, r := range apart {
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			p.close()
			return nil, err
		}
		p.apart[r.Name] = "http://" + l.Addr().String()
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

func (p *ports) close() {
	for _, l := range []net.Listener{p.chain, p.cloud, p.roles, p.admin} {
		if l != nil {
			_ = l.Close()
		}
	}
}

// release closes what was reserved when the start failed.
func (p *ports) release(err *error) {
	if *err != nil {
		p.close()
	}
}
