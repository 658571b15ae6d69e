package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

// companionName is the second master.
const companionName = "companion"

// stage2 is the state that its steps share.
type stage2 struct {
	stand
	id        home.Identity
	companion omni.DeviceKey
	spare     omni.DeviceKey
	spareName string
	nonces    [2]uint64 // operatorNonce and recoveryNonce before the run
	touched   uint64    // by all masters before the run
}

// Stage2 lets an operator grow from one master to a quorum of two: a stolen
// laptop then decides nothing alone. It can be run again on the same state.
func Stage2(ctx context.Context, c Config) (ui.Report, error) {
	s := &stage2{stand: stand{Config: c}}
	ran := play(ctx, c, stage{name: "stage2", about: "two masters decide, and neither of them alone", steps: s.steps()})
	return ui.Report{Stages: []ui.Stage{ran}}, s.close()
}

// steps are numbered as in SPEC section 7.
func (s *stage2) steps() []step {
	return []step{
		{name: "preflight", proves: "chain, contracts and state directory are there and belong together", run: s.preflight},
		{name: "keys and funds", proves: "the wallet's key is made here and stays here", run: s.keys},
		{name: "contracts", proves: "this version's contracts, by their code and by their answers to known signatures", run: s.contracts},
		{name: "first master", proves: "wallet and passkey together become an operator", run: s.firstMaster},
		{name: "companion enrolled", proves: "a second passkey with a relying party of its own", run: s.enroll},
		{name: "second master", proves: "the first master lets the second in", run: s.second},
		{name: "threshold 2", proves: "from now on one passkey and the wallet are no quorum", run: s.threshold},
		{name: "spare master, maturing", proves: "one vote adds a master whose own vote does not count yet", run: s.addSpare},
		{name: "spare revoked by two of two", proves: "one vote is refused by the contract, two are a quorum", run: s.revokeSpare},
		{name: "worker relay", proves: "the audit role anchors by itself once the operator named its account", run: s.relay},
		{name: "clean-up and summary", proves: "what the chain says in the end", run: s.summary},
	}
}

func (s *stage2) preflight(ctx context.Context) (string, error) {
	if err := s.open(ctx); err != nil {
		return "", err
	}
	head, err := s.chain.Head(ctx)
	return fmt.Sprintf("chain %d at block %d", s.profile.Chain.ChainID, head.Number), err
}

