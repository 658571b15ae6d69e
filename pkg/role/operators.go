package role

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
)

// anyOperator is the value of --operators that serves everybody.
const anyOperator = "any"

// Operators says which operators this host serves.
type Operators struct {
	role, flag string
	any        bool
	served     map[omni.Operator]bool
}

// LoadOperators reads the value of a role's flag: "any", or a file with one
// operator omni per line; empty lines and # comments are skipped. In production
// the value must be given: whom a host serves is a decision, not a default.
func LoadOperators(role, flag, value string, development bool) (Operators, error) {
	o := Operators{role: role, flag: flag}
	switch {
	case value == anyOperator, value == "" && development:
		o.any = true
		return o, nil
	case value == "":
		return Operators{}, fmt.Errorf("--%s is not set: name a file with one operator omni per line, or any", flag)
	}
	f, err := os.Open(value)
	if err != nil {
		return Operators{}, fmt.Errorf("reading --%s: %w", flag, err)
	}
	defer f.Close()
	o.served = map[omni.Operator]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, err := omni.ParseOperator(text)
		if err != nil {
			return Operators{}, fmt.Errorf("--%s %s, line %d: %w", flag, value, n, err)
		}
		o.served[id] = true
	}
	if err := lines.Err(); err != nil {
		return Operators{}, fmt.Errorf("reading --%s: %w", flag, err)
	}
	if len(o.served) == 0 {
		return Operators{}, fmt.Errorf("--%s %s names no operator", flag, value)
	}
	return o, nil
}

// Check refuses operators that this host does not serve.
func (o Operators) Check(op omni.Operator) error {
	if o.any || o.served[op] {
		return nil
	}
	return apierr.New(apierr.OperatorNotServed, "this %s does not serve operator %s", o.role, op.Short()).
		WithFix("ask the host's owner to add %s to the file of --%s", op, o.flag)
}
