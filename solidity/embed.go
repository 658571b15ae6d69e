// Package solidity carries the compiled contracts: ABI, bytecode, and the
// compiler's metadata, as `go run ./solidity/gen` wrote them. Building, running
// and testing need no Solidity compiler; a test of this package fails when
// source, artifact and bindings drift apart.
//
// It knows nothing of chains: pkg/chain deploys and calls.
package solidity

import (
	"bytes"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

//go:embed artifacts/*.json
var artifacts embed.FS

// The contracts by name.
const (
	P256Verifier    = "P256Verifier"
	P256Router      = "P256Router"
	K11Verifier     = "K11Verifier"
	SidecarRegistry = "SidecarRegistry"
	AgentKeysScope  = "AgentKeysScope"
	CredentialAudit = "CredentialAudit"
	K3EpochCounter  = "K3EpochCounter"
)

// DeployOrder lists the contracts in the order in which one account creates
// them, with nothing in between: the contract at index i is made by the
// transaction with nonce base+i, base being the account's nonce before the
// first. The constructors take
//
//	0 P256Verifier()
//	1 P256Router(address of 0)
//	2 K11Verifier(address of 1)
//	3 SidecarRegistry(address of 2, address of 4, address of 5, recovery delay in seconds)
//	4 AgentKeysScope(address of 3)
//	5 CredentialAudit(address of 3)
//	6 K3EpochCounter(governance)
//
// The registry and its two consumers name each other and none has an
// initialiser, so the registry is told the addresses that they WILL have:
// CREATE(account, base+4) and CREATE(account, base+5). Their constructors revert
// with RegistryMismatch when something came in between. The others may be
// deployed alone.
func DeployOrder() []string {
	return []string{P256Verifier, P256Router, K11Verifier, SidecarRegistry, AgentKeysScope, CredentialAudit, K3EpochCounter}
}

// Artifact is one compiled contract.
type Artifact struct {
	Contract         string          `json:"contract"`
	Source           string          `json:"source"` // path below solidity/
	ABI              json.RawMessage `json:"abi"`
	Bytecode         Code            `json:"bytecode"`         // init code, constructor arguments follow it
	DeployedBytecode Code            `json:"deployedBytecode"` // with zeros where immutables go
	Immutables       []Span          `json:"immutables"`
	// Metadata is the compiler's own text, byte for byte: its IPFS hash ends the
	// bytecode, and it names the Keccak of every source and all settings.
	Metadata string `json:"metadata"`
}

// Span is a range of the deployed code that the constructor fills in.
type Span struct {
	Start  int `json:"start"`
	Length int `json:"length"`
}

// Code is bytecode, hex with 0x in JSON.
type Code []byte

// MarshalText implements encoding.TextMarshaler.
func (c Code) MarshalText() ([]byte, error) { return []byte("0x" + hex.EncodeToString(c)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Code) UnmarshalText(t []byte) error {
	digits, ok := bytes.CutPrefix(t, []byte("0x"))
	if !ok {
		return fmt.Errorf("bytecode without 0x")
	}
	b, err := hex.DecodeString(string(digits))
	if err != nil {
		return fmt.Errorf("bytecode: %w", err)
	}
	*c = b
	return nil
}

// Load returns the artifact of one of the contracts above.
func Load(contract string) (Artifact, error) {
	raw, err := artifacts.ReadFile("artifacts/" + contract + ".json")
	if err != nil {
		return Artifact{}, fmt.Errorf("no artifact of contract %q: %w", contract, err)
	}
	var a Artifact
	if err := json.Unmarshal(raw, &a); err != nil {
		return Artifact{}, fmt.Errorf("artifact of %s: %w", contract, err)
	}
	return a, nil
}

// Matches reports whether code, as a chain answered it, is this contract's
// deployed code, whatever its constructor arguments were.
func (a Artifact) Matches(code []byte) bool {
	if len(code) != len(a.DeployedBytecode) {
		return false
	}
	masked := bytes.Clone(code)
	for _, s := range a.Immutables {
		clear(masked[s.Start : s.Start+s.Length])
	}
	return bytes.Equal(masked, a.DeployedBytecode)
}
