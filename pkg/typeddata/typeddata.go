// Package typeddata is the one Go encoder of operations: what an operator's
// passkey or an agent's device key signs, as EIP-712 typed data (domain name
// AgentKeys, version 1, chain id, verifying contract).
//
// Laws.
//   - A WebAuthn challenge IS the digest of an operation; it is never hashed
//     again (SPEC section 3).
//   - Digest, JSON and Describe of one operation are made from one list of its
//     fields, so that a person reads exactly what is signed.
//   - solidity/src/libraries/OperationDigests.sol hashes the same structs;
//     testdata/vectors/typeddata.json holds both sides to one result, and
//     go-ethereum's own encoder is the oracle of this package's tests.
//
// It does not sign, does not run ceremonies, and does not know the current
// nonces: callers read them from the chain.
package typeddata

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// The domain's fixed half.
const (
	domainName    = "AgentKeys"
	domainVersion = "1"
)

// ErrInvalid is wrapped by every refusal of this package.
var ErrInvalid = errors.New("invalid operation")

// Domain is the contract that will verify an operation, and its chain.
type Domain struct {
	ChainID  uint64
	Contract common.Address
}

// Operation is one of the structs of this package.
type Operation interface {
	// structure lists the operation's fields in signing order.
	structure() structure
	// title says in words what signing does.
	title() string
}

// structure is an EIP-712 struct with its values.
type structure struct {
	name   string
	fields []field
}

// field is one member: its EIP-712 name, type and encoded value, its value in
// the JSON form, its words for a person, and the struct type that it uses, if
// any.
type field struct {
	name, typ string
	word      [32]byte
	json      any
	words     func(Names) []Line
	uses      *structure
}

// Name is the operation's EIP-712 primary type.
func Name(op Operation) string { return op.structure().name }

// Digest is what is signed.
func Digest(op Operation, d Domain) [32]byte {
	separator, message := d.structure().hash(), op.structure().hash()
	return crypto.Keccak256Hash([]byte{0x19, 0x01}, separator[:], message[:])
}

// JSON is the eth_signTypedData_v4 form, for wallets and for people who want to
// hash it themselves. Integers are decimal strings: JSON numbers lose bits.
func JSON(op Operation, d Domain) ([]byte, error) {
	s, domain := op.structure(), d.structure()
	types := map[string][]member{"EIP712Domain": domain.members(), s.name: s.members()}
	for _, r := range s.references() {
		types[r.name] = r.members()
	}
	out, err := json.Marshal(struct {
		Types       map[string][]member `json:"types"`
		PrimaryType string              `json:"primaryType"`
		Domain      map[string]any      `json:"domain"`
		Message     map[string]any      `json:"message"`
	}{types, s.name, domain.message(), s.message()})
	if err != nil {
		return nil, fmt.Errorf("encoding %s as JSON: %w", s.name, err)
	}
	return out, nil
}

func (d Domain) structure() structure {
	chain := uintField("chainId", "uint256", d.ChainID, nil)
	chain.json = d.ChainID // wallets compare it as a number
	return structure{"EIP712Domain", []field{
		stringField("name", domainName),
		stringField("version", domainVersion),
		chain,
		addressField("verifyingContract", d.Contract, nil),
	}}
}

// hash is hashStruct of EIP-712.
func (s structure) hash() [32]byte {
	typeHash := crypto.Keccak256Hash([]byte(s.encodeType()))
	data := make([]byte, 0, 32*(1+len(s.fields)))
	data = append(data, typeHash[:]...)
	for _, f := range s.fields {
		data = append(data, f.word[:]...)
	}
	return crypto.Keccak256Hash(data)
}

func (s structure) encodeType() string {
	text := s.signature()
	for _, r := range s.references() {
		text += r.signature()
	}
	return text
}

func (s structure) signature() string {
	members := make([]string, len(s.fields))
	for i, f := range s.fields {
		members[i] = f.typ + " " + f.name
	}
	return s.name + "(" + strings.Join(members, ",") + ")"
}

// references are the struct types that s uses. No operation uses two, and none
// of those uses another.
func (s structure) references() []structure {
	for _, f := range s.fields {
		if f.uses != nil {
			return []structure{*f.uses}
		}
	}
	return nil
}

type member struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func (s structure) members() []member {
	out := make([]member, len(s.fields))
	for i, f := range s.fields {
		out[i] = member{f.name, f.typ}
	}
	return out
}

func (s structure) message() map[string]any {
	out := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		out[f.name] = f.json
	}
	return out
}
