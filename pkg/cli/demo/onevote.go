package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// oneVote is what a thief with the wallet and one passkey can do: it signs the
// revocation and sends it to the contract itself, past every check of ours.
func (s *stage2) oneVote(ctx context.Context) (string, error) {
	key, err := s.home.OpenKey(operatorName, noPassphrase)
	if err != nil {
		return "", err
	}
	defer key.Close()
	t, err := chain.NewTransactor(s.profile.ChainProfile(), chain.KeySigner(key.Private()))
	if err != nil {
		return "", err
	}
	defer t.Close()
	st, err := s.chain.Standing(ctx, s.id.Operator)
	if err != nil {
		return "", err
	}
	op := typeddata.RevokeMaster{
		Operator: s.id.Operator, DeviceKey: s.spare, Nonce: st.RecoveryNonce, Deadline: uint64(s.Now().Unix()) + 300,
	}
	vote, err := s.primaryVote(ctx, op)
	if err != nil {
		return "", err
	}
	_, err = chain.NewOperations(s.chain, t).RevokeMaster(ctx, op, []chain.Vote{vote})
	var refused *chain.RevertError
	if !errors.As(err, &refused) || refused.Name != "QuorumTooSmall" {
		return "", fmt.Errorf("one vote was not refused as QuorumTooSmall: %w", err)
	}
	return "refused, " + refused.Name, nil
}

// primaryVote is a touch of the wallet's own passkey.
func (s *stage2) primaryVote(ctx context.Context, op typeddata.Operation) (chain.Vote, error) {
	content, err := s.home.ReadEnrollment(home.Enrollment{Operator: s.id.Operator, RPID: "localhost"})
	if err != nil {
		return chain.Vote{}, err
	}
	cred, err := passkey.ParseCredential(content.Reveal())
	if err != nil {
		return chain.Vote{}, err
	}
	path, err := s.home.SoftwarePasskeyPath(operatorName)
	if err != nil {
		return chain.Vote{}, err
	}
	auth, err := software.Open(path, string(s.profile.Environment))
	if err != nil {
		return chain.Vote{}, err
	}
	d, err := s.chain.Device(ctx, s.id.Device)
	if err != nil {
		return chain.Vote{}, err
	}
	cred.SignCount = max(cred.SignCount, d.LastSignCount)
	a, err := auth.Assert(ctx, passkey.AssertRequest{
		Credential: cred, Challenge: typeddata.Digest(op, s.chain.RegistryDomain()), Words: []string{typeddata.Name(op)},
	})
	return chain.Vote{Device: s.id.Device, Assertion: a}, err
}
