package provision_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/provision"
)

// TestTags: a bucket is born with its tags, and is known by them when somebody took its
// policy away.
func TestTags(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	for bucket, use := range map[string]string{"acme-vault": "credentials", "acme-memory": "memory", "acme-audit": "archive"} {
		if got := w.hand(t).tagsOf(bucket); got != "agentkeys=provisioned agentkeys_use="+use {
			t.Errorf("%s: %s", bucket, got)
		}
	}
	// In the answers, for the development cloud lets nobody take a policy away.
	client := w.client(t, func(c *provision.Config) {
		c.HTTPClient = &http.Client{Transport: answering(func(r *http.Request) (int, string, bool) {
			return 404, `<Error><Code>NoSuchBucketPolicy</Code></Error>`, r.Method == "GET" && r.URL.Query().Has("policy")
		})}
	})
	if got := texts(plan(t, client, want(t))); !slices.Equal(got, []string{"+ bucket acme-vault: policy", "+ bucket acme-memory: policy", "+ bucket acme-audit: policy"}) {
		t.Errorf("%q", got)
	}
	mixed := want(t, func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-new" })
	mixed.Adopt = true
	if _, err := client.Plan(t.Context(), mixed); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-memory: it is in use for something else: its tag says that it is for data class memory") {
		t.Error(err)
	}
}

// TestBeforeThereWereTags: what an earlier version made is known by policy and mark, and
// gets its tags; those of others stay.
func TestBeforeThereWereTags(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	by := w.hand(t)
	by.tags("acme-vault", "team", "x")
	by.tags("acme-memory")
	by.roleTag("acme-memory", "agentkeys_use", "")
	p := plan(t, w.client(t), want(t))
	if got := texts(p); !slices.Equal(got, []string{"+ bucket acme-vault: tag", "+ bucket acme-memory: tag", "~ role acme-memory: tag"}) {
		t.Fatalf("%q", got)
	}
	if got := p.Changes[2].Diff; !slices.Equal(got, []string{"+ agentkeys_use=memory/agents"}) {
		t.Errorf("%q", got)
	}
	// Set by somebody between plan and apply.
	by.tags("acme-memory", "agentkeys_use", "archive")
	if err := p.Apply(t.Context(), nil); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "its tag says that it is for the archive of the audit log") {
		t.Error(err)
	}
	by.tags("acme-memory", "other", "y")
	apply(t, w.client(t), want(t))
	for bucket, tags := range map[string]string{
		"acme-vault": "agentkeys=provisioned agentkeys_use=credentials team=x", "acme-memory": "agentkeys=provisioned agentkeys_use=memory other=y",
	} {
		if got := by.tagsOf(bucket); got != tags {
			t.Errorf("%s: %s", bucket, got)
		}
	}
	if got := texts(plan(t, w.client(t), want(t))); len(got) > 0 {
		t.Errorf("still to do: %q", got)
	}
}

// TestRoleOfAnotherUse: a role of ours for something else is refused always.
func TestRoleOfAnotherUse(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	by := w.hand(t)
	for _, c := range []struct {
		name   string
		before func()
		edit   func(*policy.Params)
		said   string
	}{
		{
			"the vault's as the memory's",
			func() {},
			func(p *policy.Params) { p.Classes[0].Role, p.Classes[1].Role = "acme-new", "acme-vault" },
			"role acme-vault: it is in use for something else: its tag says that it is for agents of data class credentials, and it is named for agents of data class memory; name another role",
		},
		{
			"provisioning's as the agents'",
			func() {},
			func(p *policy.Params) { p.Classes[0].Role, p.Classes[0].ProvisionRole = "acme-provision", "acme-new" },
			"role acme-provision: it is in use for something else: its tag says that it is for provision of data class credentials, and it is named for agents of data class credentials",
		},
		{
			"without the tag, by its trust",
			func() { by.roleTag("acme-vault", "agentkeys_use", "") },
			func(p *policy.Params) { p.Classes[0].Role, p.Classes[1].Role = "acme-new", "acme-vault" },
			"role acme-vault: it is in use for something else: its trust is for data class credentials, and it is named for agents of data class memory; name another role",
		},
		{
			"without any tag, by the trust of maintenance",
			func() {
				by.roleTag("acme-maintenance", "agentkeys", "")
				by.roleTag("acme-maintenance", "agentkeys_use", "")
			},
			func(p *policy.Params) {
				p.Classes[0].MaintenanceRole, p.Classes[1].Role = "acme-new", "acme-maintenance"
			},
			"role acme-maintenance: it is in use for something else: its trust is for data class credentials, and it is named for agents of data class memory",
		},
		{
			"with a tag that is none of ours",
			func() { by.roleTag("acme-memory", "agentkeys_use", "x\u00a0y") },
			func(*policy.Params) {},
			`role acme-memory: it is in use for something else: its tag says that it is for "x\u00a0y", and it is named for agents of data class memory`,
		},
	} {
		c.before()
		for _, adopt := range []bool{false, true} {
			wish := want(t, c.edit)
			wish.Adopt = adopt
			if _, err := w.client(t).Plan(t.Context(), wish); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), c.said) {
				t.Errorf("%s, adopt %v: %v", c.name, adopt, err)
			}
		}
	}
	// A trust that somebody changed is put back, where the tag says whose it is, and
	// where its own class is still named.
	by.roleTag("acme-memory", "agentkeys_use", "memory/agents")
	by.trust("acme-memory", string(want(t).Set.Roles[0].Trust))
	by.trust("acme-vault", strings.Replace(string(want(t).Set.Roles[0].Trust), `_class": "credentials"`, `_class": ["credentials", "memory"]`, 1))
	wish := want(t)
	wish.Adopt = true
	if got := texts(plan(t, w.client(t), wish)); !slices.Contains(got, "~ role acme-memory: trust") || !slices.Contains(got, "~ role acme-vault: trust") {
		t.Errorf("%q", got)
	}
	// The tag is none that a bucket would take for one of a session.
	for _, r := range want(t).Set.Roles {
		if r.Use == "" || strings.Contains(string(r.Trust)+string(r.Policy)+string(want(t).Set.Buckets[0].Policy), "agentkeys_use") {
			t.Errorf("%s: %q", r.Name, r.Use)
		}
	}
}

