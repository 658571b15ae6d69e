package cli

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/profile"
)

// deployWords is what `contracts deploy -o json` answers.
type deployWords struct {
	Profile   string            `json:"profile"`
	Chain     string            `json:"chain"`
	ChainID   uint64            `json:"chain_id"`
	Wallet    profile.Address   `json:"wallet"`
	DryRun    bool              `json:"dry_run"`
	Done      bool              `json:"already_done"`
	Sent      int               `json:"transactions"`
	Contracts profile.Contracts `json:"contracts"`
	Orphans   []contractWords   `json:"orphans,omitzero"`
	Steps     []chain.Step      `json:"steps,omitzero"`
	Gas       uint64            `json:"gas,omitzero"`
	Cost      string            `json:"cost_wei,omitzero"`
	Balance   string            `json:"balance_wei,omitzero"`
	Facts     *factWords        `json:"deployment,omitzero"`
}

type contractWords struct {
	Name    string          `json:"contract"`
	Address profile.Address `json:"address"`
	State   string          `json:"state"`
}

func (p *program) deployWords(pr draft, plan *chain.Plan) deployWords {
	w := deployWords{
		Profile: pr.path, Chain: pr.Chain.Name, ChainID: pr.Chain.ChainID, Wallet: profile.Address(plan.Wallet),
		Done: plan.Pending() == 0, Sent: plan.Pending(), Contracts: pr.Contracts,
	}
	for _, o := range plan.Orphans {
		w.Orphans = append(w.Orphans, contractWords{o.Name, profile.Address(o.Address), string(o.State)})
	}
	return w
}

// showOrphans says what is lost with contracts that are given up, as far as
// the chain tells.
func (p *program) showOrphans(ctx context.Context, i *chain.Inspector, plan *chain.Plan) {
	if p.wantsJSON() {
		return
	}
	t := ui.Rows{Header: []string{"contract", "address", "because"}}
	holds := false
	for _, o := range plan.Orphans {
		why := string(o.State)
		if o.State == chain.StateOK {
			why = "names one of these"
		}
		t.Rows = append(t.Rows, []string{o.Name, o.Address.Hex(), why})
		holds = holds || o.Name == "registry" || o.Name == "scope"
	}
	views := []ui.View{ui.Heading("to be given up:"), t}
	if holds {
		text := "What they hold could not be counted: the endpoint does not list it. Every operator, agent and grant in them is lost: operators register again, agents are bound and granted anew."
		if n, err := i.Census(ctx); err == nil {
			text = fmt.Sprintf("With them go %s, %s and the grants of %s: operators register again, agents are bound and granted anew.",
				counted(n.Masters, "master"), counted(n.Agents, "agent"), counted(n.Scopes, "agent"))
			if n == (chain.Census{}) {
				text = "Nobody is registered there: nothing is lost with them."
			}
		}
		views = append(views, ui.Text(text))
	}
	p.aside(views...)
}

// showPlan says in words what will be sent.
func (p *program) showPlan(pr draft, plan *chain.Plan, wish chain.Deployment) {
	if p.wantsJSON() || plan.Pending() == 0 {
		return
	}
	t := ui.Rows{Header: []string{"contract", "address", "nonce", "gas"}, Right: []int{2, 3}}
	for _, s := range plan.Steps {
		gas := fmt.Sprint(s.Gas)
		if s.Done {
			gas = "made earlier"
		}
		t.Rows = append(t.Rows, []string{s.Name, s.Address.Hex(), fmt.Sprint(s.Nonce), gas})
	}
	p.aside(
		ui.Heading("to be made on chain "+pr.Chain.Name+":"), t,
		ui.Facts{
			{Key: "wallet", Value: p.named(profile.Address(plan.Wallet))},
			{Key: "holds", Value: chain.Ether(plan.Balance)},
			{Key: "costs up to", Value: fmt.Sprintf("%s (%d gas)", chain.Ether(plan.Cost), plan.Gas)},
			{Key: "governance", Value: p.named(profile.Address(wish.Governance))},
			{Key: "recovery delay", Value: ui.Duration(wish.RecoveryDelay)},
			{Key: "profile", Value: pr.path},
		})
}

// printPlan answers --dry-run.
func (p *program) printPlan(pr draft, plan *chain.Plan) error {
	w := p.deployWords(pr, plan)
	w.DryRun, w.Steps, w.Gas, w.Cost, w.Balance = true, plan.Steps, plan.Gas, plan.Cost.String(), plan.Balance.String()
	result := fmt.Sprintf("%s would be sent; nothing was", counted(plan.Pending(), "transaction"))
	if w.Done {
		result = "everything is there: nothing would be sent"
	}
	enough := ""
	if err := plan.Affordable(); err != nil {
		enough = fmt.Sprintf("not enough: it has %s, and up to %s is needed", chain.Ether(plan.Balance), chain.Ether(plan.Cost))
	} else if !w.Done {
		enough = "can pay"
	}
	bytes := int64(0)
	for _, s := range plan.Steps {
		if !s.Done {
			bytes += int64(len(s.Calldata))
		}
	}
	data := ""
	if bytes > 0 {
		data = ui.Bytes(bytes) + "; -o json prints it"
	}
	return p.print(w, ui.Facts{{Key: "dry run", Value: result}, {Key: "wallet", Value: enough}, {Key: "calldata", Value: data}})
}

func (p *program) printDeployment(pr draft, plan *chain.Plan, f chain.Facts) error {
	w := p.deployWords(pr, plan)
	w.Facts = wordsOf(f)
	made := map[common.Address]string{}
	for _, s := range plan.Steps {
		made[s.Address] = "made"
		if s.Done {
			made[s.Address] = "made earlier"
		}
	}
	t := ui.Rows{Header: []string{"contract", "address", "result"}}
	for _, c := range plan.Contracts.List() {
		state := made[c.Address]
		if state == "" {
			state = "was there"
		}
		t.Rows = append(t.Rows, []string{c.Name, c.Address.Hex(), state})
	}
	result := "was so already; nothing was sent"
	if !w.Done {
		result = fmt.Sprintf("done with %s", counted(w.Sent, "transaction"))
	}
	facts := ui.Facts{{Key: "result", Value: result}, {Key: "profile", Value: pr.path}}
	if err := p.print(w, t, append(facts, w.Facts.view(p)...)); err != nil {
		return err
	}
	if pr.fresh {
		line := "agentkeys init"
		if p.global.profile != "" {
			line += " --profile " + p.global.profile
		}
		p.next("become an operator", line)
	}
	return nil
}
