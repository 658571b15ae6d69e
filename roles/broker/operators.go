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

// anyOperator is the value of --operators that serves everybody.
const anyOperator = "any"

// Operators says which operators this host serves.
type Operators struct {
	any    bool
	served map[omni.Operator]bool
}

// LoadOperators reads "any", or a file with one operator omni per line; empty
// lines and # comments are skipped. In production the value must be given:
// whom a host serves is a decision, not a default.
func LoadOperators(value string, development bool) (Operators, error) {
	switch {
	case value == anyOperator, value == "" && development:
		return Operators{any: true}, nil
	case value == "":
		return Operators{}, errors.New("--operators is not set: name a file with one operator omni per line, or any")
	}
	f, err := os.Open(value)
	if err != nil {
		return Operators{}, fmt.Errorf("reading --operators: %w", err)
	}
	defer f.Close()
	o := Operators{served: map[omni.Operator]bool{}}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, err := omni.ParseOperator(text)
		if err != nil {
			return Operators{}, fmt.Errorf("--operators %s, line %d: %w", value, n, err)
		}
		o.served[id] = true
	}
	if err := lines.Err(); err != nil {
		return Operators{}, fmt.Errorf("reading --operators: %w", err)
	}
	if len(o.served) == 0 {
		return Operators{}, fmt.Errorf("--operators %s names no operator", value)
	}
	return o, nil
}

// check refuses operators that this host does not serve.
func (o Operators) check(op omni.Operator) error {
	if o.any || o.served[op] {
		return nil
	}
	return apierr.New(apierr.OperatorNotServed, "this broker does not serve operator %s", op.Short()).
		WithFix("ask the host's owner to add %s to the file of --operators", op)
}
