package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var (
	snapshotFile = filepath.Join("solidity", ".gas-snapshot")
	contractsDoc = filepath.Join("docs", "contracts.md")
)

const (
	tableBegin = "<!-- gas: written by `go run ./solidity/gen` from solidity/.gas-snapshot -->\n"
	tableEnd   = "<!-- end of gas -->\n"
	verifying  = "GasTest:testVerifyAssertion"
)

// gasRow is one operation of the table: the test that measures it, and how
// many assertions go with the call that the test makes.
type gasRow struct {
	test, operation string
	assertions      int
}

func gasRows() []gasRow {
	return []gasRow{
		{"GasTest:testRegisterFirstMaster", "`registerFirstMasterDevice`", 1},
		{"GasTest:testRegisterMasterAtOnce", "`registerAdditionalMasterDevice`, immediate, by two", 3},
		{"GasTest:testRegisterMasterWithDelay", "`registerAdditionalMasterDevice`, by one and the wallet", 2},
		{"GasFrozenTest:testCancelMaster", "`cancelMaster`", 1},
		{"GasTest:testRevokeMaster", "`revokeMasterDevice`, by two", 2},
		{"GasTest:testReplaceMaster", "`replaceMasterDevice`, by two", 3},
		{"GasTest:testSetRecoveryThreshold", "`setRecoveryThreshold`, by two", 2},
		{"GasTest:testRotateMasterWallet", "`rotateMasterWallet`, immediate, by two", 2},
		{"GasAtOneTest:testProposeRotation", "`rotateMasterWallet`, a proposal", 1},
		{"GasProposedTest:testCompleteRotation", "`completeRotation`", 0},
		{"GasProposedTest:testCancelRotationByWallet", "`cancelRotation`", 0},
		{"GasProposedTest:testCancelRotationByAssertion", "`cancelRotationWithWebauthn`", 1},
		{"GasTest:testFreeze", "`freeze`", 1},
		{"GasFrozenTest:testUnfreeze", "`unfreeze`, by two, no revocations", 2},
		{"GasTest:testBindAgent", "`registerAgentDevice`", 1},
		{"GasTest:testRevokeAgentByWallet", "`revokeAgentDevice`", 0},
		{"GasTest:testRevokeAgentByAssertion", "`revokeAgentDeviceWithWebauthn`", 1},
		{"GasTest:testSetScopeOfTwo", "`setScopeWithWebauthn`, two grants", 1},
		{"GasTest:testSetScopeOf64", "`setScopeWithWebauthn`, 64 grants, the most there can be", 1},
		{"GasFrozenTest:testRevokeScopeOfTwo", "`revokeScope`, two grants", 1},
		{"GasTest:testSetAuditRelayer", "`setAuditRelayer`", 1},
		{"GasTest:testAppend", "`append`", 0},
		{"GasTest:testAppendRoot", "`appendRoot`", 0},
		{"GasTest:testAdvanceEpoch", "`advanceEpoch`", 0},
	}
}

var snapshotLine = regexp.MustCompile(`^(\w+:\w+)\(\) \(gas: (\d+)\)$`)

// gasTable is the table for the documentation. A measurement without a row, or
// a row without a measurement, is an error.
func gasTable(snapshot string) (string, error) {
	measured := map[string]int{}
	for _, l := range strings.Split(strings.TrimSpace(snapshot), "\n") {
		m := snapshotLine.FindStringSubmatch(l)
		if m == nil {
			return "", fmt.Errorf("%s: %q is no measurement", snapshotFile, l)
		}
		gas, err := strconv.Atoi(m[2])
		if err != nil {
			return "", err
		}
		measured[m[1]] = gas
	}
	verify, ok := measured[verifying]
	if !ok {
		return "", fmt.Errorf("%s has no %s", snapshotFile, verifying)
	}
	delete(measured, verifying)
	var t strings.Builder
	fmt.Fprintf(&t, "| operation | the call | assertions | the call with its assertions verified (%d each) |\n|---|---:|---:|---:|\n", verify)
	for _, r := range gasRows() {
		gas, ok := measured[r.test]
		if !ok {
			return "", fmt.Errorf("%s has no %s", snapshotFile, r.test)
		}
		delete(measured, r.test)
		fmt.Fprintf(&t, "| %s | %d | %d | %d |\n", r.operation, gas, r.assertions, gas+r.assertions*verify)
	}
	for test := range measured {
		return "", fmt.Errorf("%s has no row in the gas table of solidity/gen", test)
	}
	return t.String(), nil
}

// documented is the documentation with the table of today's snapshot in it.
func documented() ([]byte, error) {
	snapshot, err := os.ReadFile(snapshotFile)
	if err != nil {
		return nil, err
	}
	table, err := gasTable(string(snapshot))
	if err != nil {
		return nil, err
	}
	doc, err := os.ReadFile(contractsDoc)
	if err != nil {
		return nil, err
	}
	head, rest, ok := strings.Cut(string(doc), tableBegin)
	_, tail, ended := strings.Cut(rest, tableEnd)
	if !ok || !ended {
		return nil, fmt.Errorf("%s has no place for the gas table", contractsDoc)
	}
	return []byte(head + tableBegin + "\n" + table + "\n" + tableEnd + tail), nil
}
