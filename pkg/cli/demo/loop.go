package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/role"
)

// Config of a run of a stage.
type Config struct {
	// Dir is an empty directory that the demo may fill.
	Dir string
	// Credential is the secret that is moved, 1 byte to 1 MiB.
	Credential []byte
	// Command runs one command line in this process, with the demo's state
	// directory, and returns what it printed and its exit code.
	Command func(ctx context.Context, home string, stdin io.Reader, args ...string) (stdout, stderr []byte, code int)
	// Executable is this binary, for the step that starts a real process.
	Executable string
	Environ    []string
	Roles      []role.Role
	Version    httpd.Version
	Now        func() time.Time
	Printer    *ui.Printer
	// Home and Profile are the state directory and the profile's file of a stack that
	// is there, for the stages 1 to 3; empty: one is started in Dir.
	Home, Profile string
	// Storage is which storage stage 3 starts: StorageDev, also where it is empty, or
	// StorageRGW.
	Storage string
	// CloudKeys names a file with the keys of the account's administrator, in the form
	// of credential_process; empty: those of a development stack, beside its profile.
	CloudKeys string
	// Steps are those that are asked for.
	Steps Selection
}

// The storages that stage 3 can start.
const (
	StorageDev = "dev"
	StorageRGW = "rgw"
)

// The people of the demo. A second operator stands by to be refused.
const (
	operatorName = "acme"
	strangerName = "globex"
	agentName    = "build-bot"
	serviceName  = "github"
)

// loop is the state that the steps share.
type loop struct {
	stand
	service string // whose secret is moved

	operator, stranger, agent *client.Caller
	operatorOmni              omni.Operator
	actor                     omni.Actor
	strangerActor             omni.Actor
}

// Loop runs the main job end to end on an embedded stack.
func Loop(ctx context.Context, c Config) (ui.Report, error) {
	l := newLoop(c)
	ran := play(ctx, c, stage{name: "loop", about: "an operator approves, an agent fetches, everybody else is refused", steps: l.steps()})
	return ui.Report{Stages: []ui.Stage{ran}}, l.close()
}

func newLoop(c Config) *loop { return &loop{stand: stand{Config: c}, service: serviceName} }

func (l *loop) steps() []step {
	return []step{
		{name: "start the stack", proves: "a real EVM under London rules, S3 and STS that enforce the product's policies, broker and worker: all on loopback", run: l.startStack},
		{name: "two operators register", proves: "wallet and passkey together become an operator on chain", run: l.registerOperators},
		{name: "an agent asks and is bound", proves: "the agent's own key consents, the operator touches the passkey; what travels does not hold the agent's key", run: l.bindAgent},
		{name: "the operator grants one service", proves: "the chain says who may do what", run: l.grant},
		{name: "the operator hands over the secret", proves: "it goes through the worker into storage under the agent's name", run: l.provision},
		{name: "storage holds only ciphertext", proves: "who reads the bucket learns the size and nothing else", run: l.ciphertext},
		{name: "the operator cannot read it back", proves: "provisioning is one-way", run: l.oneWay},
		{name: "the agent signs in and fetches it", proves: "its own key, a capability for one service, a session for its own prefix: the same bytes come back", run: l.fetch},
		{name: "a child process gets it, nobody else", proves: "agentkeys run: by file descriptor, not on disk, not on the terminal, not in argv", run: l.runChild},
		{name: "refused: another operator mints", proves: "the session decides before the chain is asked", run: l.otherOperator},
		{name: "refused: another actor's prefix", proves: "storage itself holds actors apart, whatever our code does", run: l.otherPrefix},
		{name: "refused: a stolen capability", proves: "a capability is worth nothing without the agent's key", run: l.stolenCapability},
		{name: "refused: a proof over another body", proves: "the proof covers the exact bytes", run: l.otherBody},
		{name: "refused: a partial set of storage headers", proves: "the worker has no identity of its own to fall back to", run: l.partialHeaders},
		{name: "refused: a service without a grant", proves: "and the answer names the command that grants it", run: l.noGrant},
		{name: "refused: a revoked agent", proves: "one transaction ends it, also for a capability that was minted before", run: l.revoke},
	}
}

func (l *loop) startStack(ctx context.Context) (string, error) {
	if err := l.open(ctx); err != nil {
		return "", err
	}
	return l.where(), nil
}

// leaves reports the files below dir that contain the secret.
func (l *loop) leaves(dir string) error {
	probe := l.Credential[:min(len(l.Credential), 32)]
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			// Files of the running chain and stores come and go.
			return ignoreGone(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return ignoreGone(err)
		}
		if len(probe) >= minProbe && contains(b, probe) {
			return fmt.Errorf("%s contains the secret", filepath.Base(path))
		}
		return nil
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
