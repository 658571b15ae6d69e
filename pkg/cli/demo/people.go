package demo

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/home"
)

// An operator, an agent and a grant are found, or made. What is found is asked
// of the chain, so nobody has to touch a passkey for it.

// operatorNamed finds or registers an operator.
func (s *stand) operatorNamed(ctx context.Context, name string) (home.Identity, outcome, error) {
	id, err := s.known(name)
	if err != nil {
		return id, outcome{}, err
	}
	if id.Kind == home.KindOperator {
		d, err := s.chain.Device(ctx, id.Device)
		if err != nil {
			return id, outcome{}, err
		}
		if d.Active() && d.Operator == id.Operator && d.Tier == chain.TierMaster {
			return id, outcome{Done: true}, nil
		}
	}
	if _, err := s.command(ctx, nil, "init", "--name", name); err != nil {
		return id, outcome{}, err
	}
	id, err = s.home.Identity(name)
	return id, outcome{}, err
}

// known reads an identity of this machine; the zero one when there is none.
func (s *stand) known(name string) (home.Identity, error) {
	id, err := s.home.Identity(name)
	var unknown *home.LookupError
	if errors.As(err, &unknown) {
		return home.Identity{}, nil
	}
	return id, err
}

// agentOf finds or binds an agent of the operator.
func (s *stand) agentOf(ctx context.Context, operator home.Identity, name string) (home.Identity, outcome, error) {
	id, err := s.known(name)
	if err != nil {
		return id, outcome{}, err
	}
	if id.Kind != "" {
		on, err := s.chain.Resolve(ctx, id.Address.Common())
		switch {
		case err != nil:
			return id, outcome{}, err
		case on.Status == chain.Active && on.Kind == chain.Agent && on.Operator == operator.Operator:
			return id, outcome{Done: true}, nil
		case on.Status != chain.Unregistered:
			return id, outcome{}, lacking("%s is not an active agent of %s: it is there as something else, or it was revoked", name, operator.Name)
		}
	}
	file := filepath.Join(s.Dir, name+".request.json")
	if _, err := s.command(ctx, nil, "agent", "request", "--operator", operator.Name, "--name", name, "--out", file); err != nil {
		return id, outcome{}, err
	}
	if _, err := s.command(ctx, nil, "agent", "create", "--as", operator.Name, "--request", file); err != nil {
		return id, outcome{}, err
	}
	if err := s.withoutKey(name, file); err != nil {
		return id, outcome{}, err
	}
	id, err = s.home.Identity(name)
	return id, outcome{}, err
}

// withoutKey makes sure that what travelled does not hold the agent's key.
func (s *stand) withoutKey(name, file string) error {
	sent, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	key, err := s.home.OpenKey(name, noPassphrase)
	if err != nil {
		return err
	}
	defer key.Close()
	if raw := crypto.FromECDSA(key.Private()); contains(sent, raw) || contains(bytes.ToLower(sent), []byte(hex.EncodeToString(raw))) {
		return fmt.Errorf("the request file holds the agent's key")
	}
	return nil
}

// granted has the operator grant the agent a service, unless it did.
func (s *stand) granted(ctx context.Context, operator, agent, service, ops string) (o outcome, err error) {
	err = s.answer(ctx, &o, "scope", "set", "--as", operator, "--agent", agent, "--service", service, "--ops", ops)
	return o, err
}
