package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) deviceCommand() *cli.Command {
	return &cli.Command{
		Name: "device", Usage: "add, list, replace and revoke an operator's masters", Category: categoryOperator,
		Description: `A master is a passkey that speaks for the operator. Masters with the role RECOVERY form quorums: as many as the threshold says must sign to revoke or replace a master, to change the threshold, to move to another wallet and to end a freeze.

A quorum that takes all of them is a trap: one lost passkey, and nothing can be recovered. Have one master more than the threshold.`,
		Action: p.group,
		Subcommands: []*cli.Command{
			p.deviceList(), p.deviceAdd(), p.deviceReplace(), p.deviceRevoke(), p.deviceCancel(), p.deviceThreshold(), p.deviceRecover(),
		},
	}
}

func (p *program) deviceList() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: "list an operator's devices, and how it stands",
		UsageText: "device list [--as OPERATOR] [-o json]",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			id, err := p.chooseOperator(home.Entry{})
			if err != nil {
				return err
			}
			return p.listDevices(c.Context, id)
		},
	}
}

type deviceRow struct {
	Name   string         `json:"name"`
	Device omni.DeviceKey `json:"device_key_hash"`
	Kind   string         `json:"kind"`
	Roles  string         `json:"roles"`
	Status string         `json:"status"`
	// CountsFrom is when a maturing master's vote begins to count.
	CountsFrom time.Time `json:"counts_from,omitzero"`
	Here       bool      `json:"passkey_here"`
}

type standingWords struct {
	Operator        omni.Operator `json:"operator_omni"`
	Wallet          string        `json:"wallet"`
	Threshold       uint8         `json:"threshold"`
	RecoveryMasters int           `json:"recovery_masters"`
	Frozen          bool          `json:"frozen"`
	Warnings        []warning     `json:"warnings"`
	Devices         []deviceRow   `json:"devices"`
}

func (p *program) listDevices(ctx context.Context, id home.Identity) error {
	st, all, devices, err := p.health(ctx, id.Operator)
	if err != nil {
		return err
	}
	b, err := p.book()
	if err != nil {
		return err
	}
	local, err := p.localPasskeys(id)
	if err != nil {
		return err
	}
	out := standingWords{
		Operator: id.Operator, Wallet: st.Wallet.Hex(), Threshold: st.Threshold, RecoveryMasters: len(st.RecoveryMasters),
		Frozen: st.Frozen, Warnings: all, Devices: []deviceRow{},
	}
	table := ui.Rows{Header: []string{"device", "kind", "roles", "status", "passkey"}, Empty: ui.Named(id.Name, id.Operator) + " is not on chain yet", Hint: p.command("agentkeys init --name " + id.Name)}
	for _, d := range devices {
		row := p.deviceRow(b, d, st)
		row.Here = local[d.Passkey.X]
		out.Devices = append(out.Devices, row)
		name, here := row.Name, ""
		if name == "" {
			name = d.Key.String() // in full: it may have to be revoked
		}
		if row.Here {
			here = "here"
		}
		status := row.Status
		if !row.CountsFrom.IsZero() {
			status += ", counts in " + ui.Duration(row.CountsFrom.Sub(p.Now()))
		}
		table.Rows = append(table.Rows, []string{name, row.Kind, roleFlags(d.Roles), status, here})
	}
	err = p.print(out, table, ui.Facts{
		{Key: "quorum", Value: fmt.Sprintf("%d of %d recovery masters", st.Threshold, len(st.RecoveryMasters))},
		{Key: "wallet", Value: st.Wallet.Hex()},
	})
	if err != nil {
		return err
	}
	p.warn(id.Name, out.Warnings)
	return nil
}

func (p *program) deviceRow(b *home.Book, d chain.DeviceEntry, st chain.Standing) deviceRow {
	row := deviceRow{Name: b.NameOfDevice(d.Key), Device: d.Key, Kind: "agent", Roles: d.Roles.String(), Status: "active"}
	wallet := omni.DeviceKeyOfAddress(st.Wallet) == d.Key
	if d.Tier == chain.TierMaster {
		row.Kind = "master"
	}
	switch {
	case wallet && d.Passkey.CredentialID == [32]byte{}:
		row.Kind = "wallet, without a passkey"
	case wallet:
		row.Kind = "master and wallet"
	case d.Revoked && d.Tier == chain.TierMaster && d.Passkey.CredentialID == [32]byte{}:
		row.Kind = "retired wallet"
	}
	switch {
	case d.Revoked:
		row.Status = "revoked"
	case st.Maturing == d.Key:
		row.Status, row.CountsFrom = "maturing", d.RecoveryFrom
	case st.Frozen && d.Tier != chain.TierMaster:
		row.Status = "frozen"
	}
	return row
}

// localPasskeys are the public keys (by X) of the passkeys on this machine.
func (p *program) localPasskeys(id home.Identity) (map[[32]byte]bool, error) {
	out := map[[32]byte]bool{}
	all, err := p.enrollments(id.Operator)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		out[e.Credential.X] = true
	}
	return out, nil
}

