package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// stand is what a stage runs on: a stack of its own in a directory of its own,
// or the profile and state directory that it was given.
type stand struct {
	Config
	home        *home.Dir
	profile     *profile.Profile
	profilePath string
	chain       *chain.Client
	stack       *devstack.Stack // nil on one that is there
	gateway     *rgw.Server     // the stack's storage, unless it is the embedded one
}

// open opens it. Roles named in apart are left to processes of their own.
func (s *stand) open(ctx context.Context, apart ...string) (err error) {
	root := s.Home
	if root == "" {
		root = filepath.Join(s.Dir, "home")
	}
	if s.home, err = home.Open(root, s.Now); err != nil {
		return err
	}
	if s.Home != "" {
		s.profilePath = s.Profile
		if s.profile, err = profile.Load(s.Profile); err != nil {
			return lacking("%w", err)
		}
	} else if err = s.start(ctx, root, apart); err != nil {
		return err
	}
	s.chain, err = chain.NewClient(s.profile.ChainProfile())
	return err
}

// start starts a stack below the state directory.
func (s *stand) start(ctx context.Context, root string, apart []string) (err error) {
	if s.Storage == StorageRGW {
		if s.gateway, err = startGateway(ctx, filepath.Join(s.Dir, "rgw"), s.Now); err != nil {
			return err
		}
	}
	stack, err := devstack.Start(ctx, devstack.Config{
		Dir: filepath.Join(root, "dev"), FreePorts: true, Storage: s.gateway, Roles: s.Roles, Apart: apart, Version: s.Version, Now: s.Now, Log: zerolog.New(io.Discard),
	})
	if err != nil {
		return err
	}
	s.stack, s.profile, s.profilePath = stack, stack.Profile, stack.ProfilePath
	return nil
}

// startGateway starts Ceph's object gateway, where it is installed.
func startGateway(ctx context.Context, dir string, now func() time.Time) (*rgw.Server, error) {
	programs := ""
	for _, name := range []string{"ceph-mon", "ceph-osd", "ceph", "radosgw", "radosgw-admin"} {
		at, err := exec.LookPath(name)
		if err != nil {
			return nil, lacking("%s is not installed: apt-get install ceph-mon ceph-osd ceph-base radosgw", name)
		}
		programs = filepath.Dir(at)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	return rgw.Start(ctx, rgw.Config{Programs: programs, Dir: dir, AccountID: devstack.AccountID, Now: now})
}

// admit tells the stack's storage of actors, where it has to be told.
func (s *stand) admit(ctx context.Context, actors ...omni.Actor) error {
	if s.stack == nil {
		return nil
	}
	return s.stack.Admit(ctx, actors...)
}

// close stops the stack, if it is the stage's own.
func (s *stand) close() error {
	var errs []error
	if s.chain != nil {
		errs = append(errs, s.chain.Close())
	}
	if s.stack != nil {
		errs = append(errs, s.stack.Close())
	}
	if s.gateway != nil {
		errs = append(errs, s.gateway.Close())
	}
	return errors.Join(errs...)
}

// where says where everything is.
func (s *stand) where() string {
	storage := s.profile.Cloud.S3Endpoint
	switch {
	case s.gateway != nil:
		storage = "Ceph RGW " + storage
	case storage == "":
		storage = "AWS " + s.profile.Cloud.Region
	}
	broker, err := s.profile.Host("broker")
	if err != nil {
		broker = "no host"
	}
	return fmt.Sprintf("chain %d, 7 contracts, storage at %s, roles at %s", s.profile.Chain.ChainID, storage, broker)
}

// command runs one command and fails unless it succeeds. One that waits for a
// person is an unmet prerequisite.
func (s *stand) command(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	out, errOut, code := s.Command(ctx, s.home.Root(), stdin, args...)
	switch code {
	case ui.ExitOK:
		return out, nil
	case ui.ExitApproval:
		return nil, lacking("agentkeys %s: %s", verb(args), bytes.TrimSpace(errOut))
	}
	return nil, fmt.Errorf("agentkeys %s: exit code %d: %s", verb(args), code, errOut)
}

// verb is the command without its flags.
func verb(args []string) string {
	for i, a := range args {
		if strings.HasPrefix(a, "-") {
			args = args[:i]
			break
		}
	}
	return strings.Join(args[:min(2, len(args))], " ")
}

// answer runs a command and reads its JSON, if into is not nil.
func (s *stand) answer(ctx context.Context, into any, args ...string) error {
	text, err := s.command(ctx, nil, append(args, "-o", "json")...)
	if err != nil || into == nil {
		return err
	}
	if err := strictjson.DecodeAnswer(text, into); err != nil {
		return fmt.Errorf("agentkeys %s: %w", verb(args), err)
	}
	return nil
}

// caller opens an identity of the stage as the client that its commands use,
// with a cache of its own.
func (s *stand) caller(name string) (*client.Caller, home.Identity, error) {
	id, err := s.home.Identity(name)
	if err != nil {
		return nil, id, err
	}
	key, err := s.home.OpenKey(name, noPassphrase)
	if err != nil {
		return nil, id, err
	}
	c, err := client.New(s.profile, key.Private(), client.NewMemory(), s.Now)
	return c, id, err
}

// outcome is what a command on chain says of itself.
type outcome struct {
	Done bool `json:"already_done"`
}

// String says it.
func (o outcome) String() string {
	if o.Done {
		return "was so already"
	}
	return "done"
}

// aside says it beside something else, only where there was nothing to do.
func (o outcome) aside() string {
	if o.Done {
		return " (was so already)"
	}
	return ""
}
