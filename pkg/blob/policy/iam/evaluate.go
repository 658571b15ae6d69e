package iam

import (
	"net/netip"
	"slices"
	"strings"
)

// Request is one thing that somebody wants to do.
type Request struct {
	// Federated is the ARN of the provider that vouches for the caller, in
	// a request to take a role.
	Federated string
	// Caller is the ARN of the principal that asks to take a role with
	// credentials of its own; empty for everybody else.
	Caller   string
	Action   string
	Resource string
	// Context are the condition keys of the request; a key that is not in
	// it is absent.
	Context map[string]string
}

// Allowed combines policies of one account as AWS does: no deny in any, and an
// allow in at least one.
func Allowed(r Request, policies ...Policy) bool {
	allowed := false
	for _, p := range policies {
		for _, s := range p.statements {
			if !s.covers(r) {
				continue
			}
			if s.deny {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

func (s statement) covers(r Request) bool {
	if s.federated != r.Federated && s.federated != "" || !strings.HasPrefix(r.Caller, s.account) {
		return false
	}
	if !slices.ContainsFunc(s.actions, func(a string) bool {
		return a == r.Action || a == "s3:*" && strings.HasPrefix(r.Action, "s3:")
	}) {
		return false
	}
	if len(s.resources) > 0 && !slices.ContainsFunc(s.resources, func(p pattern) bool { return p.matches(r.Resource, r.Context) }) {
		return false
	}
	return !slices.ContainsFunc(s.conditions, func(c condition) bool { return !c.holds(r) })
}

func (c condition) holds(r Request) bool {
	got, present := r.Context[c.key]
	switch c.operator {
	case "Null":
		return present != c.absent
	case "IpAddress":
		return c.within(got)
	case "NotIpAddress":
		return !c.within(got)
	}
	some := present && slices.ContainsFunc(c.values, func(p pattern) bool { return p.matches(got, r.Context) })
	if c.operator == "StringNotEquals" {
		return !some
	}
	return some
}

// within reports whether text is an address in one of the ranges.
func (c condition) within(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && slices.ContainsFunc(c.ranges, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
