package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// actorTag is the session tag that names whose objects a session reaches.
const actorTag = "aws:PrincipalTag/agentkeys_actor_omni"

const actorVariable = "${" + actorTag + "}"

// Unroll is s for storage that knows no policy variables (Ceph RGW): each
// statement with the variable of the actor becomes one for each of the actors,
// with the actor's omni in the variable's place and the condition that the
// session's tag is that omni. For sessions of these actors the meaning is the
// same; any other has no rights, so the policies of the roles must be replaced
// when an actor comes. Trust and bucket policies have no variables and stay; what
// else RGW does not know, they say in other words ([Gateway]).
//
// The order and repetitions of actors do not matter. No actor, a zero one, and
// documents that this package did not render are ErrInvalid.
func Unroll(s Set, actors ...omni.Actor) (Set, error) {
	actors = slices.Clone(actors)
	slices.SortFunc(actors, func(a, b omni.Actor) int { return cmp.Compare(a.Key(), b.Key()) })
	actors = slices.Compact(actors)
	if len(actors) == 0 || slices.ContainsFunc(actors, omni.Actor.IsZero) {
		return Set{}, fmt.Errorf("%w: policies are unrolled for one actor or more, none of them zero", ErrInvalid)
	}
	out := s
	out.Roles = slices.Clone(s.Roles)
	for i := range out.Roles {
		doc, err := unroll(out.Roles[i].Policy, actors)
		if err != nil {
			return Set{}, fmt.Errorf("unrolling the policy of %s: %w", out.Roles[i].Name, err)
		}
		out.Roles[i].Policy = doc
	}
	return out, nil
}

// The members of a role's policy. Values that are a string or a list of them
// stay text, in which the variable is replaced.
type document struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid, Effect string
	Action      any
	Resource    any
	Condition   map[string]map[string]any
}

func unroll(doc []byte, actors []omni.Actor) ([]byte, error) {
	var d document
	if err := strictjson.Decode(doc, &d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	var out []statement
	for _, s := range d.Statement {
		text, err := strictjson.Encode(s)
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(text, []byte(actorVariable)) {
			out = append(out, s)
			continue
		}
		for n, a := range actors {
			one, err := s.of(text, a)
			if err != nil {
				return nil, err
			}
			one.Sid += strconv.Itoa(n + 1) // a Sid is there once
			out = append(out, one)
		}
	}
	d.Statement = out
	text, err := strictjson.Encode(d)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(text, []byte("${")) {
		return nil, fmt.Errorf("%w: a policy variable other than the actor's", ErrInvalid)
	}
	return text, nil
}

// of is the statement for one actor. The omni is 64 hex characters by its
// type, so that it changes nothing else of the text.
func (s statement) of(text []byte, a omni.Actor) (statement, error) {
	var one statement
	if s.Effect != "Allow" {
		return one, fmt.Errorf("%w: a variable in a statement that does not allow", ErrInvalid)
	}
	if err := strictjson.Decode([]byte(strings.ReplaceAll(string(text), actorVariable, a.Key())), &one); err != nil {
		return one, err
	}
	if one.Condition == nil {
		one.Condition = map[string]map[string]any{}
	}
	if one.Condition["StringEquals"] == nil {
		one.Condition["StringEquals"] = map[string]any{}
	}
	if _, there := one.Condition["StringEquals"][actorTag]; there {
		return one, fmt.Errorf("%w: a condition on the actor beside its variable", ErrInvalid)
	}
	one.Condition["StringEquals"][actorTag] = a.Key()
	return one, nil
}
