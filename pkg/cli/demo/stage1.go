package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// stage1 is the state that its steps share.
type stage1 struct {
	*loop
	chain *chain.Client
}

// Stage1 goes once through everything that one operator with one agent needs.
func Stage1(ctx context.Context, c Config) (ui.Report, error) {
	s := &stage1{loop: &loop{Config: c}}
	stage := play(ctx, c.Printer, "stage1", "one operator, one agent, one secret, and the journal of it", s.steps())
	var errs []error
	if s.chain != nil {
		errs = append(errs, s.chain.Close())
	}
	if s.stack != nil {
		errs = append(errs, s.stack.Close())
	}
	return ui.Report{Stages: []ui.Stage{stage}}, errors.Join(errs...)
}

// steps are numbered as in SPEC section 7. Steps 5, 6 and 13, the provisioning of
// the cloud and a bucket of another class, come with those; the mail of step 15
// with the mail.
func (s *stage1) steps() []step {
	return []step{
		{name: "tools and configuration", proves: "this binary is all that it takes", run: s.tools},
		{name: "profile", proves: "one file says where everything is", run: s.profile},
		{name: "chain id and head", proves: "the chain is the profile's, and alive", run: s.head},
		{name: "contracts", proves: "this version's contracts, by their code and by their answers to known signatures", run: s.contracts},
		{name: "passkey", proves: "wallet and passkey are made here and stay here", run: s.passkey, n: 7},
		{name: "first master", proves: "the chain has the operator with all roles", run: s.master, n: 8},
		{name: "session", proves: "the wallet signs in, for one hour", run: s.session, n: 9},
		{name: "agent", proves: "the agent's own key consents, the operator touches the passkey", run: s.bindAgent, n: 10},
		{name: "scope", proves: "the chain says who may do what", run: s.grant, n: 11},
		{name: "credential round trip", proves: "through the worker and back, byte for byte", run: s.roundTrip, n: 12},
		{name: "tier-C audit append", proves: "one event, one transaction", run: s.tierC, n: 14},
		{name: "tier-A relay", proves: "the audit role anchors by itself once the operator named its account", run: s.relay, n: 15},
		{name: "summary", proves: "what chain and journal say in the end", run: s.summary, n: 16},
	}
}

// answer runs a command and reads its JSON, if into is not nil.
func (s *stage1) answer(ctx context.Context, into any, args ...string) error {
	text, err := s.command(ctx, nil, append(args, "-o", "json")...)
	if err != nil || into == nil {
		return err
	}
	return strictjson.DecodeAnswer(text, into)
}

func (s *stage1) tools(ctx context.Context) (string, error) {
	if _, err := s.startStack(ctx); err != nil {
		return "", err
	}
	var v struct {
		Version string `json:"version"`
	}
	err := s.answer(ctx, &v, "version")
	return fmt.Sprintf("agentkeys %s, state in %s", v.Version, filepath.Base(s.home.Root())), err
}

func (s *stage1) profile(context.Context) (string, error) {
	p, err := profile.Load(s.stack.ProfilePath)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %d hosts, %d RPC endpoint", p.Environment, len(p.Hosts), len(p.Chain.RPC)), nil
}

func (s *stage1) head(ctx context.Context) (string, error) {
	var err error
	if s.chain, err = chain.NewClient(s.stack.Profile.ChainProfile()); err != nil {
		return "", err
	}
	h, err := s.chain.Head(ctx)
	return fmt.Sprintf("chain %d at block %d", s.stack.Profile.Chain.ChainID, h.Number), err
}

func (s *stage1) contracts(ctx context.Context) (string, error) {
	err := chain.CheckContracts(ctx, s.stack.Profile.ChainProfile())
	return fmt.Sprintf("version %d, 7 contracts", chain.ContractsVersion), err
}

func (s *stage1) passkey(ctx context.Context) (string, error) {
	detail, err := s.registerOperators(ctx)
	if err != nil {
		return "", err
	}
	_, err = s.command(ctx, nil, "k11", "list", "--as", operatorName)
	return detail, err
}

func (s *stage1) master(ctx context.Context) (string, error) {
	id, err := s.home.Identity(operatorName)
	if err != nil {
		return "", err
	}
	d, err := s.chain.Device(ctx, id.Device)
	if err == nil && (!d.Active() || d.Operator != s.operatorOmni || d.Roles != 7) {
		err = fmt.Errorf("active %t, roles %s", d.Active(), d.Roles)
	}
	return fmt.Sprintf("%s with roles %s", s.operatorOmni.Short(), d.Roles), err
}

func (s *stage1) session(ctx context.Context) (string, error) {
	if _, err := s.command(ctx, nil, "login", "--as", operatorName); err != nil {
		return "", err
	}
	_, err := s.command(ctx, nil, "whoami", "--as", operatorName)
	return "signed in as " + operatorName, err
}

func (s *stage1) roundTrip(ctx context.Context) (string, error) {
	if _, err := s.provision(ctx); err != nil {
		return "", err
	}
	return s.fetch(ctx)
}

// tierC appends one event in a transaction of its own, and finds it on chain.
func (s *stage1) tierC(ctx context.Context) (string, error) {
	key := "stage1-" + s.operatorOmni.String()[2:10]
	for i := range 2 {
		var out struct {
			Leaf    journal.Hash `json:"leaf_hash"`
			Already bool         `json:"already_on_chain"`
		}
		if err := s.answer(ctx, &out, "audit", "append", "stage 1 was here", "--op", "ceremony", "--tier", "c", "--id", key, "--as", operatorName); err != nil {
			return "", err
		}
		if out.Already != (i == 1) {
			return "", fmt.Errorf("append %d: already on chain: %t", i+1, out.Already)
		}
		found, err := s.chain.Entries(ctx, s.operatorOmni, out.Leaf, 0)
		if err != nil {
			return "", err
		}
		if len(found) != 1 {
			return "", fmt.Errorf("the chain has it %d times", len(found))
		}
	}
	return "on chain once, also when it is appended again", nil
}

func (s *stage1) relay(ctx context.Context) (string, error) {
	return relayed(ctx, s.answer, s.chain, s.operatorOmni)
}

func (s *stage1) summary(ctx context.Context) (string, error) {
	var st api.AuditStatus
	if err := s.answer(ctx, &st, "audit", "status", "--as", operatorName); err != nil {
		return "", err
	}
	out, err := s.command(ctx, nil, "audit", "verify", "--all", "--as", operatorName)
	if err == nil && !bytes.Contains(out, []byte("ok")) {
		err = errors.New("audit verify said nothing")
	}
	return fmt.Sprintf("%s of %s; %d events, %d batches on chain, all genuine", agentName, operatorName, st.Position, st.Batches), err
}
