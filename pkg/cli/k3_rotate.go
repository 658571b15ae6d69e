package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/keeper"
)

func (p *program) k3Rotate() *cli.Command {
	var f keeperFlags
	var target uint64
	var prepareOnly bool
	return &cli.Command{
		Name: "rotate", Usage: "begin a new key epoch at every signer and on chain",
		UsageText: "k3 rotate [--target-epoch N] [--key FILE | --as NAME] [--prepare-only] [--dry-run]",
		Description: `One signer makes the key of the next epoch, the others take it sealed to their identity keys, and all of them sign for the same key-check value. Only then does the wallet of governance move the counter on chain. From that block on new secrets are sealed under the new epoch; old ones stay readable, and nothing has to be restarted.

It may be interrupted at any moment and simply be run again; with --target-epoch a run that is done already sends nothing. Where governance is a contract, --prepare-only makes the keys, with the wallet of the maintainer, and prints the call to put before the multisig.

Examples:
  agentkeys k3 rotate
  agentkeys k3 rotate --target-epoch 4 --key governance.json --passphrase-file pass
  agentkeys k3 rotate --dry-run`,
		Flags: []cli.Flag{
			f.flag(),
			&cli.Uint64Flag{Name: "target-epoch", Destination: &target, DefaultText: "the next one", Usage: "`N` to reach; one transaction for each step"},
			&cli.BoolFlag{Name: "prepare-only", Destination: &prepareOnly, Usage: "make the key of the next epoch at every signer, send nothing, and print the call for governance"},
			p.dryRunFlag(),
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			if target > math.MaxUint32 {
				return usage("--target-epoch is at most %d", uint32(math.MaxUint32))
			}
			return p.k3DoRotate(c.Context, f, target, prepareOnly)
		},
	}
}

// maxSteps bounds one rotation, so that a slip of the finger does not move the
// counter, which never comes back, by hundreds.
const maxSteps = 16

func withinReach(now, target uint64) error {
	if target > now && target-now > maxSteps {
		return usage("--target-epoch %d: the chain is at epoch %d, and each step is a transaction that nothing takes back; go at most %d at a time", target, now, maxSteps)
	}
	return nil
}

// k3Call is the transaction that governance sends for one step.
type k3Call struct {
	Epoch    uint64         `json:"epoch"`
	To       common.Address `json:"to"`
	Calldata hexutil.Bytes  `json:"calldata"`
}

func (p *program) k3DoRotate(ctx context.Context, f keeperFlags, target uint64, prepareOnly bool) error {
	client, err := p.chainClient()
	if err != nil {
		return err
	}
	now, err := client.Counter(ctx)
	if err != nil {
		return err
	}
	if target == 0 {
		target = uint64(now.Epoch) + 1
	}
	if err := withinReach(uint64(now.Epoch), target); err != nil {
		return err
	}
	if prepareOnly && target > uint64(now.Epoch)+1 {
		return usage("--prepare-only makes the next epoch, %d: governance has to reach it before another is made", now.Epoch+1)
	}
	if p.dryRun {
		return p.k3PlanRotation(ctx, client, now, target)
	}
	k, err := p.keepKeys(ctx, f)
	if err != nil {
		return err
	}
	r := &keeper.Rotation{Chain: k.chain, Operations: k.operations, Signers: k.signers, Step: func(what string) { p.note("%s", what) }}
	if prepareOnly {
		r.Operations = nil
	} else if err := k.isGovernance(ctx); err != nil && target > uint64(now.Epoch) {
		return ui.WithFix(err, "agentkeys k3 rotate --prepare-only")
	}
	out, err := r.Run(ctx, target)
	if err != nil {
		return err
	}
	if prepareOnly {
		return p.k3Prepared(client, out)
	}
	return p.k3Rotated(out)
}

