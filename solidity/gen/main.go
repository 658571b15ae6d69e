// Command gen compiles the contracts and writes what is committed of them:
// solidity/artifacts, pkg/chain/bindings, the gas snapshot and its table in
// docs/contracts.md. Run it from the module's root as
// `go run ./solidity/gen` after `npm ci` in solidity. It needs forge; nothing
// that is committed needs this command.
//
// With -check it writes nothing: it runs forge's formatter, tests and gas
// snapshot, compiles anew, and fails when what is committed is not what comes
// out.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"github.com/litentry/agentkeys/solidity"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when contracts, their tests or what is committed of them are not in order")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	if check {
		for _, args := range [][]string{{"fmt", "--check"}, {"test"}, {"snapshot", "--match-contract", "^Gas", "--check"}} {
			if err := command("solidity", forge(), args...); err != nil {
				return err
			}
		}
	} else if err := command("solidity", forge(), "snapshot", "--match-contract", "^Gas"); err != nil {
		return err
	}
	files, err := generate()
	if err != nil {
		return err
	}
	for path, text := range files {
		if !check {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				return err
			}
			continue
		}
		committed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(committed, text) {
			return fmt.Errorf("%s is not what the sources give: run `go run ./solidity/gen`", path)
		}
	}
	return nil
}

// generate returns every committed file by its path.
func generate() (map[string][]byte, error) {
	if err := command("solidity", forge(), "build", "--force", "src"); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	var all []solidity.Artifact
	for _, name := range solidity.DeployOrder() {
		a, err := compiled(name)
		if err != nil {
			return nil, err
		}
		text, err := encode(a)
		if err != nil {
			return nil, err
		}
		files[filepath.Join("solidity", "artifacts", name+".json")] = text
		all = append(all, a)
	}
	bindings, err := bind(all)
	if err != nil {
		return nil, err
	}
	files[filepath.Join("pkg", "chain", "bindings", "bindings.go")] = bindings
	if files[contractsDoc], err = documented(); err != nil {
		return nil, err
	}
	return files, nil
}

// forge is the program itself: a launcher between would hide its exit code.
func forge() string {
	arch := map[string]string{"amd64": "amd64", "arm64": "arm64"}[runtime.GOARCH]
	return filepath.Join("node_modules", "@foundry-rs", "forge-"+runtime.GOOS+"-"+arch, "bin", "forge")
}

// forgeOutput is the part of forge's own artifact that is kept.
type forgeOutput struct {
	Bytecode struct {
		Object solidity.Code `json:"object"`
	} `json:"bytecode"`
	DeployedBytecode struct {
		Object     solidity.Code              `json:"object"`
		Immutables map[string][]solidity.Span `json:"immutableReferences"`
	} `json:"deployedBytecode"`
	Metadata string `json:"rawMetadata"`
}

func compiled(name string) (solidity.Artifact, error) {
	raw, err := os.ReadFile(filepath.Join("solidity", "out", name+".sol", name+".json"))
	if err != nil {
		return solidity.Artifact{}, err
	}
	var out forgeOutput
	if err := json.Unmarshal(raw, &out); err != nil {
		return solidity.Artifact{}, fmt.Errorf("forge's output of %s: %w", name, err)
	}
	// The compiler's own ABI: forge's copy is in another order.
	var meta struct {
		Output struct {
			ABI json.RawMessage `json:"abi"`
		} `json:"output"`
	}
	if err := json.Unmarshal([]byte(out.Metadata), &meta); err != nil {
		return solidity.Artifact{}, fmt.Errorf("metadata of %s: %w", name, err)
	}
	a := solidity.Artifact{
		Contract:         name,
		Source:           "src/" + name + ".sol",
		ABI:              meta.Output.ABI,
		Bytecode:         out.Bytecode.Object,
		DeployedBytecode: out.DeployedBytecode.Object,
		Immutables:       []solidity.Span{},
		Metadata:         out.Metadata,
	}
	for _, spans := range out.DeployedBytecode.Immutables {
		a.Immutables = append(a.Immutables, spans...)
	}
	sort.Slice(a.Immutables, func(i, j int) bool { return a.Immutables[i].Start < a.Immutables[j].Start })
	return a, nil
}

func encode(a solidity.Artifact) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(a); err != nil {
		return nil, fmt.Errorf("encoding the artifact of %s: %w", a.Contract, err)
	}
	return text.Bytes(), nil
}

// bind makes one file for all contracts, so that the structs they share are
// one Go type each.
func bind(all []solidity.Artifact) ([]byte, error) {
	type combined struct {
		ABI json.RawMessage `json:"abi"`
		Bin string          `json:"bin"`
	}
	in := struct {
		Contracts map[string]combined `json:"contracts"`
		Version   string              `json:"version"`
	}{Contracts: map[string]combined{}, Version: "0.8.30"}
	for _, a := range all {
		in.Contracts[a.Source+":"+a.Contract] = combined{ABI: a.ABI, Bin: fmt.Sprintf("%x", []byte(a.Bytecode))}
	}
	text, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encoding abigen's input: %w", err)
	}
	dir, err := os.MkdirTemp("", "agentkeys-gen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file, out := filepath.Join(dir, "combined.json"), filepath.Join(dir, "bindings.go")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	if err := command(".", "go", "run", "github.com/ethereum/go-ethereum/cmd/abigen", "--v2",
		"--combined-json", file, "--pkg", "bindings", "--out", out); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("running %s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
