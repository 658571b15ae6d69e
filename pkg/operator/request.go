package operator

import (
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// consentTTL is how long a request file may wait for its operator.
const consentTTL = 7 * 24 * time.Hour

// ErrRequest is wrapped by every refusal of a request.
var ErrRequest = errors.New("agent request refused")

// Request is an agent's wish to be bound, signed by its own K10. The file
// travels; the key never leaves the agent's machine.
type Request struct {
	Name      string
	Operator  omni.Operator
	Actor     omni.Actor
	Agent     common.Address
	Deadline  uint64 // Unix seconds
	Domain    typeddata.Domain
	Signature typeddata.Signature
}

// NewRequest signs the consent. The actor is keyOf, whose key is lost or worn out
// and whose data is to stay; zero is the agent's own, derived from its address: a
// first binding allows no other.
func NewRequest(key *ecdsa.PrivateKey, name string, op omni.Operator, keyOf omni.Actor, d typeddata.Domain, now time.Time) (Request, error) {
	addr := crypto.PubkeyToAddress(key.PublicKey)
	r := Request{
		Name: name, Operator: op, Actor: actorFor(addr, keyOf), Agent: addr,
		Deadline: uint64(now.Add(consentTTL).Unix()), Domain: d,
	}
	digest := typeddata.Digest(r.consent(), d)
	sig, err := crypto.Sign(digest[:], key)
	if err != nil {
		return Request{}, fmt.Errorf("signing the consent: %w", err)
	}
	r.Signature, err = typeddata.DecodeSignature(sig)
	return r, err
}

func (r Request) consent() typeddata.AgentConsent {
	return typeddata.AgentConsent{Operator: r.Operator, Actor: r.Actor, Agent: r.Agent, Deadline: r.Deadline}
}

func actorFor(agent common.Address, keyOf omni.Actor) omni.Actor {
	if keyOf.IsZero() {
		return omni.ActorOfWallet(agent)
	}
	return keyOf
}

// Verify checks that the agent's own key signed this consent for this operator
// and this registry and for no other actor than its own or, where the operator
// says so, than keyOf; and that it has not lapsed.
func (r Request) Verify(op omni.Operator, keyOf omni.Actor, d typeddata.Domain, now time.Time) error {
	want := actorFor(r.Agent, keyOf)
	switch {
	case r.Operator != op:
		return fmt.Errorf("%w: it asks operator %s, this is operator %s", ErrRequest, r.Operator.Short(), op.Short())
	case r.Domain != d:
		return fmt.Errorf("%w: it is for registry %s on chain %d, the profile names %s on chain %d", ErrRequest, r.Domain.Contract, r.Domain.ChainID, d.Contract, d.ChainID)
	case r.Actor != want && keyOf.IsZero():
		// The registry lets an operator bind a second key to an actor that it
		// owns. A request is written by the agent: it may not choose to become
		// one of its siblings, whose secrets it would then read.
		return fmt.Errorf("%w: it asks to be actor %s, its own key makes it %s; if it is to become a further key of %s, say so with --key-of", ErrRequest, r.Actor.Short(), want.Short(), r.Actor.Short())
	case r.Actor != want:
		return fmt.Errorf("%w: it asks to be actor %s, not %s", ErrRequest, r.Actor.Short(), want.Short())
	case uint64(now.Unix()) > r.Deadline:
		return fmt.Errorf("%w: it lapsed at %s; make another with agentkeys agent request", ErrRequest, time.Unix(int64(r.Deadline), 0).UTC().Format(time.RFC3339))
	}
	if err := typeddata.VerifyConsent(r.consent(), d, r.Signature); err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	return nil
}

// file is the form on disk.
type file struct {
	Type      string        `json:"type"`
	Name      string        `json:"name"`
	Operator  omni.Operator `json:"operator_omni"`
	Actor     omni.Actor    `json:"actor_omni"`
	Agent     string        `json:"agent_address"`
	Deadline  uint64        `json:"deadline"`
	ChainID   uint64        `json:"chain_id"`
	Registry  string        `json:"registry"`
	Signature string        `json:"signature"`
}

const fileType = "agentkeys/agent-request/v1"

// Encode renders the request file.
func (r Request) Encode() ([]byte, error) {
	return strictjson.Encode(file{
		Type: fileType, Name: r.Name, Operator: r.Operator, Actor: r.Actor, Agent: r.Agent.Hex(), Deadline: r.Deadline,
		ChainID: r.Domain.ChainID, Registry: r.Domain.Contract.Hex(), Signature: "0x" + hex.EncodeToString(r.Signature.Bytes()),
	})
}

// ParseRequest reads a request file. It says nothing about who signed it: that
// is Verify's work.
func ParseRequest(data []byte) (Request, error) {
	var f file
	if err := strictjson.Decode(data, &f); err != nil {
		return Request{}, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	sig, err := hex.DecodeString(strings.TrimPrefix(f.Signature, "0x"))
	switch {
	case f.Type != fileType:
		return Request{}, fmt.Errorf("%w: this is not an agent request file", ErrRequest)
	case f.Operator.IsZero() || f.Actor.IsZero() || !common.IsHexAddress(f.Agent) || !common.IsHexAddress(f.Registry) || err != nil:
		return Request{}, fmt.Errorf("%w: it is incomplete", ErrRequest)
	}
	r := Request{
		Name: f.Name, Operator: f.Operator, Actor: f.Actor, Agent: common.HexToAddress(f.Agent), Deadline: f.Deadline,
		Domain: typeddata.Domain{ChainID: f.ChainID, Contract: common.HexToAddress(f.Registry)},
	}
	if r.Signature, err = typeddata.DecodeSignature(sig); err != nil {
		return Request{}, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	return r, nil
}
