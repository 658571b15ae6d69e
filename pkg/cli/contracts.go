package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/profile"
)

func (p *program) contractsCommand() *cli.Command {
	return &cli.Command{
		Name: "contracts", Usage: "put the contracts on a chain, and look at them", Category: categoryHost,
		Description: `The contracts are the root of everything that is decided. They have no owner and no upgrade: what is deployed stays as it is.`,
		Action:      p.group,
		Subcommands: []*cli.Command{p.contractsDeploy(), p.contractsStatus()},
	}
}

func (p *program) contractsStatus() *cli.Command {
	return &cli.Command{
		Name: "status", Usage: "compare the contracts of the profile with this program's",
		UsageText: "contracts status [-o json]",
		Description: `Reads the code at every address of the profile from every endpoint of the profile, compares it with the code that this program carries, and asks the P-256 router questions whose answers are known, valid and invalid.

The exit code is 0 only if everything is there and right, 1 if something is absent or different, and 5 if the chain gave no answer.

Examples:
  agentkeys contracts status
  agentkeys contracts status -o json`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.showContracts(c.Context)
		},
	}
}

// statusWords is what `contracts status -o json` answers.
type statusWords struct {
	Profile   string                 `json:"profile"`
	Chain     string                 `json:"chain"`
	ChainID   uint64                 `json:"chain_id"`
	Version   int                    `json:"contracts_version"`
	Contracts []chain.ContractReport `json:"contracts"`
	Sound     bool                   `json:"ok"`
	*factWords
}

type factWords struct {
	Epoch         uint64          `json:"epoch"`
	Governance    profile.Address `json:"governance"`
	Pending       profile.Address `json:"pending_governance,omitzero"`
	Maintainer    profile.Address `json:"maintainer,omitzero"`
	RecoveryDelay int64           `json:"recovery_delay_seconds"`
}

func wordsOf(f chain.Facts) *factWords {
	return &factWords{
		f.Epoch, profile.Address(f.Governance), profile.Address(f.PendingGovernance), profile.Address(f.Maintainer), int64(f.RecoveryDelay / time.Second),
	}
}

func (w *factWords) view(p *program) ui.Facts {
	if w == nil {
		return nil
	}
	offered, maintainer := "", "nobody"
	if !w.Pending.IsZero() {
		offered = p.named(w.Pending) + ", who has to accept"
	}
	if !w.Maintainer.IsZero() {
		maintainer = p.named(w.Maintainer)
	}
	return ui.Facts{
		{Key: "epoch", Value: fmt.Sprint(w.Epoch)},
		{Key: "governance", Value: p.named(w.Governance)},
		{Key: "offered to", Value: offered},
		{Key: "maintainer", Value: maintainer},
		{Key: "recovery delay", Value: ui.Duration(time.Duration(w.RecoveryDelay) * time.Second)},
	}
}

// named is an address with the name that the address book has for it.
func (p *program) named(a profile.Address) string {
	if name := p.nameOf(a.String()); name != "" {
		return a.String() + " (" + name + ")"
	}
	return a.String()
}

func (p *program) showContracts(ctx context.Context) error {
	path, err := p.profilePath()
	if err != nil {
		return err
	}
	pr, err := profile.LoadDraft(path)
	if isNotExist(err) {
		return fmt.Errorf("there is no profile %s", path)
	}
	if err != nil {
		return err
	}
	i, err := p.inspector(pr)
	if err != nil {
		return err
	}
	w := statusWords{Profile: path, Chain: pr.Chain.Name, ChainID: pr.Chain.ChainID, Version: pr.Contracts.Version}
	var unanswered error
	w.Contracts, unanswered = i.Contracts(ctx)
	if w.Contracts == nil {
		return unanswered
	}
	wrong := unsound(w.Contracts)
	var verdict error
	if unanswered == nil && wrong == 0 {
		verdict = i.Verify(ctx)
		f, err := i.Facts(ctx)
		if verdict = errors.Join(verdict, err); err == nil {
			w.factWords = wordsOf(f)
		}
	}
	w.Sound = unanswered == nil && wrong == 0 && verdict == nil
	facts := ui.Facts{
		{Key: "chain", Value: fmt.Sprintf("%s (id %d), %s", w.Chain, w.ChainID, counted(len(pr.Chain.RPC), "endpoint"))},
		{Key: "profile", Value: path},
	}
	if w.Sound {
		facts = append(facts, ui.Fact{Key: "P-256 router", Value: "answers correctly"})
	}
	if err := p.print(w, contractTable(w.Contracts), append(facts, w.view(p)...)); err != nil {
		return err
	}
	switch {
	case unanswered != nil:
		return unanswered
	case wrong > 0:
		return ui.WithFix(fmt.Errorf("%d of %d contracts are not this program's", wrong, len(w.Contracts)), "agentkeys contracts deploy --dry-run")
	}
	return verdict
}

func (p *program) inspector(pr *profile.Profile) (*chain.Inspector, error) {
	i, err := chain.NewInspector(pr.ChainProfile(), chain.DefaultPatience(), p.Now)
	if err != nil {
		return nil, err
	}
	p.later(i.Close)
	return i, nil
}

func unsound(have []chain.ContractReport) int {
	n := 0
	for _, h := range have {
		if h.State != chain.StateOK {
			n++
		}
	}
	return n
}

func contractTable(have []chain.ContractReport) ui.Rows {
	t := ui.Rows{Header: []string{"contract", "address", "state", "code hash"}}
	for _, h := range have {
		at, hash := "not in the profile", ""
		if h.Address != (common.Address{}) {
			at = h.Address.Hex()
		}
		if h.CodeHash != (common.Hash{}) {
			hash = h.CodeHash.Hex()[:10] + "…"
		}
		t.Rows = append(t.Rows, []string{h.Name, at, string(h.State), hash})
	}
	return t
}

// counted is a number with its noun: 1 contract, 2 contracts.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// unreachable tells silence of the chain from every other fault.
func unreachable(err error) bool {
	code := apierr.CodeOf(err)
	return code == apierr.ChainUnavailable || code == apierr.ChainStale
}
