package cli

import (
	"fmt"
	"math/big"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/operator"
)

// dryRunFlag belongs to every command that changes the chain.
func (p *program) dryRunFlag() cli.Flag {
	return &cli.BoolFlag{Name: "dry-run", Destination: &p.dryRun, Usage: "say what would be signed and sent, without a key: words, digest, calldata, gas, balance"}
}

// printPlan says what an operation would do.
func (p *program) printPlan(plan operator.Plan) error {
	var words ui.Facts
	for _, l := range plan.Words {
		words = append(words, ui.Fact{Key: l.Label, Value: l.Text})
	}
	gas := fmt.Sprintf("about %d", plan.Gas)
	if plan.Unknown != "" {
		gas = "not known: " + plan.Unknown
	}
	return p.print(struct {
		DryRun bool          `json:"dry_run"`
		Plan   operator.Plan `json:"plan"`
	}{true, plan}, ui.Heading("dry run: nothing was signed or sent"), words, ui.Facts{
		{Key: "Signed by", Value: plan.Signers},
		{Key: "Digest", Value: digestText(plan)},
		{Key: "Sent by", Value: plan.From.Hex() + ", which has " + ether(plan.Balance)},
		{Key: "Sent to", Value: plan.Contract.Hex()},
		{Key: "Calldata", Value: plan.Calldata.String()},
		{Key: "Gas", Value: gas},
	})
}

func digestText(plan operator.Plan) string {
	if len(plan.Digest) == 0 {
		return "none: the transaction says it all"
	}
	return plan.Digest.String()
}

// ether is an amount of wei in ether, with four decimals.
func ether(wei string) string {
	n, ok := new(big.Rat).SetString(wei)
	if !ok {
		return wei + " wei"
	}
	return n.Quo(n, big.NewRat(1e18, 1)).FloatString(4) + " ether"
}
