// Command fuzz finds every fuzz target of the module and runs each for a
// while: go test takes one target at a time.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	// A number of inputs (2000x) ends exactly; a short time can end in the
	// middle of an input, which go test then reports as a failure.
	each := flag.String("time", "2000x", "how long to run each target, as -fuzztime takes it")
	flag.Parse()
	if err := run(*each); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(each string) error {
	targets, err := list()
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("no fuzz target found")
	}
	for _, t := range targets {
		fmt.Printf("%s %s\n", t.pkg, t.name)
		c := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each, "-fuzzminimizetime", "10x", t.pkg)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s %s: %w\n%s", t.pkg, t.name, err, out)
		}
	}
	fmt.Printf("%d targets, %s each\n", len(targets), each)
	return nil
}

type target struct{ pkg, name string }

// list asks go test, which prints each package's targets before its ok line.
func list() ([]target, error) {
	out, err := exec.Command("go", "test", "-list", "^Fuzz", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("listing targets: %w", err)
	}
	var all []target
	var names []string
	s := bufio.NewScanner(strings.NewReader(string(out)))
	for s.Scan() {
		f := strings.Fields(s.Text())
		switch {
		case len(f) == 1 && strings.HasPrefix(f[0], "Fuzz"):
			names = append(names, f[0])
		case len(f) >= 2 && f[0] == "ok":
			for _, n := range names {
				all = append(all, target{f[1], n})
			}
			names = nil
		}
	}
	return all, s.Err()
}
