package service

import (
	"fmt"
	"strings"
)

// Ops is the bit mask of a grant (SPEC section 11).
type Ops uint32

// The bits of a grant's ops.
const (
	Read   Ops = 1
	Write  Ops = 2
	List   Ops = 4
	Delete Ops = 8
	Send   Ops = 16
	Manage Ops = 32

	// AllOps is every bit that means something; any other bit is refused.
	AllOps = Read | Write | List | Delete | Send | Manage
)

var opNames = []struct {
	bit  Ops
	name string
}{{Read, "read"}, {Write, "write"}, {List, "list"}, {Delete, "delete"}, {Send, "send"}, {Manage, "manage"}}

// ParseOps reads a comma-separated list such as "read,list".
func ParseOps(s string) (Ops, error) {
	var ops Ops
next:
	for _, word := range strings.Split(s, ",") {
		word = strings.TrimSpace(word)
		for _, o := range opNames {
			if o.name == word {
				ops |= o.bit
				continue next
			}
		}
		return 0, fmt.Errorf("%w: op %q is not one of read, write, list, delete, send, manage", ErrInvalid, clip(word))
	}
	return ops, nil
}

// Has reports whether all bits of need are set.
func (o Ops) Has(need Ops) bool { return need != 0 && o&need == need }

// String is the form that ParseOps reads.
func (o Ops) String() string {
	var words []string
	for _, n := range opNames {
		if o&n.bit != 0 {
			words = append(words, n.name)
		}
	}
	if rest := o &^ AllOps; rest != 0 {
		words = append(words, fmt.Sprintf("0x%x", uint32(rest)))
	}
	return strings.Join(words, ",")
}

// Op is the verb of a capability, as its claim spells it.
type Op string

// The verbs.
const (
	OpStore    Op = "store"
	OpFetch    Op = "fetch"
	OpList     Op = "list"
	OpTeardown Op = "teardown"
)

// Action is what one route does. The ROUTE fixes it; user input never does.
type Action struct {
	Class Class
	Op    Op
	Needs Ops // the grant bits that allow it
	// Mutates: one use only, consumed atomically at the worker.
	Mutates bool
	// Provisionable: a master may do it for an agent that it owns.
	Provisionable bool
}

// The actions of the credentials class.
var (
	CredStore    = Action{Credentials, OpStore, Write, true, true}
	CredFetch    = Action{Credentials, OpFetch, Read, false, false}
	CredList     = Action{Credentials, OpList, List, false, true}
	CredTeardown = Action{Credentials, OpTeardown, Delete, true, true}
)

// The actions of the memory class. No master acts for an agent here: memory is
// what the agent writes itself.
var (
	MemoryPut      = Action{Memory, OpStore, Write, true, false}
	MemoryGet      = Action{Memory, OpFetch, Read, false, false}
	MemoryList     = Action{Memory, OpList, List, false, false}
	MemoryTeardown = Action{Memory, OpTeardown, Delete, true, false}
)

// EmailRead is what the mail worker asks data keys for; the signer knows it before
// that worker exists.
var EmailRead = Action{Email, OpFetch, Read, false, false}

// IsList reports whether the action names what is stored instead of touching it. It
// is not charged to a grant's limits.
func (a Action) IsList() bool { return a.Op == OpList }

// ListsClass reports whether the action lists a whole class, which any live grant
// of it with LIST authorises, instead of one service: credentials are services,
// a memory lists one namespace.
func (a Action) ListsClass() bool { return a.IsList() && a.Class == Credentials }