// warning is something that an operator must not overlook, and what to type.
type warning struct {
	Why string `json:"why"`
	Fix string `json:"fix"`
}

func warnings(st chain.Standing) []warning {
	out := []warning{}
	add := func(fix, why string, args ...any) { out = append(out, warning{fmt.Sprintf(why, args...), fix}) }
	if st.Frozen {
		add("agentkeys unfreeze", "the operator is frozen: no agent may act until a quorum ends it")
	}
	if !st.Maturing.IsZero() {
		// In full: eight digits could be made to look like another's.
		add("agentkeys device cancel "+st.Maturing.String(), "master %s was added by one vote and is maturing; if you do not know it, cancel it", st.Maturing)
	}
	if st.Rotation != (chain.Rotation{}) {
		add("agentkeys wallet cancel", "a move to wallet %s is proposed; if you do not know it, cancel it", st.Rotation.NewWallet)
	}
	switch {
	case st.Alone():
		add("agentkeys device add", "there is one recovery master: whoever loses that passkey loses the operator")
	case st.Stranding():
		add("agentkeys device add", "a quorum takes all %d recovery masters: one that is lost, or refuses, strands the operator for ever", len(st.RecoveryMasters))
	}
	return out
}

// health reads how an operator stands, what must not be overlooked, and its
// devices.
func (p *program) health(ctx context.Context, op omni.Operator) (chain.Standing, []warning, []chain.DeviceEntry, error) {
	c, err := p.chainClient()
	if err != nil {
		return chain.Standing{}, nil, nil, err
	}
	st, err := c.Standing(ctx, op)
	if err != nil {
		return st, nil, nil, err
	}
	devices, err := c.Devices(ctx, op)
	return st, append(warnings(st), managing(devices)...), devices, err
}

// managing warns when nobody is left who may grant or bind: a quorum has to add
// such a master.
func managing(devices []chain.DeviceEntry) []warning {
	for _, d := range devices {
		if d.Tier == chain.TierMaster && !d.Revoked && d.Roles.Has(chain.RoleScopeMgmt) && d.Passkey.CredentialID != [32]byte{} {
			return nil
		}
	}
	if len(devices) == 0 {
		return nil
	}
	return []warning{{
		Why: "no master that is left has SCOPE_MGMT: nobody can bind agents or change what they may do",
		Fix: "agentkeys device add --name NEW --roles cap-mint,recovery,scope-mgmt",
	}}
}

// warn tells them beside the data; in JSON they are part of it.
func (p *program) warn(name string, warnings []warning) {
	if p.wantsJSON() {
		return
	}
	for _, w := range warnings {
		p.note("warning: %s: %s: %s", name, p.inText(w.Why), p.inText(p.as(name, w.Fix)))
	}
}

// as names who acts in a command to type, where this machine has several.
func (p *program) as(name, command string) string {
	d, err := p.home()
	if err != nil {
		return command
	}
	ids, err := d.Identities()
	if err != nil {
		return command
	}
	operators := 0
	for _, id := range ids {
		if id.Kind == home.KindOperator && !id.Inactive {
			operators++
		}
	}
	if operators > 1 && strings.HasPrefix(command, Name+" ") {
		return command + " --as " + name
	}
	return command
}

// deviceNamed finds a device key by name, address or hash.
func (p *program) deviceNamed(query string, kinds ...home.Kind) (home.Entry, error) {
	b, err := p.book()
	if err != nil {
		return home.Entry{}, err
	}
	e, err := b.Resolve(query, kinds...)
	if err == nil && !e.Device.IsZero() {
		return e, nil
	}
	// A device that somebody else added has no name here.
	if key, bad := omni.ParseDeviceKey(query); bad == nil {
		return home.Entry{Device: key}, nil
	}
	if a, bad := profile.ParseAddress(query); bad == nil {
		return home.Entry{Device: omni.DeviceKeyOfAddress(a), Address: a}, nil
	}
	if err == nil {
		err = fmt.Errorf("the address book does not know the device of %s", e.Name)
	}
	return home.Entry{}, err
}

// roleFlags are the roles in the words of --roles.
func roleFlags(r chain.Roles) string {
	return strings.NewReplacer("+", ",", "_", "-").Replace(strings.ToLower(r.String()))
}

// parseRoles reads role names, separated by commas.
func parseRoles(list []string) (chain.Roles, error) {
	names := map[string]chain.Roles{"cap-mint": chain.RoleCapMint, "recovery": chain.RoleRecovery, "scope-mgmt": chain.RoleScopeMgmt}
	var out chain.Roles
	for _, n := range list {
		r, ok := names[n]
		if !ok {
			known := []string{}
			for k := range names {
				known = append(known, k)
			}
			slices.Sort(known)
			return 0, usage("--roles: there is no role %q; there are %s", n, strings.Join(known, ", "))
		}
		out |= r
	}
	return out, nil
}
