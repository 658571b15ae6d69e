package cli

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) examineState(_ context.Context, x *examination) {
	const name = "state"
	d, err := p.home()
	if err != nil {
		x.fail(name, err)
		return
	}
	ids, err := d.Identities()
	if err != nil {
		x.fail(name, err)
		return
	}
	if _, err := d.Book(); err != nil {
		x.fail(name, err)
		return
	}
	operators, agents := 0, 0
	for _, id := range ids {
		if id.Kind == home.KindOperator {
			operators++
		} else {
			agents++
		}
	}
	x.ok(name, "%s: %s, %s", d.Root(), counted(operators, "operator"), counted(agents, "agent"))
}

func (p *program) examineProfile(_ context.Context, x *examination) {
	const name = "profile"
	pr, err := p.load()
	if err != nil {
		x.fail(name, err)
		return
	}
	path, err := p.profilePath()
	if err != nil {
		x.fail(name, err)
		return
	}
	if err := pr.CheckContracts(chain.ContractsVersion); err != nil {
		x.fail(name, ui.WithFix(err, "agentkeys contracts deploy --dry-run"))
		return
	}
	if pr.ChainOnly() {
		x.warn(name, "", "%s (%s) names the chain only: without hosts and cloud no credential can be stored or fetched", path, pr.Environment)
		return
	}
	x.ok(name, "%s (%s)", path, pr.Environment)
}

// examineChain asks every endpoint for itself.
func (p *program) examineChain(ctx context.Context, x *examination) {
	i, err := p.examinedChain()
	if i == nil {
		if err != nil {
			x.fail("chain", err)
		}
		return
	}
	first, answered, wrong := len(x.list), 0, false
	for n, raw := range p.profile.Chain.RPC {
		name := "chain"
		if len(p.profile.Chain.RPC) > 1 {
			name = fmt.Sprintf("chain, endpoint %d", n+1)
		}
		head, err := i.Head(ctx, n)
		if err != nil {
			x.fail(name, fmt.Errorf("%s: %w", hostOf(raw), err))
			wrong = wrong || errors.Is(err, chain.ErrOtherChain)
			continue
		}
		answered++
		x.ok(name, "%s: chain %d, block %d, %s", hostOf(raw), p.profile.Chain.ChainID, head.Number, aged(p.Now().Sub(head.Time)))
	}
	// An endpoint of another chain is a fault of the profile, however many agree.
	if answered < i.Must() || wrong {
		return
	}
	// Enough of them agree: the others are no failure yet.
	x.unreachable = false
	for n := first; n < len(x.list); n++ {
		if x.list[n].Verdict == ui.Fail {
			x.list[n].Verdict = ui.Warn
		}
	}
}

// aged is how old a head is; block times are whole seconds and may run ahead.
func aged(d time.Duration) string {
	if d < time.Second {
		return "less than 1 s old"
	}
	return ui.Duration(d) + " old"
}

// hostOf leaves out what may be an access key.
func hostOf(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return u.Host
	}
	return "the endpoint"
}

// examinedChain is nil without a profile, which was reported.
func (p *program) examinedChain() (*chain.Inspector, error) {
	if p.profile == nil {
		return nil, nil
	}
	return p.inspector(p.profile)
}

func (p *program) examineContracts(ctx context.Context, x *examination) {
	if i, err := p.examinedChain(); i != nil && err == nil && !x.unreachable {
		have, err := i.Contracts(ctx)
		switch {
		case err != nil:
			x.fail("contracts", err)
			return
		case unsound(have) > 0:
			var wrong []string
			for _, h := range have {
				if h.State != chain.StateOK {
					wrong = append(wrong, h.Name+" "+contractFault(h))
				}
			}
			x.fail("contracts", ui.WithFix(errors.New(strings.Join(wrong, ", ")), "agentkeys contracts status"))
			x.unsound = true
			return
		}
		x.ok("contracts", "all %d have this version's code", len(have))
		if err := i.Verify(ctx); err != nil {
			x.fail("known answers", err)
			return
		}
		x.ok("known answers", "the contracts name each other, and the P-256 router tells valid signatures from invalid ones")
	}
}

// contractFault is what is wrong with a contract, after its name.
func contractFault(h chain.ContractReport) string {
	switch h.State {
	case chain.StateAbsent:
		return "is absent"
	case chain.StateOther:
		return "has other code"
	case chain.StateWiring:
		return "names other contracts"
	}
	return "gave " + string(h.State)
}