// TestOfAnotherDeployment: two deployments in one account do not take each other's
// buckets and roles, also where both hold the same class.
func TestOfAnotherDeployment(t *testing.T) {
	const one, two = "eip155:1:0x5FbDB2315678afecb367f032d93F642f64180aa3", "eip155:1:0x52908400098527886E0F7030069857D2E4169EE7"
	w := newWorld(t, "us-east-1")
	of := func(deployment string) provision.Want {
		wish := want(t)
		wish.Deployment = deployment
		return wish
	}
	apply(t, w.client(t), of("")) // before its contracts are there
	p := plan(t, w.client(t), of(one))
	if len(p.Changes) != 7 || text(p.Changes[0]) != "~ bucket acme-vault: tag" || !slices.Equal(p.Changes[0].Diff, []string{"+ agentkeys_deployment=" + one}) {
		t.Fatalf("%q, %q", texts(p), p.Changes[0].Diff)
	}
	apply(t, w.client(t), of(one))
	for _, known := range []string{one} {
		if got := texts(plan(t, w.client(t), of(known))); len(got) > 0 {
			t.Errorf("still to do: %q", got)
		}
	}
	for _, adopt := range []bool{false, true} {
		wish := of(two)
		wish.Adopt = adopt
		_, err := w.client(t).Plan(t.Context(), wish)
		if !errors.Is(err, provision.ErrInUse) || errors.Is(err, provision.ErrForeign) {
			t.Fatal(err)
		}
		for _, name := range []string{"bucket acme-vault", "bucket acme-memory", "bucket acme-audit", "role acme-vault", "role acme-maintenance"} {
			if !strings.Contains(err.Error(), name+": it is in use for something else: its tag says that it is of deployment "+one+", and the profile is of "+two+"; if the deployment moved, set the tag agentkeys_deployment="+two+" by hand") {
				t.Errorf("%s, adopt %v: %v", name, adopt, err)
			}
		}
	}
	// A new account gets all of it at once.
	w = newWorld(t, "eu-central-1")
	if got := apply(t, w.client(t), of(one)); !slices.Equal(got, everything) {
		t.Errorf("%q", got)
	}
	if got := w.hand(t).tagsOf("acme-memory"); got != "agentkeys=provisioned agentkeys_deployment="+one+" agentkeys_use=memory" {
		t.Error(got)
	}
	if got := texts(plan(t, w.client(t), of(one))); len(got) > 0 {
		t.Errorf("still to do: %q", got)
	}
}

// TestTagsOfAWS: what AWS itself puts on a bucket that was made does not make it
// somebody's.
func TestTagsOfAWS(t *testing.T) {
	for tag, code := range map[string]error{"aws:createdBy": nil, "createdBy": provision.ErrInUse} {
		w := newWorld(t, "us-east-1")
		client := w.client(t, func(c *provision.Config) {
			c.HTTPClient = &http.Client{Transport: answering(func(r *http.Request) (int, string, bool) {
				return 200, `<Tagging><TagSet><Tag><Key>` + tag + `</Key><Value>x</Value></Tag><Tag><Key>agentkeys</Key><Value>provisioned</Value></Tag>` +
					`<Tag><Key>agentkeys_use</Key><Value>credentials</Value></Tag></TagSet></Tagging>`, r.URL.Path == "/acme-vault" && r.URL.Query().Has("tagging")
			})}
		})
		if err := plan(t, client, want(t)).Apply(t.Context(), nil); !errors.Is(err, code) || (err == nil) != (code == nil) {
			t.Errorf("%s: %v", tag, err)
		}
	}
}
