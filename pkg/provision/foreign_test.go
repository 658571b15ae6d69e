package provision_test

import (
	"errors"
	"net/http"
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
			said := "bucket " + name + ": each data class, and the archive, has a bucket of its own: it holds " + c.have + ", and is named for data class credentials"
			if !errors.Is(err, provision.ErrInUse) || errors.Is(err, provision.ErrForeign) || !strings.Contains(err.Error(), said) {
				t.Errorf("%s, adopt %v: %v", name, adopt, err)
			}
		}
	}
	archive := want(t)
	archive.Set.Buckets, archive.Archive.Bucket.Name = archive.Set.Buckets[1:], "acme-vault"
	if _, err := w.client(t).Plan(t.Context(), archive); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "it holds data class credentials, and is named for the archive of the audit log") {
		t.Errorf("the vault as the archive: %v", err)
	}
	twice := want(t, func(p *policy.Params) { p.Classes[0].Bucket = "acme-new" })
	twice.Archive.Bucket.Name, twice.Adopt = "acme-new", true
	if _, err := w.client(t).Plan(t.Context(), twice); !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-new: each data class, and the archive, has a bucket of its own: it is named twice") {
		t.Errorf("a new bucket for a class and the archive: %v", err)
	}
	// Its class gone from one place of the policy is a change that is put back.
	wish := want(t)
	w.hand(t).bucketPolicy("acme-vault", strings.Replace(string(wish.Set.Buckets[0].Policy), `"Sid": "OnlyItsClass"`, `"Sid": "SomethingElse"`, 1))
	if got := texts(plan(t, w.client(t), wish)); len(got) != 1 || got[0] != "~ bucket acme-vault: policy" {
		t.Errorf("%q", got)
	}
}

// TestOfAKindThatIsHalfSaid: a bucket of another class is known by what is left of its
// policy. Where nothing of the kind is left it is a stranger's.
func TestOfAKindThatIsHalfSaid(t *testing.T) {
	w := newWorld(t, "us-east-1")
	apply(t, w.client(t), want(t))
	wish := want(t, func(p *policy.Params) { p.Classes[0].Bucket, p.Classes[1].Bucket = "acme-memory", "acme-new" })
	whole := string(want(t).Set.Buckets[1].Policy)
	for _, c := range []struct {
		name  string
		sids  []string // that somebody renamed
		want  error
		adopt error
	}{
		{"both places", nil, provision.ErrInUse, provision.ErrInUse},
		{"the lists' alone", []string{"OnlyItsClass"}, provision.ErrInUse, provision.ErrInUse},
		{"the objects' alone", []string{"OnlyItsClassList"}, provision.ErrInUse, provision.ErrInUse},
		{"none", []string{"OnlyItsClass", "OnlyItsClassList"}, provision.ErrForeign, nil},
	} {
		doc := whole
		for _, sid := range c.sids {
			doc = strings.Replace(doc, `"Sid": "`+sid+`"`, `"Sid": "Not`+sid+`"`, 1)
		}
		w.hand(t).bucketPolicy("acme-memory", doc)
		for adopt, err := range map[bool]error{false: c.want, true: c.adopt} {
			wish.Adopt = adopt
			if _, got := w.client(t).Plan(t.Context(), wish); !errors.Is(got, err) || (got == nil) != (err == nil) {
				t.Errorf("%s, adopt %v: %v, want %v", c.name, adopt, got, err)
			}
		}
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
