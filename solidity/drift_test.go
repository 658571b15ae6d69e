package solidity_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
	"github.com/litentry/agentkeys/solidity"
)

const regenerate = "run `go run ./solidity/gen`"

// metadata is the part of the compiler's metadata that the tests look at.
type metadata struct {
	Compiler struct {
		Version string `json:"version"`
	} `json:"compiler"`
	Output struct {
		ABI json.RawMessage `json:"abi"`
	} `json:"output"`
	Settings struct {
		EVMVersion        string            `json:"evmVersion"`
		CompilationTarget map[string]string `json:"compilationTarget"`
	} `json:"settings"`
	Sources map[string]struct {
		Keccak string `json:"keccak256"`
	} `json:"sources"`
}

// TestArtifactsAreOfTheSources ties sources to metadata by their Keccak, and
// metadata to bytecode by the IPFS hash at the end of it: no compiler needed.
func TestArtifactsAreOfTheSources(t *testing.T) {
	for _, name := range solidity.DeployOrder() {
		a, m := load(t, name)
		if a.Contract != name || m.Settings.CompilationTarget[a.Source] != name {
			t.Errorf("%s: the artifact is of %v", name, m.Settings.CompilationTarget)
		}
		for path, source := range m.Sources {
			text, err := os.ReadFile(filepath.FromSlash(path))
			if err != nil {
				t.Errorf("%s: %v; %s", name, err, regenerate)
				continue
			}
			if got := crypto.Keccak256Hash(text).Hex(); got != source.Keccak {
				t.Errorf("%s: %s changed since it was compiled; %s", name, path, regenerate)
			}
		}
		trailer := append([]byte("ipfs\x58\x22\x12\x20"), ipfsHash([]byte(a.Metadata))...)
		for what, code := range map[string][]byte{"bytecode": a.Bytecode, "deployed bytecode": a.DeployedBytecode} {
			if !bytes.Contains(code[len(code)-53:], trailer) {
				t.Errorf("%s: the %s is not of this metadata; %s", name, what, regenerate)
			}
		}
		if !bytes.HasSuffix(a.Bytecode, a.DeployedBytecode[len(a.DeployedBytecode)-53:]) || len(a.Bytecode) <= len(a.DeployedBytecode) {
			t.Errorf("%s: bytecode and deployed bytecode are of two compilations", name)
		}
		if !sameJSON(t, a.ABI, m.Output.ABI) {
			t.Errorf("%s: the ABI is not the one in the metadata; %s", name, regenerate)
		}
	}
}

// TestArtifactsAreForLondon holds the target chain's EVM and the one compiler.
func TestArtifactsAreForLondon(t *testing.T) {
	for _, name := range solidity.DeployOrder() {
		a, m := load(t, name)
		if m.Settings.EVMVersion != "london" {
			t.Errorf("%s is compiled for %s", name, m.Settings.EVMVersion)
		}
		if !strings.HasPrefix(m.Compiler.Version, "0.8.30+") {
			t.Errorf("%s is compiled by %s", name, m.Compiler.Version)
		}
		if len(a.DeployedBytecode) > 24576 {
			t.Errorf("%s: %d bytes are more than EIP-170 allows", name, len(a.DeployedBytecode))
		}
	}
}

func TestBindingsAreOfTheArtifacts(t *testing.T) {
	bound := map[string]*bind.MetaData{
		solidity.P256Verifier:    &bindings.P256VerifierMetaData,
		solidity.P256Router:      &bindings.P256RouterMetaData,
		solidity.K11Verifier:     &bindings.K11VerifierMetaData,
		solidity.SidecarRegistry: &bindings.SidecarRegistryMetaData,
		solidity.AgentKeysScope:  &bindings.AgentKeysScopeMetaData,
		solidity.CredentialAudit: &bindings.CredentialAuditMetaData,
		solidity.K3EpochCounter:  &bindings.K3EpochCounterMetaData,
	}
	for _, name := range solidity.DeployOrder() {
		a, _ := load(t, name)
		b, ok := bound[name]
		if !ok {
			t.Errorf("%s has no binding in this test", name)
			continue
		}
		// abigen takes the spaces out, also those in "struct Grant".
		if !sameJSON(t, bytes.ReplaceAll(a.ABI, []byte(" "), nil), []byte(b.ABI)) {
			t.Errorf("%s: the binding has another ABI; %s", name, regenerate)
		}
		if b.Bin != "0x"+hex.EncodeToString(a.Bytecode) {
			t.Errorf("%s: the binding has other bytecode; %s", name, regenerate)
		}
	}
}

