// Package iam evaluates the few forms of IAM policy that this product writes,
// and refuses to load any other.
//
// What holds (AWS IAM user guide, "Policy evaluation logic" and "Policy
// elements: Variables and tags"):
//
//   - An explicit deny in any policy decides; then an allow in any; otherwise
//     denied.
//   - Within a condition block all operators and keys must hold; of the values
//     of one key, one suffices (for a negated operator: none may match).
//   - A key that the request lacks fails StringEquals and StringLike, and
//     fulfils StringNotEquals.
//   - Null asks whether a key is absent ("true") or there ("false").
//   - IpAddress and NotIpAddress compare aws:SourceIp with addresses and ranges;
//     an absent or unreadable address is in none. Bool compares
//     aws:SecureTransport; an absent one fails it.
//   - A policy variable stands for its value letter by letter: * and ? in a
//     value are characters. A variable without a value, or with an empty one,
//     matches nothing.
//   - A Principal that is the root of an account stands for every principal of
//     that account. (AWS asks the principal's own policy besides; whoever uses
//     this package answers for that.)
//
// Stricter than AWS, at load time: unknown members, versions, actions,
// operators and condition keys are refused, and so are NotAction, NotResource,
// NotPrincipal, and a variable where its absence would widen a policy (in a
// Deny, under StringNotEquals). It knows no boundaries, session policies, SCPs
// and ACLs.
package iam

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrInvalid is wrapped by every refusal to load a policy.
var ErrInvalid = errors.New("invalid policy")

// Kind is where a policy is attached, which fixes what it may say.
type Kind string

// The kinds.
const (
	Identity Kind = "identity" // inline policy of a role: no Principal
	Resource Kind = "resource" // bucket policy: Principal "*"
	Trust    Kind = "trust"    // who may take a role: no Resource
)

// Policy is a loaded policy. The zero value allows and denies nothing.
type Policy struct{ statements []statement }

type statement struct {
	deny       bool
	federated  string // Trust: the provider that must have signed
	account    string // Trust: what the caller's ARN must begin with
	actions    []string
	resources  []pattern // empty for Trust
	conditions []condition
}

type condition struct {
	operator, key string
	values        []pattern
	ranges        []netip.Prefix // under IpAddress and NotIpAddress
	absent        bool           // under Null: the key must not be there
}

// The wire form. Absent members are zero; unknown ones are refused.
type document struct {
	Version   string
	Statement []wireStatement
}

type wireStatement struct {
	Sid       string
	Effect    string
	Principal *principal
	Action    list
	Resource  list
	Condition map[string]map[string]list
}

// list is a string or an array of strings.
type list []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *list) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*l = list{""}
		return strictjson.Decode(b, &(*l)[0])
	}
	return strictjson.Decode(b, (*[]string)(l))
}

// principal is "*", {"Federated": ARN} or {"AWS": ARN}.
type principal struct {
	any            bool
	Federated, AWS string
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *principal) UnmarshalJSON(b []byte) error {
	if string(b) == `"*"` {
		p.any = true
		return nil
	}
	var f struct{ Federated, AWS string }
	err := strictjson.Decode(b, &f)
	p.Federated, p.AWS = f.Federated, f.AWS
	return err
}

var (
	sid      = regexp.MustCompile(`^[A-Za-z0-9]{0,64}$`)
	s3ARN    = regexp.MustCompile(`^arn:aws[a-z-]*:s3:::[a-z0-9-]+(/.+)?$`)
	oidcARN  = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[^*?$]+$`)
	rootARN  = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:root$`)
	tagKey   = regexp.MustCompile(`^aws:(PrincipalTag|RequestTag)/[A-Za-z0-9_]{1,128}$`)
	audience = regexp.MustCompile(`^[a-z0-9][a-zA-Z0-9._/:-]*:aud$`)
)

// The keys that have operators of their own.
const (
	sourceIP        = "aws:SourceIp"
	secureTransport = "aws:SecureTransport"
)

// Load reads a policy of the given kind.
func Load(doc []byte, k Kind) (Policy, error) {
	var d document
	if err := strictjson.Decode(doc, &d); err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if d.Version != "2012-10-17" {
		return Policy{}, fmt.Errorf("%w: version %q (variables mean something in 2012-10-17 only)", ErrInvalid, d.Version)
	}
	if len(d.Statement) == 0 {
		return Policy{}, fmt.Errorf("%w: no statement", ErrInvalid)
	}
	var (
		p    Policy
		sids []string
	)
	for i, w := range d.Statement {
		s, err := w.load(k)
		if err == nil && w.Sid != "" && slices.Contains(sids, w.Sid) {
			err = errors.New("its Sid is there twice")
		}
		if err != nil {
			return Policy{}, fmt.Errorf("%w: statement %d (%s): %w", ErrInvalid, i+1, w.Sid, err)
		}
		sids = append(sids, w.Sid)
		p.statements = append(p.statements, s)
	}
	return p, nil
}

