package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/sts"
)

func (p *program) awsCommand() *cli.Command {
	return &cli.Command{
		Name: "aws", Usage: "make what the cloud account needs, and use it by other tools", Category: categoryHost,
		Description: `Isolation in storage rests on the account's roles and buckets: this makes them as the profile names them, and looks whether they still are what they were.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.awsProvision(), p.awsCredentials()},
	}
}

// provisionFlags are those of `aws provision`.
type provisionFlags struct {
	credentials, archive, writer string
	thumbprints                  cli.StringSlice
	adopt, dryRun, yes           bool
}

func (p *program) awsProvision() *cli.Command {
	var f provisionFlags
	return &cli.Command{
		Name: "provision", Usage: "make the OIDC provider, roles and buckets of the profile, or what they lack",
		UsageText: "aws provision [--credentials FILE] [--dry-run] [--archive BUCKET --archive-writer user/NAME|role/NAME]",
		Description: `Looks first: what is there and right stays untouched, so that a second run has nothing to do. Policies are compared by what they say; what somebody changed is shown line by line and put back. Nothing is ever deleted: further policies of a role, which may widen it, are named and left to you.

What bears a name of the profile and was not made here is refused; --adopt takes it over, but never what is in use for something else: a bucket or role that its tag, policy or trust says to be of another data class, of the archive or of another deployment, a bucket with something in it of which nothing says what it is, and one that somebody made after the plan. It may be interrupted at any moment and simply be run again.

The keys come from a file in the form of credential_process and are used for this run alone; docs/provisioning.md says which rights they need. With cloud.worker_sources in the profile, storage answers only those VPC endpoints and addresses.

Examples:
  aws configure export-credentials --format process > admin.json && chmod 600 admin.json
  agentkeys aws provision --credentials admin.json --dry-run
  agentkeys aws provision --credentials admin.json --archive acme-audit --archive-writer user/archiver`,
		Flags: []cli.Flag{
			p.cloudKeysFlag(&f.credentials),
			&cli.BoolFlag{Name: "dry-run", Destination: &f.dryRun, Usage: "say what would be changed, and change nothing"},
			&cli.BoolFlag{Name: "adopt", Destination: &f.adopt, Usage: "take over roles, buckets and a provider that were not made here"},
			&cli.StringFlag{Name: "archive", Destination: &f.archive, Usage: "make `BUCKET` for the archive of the audit log, too"},
			&cli.StringFlag{Name: "archive-writer", Destination: &f.writer, Usage: "who alone writes there: user/`NAME` or role/NAME, which must be there already"},
			&cli.StringSliceFlag{Name: "thumbprint", Destination: &f.thumbprints, Usage: "SHA-1 `HEX` of the issuer's certificate, repeatable, for services that want it; Amazon's does not"},
			&cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Destination: &f.yes, Usage: "do not ask"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.provision(c.Context, f)
		},
	}
}

func (p *program) cloudKeysFlag(into *string) cli.Flag {
	return &cli.StringFlag{Name: "credentials", Destination: into, EnvVars: []string{"AGENTKEYS_CLOUD_CREDENTIALS"}, DefaultText: "in development the stack's own", Usage: "`FILE` in the form of credential_process: keys of the account's administrator"}
}

// cloudKeys reads the administrator's keys; nothing looks for them anywhere else.
func (p *program) cloudKeys(pr *profile.Profile, path string) (sts.StaticKeys, error) {
	if path == "" {
		at, err := p.profilePath()
		if err != nil {
			return sts.StaticKeys{}, err
		}
		if path = filepath.Join(filepath.Dir(at), devstack.AdministratorFile); !pr.IsDevelopment() || !exists(path) {
			return sts.StaticKeys{}, usage("name the keys of the account's administrator with --credentials FILE")
		}
	}
	raw, err := files.Read(path)
	if err != nil {
		return sts.StaticKeys{}, fmt.Errorf("--credentials: %w", err)
	}
	defer raw.Destroy()
	k, err := sts.ParseProcessCredentials(raw.Reveal())
	if err != nil {
		return k, fmt.Errorf("--credentials %s: %w", path, err)
	}
	return k, nil
}

var thumbprintText = regexp.MustCompile(`^[0-9A-Fa-f]{40}$`)

// want is what the profile and the flags ask for.
func (f provisionFlags) want(pr *profile.Profile) (provision.Want, error) {
	params, err := pr.Policies()
	if err != nil {
		return provision.Want{}, err
	}
	set, err := policy.Render(params)
	if err != nil {
		return provision.Want{}, err
	}
	w := provision.Want{Issuer: pr.OIDCIssuer, Set: set, Adopt: f.adopt, Thumbprints: f.thumbprints.Value()}
	if w.Deployment, err = (role.Env{Profile: pr}).Deployment(); err != nil {
		return w, err
	}
	for _, t := range w.Thumbprints {
		if !thumbprintText.MatchString(t) {
			return w, usage("--thumbprint is 40 hex characters, not %q", t)
		}
	}
	if f.archive == "" && f.writer == "" {
		return w, nil
	}
	a := policy.ArchiveParams{Partition: params.Partition, AccountID: params.AccountID, Bucket: f.archive, TLS: params.TLS}
	kind, name, _ := strings.Cut(f.writer, "/")
	switch {
	case f.archive == "" || f.writer == "":
		return w, usage("--archive and --archive-writer come together")
	case kind == "user":
		a.User = name
	case kind == "role":
		a.Role = name
	default:
		return w, usage("--archive-writer is user/NAME or role/NAME, not %q", f.writer)
	}
	archive, err := policy.RenderArchive(a)
	if err != nil {
		return w, usage("--archive: %s", err)
	}
	for _, r := range set.Roles {
		if r.ARN == archive.PrincipalARN {
			return w, usage("--archive-writer: role %s is %s's; the archive has a writer of its own", r.Name, r.Use)
		}
	}
	for _, c := range params.Classes {
		if c.Bucket == f.archive {
			return w, usage("--archive: %s holds a data class; the archive has a bucket of its own", f.archive)
		}
	}
	w.Archive = &archive
	return w, nil
}

// provisioner opens a client of the account that the profile names.
func provisioner(pr *profile.Profile, keys sts.StaticKeys) (*provision.Client, error) {
	return provision.New(provision.Config{
		Region: pr.Cloud.Region, AccountID: pr.Cloud.AccountID, Keys: keys,
		IAMEndpoint: pr.Cloud.IAMEndpoint, S3Endpoint: pr.Cloud.S3Endpoint, STSEndpoint: pr.Cloud.STSEndpoint,
	})
}

// again is the command of this run, with more.
func (f provisionFlags) again(more string) string {
	words := []string{"agentkeys aws provision"}
	for _, w := range []struct{ flag, value string }{{"--credentials", f.credentials}, {"--archive", f.archive}, {"--archive-writer", f.writer}} {
		if w.value != "" {
			words = append(words, w.flag, w.value)
		}
	}
	for _, t := range f.thumbprints.Value() {
		words = append(words, "--thumbprint", t)
	}
	if f.adopt && more == "" {
		more = "--adopt"
	}
	if more != "" {
		words = append(words, more)
	}
	return strings.Join(words, " ")
}

func (p *program) provision(ctx context.Context, f provisionFlags) error {
	pr, err := p.load()
	if err != nil {
		return err
	}
	want, err := f.want(pr)
	if err != nil {
		return err
	}
	keys, err := p.cloudKeys(pr, f.credentials)
	if err != nil {
		return err
	}
	client, err := provisioner(pr, keys)
	if err != nil {
		return err
	}
	plan, err := client.Plan(ctx, want)
	if inUse := errors.Is(err, provision.ErrInUse); inUse || errors.Is(err, provision.ErrForeign) {
		err = fmt.Errorf("nothing was changed: %w", err)
		if !inUse { // nothing takes that over
			err = ui.WithFix(err, "%s", f.again("--adopt --dry-run"))
		}
	}
	if err != nil {
		return err
	}
	if f.dryRun {
		return p.printProvision(pr, plan, want, true)
	}
	if len(plan.Changes) > 0 && !f.yes {
		if p.StdinIsTerminal {
			p.aside(differences(plan)...)
		}
		sure, err := p.confirm(ctx, "make %s in account %s?", counted(len(plan.Changes), "change"), pr.Cloud.AccountID)
		if err != nil {
			return err
		}
		if !sure {
			return errors.New("nothing was changed")
		}
	}
	bar := p.printer().Progress("provisioning", int64(len(plan.Changes)))
	defer bar.Close()
	done := 0
	if err := plan.Apply(ctx, func(provision.Change) { done++; bar.Add(1) }); err != nil {
		return ui.WithFix(fmt.Errorf("%d of %d changes were made: %w", done, len(plan.Changes), err), "%s", f.again(""))
	}
	return p.printProvision(pr, plan, want, false)
}
