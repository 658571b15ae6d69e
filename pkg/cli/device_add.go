package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
)

// enrollment is a passkey of an operator on this machine.
type enrollment struct {
	home.Enrollment
	passkey.Credential
}

func (p *program) enrollments(op omni.Operator) ([]enrollment, error) {
	d, err := p.home()
	if err != nil {
		return nil, err
	}
	all, err := d.Enrollments()
	if err != nil {
		return nil, err
	}
	var out []enrollment
	for _, e := range all {
		if e.Operator != op {
			continue
		}
		content, err := d.ReadEnrollment(e)
		if err != nil {
			return nil, err
		}
		c, err := passkey.ParseCredential(content.Reveal())
		if err != nil {
			return nil, err
		}
		out = append(out, enrollment{e, c})
	}
	return out, nil
}

// wantedMaster is what the flags of `device add` and `device replace` ask for.
type wantedMaster struct {
	name    string
	roles   string
	delayed bool
}

func (w *wantedMaster) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "name", Destination: &w.name, Value: "companion", Usage: "`NAME` of the new master in the address book"},
		&cli.StringFlag{Name: "roles", Destination: &w.roles, Value: "cap-mint,recovery", Usage: "`ROLES` of the new master: cap-mint, recovery, scope-mgmt"},
	}
}

func (p *program) deviceAdd() *cli.Command {
	var w wantedMaster
	return &cli.Command{
		Name: "add", Usage: "enroll another passkey and make it a master",
		UsageText: "device add [--name NAME] [--roles ROLES] [--delayed] [--as OPERATOR] [--dry-run]",
		Description: `A quorum signs, and the new master counts at once. With --delayed one vote suffices: then the vote of the new master counts only after the recovery delay, and any other master can cancel it until then.

Examples:
  agentkeys device add --name companion
  agentkeys device add --name spare --delayed`,
		Flags: append(w.flags(), &cli.BoolFlag{Name: "delayed", Destination: &w.delayed, Usage: "by one vote; counts after the recovery delay"}, p.dryRunFlag()),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.addMaster(c.Context, w)
		},
	}
}

func (p *program) addMaster(ctx context.Context, w wantedMaster) error {
	id, o, n, err := p.newMaster(ctx, w)
	if err != nil {
		return err
	}
	out, err := o.AddMaster(ctx, n)
	if err != nil {
		return err
	}
	what := "is a master of " + ui.Named(id.Name, id.Operator)
	if n.Delayed {
		what += "; its vote counts after the recovery delay"
	}
	return p.printMasters(ctx, out, id, w.name, ui.Named(w.name, n.Credential.DeviceKey())+" "+what)
}

func (p *program) deviceReplace() *cli.Command {
	var w wantedMaster
	return &cli.Command{
		Name: "replace", Usage: "revoke a master and add another in its place",
		UsageText: "device replace OLD --name NEW [--roles ROLES] [--as OPERATOR] [--dry-run]",
		Description: `One operation that a quorum signs; the old master may be part of it. So an operator whose quorum takes all its masters can move one of them to another machine. The wallet's own master leaves only with its wallet: wallet rotate.

Examples:
  agentkeys device replace companion --name companion-2`,
		Flags: append(w.flags(), p.dryRunFlag()),
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("name one master: device replace OLD --name NEW")
			}
			return p.replaceMaster(c.Context, c.Args().First(), w)
		},
	}
}

func (p *program) replaceMaster(ctx context.Context, query string, w wantedMaster) error {
	old, err := p.deviceNamed(query)
	if err != nil {
		return err
	}
	id, o, n, err := p.newMaster(ctx, w)
	if err != nil {
		return err
	}
	out, err := o.ReplaceMaster(ctx, old.Device, n)
	if err != nil {
		return err
	}
	return p.printMasters(ctx, out, id, w.name, ui.Named(w.name, n.Credential.DeviceKey())+" is a master in the place of "+ui.Named(old.Name, old.Device)+", which is revoked")
}

// newMaster has the passkey of a new master ready, and its name recorded before
// anything is signed: the page on which people sign shows it.
func (p *program) newMaster(ctx context.Context, w wantedMaster) (home.Identity, *operator.Operator, operator.NewMaster, error) {
	var n operator.NewMaster
	fail := func(err error) (home.Identity, *operator.Operator, operator.NewMaster, error) {
		return home.Identity{}, nil, n, err
	}
	roles, err := parseRoles(strings.Split(w.roles, ","))
	if err != nil {
		return fail(err)
	}
	if err := home.CheckName(w.name); err != nil {
		return fail(err)
	}
	id, err := p.chooseOperator(home.Entry{})
	if err != nil {
		return fail(err)
	}
	o, err := p.operator(id)
	if err != nil {
		return fail(err)
	}
	n = operator.NewMaster{Roles: roles, Delayed: w.delayed}
	if n.Master, err = p.passkeyNamed(ctx, id, w.name, func() error { return o.CheckAdd(ctx, n) }); err != nil {
		return fail(err)
	}
	return id, o, n, nil
}

