package broker

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
)

// anyOperator is the value of --broker-operators that serves everybody.
const anyOperator = "any"

// operators says which operators this host serves.
type operators struct {
	any    bool
	served map[omni.Operator]bool
}

// loadOperators reads "any", or a file with one operator omni per line; empty
// lines and # comments are skipped. In production the value must be given:
// whom a host serves is a decision, not a default.
func loadOperators(value string, development bool) (operators, error) {
	switch {
	case value == anyOperator, value == "" && development:
		return operators{any: true}, nil
	case value == "":
		return operators{}, errors.New("--broker-operators is not set: name a file with one operator omni per line, or `any`")
	}
	f, err := os.Open(value)
	if err != nil {
		return operators{}, fmt.Errorf("reading --broker-operators: %w", err)
	}
	defer f.Close()
	o := operators{served: map[omni.Operator]bool{}}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, err := omni.ParseOperator(text)
		if err != nil {
			return operators{}, fmt.Errorf("--broker-operators %s, line %d: %w", value, n, err)
		}
		o.served[id] = true
	}
	if err := lines.Err(); err != nil {
		return operators{}, fmt.Errorf("reading --broker-operators: %w", err)
	}
	if len(o.served) == 0 {
		return operators{}, fmt.Errorf("--broker-operators %s names no operator", value)
	}
	return o, nil
}

// check refuses operators that this host does not serve.
func (o operators) check(op omni.Operator) error {
	if o.any || o.served[op] {
		return nil
	}
	return apierr.New(apierr.OperatorNotServed, "this broker does not serve operator %s", op.Short()).
		WithFix("ask the host's owner to add %s to the file of --broker-operators", op)
}
