package provision_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/provision"
)

// TestOfAnotherKind: buckets of ours whose names were mixed up are as foreign as
// any. A policy of another kind would shut in what lies there.
func TestOfAnotherKind(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	for name, edit := range map[string]func(*policy.Params){
		"acme-audit":  func(p *policy.Params) { p.Classes[0].Bucket = "acme-audit" },
		"acme-memory": func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-vault" },
	} {
		wish := want(t, edit)
		wish.Archive = nil
		_, err := w.client(t).Plan(t.Context(), wish)
		if !errors.Is(err, provision.ErrForeign) || !strings.Contains(err.Error(), "bucket "+name+": it was not made by agentkeys: it has a policy of somebody else, or is for something else") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Its class gone from the policy is a change that is put back.
	wish := want(t)
	w.hand(t).bucketPolicy("acme-vault", strings.Replace(string(wish.Set.Buckets[0].Policy), `"Sid": "OnlyItsClass"`, `"Sid": "SomethingElse"`, 1))
	if got := texts(plan(t, w.client(t), wish)); len(got) != 1 || got[0] != "~ bucket acme-vault: policy" {
		t.Errorf("%q", got)
	}
}

// TestLongSessions: a role whose sessions may live longer than need be is told.
func TestLongSessions(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	trust := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(string(want(t).Set.Roles[0].Trust))
	for seconds, warned := range map[string]bool{"3600": false, "3601": true, "43200": true} {
		watch := answering(func(r *http.Request) (int, string, bool) {
			if b := form(r); !strings.Contains(b, "Action=GetRole&") || !strings.Contains(b, "RoleName=acme-vault&") {
				return 0, "", false
			}
			return 200, `<GetRoleResponse><GetRoleResult><Role><Arn>arn:aws:iam::` + account + `:role/acme-vault</Arn><MaxSessionDuration>` + seconds +
				`</MaxSessionDuration><AssumeRolePolicyDocument>` + trust + `</AssumeRolePolicyDocument><Tags><member><Key>agentkeys</Key><Value>provisioned</Value></member></Tags></Role></GetRoleResult></GetRoleResponse>`, true
		})
		p := plan(t, w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} }), want(t))
		if len(p.Changes) > 0 || (len(p.Warnings) == 1) != warned || warned && !strings.HasPrefix(p.Warnings[0], "role acme-vault gives sessions of up to ") {
			t.Errorf("%s: %q, %q", seconds, texts(p), p.Warnings)
		}
	}
}