// passkeyNamed is the passkey that bears a name, or a new one under that name, if
// allow says nothing against it. A run that was interrupted finds the one that it
// enrolled.
func (p *program) passkeyNamed(ctx context.Context, id home.Identity, name string, allow func() error) (operator.Master, error) {
	b, err := p.book()
	if err != nil {
		return operator.Master{}, err
	}
	here, err := p.enrollments(id.Operator)
	if err != nil {
		return operator.Master{}, err
	}
	if e, err := b.Resolve(name); err == nil {
		return p.passkeyOf(id, here, e)
	}
	if err := allow(); err != nil {
		return operator.Master{}, err
	}
	return p.enrollMaster(ctx, id, name, here)
}

// passkeyOf is the passkey behind an entry of the address book. A dry run needs
// no more than its public half.
func (p *program) passkeyOf(id home.Identity, here []enrollment, e home.Entry) (operator.Master, error) {
	i := slices.IndexFunc(here, func(h enrollment) bool { return h.DeviceKey() == e.Device })
	if i < 0 {
		return operator.Master{}, fmt.Errorf("%w: %s stands for something else already (%s); choose another --name", home.ErrNameTaken, e.Name, e.Kind)
	}
	if p.dryRun {
		return operator.Master{Credential: here[i].Credential}, nil
	}
	known, err := p.masters(id.Operator)
	if err != nil {
		return operator.Master{}, err
	}
	for _, m := range known {
		if m.Credential.DeviceKey() == e.Device {
			return m, nil
		}
	}
	return operator.Master{}, fmt.Errorf("%w: the private key of passkey %s is not on this machine", ui.ErrApprovalNeeded, e.Name)
}

// The relying parties of further masters (SPEC section 4, companion).
const companionRPID = "companion"

// freeRPID is the first relying party id that has no passkey here: what it names
// was used and is not used again.
func freeRPID(here []enrollment) string {
	taken := map[string]bool{}
	for _, h := range here {
		taken[h.Enrollment.RPID] = true
	}
	rp := companionRPID + ".localhost"
	for v := 2; taken[rp]; v++ {
		rp = companionRPID + "-v" + strconv.Itoa(v) + ".localhost"
	}
	return rp
}

func (p *program) enrollMaster(ctx context.Context, id home.Identity, name string, here []enrollment) (operator.Master, error) {
	d, err := p.home()
	if err != nil {
		return operator.Master{}, err
	}
	auth, err := p.enroller(id)
	if err != nil {
		return operator.Master{}, err
	}
	rp := freeRPID(here)
	user := id.Operator.Bytes()
	req := passkey.EnrollRequest{
		RPID: rp, Origin: "http://" + rp + ":" + ceremonyPort, UserID: user[:],
		UserName: fmt.Sprintf("AgentKeys Companion Master (%s)", id.Operator.Short()),
	}
	if _, err := rand.Read(req.Challenge[:]); err != nil {
		return operator.Master{}, fmt.Errorf("drawing a challenge: %w", err)
	}
	c, err := auth.Enroll(ctx, req)
	if err != nil {
		return operator.Master{}, fmt.Errorf("enrolling a passkey: %w", err)
	}
	m := operator.Master{Credential: c, Passkey: auth}
	if p.dryRun {
		return m, nil
	}
	data, err := c.MarshalJSON()
	if err != nil {
		return operator.Master{}, err
	}
	if err := d.CreateEnrollment(home.Enrollment{Operator: id.Operator, RPID: rp}, append(data, '\n')); err != nil {
		return operator.Master{}, err
	}
	return m, d.Record(home.Entry{Name: name, Kind: home.KindDevice, Operator: id.Operator, Device: c.DeviceKey()})
}

// enroller enrolls for an operator; in a dry run it makes a passkey that nobody
// keeps.
func (p *program) enroller(id home.Identity) (*software.Authenticator, error) {
	if !p.dryRun {
		return p.authenticator(id)
	}
	p.note("the passkey of this dry run is a sample: the real one is enrolled when the command runs")
	return software.New(software.Environment)
}

// printMasters says what changed and how the operator stands now.
func (p *program) printMasters(ctx context.Context, out operator.Outcome, id home.Identity, name, what string) error {
	if err := p.printOutcome(out, "master", what); err != nil || out.Plan != nil {
		return err
	}
	st, all, _, err := p.health(ctx, id.Operator)
	if err != nil {
		return err
	}
	if name != "" && !st.Maturing.IsZero() && p.nameOf(st.Maturing.String()) == name {
		p.next("until its vote counts, any other master can cancel it", "agentkeys device cancel "+name)
		all = slices.DeleteFunc(all, func(w warning) bool { return strings.HasPrefix(w.Fix, "agentkeys device cancel ") })
	}
	p.warn(id.Name, all)
	return nil
}

// accepted explains how to go on where one lost master would strand the
// operator.
func accepted(err error, again string) error {
	if errors.Is(err, operator.ErrStranding) {
		return ui.WithFix(err, "agentkeys device add; or, if that is meant: %s --accept-stranding", again)
	}
	return err
}
