package provision

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/litentry/agentkeys/pkg/blob/policy"
)

const (
	// inlinePolicy is the name of a role's one policy.
	inlinePolicy = "agentkeys"
	// leastMaximum bounds the sessions of a role that is made here, in seconds. No
	// policy and no setting makes it less (IAM API reference, CreateRole,
	// MaxSessionDuration).
	leastMaximum = 3600
	description  = "AgentKeys: storage sessions. Made by agentkeys aws provision."
)

// call bounds a call and names what failed.
func call(ctx context.Context, doing string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return mapped(f(ctx), doing)
}

// planRole looks at a role: it is born with its trust, and gets its policy last.
func (c *Client) planRole(ctx context.Context, p *Plan, want policy.Role) error {
	what, tagged := "role "+want.Name, p.tags(want.Use)
	p.look(what)
	name := aws.String(want.Name)
	var have *awsiam.GetRoleOutput
	err := call(ctx, "looking for "+what, func(ctx context.Context) (err error) {
		have, err = c.iam.GetRole(ctx, &awsiam.GetRoleInput{RoleName: name})
		return err
	})
	if is(err, "NoSuchEntity") {
		p.add(what, "role and trust", true, nil, func(ctx context.Context) error {
			return call(ctx, "making a role", func(ctx context.Context) error {
				_, err := c.iam.CreateRole(ctx, &awsiam.CreateRoleInput{
					RoleName: name, AssumeRolePolicyDocument: aws.String(string(want.Trust)), Description: aws.String(description), Tags: tagged.iam(),
				})
				return err
			})
		})
		c.addRolePolicy(p, want, true, nil)
		return nil
	}
	if err != nil {
		return err
	}
	if have.Role == nil || aws.ToString(have.Role.Arn) != want.ARN {
		return fmt.Errorf("%s lies under a path, or in another account: it would be %s", what, want.ARN)
	}
	trust := aws.ToString(have.Role.AssumeRolePolicyDocument)
	if !c.planRoleTags(p, want, tagsOfIAM(have.Role.Tags), decoded(trust)) {
		return nil
	}
	if most := aws.ToInt32(have.Role.MaxSessionDuration); most > leastMaximum {
		p.warn("%s gives sessions of up to %s to whoever asks the session service itself: set its maximum session duration to one hour, the least that there is", what, time.Duration(most)*time.Second)
	}
	if err := c.planTrust(p, want, decoded(trust)); err != nil {
		return err
	}
	if err := c.planRolePolicy(ctx, p, want); err != nil {
		return err
	}
	return c.furtherPolicies(ctx, p, want.Name)
}

// planRoleTags tells a role of ours from others, and of one use from those of
// another. What has no tag of its use, as those that were made before there was one,
// is known by the class that its trust asks for. It reports whether to go on.
func (c *Client) planRoleTags(p *Plan, want policy.Role, have tags, trust []byte) bool {
	what, wish := "role "+want.Name, p.tags(want.Use)
	if why := have.otherwise(wish, roleUse); why != "" {
		p.inUse(what, why+"; name another role")
		return false
	}
	if have[useTag] == "" {
		class, _, _ := strings.Cut(want.Use, "/")
		m, err := parseMeaning(trust)
		if is := classesOf(m, trustPlaces); err == nil && len(is) > 0 && !slices.Contains(is, class) {
			p.inUse(what, "its trust is for data class "+strings.Join(is, ", ")+", and it is named for "+roleUse(want.Use)+"; name another role")
			return false
		}
	}
	if !have.marked() && !p.refuse(what, "it lacks the tag "+markTag+"="+markValue) {
		return false
	}
	if lacking := have.lacking(wish); len(lacking) > 0 {
		p.tag(what, have, lacking, func(ctx context.Context) error {
			var now *awsiam.GetRoleOutput
			if err := call(ctx, "looking for "+what, func(ctx context.Context) (err error) {
				now, err = c.iam.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String(want.Name)})
				return err
			}); err != nil {
				return err
			}
			if why := tagsOfIAM(now.Role.Tags).otherwise(wish, roleUse); why != "" {
				return inUse(what, why+"; name another role")
			}
			return call(ctx, "tagging a role", func(ctx context.Context) error {
				_, err := c.iam.TagRole(ctx, &awsiam.TagRoleInput{RoleName: aws.String(want.Name), Tags: wish.iam()})
				return err
			})
		})
	}
	return true
}

