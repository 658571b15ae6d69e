package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
)

// program is one run of the command line: its process, its global flags, and
// what it opened.
type program struct {
	Process
	global  globals
	dir     *home.Dir        // nil until first used
	profile *profile.Profile // nil until first used
	out     *ui.Printer      // nil until first used
	silent  bool             // nobody reads what is signed: dev signs for its own people
	dryRun  bool             // say what would be done, and need no key for it
	keys    map[string]*home.Key
	closers []func() error
}

// globals are the flags that every command knows.
type globals struct {
	home, profile, as, output, passphraseFile string
}

func newProgram(p Process) *program { return &program{Process: p, keys: map[string]*home.Key{}} }

// close releases what was opened, last first.
func (p *program) close() {
	for i := len(p.closers) - 1; i >= 0; i-- {
		_ = p.closers[i]() // nothing was written that a close could lose
	}
}

func (p *program) later(f func() error) { p.closers = append(p.closers, f) }

func (p *program) globalFlags() []cli.Flag {
	g := &p.global
	return []cli.Flag{
		&cli.StringFlag{Name: "home", Destination: &g.home, EnvVars: []string{"AGENTKEYS_HOME"}, DefaultText: "~/.agentkeys", Usage: "state `DIRECTORY`: identities, address book, cached sessions"},
		&cli.StringFlag{Name: "profile", Destination: &g.profile, EnvVars: []string{"AGENTKEYS_PROFILE"}, DefaultText: "profile.json in the state directory, else what `dev` wrote there", Usage: "`FILE` that names the chain, the contracts and the hosts"},
		&cli.StringFlag{Name: "as", Destination: &g.as, EnvVars: []string{"AGENTKEYS_AS"}, DefaultText: "the only one that the command can use", Usage: "`NAME` of the identity that acts"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Destination: &g.output, EnvVars: []string{"AGENTKEYS_OUTPUT"}, Value: "table", Usage: "`FORM` of what is printed: table or json"},
		&cli.StringFlag{Name: "passphrase-file", Destination: &g.passphraseFile, EnvVars: []string{"AGENTKEYS_PASSPHRASE_FILE"}, DefaultText: "the generated passphrase beside the key", Usage: "`FILE` with the passphrase of the device key"},
	}
}

// checkGlobals refuses values that a command would find out about late.
func (p *program) checkGlobals(*cli.Context) error {
	if p.global.output == "" {
		p.global.output = string(ui.Table) // a variable that is set to nothing
	}
	if _, err := ui.ParseFormat(p.global.output); err != nil {
		return &usageError{err}
	}
	return nil
}

// environ reads one variable of the process; it is for the few that are not
// flags.
func (p *program) environ(name string) string {
	for i := len(p.Environ) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(p.Environ[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// home opens the state directory.
func (p *program) home() (*home.Dir, error) {
	if p.dir != nil {
		return p.dir, nil
	}
	root := p.global.home
	if root == "" {
		user := p.environ("HOME")
		if user == "" {
			return nil, errors.New("there is no home directory: name a state directory with --home")
		}
		root = filepath.Join(user, ".agentkeys")
	}
	d, err := home.Open(root, p.Now)
	p.dir = d
	return d, err
}

// devDir is where `dev` keeps its stack.
func devDir(d *home.Dir) string { return filepath.Join(d.Root(), "dev") }

// load reads the profile.
func (p *program) load() (*profile.Profile, error) {
	if p.profile != nil {
		return p.profile, nil
	}
	path, err := p.profilePath()
	if err != nil {
		return nil, err
	}
	p.profile, err = profile.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no profile %s", path)
	}
	return p.profile, err
}

func (p *program) profilePath() (string, error) {
	if p.global.profile != "" {
		return p.global.profile, nil
	}
	d, err := p.home()
	if err != nil {
		return "", err
	}
	for _, path := range []string{d.ProfilePath(), filepath.Join(devDir(d), "profile.json")} {
		switch _, err := os.Stat(path); {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("looking for the profile: %w", err)
		}
	}
	return "", ui.WithFix(fmt.Errorf("there is no profile in %s: name one with --profile, or start a stack for development", d.Root()), "agentkeys dev")
}

// passphrase is the one named by --passphrase-file; empty when none is.
func (p *program) passphrase() (secret.Secret, error) {
	if p.global.passphraseFile == "" {
		return secret.Secret{}, nil
	}
	return home.ReadPassphrase(p.global.passphraseFile)
}