func (w wireStatement) load(k Kind) (statement, error) {
	s := statement{deny: w.Effect == "Deny", actions: w.Action}
	if w.Effect != "Allow" && w.Effect != "Deny" {
		return s, fmt.Errorf("effect %q", w.Effect)
	}
	if !sid.MatchString(w.Sid) {
		return s, fmt.Errorf("the Sid is not letters and digits")
	}
	if err := w.loadPrincipal(k, &s); err != nil {
		return s, err
	}
	if len(w.Action) == 0 {
		return s, errors.New("no action")
	}
	for _, a := range w.Action {
		if !slices.Contains(s.actionsOf(k), a) {
			return s, fmt.Errorf("action %q is not in use here", a)
		}
	}
	if err := w.loadResources(k, &s); err != nil {
		return s, err
	}
	return s, w.loadConditions(k, &s)
}

func (w wireStatement) loadPrincipal(k Kind, s *statement) error {
	switch {
	case k == Identity && w.Principal == nil:
	case k == Resource && w.Principal != nil && w.Principal.any:
	case k == Trust && w.Principal != nil && oidcARN.MatchString(w.Principal.Federated) && w.Principal.AWS == "":
		s.federated = w.Principal.Federated
	case k == Trust && w.Principal != nil && rootARN.MatchString(w.Principal.AWS) && w.Principal.Federated == "":
		s.account = strings.TrimSuffix(w.Principal.AWS, "root")
	default:
		return fmt.Errorf("principal: a policy of kind %s wants %s", k, map[Kind]string{
			Identity: "none", Resource: `"*"`, Trust: "one OIDC provider or one account's root",
		}[k])
	}
	return nil
}

func (w wireStatement) loadResources(k Kind, s *statement) error {
	if (k == Trust) != (len(w.Resource) == 0) {
		return errors.New("resource: wanted on what is done in storage, and there only")
	}
	for _, r := range w.Resource {
		if !s3ARN.MatchString(r) {
			return fmt.Errorf("resource %q names no bucket or objects of one bucket", r)
		}
		p, err := compile(r, true, !s.deny)
		if err != nil {
			return fmt.Errorf("resource %q: %w", r, err)
		}
		s.resources = append(s.resources, p)
	}
	return nil
}

func (w wireStatement) loadConditions(k Kind, s *statement) error {
	for op, keys := range w.Condition {
		if !slices.Contains([]string{"StringEquals", "StringLike", "StringNotEquals", "Null", "Bool", "IpAddress", "NotIpAddress"}, op) {
			return fmt.Errorf("condition operator %q is not in use here", op)
		}
		if len(keys) == 0 {
			return fmt.Errorf("condition operator %s without a key", op)
		}
		for key, values := range keys {
			if !s.knownKey(k, key) || !comparable(op, key) {
				return fmt.Errorf("condition key %q is not in use here", key)
			}
			if len(values) == 0 {
				return fmt.Errorf("condition key %s without a value", key)
			}
			c, err := s.loadCondition(k, op, key, values)
			if err != nil {
				return fmt.Errorf("condition %s on %s: %w", op, key, err)
			}
			s.conditions = append(s.conditions, c)
		}
	}
	return nil
}

// comparable reports whether the operator is one for the key: addresses and
// truth values have operators of their own, and those compare nothing else.
func comparable(op, key string) bool {
	switch op {
	case "IpAddress", "NotIpAddress":
		return key == sourceIP
	case "Bool":
		return key == secureTransport
	}
	return key != sourceIP && key != secureTransport
}

func (s *statement) loadCondition(k Kind, op, key string, values list) (condition, error) {
	c := condition{operator: op, key: key}
	switch op {
	case "Null", "Bool":
		if len(values) != 1 || values[0] != "true" && values[0] != "false" {
			return c, errors.New("neither true nor false")
		}
		c.absent = values[0] == "true"
		if op == "Null" {
			return c, nil
		}
	case "IpAddress", "NotIpAddress":
		for _, v := range values {
			p, err := parseRange(v)
			if err != nil {
				return c, err
			}
			c.ranges = append(c.ranges, p)
		}
		return c, nil
	}
	for _, v := range values {
		p, err := compile(v, op == "StringLike", k != Trust && !s.deny && op != "StringNotEquals" && op != "Bool")
		if err != nil {
			return c, err
		}
		c.values = append(c.values, p)
	}
	return c, nil
}

// parseRange reads an address or a range. Bits after the prefix are refused: the
// range would not be what it looks like.
func parseRange(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && !a.Is4In6() {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Is4In6() || p.Masked() != p {
		return p, fmt.Errorf("%q is no address or range", s)
	}
	return p, nil
}

// actionsOf are the actions that a statement may name. A web identity and a
// principal of the account take a role by different actions: under one
// principal the other's action would never apply and only mislead.
func (s *statement) actionsOf(k Kind) []string {
	switch {
	case k == Trust && s.account != "":
		return []string{"sts:AssumeRole", "sts:TagSession"}
	case k == Trust:
		return []string{"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}
	}
	return []string{
		"s3:*", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket",
		"s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads",
		"s3:ReplicateObject", "s3:ReplicateDelete",
	}
}

func (s *statement) knownKey(k Kind, key string) bool {
	if k == Trust {
		return tagKey.MatchString(key) && strings.HasPrefix(key, "aws:RequestTag/") ||
			s.federated != "" && audience.MatchString(key) && !strings.HasPrefix(key, "aws:")
	}
	return key == sourceIP || key == secureTransport || key == "aws:SourceVpce" || key == "s3:prefix" || key == "s3:if-none-match" || key == "aws:PrincipalArn" ||
		tagKey.MatchString(key) && strings.HasPrefix(key, "aws:PrincipalTag/")
}
