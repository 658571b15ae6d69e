package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
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
	Warnings        []string      `json:"warnings"`
	Devices         []deviceRow   `json:"devices"`
}

func (p *program) listDevices(ctx context.Context, id home.Identity) error {
	ch, err := p.chainClient()
	if err != nil {
		return err
	}
	st, err := ch.Standing(ctx, id.Operator)
	if err != nil {
		return err
	}
	devices, err := ch.Devices(ctx, id.Operator)
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
		Frozen: st.Frozen, Warnings: warnings(st), Devices: []deviceRow{},
	}
	table := ui.Rows{Header: []string{"device", "kind", "key", "roles", "status", "passkey"}, Empty: ui.Named(id.Name, id.Operator) + " is not on chain yet", Hint: p.command("agentkeys init --name " + id.Name)}
	for _, d := range devices {
		row := p.deviceRow(b, d, st)
		row.Here = local[d.Passkey.X]
		out.Devices = append(out.Devices, row)
		name, here := row.Name, ""
		if name == "" {
			name = "(not in the address book)"
		}
		if row.Here {
			here = "here"
		}
		status := row.Status
		if !row.CountsFrom.IsZero() {
			status += ", counts " + ui.When(row.CountsFrom, p.Now())
		}
		table.Rows = append(table.Rows, []string{name, row.Kind, d.Key.Short(), row.Roles, status, here})
	}
	err = p.print(out, table, ui.Facts{
		{Key: "quorum", Value: fmt.Sprintf("%d of %d recovery masters", st.Threshold, len(st.RecoveryMasters))},
		{Key: "wallet", Value: st.Wallet.Hex()},
	})
	if err != nil {
		return err
	}
	p.warn(st)
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

// warnings are what an operator must not overlook.
func warnings(st chain.Standing) []string {
	out := []string{}
	if st.Frozen {
		out = append(out, "the operator is frozen: no agent may act until a quorum ends it with `agentkeys unfreeze`")
	}
	if !st.Maturing.IsZero() {
		out = append(out, "master "+st.Maturing.Short()+" was added by one vote and is maturing; if you do not know it: agentkeys device cancel "+st.Maturing.String())
	}
	if st.Rotation != (chain.Rotation{}) {
		out = append(out, "a move to wallet "+st.Rotation.NewWallet.Hex()+" is proposed; if you do not know it: agentkeys wallet cancel")
	}
	if st.Stranding() {
		out = append(out, fmt.Sprintf("a quorum takes all %d recovery masters: one lost passkey strands the operator for ever, and each of them can freeze it for ever; add a master: agentkeys device add", len(st.RecoveryMasters)))
	}
	return out
}

// warn tells them beside the data; in JSON they are part of it.
func (p *program) warn(st chain.Standing) {
	if p.wantsJSON() {
		return
	}
	for _, w := range warnings(st) {
		p.note("warning: %s", p.inText(w))
	}
}

// deviceNamed finds a device key by name, address or hash.
func (p *program) deviceNamed(query string) (home.Entry, error) {
	b, err := p.book()
	if err != nil {
		return home.Entry{}, err
	}
	e, err := b.Resolve(query)
	if err == nil && !e.Device.IsZero() {
		return e, nil
	}
	// A device that somebody else added has no name here.
	if key, bad := omni.ParseDeviceKey(query); bad == nil {
		return home.Entry{Name: key.Short(), Device: key}, nil
	}
	if err == nil {
		err = fmt.Errorf("the address book does not know the device of %s", e.Name)
	}
	return home.Entry{}, err
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
			return 0, usage("--roles: there is no role %q; there are %v", n, known)
		}
		out |= r
	}
	return out, nil
}