func (c *Client) planTrust(p *Plan, want policy.Role, have []byte) error {
	diff, err := compare(have, want.Trust)
	if err != nil || len(diff) == 0 {
		return err
	}
	p.add("role "+want.Name, "trust", false, diff, func(ctx context.Context) error {
		return call(ctx, "setting the trust of a role", func(ctx context.Context) error {
			_, err := c.iam.UpdateAssumeRolePolicy(ctx, &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String(want.Name), PolicyDocument: aws.String(string(want.Trust))})
			return err
		})
	})
	return nil
}

// decoded takes the form in which IAM hands documents out, RFC 3986 escaped;
// others hand them out as they are.
func decoded(document string) []byte {
	if strings.HasPrefix(strings.TrimSpace(document), "{") {
		return []byte(document)
	}
	plain, err := url.PathUnescape(document)
	if err != nil {
		return []byte(document)
	}
	return []byte(plain)
}

func (c *Client) planRolePolicy(ctx context.Context, p *Plan, want policy.Role) error {
	var out *awsiam.GetRolePolicyOutput
	err := call(ctx, "reading the policy of role "+want.Name, func(ctx context.Context) (err error) {
		out, err = c.iam.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: aws.String(want.Name), PolicyName: aws.String(inlinePolicy)})
		return err
	})
	if is(err, "NoSuchEntity") {
		c.addRolePolicy(p, want, true, nil)
		return nil
	}
	if err != nil {
		return err
	}
	diff, err := compare(decoded(aws.ToString(out.PolicyDocument)), want.Policy)
	if err == nil && len(diff) > 0 {
		c.addRolePolicy(p, want, false, diff)
	}
	return err
}

func (c *Client) addRolePolicy(p *Plan, want policy.Role, isNew bool, diff []string) {
	p.add("role "+want.Name, "policy", isNew, diff, func(ctx context.Context) error {
		return call(ctx, "setting the policy of a role", func(ctx context.Context) error {
			_, err := c.iam.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{
				RoleName: aws.String(want.Name), PolicyName: aws.String(inlinePolicy), PolicyDocument: aws.String(string(want.Policy)),
			})
			return err
		})
	})
}

// furtherPolicies warns of whatever may widen a role beyond its one policy.
func (c *Client) furtherPolicies(ctx context.Context, p *Plan, role string) error {
	var further []string
	var inline *awsiam.ListRolePoliciesOutput
	var attached *awsiam.ListAttachedRolePoliciesOutput
	if err := call(ctx, "listing the policies of role "+role, func(ctx context.Context) (err error) {
		inline, err = c.iam.ListRolePolicies(ctx, &awsiam.ListRolePoliciesInput{RoleName: aws.String(role)})
		return err
	}); err != nil {
		return err
	}
	if err := call(ctx, "listing the policies of role "+role, func(ctx context.Context) (err error) {
		attached, err = c.iam.ListAttachedRolePolicies(ctx, &awsiam.ListAttachedRolePoliciesInput{RoleName: aws.String(role)})
		return err
	}); err != nil {
		return err
	}
	for _, name := range inline.PolicyNames {
		if name != inlinePolicy {
			further = append(further, name)
		}
	}
	for _, a := range attached.AttachedPolicies {
		further = append(further, aws.ToString(a.PolicyName))
	}
	if len(further) > 0 || inline.IsTruncated || attached.IsTruncated {
		p.warn("role %s has further policies, which may widen it: %s. Nothing is deleted here: take them away by hand", role, strings.Join(further, ", "))
	}
	return nil
}
