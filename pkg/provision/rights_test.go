package provision_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// documented are the rights that docs/provisioning.md asks for, by action: the resources.
func documented(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/provisioning.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "## Who may run it")
	_, rest, _ = strings.Cut(rest, "```json\n")
	text, _, _ := strings.Cut(rest, "```")
	var doc struct {
		Version   string
		Statement []struct {
			Sid, Effect string
			Action      []string
			Resource    string
		}
	}
	if err := strictjson.Decode([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	rights := map[string]string{}
	for _, s := range doc.Statement {
		for _, a := range s.Action {
			if rights[a] != "" || s.Effect != "Allow" || strings.Contains(a, "*") {
				t.Errorf("%s: %s twice, or more than one right", s.Sid, a)
			}
			// By the names of these tests.
			rights[a] = strings.NewReplacer("agentkeys-", "acme-", "broker.example.com", "broker.localhost:8091").Replace(s.Resource)
		}
	}
	return rights
}

// asks are the rights that a call needs (service authorization reference, Amazon S3 and
// AWS IAM), and on what.
func asks(r *http.Request) (actions []string, resource string) {
	if r.Method != "POST" {
		resource = "arn:aws:s3:::" + strings.TrimPrefix(r.URL.Path, "/")
		if r.URL.RawQuery == "" {
			return []string{"s3:CreateBucket", "s3:TagResource", "s3:PutBucketOwnershipControls"}, resource
		}
		for query, name := range map[string]string{
			"location": "BucketLocation", "policy": "BucketPolicy", "publicAccessBlock": "BucketPublicAccessBlock", "versioning": "BucketVersioning",
			"encryption": "EncryptionConfiguration", "ownershipControls": "BucketOwnershipControls", "tagging": "BucketTagging",
		} {
			if r.URL.Query().Has(query) {
				return []string{"s3:" + map[string]string{"GET": "Get", "PUT": "Put"}[r.Method] + name}, resource
			}
		}
		return []string{"s3:ListBucketVersions"}, resource
	}
	q, _ := url.ParseQuery(form(r))
	action := q.Get("Action")
	if action == "GetCallerIdentity" {
		return nil, "" // wants no right
	}
	actions, resource = []string{"iam:" + action}, "arn:aws:iam::"+account+":role/"+q.Get("RoleName")
	if arn := q.Get("OpenIDConnectProviderArn"); arn != "" {
		resource = arn
	}
	switch action {
	case "CreateRole":
		actions = append(actions, "iam:TagRole")
	case "CreateOpenIDConnectProvider":
		actions, resource = append(actions, "iam:TagOpenIDConnectProvider"), "arn:aws:iam::"+account+":oidc-provider/broker.localhost:8091"
	}
	return actions, resource
}

// TestRightsOfTheDocument: with the rights that the document asks for everything works,
// each of them is used, and a dry run takes those that read.
func TestRightsOfTheDocument(t *testing.T) {
	rights, used := documented(t), map[string]bool{}
	var granted func(action string) bool
	judge := answering(func(r *http.Request) (int, string, bool) {
		actions, resource := asks(r)
		for _, a := range actions {
			used[a] = true
			if ok, err := path.Match(rights[a], resource); err != nil || !ok || !granted(a) {
				return 403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>` + a + `</Message></Error></ErrorResponse>`, true
			}
		}
		return 0, "", false
	})
	w := newWorld(t, "us-east-1")
	client := w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: judge} })

	granted = func(a string) bool { return strings.Contains(a, ":Get") || strings.Contains(a, ":List") }
	p := plan(t, client, want(t))
	if err := p.Apply(t.Context(), nil); apierr.CodeOf(err) != apierr.StorageDenied {
		t.Errorf("with the rights of a dry run: %v", err)
	}
	if got := texts(plan(t, client, want(t))); !slices.Equal(got, everything) {
		t.Errorf("something was made: %q", got)
	}

	granted = func(string) bool { return true }
	by, wish := w.hand(t), want(t)
	wish.Adopt, wish.Thumbprints = true, []string{strings.Repeat("ab", 20)}
	by.bucket("acme-vault")
	by.role("acme-memory", string(wish.Set.Roles[3].Trust))
	apply(t, client, wish)
	by.trust("acme-vault", string(wish.Set.Roles[3].Trust))
	apply(t, client, wish)
	other := newWorld(t, "us-east-1")
	other.hand(t).provider()
	wish.Thumbprints = append(wish.Thumbprints, strings.Repeat("cd", 20))
	apply(t, other.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: judge} }), wish)
	if got, all := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(rights)); !slices.Equal(got, all) {
		t.Errorf("used:     %q\ndocument: %q", got, all)
	}
}