// advanceCall is the call that moves the counter from an epoch to the next.
func advanceCall(c *chain.Client, from uint64) (k3Call, error) {
	call, err := chain.NewOperations(c, nil).Plan(func(o *chain.Operations) error {
		_, err := o.AdvanceEpoch(context.Background(), uint32(from))
		return err
	})
	return k3Call{from + 1, call.To, call.Data}, err
}

func (p *program) k3PlanRotation(ctx context.Context, client *chain.Client, now chain.Counter, target uint64) error {
	if target < uint64(now.Epoch) {
		return fmt.Errorf("%w: the chain is at epoch %d, %d lies behind it", keeper.ErrBackward, now.Epoch, target)
	}
	signers, err := p.signers(ctx, nil)
	if err != nil {
		return err
	}
	plan := struct {
		DryRun  bool           `json:"dry_run"`
		From    uint64         `json:"from_epoch"`
		To      uint64         `json:"to_epoch"`
		Signers []string       `json:"signers"`
		By      common.Address `json:"governance"`
		Calls   []k3Call       `json:"transactions"`
	}{DryRun: true, From: uint64(now.Epoch), To: target, By: now.Governance, Calls: []k3Call{}}
	for _, s := range signers {
		plan.Signers = append(plan.Signers, s.URL())
	}
	rows := ui.Rows{Header: []string{"epoch", "sent to", "calldata"}, Right: []int{0}, Empty: "the chain is at this epoch already: nothing would be made or sent"}
	for from := plan.From; from < target; from++ {
		c, err := advanceCall(client, from)
		if err != nil {
			return err
		}
		plan.Calls = append(plan.Calls, c)
		rows.Rows = append(rows.Rows, []string{strconv.FormatUint(c.Epoch, 10), c.To.Hex(), c.Calldata.String()})
	}
	return p.print(plan, ui.Heading("dry run: no key was made, nothing was sent"), ui.Facts{
		{Key: "epoch", Value: fmt.Sprintf("from %d to %d", plan.From, plan.To)},
		{Key: "keys made at", Value: fmt.Sprint(counted(len(signers), "signer"))},
		{Key: "sent by", Value: now.Governance.Hex()},
	}, rows)
}

func (p *program) k3Prepared(client *chain.Client, out keeper.Rotated) error {
	if len(out.Epochs) == 0 {
		return errors.New("the chain is at this epoch already: there is nothing to prepare")
	}
	e := out.Epochs[0]
	call, err := advanceCall(client, e.Epoch-1)
	if err != nil {
		return err
	}
	return p.print(struct {
		Epoch uint64 `json:"epoch"`
		Check string `json:"check"`
		Call  k3Call `json:"call"`
	}{e.Epoch, e.Check, call}, ui.Facts{
		{Key: "prepared", Value: fmt.Sprintf("epoch %d, key-check value %s at every signer", e.Epoch, e.Check)},
		{Key: "call", Value: call.To.Hex()},
		{Key: "calldata", Value: call.Calldata.String()},
	}, ui.Text("Put this call before governance. Until it is executed nothing changes; then new secrets are sealed under the new epoch."))
}

func (p *program) k3Rotated(out keeper.Rotated) error {
	rows := ui.Rows{Header: []string{"epoch", "check value", "transaction", "gas"}, Right: []int{0, 3}, Empty: fmt.Sprintf("the chain is at epoch %d already; nothing was sent", out.To)}
	for _, e := range out.Epochs {
		tx, gas := "was there already", ""
		if e.Tx != (common.Hash{}) {
			tx, gas = e.Tx.Hex(), strconv.FormatUint(e.Gas, 10)
		}
		rows.Rows = append(rows.Rows, []string{strconv.FormatUint(e.Epoch, 10), e.Check, tx, gas})
	}
	if err := p.print(out, rows); err != nil || len(out.Epochs) == 0 {
		return err
	}
	p.next("a backup with the new key in it, and old secrets under it when you like",
		"agentkeys k3 backup --recipient age1… --out k3.backup", "agentkeys k3 reencrypt")
	return nil
}
