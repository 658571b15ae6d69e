package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheDocumentedGasIsTheMeasured: the table in docs/contracts.md is the one
// that the committed snapshot gives. It needs no forge.
func TestTheDocumentedGasIsTheMeasured(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	want, err := documented()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(contractsDoc)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the gas table of %s is not of %s: run `go run ./solidity/gen`", contractsDoc, snapshotFile)
	}
}

func TestGasTableRefuses(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	raw, err := os.ReadFile(snapshotFile)
	if err != nil {
		t.Fatal(err)
	}
	snapshot := string(raw)
	if _, err := gasTable(snapshot); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(snapshot, "\n")
	for name, s := range map[string]string{
		"a measurement without a row":     snapshot + "\nGasTest:testNew() (gas: 1)",
		"a row without a measurement":     strings.Replace(snapshot, first+"\n", "", 1),
		"no price of an assertion":        strings.Replace(snapshot, verifying, "GasTest:testOther", 1),
		"a line that is no measurement":   snapshot + "\nGasTest:testFuzz(uint8) (runs: 256)",
		"nothing":                         "",
		"a measurement that is no number": strings.Replace(snapshot, first, strings.Replace(first, "gas: ", "gas: x", 1), 1),
	} {
		if _, err := gasTable(s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
