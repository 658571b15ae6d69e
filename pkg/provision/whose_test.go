package provision_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/provision"
)

// TestWithoutOurFirstStatement: a policy that still names its class says whose the
// bucket is.
func TestWithoutOurFirstStatement(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	by := w.hand(t)
	for i, b := range []string{"acme-vault", "acme-memory"} {
		by.bucketPolicy(b, strings.Replace(string(want(t).Set.Buckets[i].Policy), `"Sid": "OnlyItsRoles"`, `"Sid": "A"`, 1))
	}
	by.tags("acme-memory")
	if got := texts(plan(t, w.client(t), want(t))); strings.Join(got, "|") != "~ bucket acme-vault: policy|+ bucket acme-memory: tag|~ bucket acme-memory: policy" {
		t.Errorf("%q", got)
	}
	mixed := want(t, func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-new" })
	mixed.Adopt = true
	if _, err := w.client(t).Plan(t.Context(), mixed); !errors.Is(err, provision.ErrInUse) {
		t.Error(err)
	}
}

// TestRoleTaggedMeanwhile: a role that is said to be for something else between plan
// and apply is refused, as buckets are.
func TestRoleTaggedMeanwhile(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	by := w.hand(t)
	by.roleTag("acme-memory", "agentkeys_use", "")
	p := plan(t, w.client(t), want(t))
	by.roleTag("acme-memory", "agentkeys_use", "credentials/agents")
	if err := p.Apply(t.Context(), nil); !errors.Is(err, provision.ErrInUse) {
		t.Error(err)
	}
}

// TestAttachedPolicies are told, and so is that there are more.
func TestAttachedPolicies(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	for answer, said := range map[string]string{
		`<AttachedPolicies><member><PolicyName>AdministratorAccess</PolicyName></member></AttachedPolicies>`: "AdministratorAccess",
		`<IsTruncated>true</IsTruncated>`: "role acme-vault has further policies",
	} {
		c := w.client(t, func(c *provision.Config) {
			c.HTTPClient = &http.Client{Transport: answering(func(r *http.Request) (int, string, bool) {
				b := form(r)
				return 200, `<ListAttachedRolePoliciesResponse><ListAttachedRolePoliciesResult>` + answer + `</ListAttachedRolePoliciesResult></ListAttachedRolePoliciesResponse>`,
					strings.Contains(b, "Action=ListAttachedRolePolicies&") && strings.Contains(b, "RoleName=acme-vault&")
			})}
		})
		if p := plan(t, c, want(t)); len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], said) {
			t.Errorf("%s: %q", said, p.Warnings)
		}
	}
}
