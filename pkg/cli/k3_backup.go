package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/seal"
)

func (p *program) k3Backup() *cli.Command {
	var at role.Keyring
	var to cli.StringSlice
	var out string
	return &cli.Command{
		Name: "backup", Usage: "write the signer's keyring, sealed to age recipients",
		UsageText: "k3 backup --recipient age1… [--recipient age1…]... --out FILE [--signer-keyring FILE] [--signer-passphrase-file FILE]",
		Description: `Runs on a signer's host, beside a running signer or without one. Whoever holds the identity of one of the recipients can open the backup, and with it every secret that was ever stored: keep them offline. A backup holds the keys of the epochs until now; make a new one after each rotation.

Examples:
  age-keygen -o offline.txt                 (on another machine; prints age1…)
  agentkeys k3 backup --recipient age1… --out k3.backup`,
		Flags: append(at.Flags(),
			&cli.StringSliceFlag{Name: "recipient", Destination: &to, Usage: "`AGE1…` who can open the backup, repeatable"},
			&cli.StringFlag{Name: "out", Destination: &out, Usage: "`FILE` to write; one that exists is never overwritten"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if len(to.Value()) == 0 || out == "" {
				return usage("name who can open the backup with --recipient age1…, and the file with --out")
			}
			return p.k3DoBackup(c.Context, at, to.Value(), out)
		},
	}
}

func (p *program) k3DoBackup(ctx context.Context, at role.Keyring, to []string, out string) error {
	recipients, err := seal.ToRecipients(to)
	if err != nil {
		return usage("--recipient: %s", err)
	}
	e, err := p.keyringEnv()
	if err != nil {
		return err
	}
	k, err := at.Open(ctx, e)
	if err != nil {
		return err
	}
	defer k.Close()
	b, err := k.Backup(ctx, recipients)
	if err != nil {
		return err
	}
	if err := files.Create(out, b); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	return p.k3ShowKeyring("backup", out, k)
}

func (p *program) k3Restore() *cli.Command {
	var at role.Keyring
	var in, identity string
	return &cli.Command{
		Name: "restore", Usage: "make a signer's keyring out of a backup",
		UsageText: "k3 restore --in FILE --identity FILE [--signer-keyring FILE] [--signer-passphrase-file FILE]",
		Description: `Runs on a signer's host. The keyring is sealed anew under this host's passphrase or KMS key. One that exists is never overwritten: move it away first. A backup that lacks an epoch which was in use on this host is refused.

Examples:
  agentkeys k3 restore --in k3.backup --identity offline.txt`,
		Flags: append(at.Flags(),
			&cli.StringFlag{Name: "in", Destination: &in, Usage: "`FILE` of the backup"},
			&cli.StringFlag{Name: "identity", Destination: &identity, Usage: "`FILE` with the age identity (AGE-SECRET-KEY-1…) of one of its recipients"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if in == "" || identity == "" {
				return usage("name the backup with --in FILE and who opens it with --identity FILE")
			}
			return p.k3DoRestore(c.Context, at, in, identity)
		},
	}
}

func (p *program) k3DoRestore(ctx context.Context, at role.Keyring, in, identity string) error {
	from, err := seal.FromIdentities(identity)
	if err != nil {
		return fmt.Errorf("--identity: %w", err)
	}
	sealed, err := files.Read(in)
	if err != nil {
		return fmt.Errorf("--in: %w", err)
	}
	e, err := p.keyringEnv()
	if err != nil {
		return err
	}
	e.CreateKeys = true // a passphrase for the new keyring, if none is there
	o, err := at.Options(ctx, e)
	if err != nil {
		return err
	}
	k, err := keys.Restore(ctx, o, sealed.Reveal(), from)
	if errors.Is(err, seal.ErrSeal) {
		return fmt.Errorf("%s is not a recipient of %s: %w", identity, in, err)
	}
	if err != nil {
		return err
	}
	defer k.Close()
	return p.k3ShowKeyring("restored to", o.Path, k)
}

// keyringEnv is what opening a keyring on this host takes.
func (p *program) keyringEnv() (role.Env, error) {
	d, err := p.home()
	if err != nil {
		return role.Env{}, err
	}
	pr, err := p.load()
	if err != nil {
		return role.Env{}, err
	}
	root := d.Root()
	if path, err := p.profilePath(); err == nil && pr.IsDevelopment() && exists(filepath.Join(filepath.Dir(path), "signer")) {
		root = filepath.Dir(path) // the stack of development keeps its roles beside its profile
	}
	return role.Env{Now: p.Now, Log: p.logger(), Profile: pr, Home: root}, nil
}

func (p *program) k3ShowKeyring(what, path string, k *keys.Keyring) error {
	st := k.Status()
	var alive, gone []string
	for _, e := range st.Epochs {
		if e.Destroyed.IsZero() {
			alive = append(alive, fmt.Sprintf("%d (%s)", e.Epoch, e.Check))
		} else {
			gone = append(gone, fmt.Sprint(e.Epoch))
		}
	}
	return p.print(struct {
		File      string `json:"file"`
		Ring      string `json:"ring"`
		HighWater uint64 `json:"high_water"`
		Epochs    int    `json:"epochs"`
	}{path, st.RingID, st.HighWater, len(alive)}, ui.Facts{
		{Key: what, Value: path},
		{Key: "epochs", Value: strings.Join(alive, ", ")},
		{Key: "destroyed", Value: strings.Join(gone, ", ")},
		{Key: "keyring", Value: st.RingID},
	})
}
