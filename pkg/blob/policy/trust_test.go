package policy_test

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

func TestTrust(t *testing.T) {
	set := render(t, params())
	good := map[string]string{
		"broker.example.com:aud": "sts.amazonaws.com", "aws:RequestTag/agentkeys_class": "credentials",
		"aws:RequestTag/agentkeys_access": "read", "aws:RequestTag/agentkeys_actor_omni": alice,
	}
	type assume struct {
		federated, action string
		context           map[string]string
	}
	base := assume{set.ProviderARN, "sts:AssumeRoleWithWebIdentity", good}
	with := func(federated, action, key, value string) assume {
		a := assume{federated, action, map[string]string{}}
		for k, v := range good {
			a.context[k] = v
		}
		if a.context[key] = value; value == "" {
			delete(a.context, key)
		}
		return a
	}
	arn, assumeRole := set.ProviderARN, "sts:AssumeRoleWithWebIdentity"
	cases := []struct {
		name     string
		a        assume
		role, pr bool // vault role, provisioning role
	}{
		{"read", base, true, false},
		{"write", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "write"), true, false},
		{"provision", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "provision"), false, true},
		{"tagging", with(arn, "sts:TagSession", "", ""), true, false},
		{"no access", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", ""), false, false},
		{"other access", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "admin"), false, false},
		{"memory", with(arn, assumeRole, "aws:RequestTag/agentkeys_class", "memory"), false, false},
		{"no class", with(arn, assumeRole, "aws:RequestTag/agentkeys_class", ""), false, false},
		{"audience", with(arn, assumeRole, "broker.example.com:aud", "sts.amazonaws.com.evil"), false, false},
		{"no audience", with(arn, assumeRole, "broker.example.com:aud", ""), false, false},
		{"other provider", with(arn+"x", assumeRole, "", ""), false, false},
		{"no provider", with("", assumeRole, "", ""), false, false},
		{"other action", with(arn, "sts:AssumeRole", "", ""), false, false},
		{"no actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", ""), false, false},
		{"star actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", "*"), false, false},
		{"short actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", alice[:63]), false, false},
		{"long actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", alice+"0"), false, false},
	}
	verdict := func(doc []byte) string {
		p, v := mustLoad(t, doc, iam.Trust), ""
		for _, c := range cases {
			v += map[bool]string{true: "+", false: "-"}[iam.Allowed(iam.Request{Federated: c.a.federated, Action: c.a.action, Context: c.a.context}, p)]
		}
		return v
	}
	role, pr := verdict(set.Roles[0].Trust), verdict(set.Roles[1].Trust)
	for i, c := range cases {
		if (role[i] == '+') != c.role || (pr[i] == '+') != c.pr {
			t.Errorf("%s: vault %c, provisioning %c", c.name, role[i], pr[i])
		}
	}
	without(t, set.Roles[0].Trust, func(what string, changed []byte) {
		if verdict(changed) == role {
			t.Errorf("nothing notices that %s is gone", what)
		}
	})
}

// TestMaintenanceTrust: the account's own principals with both tags, and no
// web identity whatever it carries.
func TestMaintenanceTrust(t *testing.T) {
	set := render(t, params())
	const caller, other = "arn:aws:iam::111122223333:user/ops", "arn:aws:iam::444422223333:user/ops"
	tags := func(class, access string) map[string]string {
		c := map[string]string{"broker.example.com:aud": "sts.amazonaws.com", "aws:RequestTag/agentkeys_actor_omni": alice}
		for k, v := range map[string]string{"class": class, "access": access} {
			if v != "" {
				c["aws:RequestTag/agentkeys_"+k] = v
			}
		}
		return c
	}
	cases := []struct {
		name string
		r    iam.Request
		want bool
	}{
		{"honest", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, true},
		{"tagging", iam.Request{Caller: caller, Action: "sts:TagSession", Context: tags("credentials", "maintenance")}, true},
		{"other class", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("memory", "maintenance")}, false},
		{"no class", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("", "maintenance")}, false},
		{"other access", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "write")}, false},
		{"no access", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "")}, false},
		{"other account", iam.Request{Caller: other, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"nobody", iam.Request{Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"web identity", iam.Request{Federated: set.ProviderARN, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"web identity by its action", iam.Request{Federated: set.ProviderARN, Action: "sts:AssumeRoleWithWebIdentity", Context: tags("credentials", "maintenance")}, false},
	}
	verdict := func(doc []byte) string {
		p, v := mustLoad(t, doc, iam.Trust), ""
		for _, c := range cases {
			v += map[bool]string{true: "+", false: "-"}[iam.Allowed(c.r, p)]
		}
		return v
	}
	whole := verdict(set.Roles[2].Trust)
	for i, c := range cases {
		if (whole[i] == '+') != c.want {
			t.Errorf("%s: %c", c.name, whole[i])
		}
	}
	without(t, set.Roles[2].Trust, func(what string, changed []byte) {
		if verdict(changed) == whole {
			t.Errorf("nothing notices that %s is gone", what)
		}
	})
	// A user of the account takes none of the roles that web identities take.
	for i, access := range []string{"read", "provision"} {
		p := mustLoad(t, set.Roles[i].Trust, iam.Trust)
		if iam.Allowed(iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", access)}, p) {
			t.Errorf("a user takes %s", set.Roles[i].Name)
		}
	}
}
