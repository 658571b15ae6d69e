// Command coverage runs the contracts' tests under forge's coverage and fails
// unless every line of solidity/src was executed and at least 95 of 100
// branches were taken. Lines and branches that no test reaches are listed, each
// with its reason, in solidity/coverage.allow; an entry that is reached after
// all, or that names nothing, fails too, so that the list never outlives its
// reasons.
//
// A revert is a line: with every line executed, every custom error was seen. Run
// it from the module's root as `go run ./.ci/coverage`.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

const (
	leastBranches = 95.0
	allowFile     = "solidity/coverage.allow"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "agentkeys-coverage-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "lcov.info")
	// Neither campaigns nor fuzzing: what they alone reach is reached by luck. The
	// gas tests would measure another bytecode.
	forge := exec.Command(filepath.Join("node_modules", "@foundry-rs", "forge-"+runtime.GOOS+"-"+runtime.GOARCH, "bin", "forge"),
		"coverage", "--no-match-test", "Fuzz|invariant", "--no-match-contract", "^Gas|InvariantsTest|SiegeTest",
		"--no-match-coverage", "^(test|script)/", "--report", "lcov", "--report-file", file)
	forge.Dir = "solidity"
	if out, err := forge.CombinedOutput(); err != nil {
		return fmt.Errorf("forge coverage: %w\n%s", err, tail(out))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	allowed, err := os.ReadFile(allowFile)
	if err != nil {
		return err
	}
	return judge(string(text), string(allowed), source)
}

// point is a line, or a branch of a line, that was never reached.
type point struct {
	file   string
	line   int
	branch bool
}

// judge holds a report to the bars. An entry of the list is `line` or `branch`,
// the file, the line's text between backquotes, and the reason.
func judge(lcov, list string, source func(file string, line int) (string, error)) error {
	lines, branches, missed, err := parse(lcov)
	if err != nil {
		return err
	}
	open := map[string]int{} // missed, by what an entry would say
	for _, p := range missed {
		text, err := source(p.file, p.line)
		if err != nil {
			return err
		}
		open[entry(p.branch, p.file, text)]++
	}
	var faults []string
	allowed := [2]int{}
	for n, l := range strings.Split(list, "\n") {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		what, reason, ok := strings.Cut(l, "`: ")
		if what += "`"; !ok || strings.TrimSpace(reason) == "" {
			faults = append(faults, fmt.Sprintf("%s:%d: no reason", allowFile, n+1))
			continue
		}
		if open[what] == 0 {
			faults = append(faults, fmt.Sprintf("%s:%d: reached, or no such line: %s", allowFile, n+1, what))
			continue
		}
		if strings.HasPrefix(what, "branch") {
			allowed[1] += open[what]
		} else {
			allowed[0] += open[what]
		}
		delete(open, what)
	}
	for what := range open {
		if strings.HasPrefix(what, "line") {
			faults = append(faults, "never executed: "+what)
		} else {
			faults = append(faults, "never taken and not explained: "+what)
		}
	}
	taken := 100 * float64(branches[0]) / float64(max(branches[1], 1))
	fmt.Printf("lines %d of %d (%d explained), branches %d of %d (%.2f %%, %d explained)\n",
		lines[0], lines[1], allowed[0], branches[0], branches[1], taken, allowed[1])
	if lines[1] < 500 || branches[1] < 100 {
		faults = append(faults, "the report is of something else")
	}
	if taken < leastBranches {
		faults = append(faults, fmt.Sprintf("%.2f %% of branches, less than %.0f", taken, leastBranches))
	}
	if len(faults) > 0 {
		sort.Strings(faults)
		return fmt.Errorf("not covered:\n  %s", strings.Join(faults, "\n  "))
	}
	return nil
}

func entry(branch bool, file, text string) string {
	kind := "line"
	if branch {
		kind = "branch"
	}
	return fmt.Sprintf("%s %s `%s`", kind, file, text)
}

// parse reads the records of lcov that matter: SF, DA and BRDA. Each pair is
// reached and all.
func parse(lcov string) (lines, branches [2]int, missed []point, err error) {
	file := ""
	for _, l := range strings.Split(lcov, "\n") {
		kind, rest, _ := strings.Cut(strings.TrimSpace(l), ":")
		fields := strings.Split(rest, ",")
		switch kind {
		case "SF":
			file = filepath.ToSlash(rest)
			continue
		case "DA", "BRDA":
		default:
			continue
		}
		n, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) < 2 || (kind == "BRDA" && len(fields) < 4) {
			return lines, branches, nil, fmt.Errorf("lcov record %q", l)
		}
		count, hits := &lines, fields[1]
		if kind == "BRDA" {
			count, hits = &branches, fields[3]
		}
		count[1]++
		if hits == "0" || hits == "-" {
			missed = append(missed, point{file, n, kind == "BRDA"})
		} else {
			count[0]++
		}
	}
	return lines, branches, missed, nil
}

// source is a line of a contract, without its indentation.
func source(file string, line int) (string, error) {
	text, err := os.ReadFile(filepath.Join("solidity", filepath.FromSlash(file)))
	if err != nil {
		return "", err
	}
	all := strings.Split(string(text), "\n")
	if line < 1 || line > len(all) {
		return "", fmt.Errorf("%s has no line %d", file, line)
	}
	return strings.TrimSpace(all[line-1]), nil
}

// tail is the end of what a program said, where it says what is wrong.
func tail(out []byte) string {
	lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
