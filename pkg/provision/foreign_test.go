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

// TestOfAnotherKind: buckets of ours whose names were mixed up are not taken over,
// whatever is asked for. A policy of another kind would shut in what lies there.
func TestOfAnotherKind(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	otherKind(t, w, "its tag says that it is for ")
	// Without tags, as they were made before there were any.
	for _, bucket := range []string{"acme-vault", "acme-memory", "acme-audit"} {
		w.hand(t).tags(bucket)
	}
	otherKind(t, w, "its policy is one for ")
	twice := want(t, func(p *policy.Params) { p.Classes[0].Bucket = "acme-new" })
	twice.Archive.Bucket.Name, twice.Adopt = "acme-new", true
	if _, err := w.client(t).Plan(t.Context(), twice); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-new: it is in use for something else: it is named twice; each data class, and the archive, has a bucket of its own") {
		t.Errorf("a new bucket for a class and the archive: %v", err)
	}
	// Its class gone from one place of the policy is a change that is put back.
	wish := want(t)
	w.hand(t).tags("acme-vault", "agentkeys", "provisioned", "agentkeys_use", "credentials")
	w.hand(t).bucketPolicy("acme-vault", strings.Replace(string(wish.Set.Buckets[0].Policy), `"Sid": "OnlyItsClass"`, `"Sid": "SomethingElse"`, 1))
	if got := plan(t, w.client(t), wish).Of("bucket acme-vault"); len(got) != 1 || text(got[0]) != "~ bucket acme-vault: policy" {
		t.Errorf("%v", got)
	}
	// Tag and policy that say different things: nobody knows.
	w.hand(t).bucketPolicy("acme-vault", strings.ReplaceAll(string(wish.Set.Buckets[0].Policy), `_class": "credentials"`, `_class": "memory"`))
	wish.Adopt = true
	if _, err := w.client(t).Plan(t.Context(), wish); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-vault: it is in use for something else: its policy is one for data class memory, and it is named for data class credentials") {
		t.Errorf("a policy of another class under the right tag: %v", err)
	}
}

func otherKind(t *testing.T, w *world, how string) {
	for name, c := range map[string]struct {
		have string
		edit func(*policy.Params)
	}{
		"acme-audit":  {"the archive of the audit log", func(p *policy.Params) { p.Classes[0].Bucket = "acme-audit" }},
		"acme-memory": {"data class memory", func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-vault" }},
	} {
		for _, adopt := range []bool{false, true} {
			wish := want(t, c.edit)
			wish.Archive, wish.Adopt = nil, adopt
			_, err := w.client(t).Plan(t.Context(), wish)
			said := "bucket " + name + ": it is in use for something else: " + how + c.have + ", and it is named for data class credentials; each data class, and the archive, has a bucket of its own: name another"
			if !errors.Is(err, provision.ErrInUse) || errors.Is(err, provision.ErrForeign) || !strings.Contains(err.Error(), said) {
				t.Errorf("%s, adopt %v: %v", name, adopt, err)
			}
		}
	}
	archive := want(t)
	archive.Set.Buckets, archive.Archive.Bucket.Name = archive.Set.Buckets[1:], "acme-vault"
	if _, err := w.client(t).Plan(t.Context(), archive); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), how+"data class credentials, and it is named for the archive of the audit log") {
		t.Errorf("the vault as the archive: %v", err)
	}
}

// TestOfAKindThatIsHalfSaid: a bucket of another class that has no tag is known by what
// is left of its policy. Where nothing of the kind is left only a person knows.
func TestOfAKindThatIsHalfSaid(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	w.hand(t).tags("acme-memory")
	wish := want(t, func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-new" })
	whole := string(want(t).Set.Buckets[1].Policy)
	for name, c := range map[string]struct {
		sids []string // that somebody renamed
		said string
	}{
		"both places":        {nil, "its policy is one for data class memory"},
		"the lists' alone":   {[]string{"OnlyItsClass"}, "its policy is one for data class memory"},
		"the objects' alone": {[]string{"OnlyItsClassList"}, "its policy is one for data class memory"},
		"none":               {[]string{"OnlyItsClass", "OnlyItsClassList"}, "neither its policy nor a tag says which data class it holds. Only if that is data class credentials, set the tag agentkeys_use=credentials"},
	} {
		doc := whole
		for _, sid := range c.sids {
			doc = strings.Replace(doc, `"Sid": "`+sid+`"`, `"Sid": "Not`+sid+`"`, 1)
		}
		w.hand(t).bucketPolicy("acme-memory", doc)
		for _, adopt := range []bool{false, true} {
			wish.Adopt = adopt
			if _, err := w.client(t).Plan(t.Context(), wish); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-memory: it is in use for something else: "+c.said) {
				t.Errorf("%s, adopt %v: %v", name, adopt, err)
			}
		}
	}
	// What the policy does not say any more, the tag says.
	wish = want(t)
	w.hand(t).bucketPolicy("acme-memory", strings.NewReplacer(`"Sid": "OnlyItsClass"`, `"Sid": "A"`, `"Sid": "OnlyItsClassList"`, `"Sid": "B"`).Replace(whole))
	w.hand(t).tags("acme-memory", "agentkeys", "provisioned", "agentkeys_use", "memory")
	if got := texts(plan(t, w.client(t), wish)); !slices.Equal(got, []string{"~ bucket acme-memory: policy"}) {
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
				`</MaxSessionDuration><AssumeRolePolicyDocument>` + trust + `</AssumeRolePolicyDocument><Tags><member><Key>agentkeys</Key><Value>provisioned</Value></member><member><Key>agentkeys_use</Key><Value>credentials/agents</Value></member></Tags></Role></GetRoleResult></GetRoleResponse>`, true
		})
		p := plan(t, w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} }), want(t))
		if len(p.Changes) > 0 || (len(p.Warnings) == 1) != warned || warned && !strings.HasPrefix(p.Warnings[0], "role acme-vault gives sessions of up to ") {
			t.Errorf("%s: %q, %q", seconds, texts(p), p.Warnings)
		}
	}
}