// TestEveryContractIsListed finds a contract that was added to src and forgotten.
func TestEveryContractIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, name := range solidity.DeployOrder() {
		listed[name] = true
	}
	for _, pattern := range []string{"src/*.sol", "artifacts/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) != len(listed) {
			t.Errorf("%s: %d files for %d contracts (%v)", pattern, len(files), len(listed), err)
		}
		for _, f := range files {
			if name := strings.TrimSuffix(filepath.Base(f), filepath.Ext(f)); !listed[name] {
				t.Errorf("%s is not in DeployOrder", f)
			}
		}
	}
}

func TestMatches(t *testing.T) {
	a, _ := load(t, solidity.SidecarRegistry)
	if len(a.Immutables) == 0 {
		t.Fatal("the registry has immutables")
	}
	code := bytes.Clone(a.DeployedBytecode)
	code[a.Immutables[0].Start] = 7 // a constructor's value
	if !a.Matches(code) {
		t.Error("code with other constructor arguments is the same contract")
	}
	code[0] ^= 1
	if a.Matches(code) || a.Matches(nil) || a.Matches(a.DeployedBytecode[1:]) {
		t.Error("other code matches")
	}
	if _, err := solidity.Load("Nobody"); err == nil {
		t.Error("an artifact of nobody")
	}
	var c solidity.Code
	for _, s := range []string{"", "60", "0x6", "0xzz"} {
		if err := c.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("bytecode %q is accepted", s)
		}
	}
}

func load(t *testing.T, name string) (solidity.Artifact, metadata) {
	t.Helper()
	a, err := solidity.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var m metadata
	if err := json.Unmarshal([]byte(a.Metadata), &m); err != nil {
		t.Fatalf("metadata of %s: %v", name, err)
	}
	return a, m
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

// ipfsHash is the digest in the CIDv0 of a file of one chunk: SHA-256 of a
// dag-pb node around a UnixFS file message. The compiler appends it to code.
func ipfsHash(file []byte) []byte {
	size := binary.AppendUvarint(nil, uint64(len(file)))
	message := append([]byte{0x08, 0x02, 0x12}, size...)
	message = append(message, file...)
	message = append(append(message, 0x18), size...)
	node := append([]byte{0x0a}, binary.AppendUvarint(nil, uint64(len(message)))...)
	sum := sha256.Sum256(append(node, message...))
	return sum[:]
}

// TestOneErrorOneMeaning: an operation passes through several contracts, and a
// reader of its revert data knows only the selector.
func TestOneErrorOneMeaning(t *testing.T) {
	shared := map[string]bool{"DeadlinePassed": true, "StaleNonce": true, "SenderNotWallet": true, "OperatorIsFrozen": true, "RegistryMismatch": true} // IOperationErrors.sol, IRegistryConsumer.sol
	owner := map[string]string{}
	for _, name := range solidity.DeployOrder() {
		a, _ := load(t, name)
		var members []struct{ Type, Name string }
		if err := json.Unmarshal(a.ABI, &members); err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Type != "error" || shared[m.Name] {
				continue
			}
			if other, taken := owner[m.Name]; taken {
				t.Errorf("%s and %s both revert with %s", other, name, m.Name)
			}
			owner[m.Name] = name
		}
	}
}
