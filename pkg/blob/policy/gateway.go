package policy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	principalARN = "aws:PrincipalArn"
	accessTag    = "aws:PrincipalTag/agentkeys_access"
	classTag     = "aws:PrincipalTag/agentkeys_class"
	tagWanted    = "aws:RequestTag/"
)

// Gateway is s for Ceph RGW, as to who a caller is; [Unroll] is for it besides, as
// to what is named. RGW (16.2) does not know aws:PrincipalArn, gives no tags to a
// session that was taken with a user's keys, and lets a condition on a tag that is
// not there never hold, StringNotEquals included. So the same is said in other words:
//
//   - a bucket refuses all principals but its roles by NotPrincipal;
//   - it refuses removals to the maintenance role by Principal;
//   - that role is taken by the keepers, users of the account, and by nobody else:
//     to RGW the account's root is every user of it, whatever policy a user has;
//   - what it reaches does not depend on tags. Which class it is for is said by its
//     resources, as before.
//
// What is lost: two refusals of an access of maintenance, by role and by bucket, are
// one. Roles of web identities stay as they are. A set with a maintenance role and no
// keeper, a keeper's name that is none, a bucket whose policy names no roles, and
// documents of another form than this package renders are ErrInvalid.
func Gateway(s Set, keepers ...string) (Set, error) {
	for _, k := range keepers {
		if !roleName.MatchString(k) {
			return Set{}, fmt.Errorf("%w: user %q", ErrInvalid, k)
		}
	}
	out := Set{ProviderARN: s.ProviderARN, Roles: slices.Clone(s.Roles), Buckets: slices.Clone(s.Buckets)}
	var maintenance []string
	for i, r := range out.Roles {
		var err error
		if !bytes.Contains(r.Trust, []byte(`"sts:AssumeRole"`)) {
			continue
		}
		if len(keepers) == 0 {
			return Set{}, fmt.Errorf("%w: role %s is for maintenance, and no user may take it", ErrInvalid, r.Name)
		}
		maintenance = append(maintenance, r.ARN)
		if out.Roles[i].Trust, err = rewrite(r.Trust, func(g *guard) error { return g.takenBy(r.ARN, keepers) }); err != nil {
			return Set{}, fmt.Errorf("the trust of %s: %w", r.Name, err)
		}
		if out.Roles[i].Policy, err = rewrite(r.Policy, (*guard).untagged); err != nil {
			return Set{}, fmt.Errorf("the policy of %s: %w", r.Name, err)
		}
	}
	for i, b := range out.Buckets {
		var roles []string
		doc, err := rewrite(b.Policy, func(g *guard) error { return g.named(&roles) })
		if err == nil && len(roles) == 0 { // on RGW nothing else keeps whoever has no tags away
			err = fmt.Errorf("%w: it names no roles", ErrInvalid)
		}
		if err == nil {
			doc, err = rewrite(doc, func(g *guard) error { return g.keepsFrom(roles, maintenance) })
		}
		if err != nil {
			return Set{}, fmt.Errorf("the policy of bucket %s: %w", b.Name, err)
		}
		out.Buckets[i].Policy = doc
	}
	return out, nil
}

// guard is a statement of any of the documents.
type guard struct {
	Sid          string `json:",omitzero"`
	Effect       string
	Principal    any `json:",omitzero"`
	NotPrincipal any `json:",omitzero"`
	Action       any
	Resource     any                       `json:",omitzero"`
	Condition    map[string]map[string]any `json:",omitzero"`
}

func rewrite(doc []byte, edit func(*guard) error) ([]byte, error) {
	var d struct {
		Version   string
		Statement []guard
	}
	if err := strictjson.Decode(doc, &d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	for i := range d.Statement {
		if err := edit(&d.Statement[i]); err != nil {
			return nil, fmt.Errorf("%w: statement %s: %w", ErrInvalid, d.Statement[i].Sid, err)
		}
	}
	return strictjson.Encode(d)
}

// drop takes conditions on these keys away.
func (g *guard) drop(operator string, keys ...string) {
	for _, k := range keys {
		delete(g.Condition[operator], k)
	}
	if len(g.Condition[operator]) == 0 {
		delete(g.Condition, operator)
	}
	if len(g.Condition) == 0 {
		g.Condition = nil
	}
}

// takenBy is the trust of a maintenance role.
func (g *guard) takenBy(role string, keepers []string) error {
	account, _, ok := strings.Cut(role, ":role/")
	if !ok || g.Effect != "Allow" {
		return fmt.Errorf("role %s is taken in another way", role)
	}
	var users []any
	for _, k := range keepers {
		users = append(users, account+":user/"+k)
	}
	g.Principal, g.Action = map[string]any{"AWS": users}, "sts:AssumeRole"
	g.drop("StringEquals", tagWanted+"agentkeys_class", tagWanted+"agentkeys_access")
	return nil
}

// untagged is a right of a maintenance role.
func (g *guard) untagged() error {
	if g.Effect != "Allow" || g.Condition["StringEquals"][accessTag] != "maintenance" {
		return errors.New("not a right of maintenance")
	}
	g.drop("StringEquals", classTag, accessTag)
	return nil
}

// named turns a refusal by the ARN of the caller into one of principals, and tells
// which they are.
func (g *guard) named(roles *[]string) error {
	list, ok := g.Condition["StringNotEquals"][principalARN]
	if !ok {
		return nil
	}
	all, ok := list.([]any)
	if !ok || g.Effect != "Deny" || g.Principal != "*" || len(g.Condition) != 1 || len(g.Condition["StringNotEquals"]) != 1 {
		return errors.New("a condition on the caller's ARN that is not the only one")
	}
	var these []string
	for _, a := range all {
		arn, _ := a.(string)
		these = append(these, arn)
	}
	if slices.Contains(these, "") || *roles != nil && !slices.Equal(*roles, these) {
		return errors.New("other callers than those of the statement before, or none")
	}
	*roles = these
	g.Principal, g.NotPrincipal, g.Condition = nil, map[string]any{"AWS": all}, nil
	return nil
}

// keepsFrom turns a refusal of the access of maintenance into one of those of the
// bucket's roles that are for it.
func (g *guard) keepsFrom(roles, maintenance []string) error {
	if g.Effect != "Deny" || g.Condition["StringEquals"][accessTag] != "maintenance" {
		return nil
	}
	var who []any
	for _, r := range roles {
		if slices.Contains(maintenance, r) {
			who = append(who, r)
		}
	}
	if len(who) == 0 {
		return nil // nobody has that access
	}
	if len(g.Condition) != 1 || len(g.Condition["StringEquals"]) != 1 {
		return errors.New("a condition on the access that is not the only one")
	}
	g.Principal, g.Condition = map[string]any{"AWS": who}, nil
	return nil
}
