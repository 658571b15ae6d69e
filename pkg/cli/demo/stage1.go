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
)

// stage1 is the state that its steps share.
type stage1 struct{ *loop }

// Stage1 goes once through everything that one operator with one agent needs.
func Stage1(ctx context.Context, c Config) (ui.Report, error) {
	s := &stage1{newLoop(c)}
	// Of its own: on a stack that is there, nobody's secret is replaced.
	s.service = "demo-stage1"
	ran := play(ctx, c, stage{name: "stage1", about: "one operator, one agent, one secret, and the journal of it", steps: s.steps()})
	return ui.Report{Stages: []ui.Stage{ran}}, s.close()
}

// steps are numbered as in SPEC section 7; the mail of step 15 comes with the mail.
func (s *stage1) steps() []step {
	return []step{
		{name: "tools and configuration", proves: "this binary is all that it takes", run: s.tools},
		{name: "profile", proves: "one file says where everything is", run: s.read, needs: on(1)},
		{name: "chain id and head", proves: "the chain is the profile's, and alive", run: s.head, needs: on(1)},
		{name: "contracts", proves: "this version's contracts, by their code and by their answers to known signatures", run: s.contracts, needs: on(1)},
		{name: "cloud identity", proves: "the cloud takes a role for a token of this issuer, and for no other: no key of the cloud is on this machine", run: s.cloudIdentity, needs: on(1)},
		{name: "buckets, roles, policies", proves: "the account is as the policies ask for; each class has a bucket and roles of its own, which a stranger cannot open or take", run: s.buckets, needs: on(1)},
		{name: "passkey", proves: "wallet and passkey are made here and stay here", run: s.passkey, needs: on(1)},
		{name: "first master", proves: "the chain has the operator with all roles", run: s.master, needs: on(7)},
		{name: "session", proves: "the wallet signs in, for one hour", run: s.session, needs: on(7)},
		{name: "agent", proves: "the agent's own key consents, the operator touches the passkey", run: s.bindAgent, needs: on(7)},
		{name: "scope", proves: "the chain says who may do what", run: s.grant, needs: on(10)},
		{name: "credential round trip", proves: "through the worker and back, byte for byte", run: s.roundTrip, needs: on(11)},
		{name: "refused: the bucket of another class", proves: "a session of the vault opens the vault only, whosever folder it is", run: s.otherBucket, needs: on(12)},
		{name: "tier-C audit append", proves: "one event, one transaction", run: s.tierC, needs: on(7)},
		{name: "tier-A relay", proves: "the audit role anchors by itself once the operator named its account", run: s.relay, needs: on(7)},
		{name: "summary", proves: "what chain and journal say in the end", run: s.summary, needs: on(10, 15)},
	}
}

func (s *stage1) tools(ctx context.Context) (string, error) {
	if err := s.open(ctx); err != nil {
		return "", err
	}
	var v struct {
		Version string `json:"version"`
	}
	err := s.answer(ctx, &v, "version")
	return fmt.Sprintf("agentkeys %s, state in %s", v.Version, filepath.Base(s.home.Root())), err
}

func (s *stage1) read(context.Context) (string, error) {
	p, err := profile.Load(s.profilePath)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %d hosts, %d RPC endpoint", p.Environment, len(p.Hosts), len(p.Chain.RPC)), nil
}

func (s *stage1) head(ctx context.Context) (string, error) {
	h, err := s.chain.Head(ctx)
	return fmt.Sprintf("chain %d at block %d", s.profile.Chain.ChainID, h.Number), err
}

func (s *stage1) contracts(ctx context.Context) (string, error) {
	err := chain.CheckContracts(ctx, s.profile.ChainProfile())
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
	var was outcome
	for i := range 2 {
		var out struct {
			Leaf    journal.Hash `json:"leaf_hash"`
			Already bool         `json:"already_on_chain"`
		}
		if err := s.answer(ctx, &out, "audit", "append", "stage 1 was here", "--op", "ceremony", "--tier", "c", "--id", key, "--as", operatorName); err != nil {
			return "", err
		}
		if i == 0 {
			was.Done = out.Already
		} else if !out.Already {
			return "", errors.New("it was sent a second time")
		}
		found, err := s.chain.Entries(ctx, s.operatorOmni, out.Leaf, 0)
		if err != nil {
			return "", err
		}
		if len(found) != 1 {
			return "", fmt.Errorf("the chain has it %d times", len(found))
		}
	}
	return "on chain once, also when it is appended again" + was.aside(), nil
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