func (s *stage2) keys(ctx context.Context) (string, error) {
	id, key, err := s.home.Create(operatorName, home.KindOperator, home.KeySource{})
	state := "made"
	if errors.Is(err, home.ErrExists) {
		state = "was there"
		id, err = s.home.Choose(operatorName, home.KindOperator)
	}
	if err != nil {
		return "", err
	}
	if key != nil {
		key.Close()
	}
	s.id = id
	have, err := s.chain.Balance(ctx, common.Address(id.Address))
	if err != nil {
		return "", err
	}
	if have.Sign() == 0 {
		if have, err = chain.FundFromFaucet(ctx, s.profile.ChainProfile(), common.Address(id.Address)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("wallet %s %s, %s wei", id.Address, state, have), nil
}

func (s *stage2) contracts(ctx context.Context) (string, error) {
	err := chain.CheckContracts(ctx, s.profile.ChainProfile())
	return fmt.Sprintf("version %d, registry %s: was so already", chain.ContractsVersion, s.profile.Contracts.Registry), err
}

func (s *stage2) firstMaster(ctx context.Context) (string, error) {
	_, o, err := s.operatorNamed(ctx, operatorName)
	if err != nil {
		return "", err
	}
	st, err := s.chain.Standing(ctx, s.id.Operator)
	if err != nil {
		return "", err
	}
	s.nonces = [2]uint64{st.OperatorNonce, st.RecoveryNonce}
	if s.touched, err = s.touches(ctx); err != nil {
		return "", err
	}
	d, err := s.master(ctx, s.id.Device, 7)
	return fmt.Sprintf("%s with roles %s: %s", s.id.Operator.Short(), d.Roles, o), err
}

func (s *stage2) enroll(ctx context.Context) (string, error) {
	var row struct {
		RPID   string         `json:"rp_id"`
		Device omni.DeviceKey `json:"device_key_hash"`
	}
	if err := s.answer(ctx, &row, "k11", "enroll", "--as", operatorName, "--name", companionName); err != nil {
		return "", err
	}
	s.companion = row.Device
	return fmt.Sprintf("passkey %s for relying party %s; it signs inside this demo", row.Device.Short(), row.RPID), nil
}

func (s *stage2) second(ctx context.Context) (string, error) {
	var o outcome
	if err := s.answer(ctx, &o, "device", "add", "--as", operatorName, "--name", companionName); err != nil {
		return "", err
	}
	d, err := s.master(ctx, s.companion, 3)
	return fmt.Sprintf("%s with roles %s: %s", s.companion.Short(), d.Roles, o), err
}

func (s *stage2) threshold(ctx context.Context) (string, error) {
	var o outcome
	if err := s.answer(ctx, &o, "device", "threshold", "2", "--as", operatorName, "--accept-stranding"); err != nil {
		return "", err
	}
	st, err := s.chain.Standing(ctx, s.id.Operator)
	if err != nil {
		return "", err
	}
	if st.Threshold != 2 || len(st.RecoveryMasters) != 2 {
		return "", fmt.Errorf("a quorum takes %d of %d", st.Threshold, len(st.RecoveryMasters))
	}
	return "a quorum takes 2 of 2: " + o.String(), nil
}

func (s *stage2) addSpare(ctx context.Context) (string, error) {
	st, err := s.chain.Standing(ctx, s.id.Operator)
	if err != nil {
		return "", err
	}
	left := ""
	if !st.Maturing.IsZero() {
		if err := s.answer(ctx, nil, "device", "cancel", st.Maturing.String(), "--as", operatorName); err != nil {
			return "", err
		}
		left = "; a left-over was cancelled first"
	}
	if s.spareName, err = s.freshName(); err != nil {
		return "", err
	}
	if err := s.answer(ctx, nil, "device", "add", "--as", operatorName, "--name", s.spareName, "--delayed"); err != nil {
		return "", err
	}
	if st, err = s.chain.Standing(ctx, s.id.Operator); err != nil {
		return "", err
	}
	s.spare = st.Maturing
	if s.spare.IsZero() || len(st.RecoveryMasters) != 2 {
		return "", fmt.Errorf("the newcomer counts already: %d recovery masters", len(st.RecoveryMasters))
	}
	d, err := s.master(ctx, s.spare, 3)
	return fmt.Sprintf("%s (%s) counts from %s on%s", s.spareName, s.spare.Short(), d.RecoveryFrom.UTC().Format("15:04:05"), left), err
}

// freshName is a name that no spare had: a revoked key never returns.
func (s *stage2) freshName() (string, error) {
	b, err := s.home.Book()
	if err != nil {
		return "", err
	}
	for i := 1; ; i++ {
		name := "spare-" + strconv.Itoa(i)
		if _, err := b.Resolve(name); err != nil {
			return name, nil
		}
	}
}

func (s *stage2) revokeSpare(ctx context.Context) (string, error) {
	alone, err := s.oneVote(ctx)
	if err != nil {
		return "", err
	}
	if err := s.answer(ctx, nil, "device", "revoke", s.spare.String(), "--as", operatorName, "--yes"); err != nil {
		return "", err
	}
	d, err := s.chain.Device(ctx, s.spare)
	if err != nil {
		return "", err
	}
	if d.Active() {
		return "", errors.New("the spare is still active")
	}
	return "one vote: " + alone + "; two votes: revoked, isActive is false", nil
}

func (s *stage2) relay(ctx context.Context) (string, error) {
	return relayed(ctx, s.answer, s.chain, s.id.Operator)
}

func (s *stage2) summary(ctx context.Context) (string, error) {
	if _, err := s.master(ctx, s.id.Device, 7); err != nil {
		return "", err
	}
	if _, err := s.master(ctx, s.companion, 3); err != nil {
		return "", err
	}
	st, err := s.chain.Standing(ctx, s.id.Operator)
	if err != nil {
		return "", err
	}
	d, err := s.chain.Device(ctx, s.spare)
	if err != nil {
		return "", err
	}
	if st.Threshold != 2 || !d.Revoked || d.Roles != 3 {
		return "", fmt.Errorf("threshold %d, spare revoked %t with roles %s", st.Threshold, d.Revoked, d.Roles)
	}
	touched, err := s.touches(ctx)
	return fmt.Sprintf("primary %d, companion %d, spare %d revoked, threshold %d; operatorNonce +%d, recoveryNonce +%d, %d touches",
		7, 3, d.Roles, st.Threshold, st.OperatorNonce-s.nonces[0], st.RecoveryNonce-s.nonces[1], touched-s.touched), err
}

// master is an active master with exactly these roles.
func (s *stage2) master(ctx context.Context, key omni.DeviceKey, roles chain.Roles) (chain.DeviceEntry, error) {
	d, err := s.chain.Device(ctx, key)
	if err == nil && (!d.Active() || d.Operator != s.id.Operator || d.Roles != roles) {
		err = fmt.Errorf("device %s: active %t, roles %s", key.Short(), d.Active(), d.Roles)
	}
	return d, err
}

// touches counts the assertions of all masters: a software passkey counts every
// one, and the chain keeps the last count.
func (s *stage2) touches(ctx context.Context) (sum uint64, err error) {
	devices, err := s.chain.Devices(ctx, s.id.Operator)
	for _, d := range devices {
		sum += uint64(d.LastSignCount)
	}
	return sum, err
}