// operationGas is what an operation with a passkey takes at most; verifying its
// signature without a precompile is most of it.
const operationGas = 1_500_000

// examineOperators looks at the wallets of this machine's operators, and
// whether one lost passkey would strand them.
func (p *program) examineOperators(ctx context.Context, x *examination) {
	d, err := p.home()
	if err != nil || p.profile == nil || x.unreachable || x.unsound {
		return
	}
	ids, err := d.Identities()
	if err != nil {
		return // reported already
	}
	c, err := p.chainClient()
	if err != nil {
		x.fail("operators", err)
		return
	}
	for _, id := range ids {
		if id.Kind == home.KindOperator && !id.Inactive {
			p.examineWallet(ctx, x, c, id)
			p.examineQuorum(ctx, x, c, id)
		}
	}
}

func (p *program) examineWallet(ctx context.Context, x *examination, c *chain.Client, id home.Identity) {
	name := "wallet of " + id.Name
	have, err := c.Balance(ctx, id.Address.Common())
	var price *big.Int
	if err == nil {
		price, err = c.FeeCap(ctx)
	}
	if err != nil {
		x.fail(name, err)
		return
	}
	one := new(big.Int).Mul(price, big.NewInt(operationGas))
	enough := new(big.Int).Mul(one, big.NewInt(5))
	fix := ""
	if p.profile.Chain.ChainID == profile.DevChainID {
		fix = "agentkeys init --name " + id.Name // which asks the faucet
	}
	switch {
	case have.Cmp(one) < 0:
		err := fmt.Errorf("%s has %s, one operation takes up to %s: send it some", id.Address, chain.Ether(have), chain.Ether(one))
		if fix != "" {
			err = ui.WithFix(err, "%s", fix)
		}
		x.fail(name, err)
	case have.Cmp(enough) < 0:
		x.warn(name, fix, "%s has %s, which is enough for %s only", id.Address, chain.Ether(have), counted(int(new(big.Int).Div(have, one).Int64()), "operation"))
	default:
		x.ok(name, "%s has %s", id.Address, chain.Ether(have))
	}
}

func (p *program) examineQuorum(ctx context.Context, x *examination, c *chain.Client, id home.Identity) {
	name := "recovery of " + id.Name
	on, err := c.Resolve(ctx, id.Address.Common())
	if err != nil {
		x.fail(name, err)
		return
	}
	switch {
	case on.Status == chain.Unregistered:
		x.warn("recovery of "+id.Name, "agentkeys init --name "+id.Name, "%s is not registered on this chain", ui.Named(id.Name, id.Operator))
		return
	case on.Status != chain.Active:
		x.fail(name, errors.New("its wallet is "+standing(on)+" on chain"))
		return
	}
	st, all, _, err := p.health(ctx, on.Operator)
	if err != nil {
		x.fail(name, err)
		return
	}
	for _, w := range all {
		x.warn(name, p.as(id.Name, w.Fix), "%s", w.Why)
	}
	if len(all) == 0 {
		x.ok(name, "%d of %d recovery masters are a quorum", st.Threshold, len(st.RecoveryMasters))
	}
}

// examineSigners asks every signer of the profile whether it holds the keys of
// all epochs, the same as the others.
func (p *program) examineSigners(ctx context.Context, x *examination) {
	const name = "signers"
	pr, err := p.load()
	if err != nil || len(pr.Signers) == 0 || x.unreachable || x.unsound {
		return // reported already, or a profile of somebody who keeps no keys
	}
	st, err := p.k3Ask(ctx)
	if err != nil {
		x.fail(name, err)
		return
	}
	current := 0
	for _, e := range st.Epochs {
		if e.State == "current" {
			current = e.Signers
		}
	}
	for _, s := range st.Signers {
		if s.Error != "" {
			x.fail(name, fmt.Errorf("%s: %s", s.URL, s.Error))
			return
		}
	}
	switch {
	case !st.Agreed:
		x.fail(name, ui.WithFix(errors.New("they do not hold the same keys"), "agentkeys k3 status -o json"))
	case current < len(st.Signers):
		x.fail(name, ui.WithFix(fmt.Errorf("%d of %d lack the key of the current epoch %d", len(st.Signers)-current, len(st.Signers), st.Epoch), "agentkeys k3 restore"))
	default:
		x.ok(name, "%s with the same keys, epoch %d is current", counted(len(st.Signers), "signer"), st.Epoch)
	}
}
