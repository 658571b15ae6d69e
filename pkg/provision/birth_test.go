package provision_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/litentry/agentkeys/pkg/provision"
)

// ourTags are the tags with which the vault is made.
var ourTags = []string{"agentkeys", "provisioned", "agentkeys_use", "credentials"}

// TestMadeMeanwhile: a bucket that somebody in the same account makes between plan and
// apply is not taken, whatever the service answers to making it, and nothing is set on
// it. What is there just as making it leaves it is ours: an answer that was lost.
func TestMadeMeanwhile(t *testing.T) {
	enforced := types.ObjectOwnershipBucketOwnerEnforced
	for name, c := range map[string]struct {
		make    func(hand)
		inside  string // of its versions, when it is looked into
		refusal string // empty for none
	}{
		"as making it leaves it": {func(h hand) { h.born("acme-vault", enforced, ourTags...) }, "", ""},
		"without tags":           {func(h hand) { h.born("acme-vault", enforced) }, "", "it lacks the tags with which it would have been made, or has others"},
		"for another class": {
			func(h hand) {
				h.born("acme-vault", enforced, "agentkeys", "provisioned", "agentkeys_use", "memory")
			}, "", "it lacks the tags",
		},
		"for another deployment": {
			func(h hand) {
				h.born("acme-vault", enforced, append([]string{"agentkeys_deployment", "eip155:1:0x01"}, ourTags...)...)
			}, "", "it lacks the tags",
		},
		"with a tag of theirs": {func(h hand) { h.born("acme-vault", enforced, append([]string{"team", "x"}, ourTags...)...) }, "", "it lacks the tags"},
		"with a policy": {
			func(h hand) {
				h.born("acme-vault", enforced, ourTags...)
				h.bucketPolicy("acme-vault", string(want(h.t).Set.Buckets[0].Policy))
			}, "", "it has a policy",
		},
		"with an object": {
			func(h hand) { h.born("acme-vault", enforced, ourTags...) },
			`<Version><Key>k</Key><VersionId>v</VersionId><IsLatest>true</IsLatest></Version>`, "it holds objects",
		},
		"with what was removed": {
			func(h hand) { h.born("acme-vault", enforced, ourTags...) },
			`<DeleteMarker><Key>k</Key><VersionId>v</VersionId><IsLatest>true</IsLatest></DeleteMarker>`, "it holds versions of objects that were replaced or removed",
		},
		"with public access": {
			func(h hand) {
				h.born("acme-vault", enforced, ourTags...)
				h.publicAccess("acme-vault")
			}, "", "somebody set its public access (open: BlockPublicPolicy)",
		},
		"with ACLs": {func(h hand) { h.born("acme-vault", "", ourTags...) }, "", "somebody set its ownership ()"},
		"with versions": {
			func(h hand) {
				h.born("acme-vault", enforced, ourTags...)
				h.versioning("acme-vault", "Enabled")
			}, "", "somebody set its versioning (Enabled)",
		},
		"with a key of theirs": {
			func(h hand) {
				h.born("acme-vault", enforced, ourTags...)
				h.encryption("acme-vault", "aws:kms")
			}, "", "somebody set its encryption (aws:kms)",
		},
	} {
		for _, region := range []string{"us-east-1", "eu-central-1"} {
			for _, adopt := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, adopt %v", name, region, adopt), func(t *testing.T) {
					t.Parallel()
					m := meanwhile{make: c.make, inside: c.inside}
					done, err := m.run(t, region, adopt)
					switch {
					case c.refusal == "" && (err != nil || !slices.Equal(done, everything)):
						t.Errorf("%v, %q", err, done)
					case c.refusal != "" && (!errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-vault: it is in use for something else: it was not there when this was planned, and "+c.refusal)):
						t.Error(err)
					case c.refusal != "" && len(done)+len(m.set) > 0:
						t.Errorf("%q was done, %q set", done, m.set)
					}
				})
			}
		}
	}
}

// TestMadeTwice: both answers of S3 to making a bucket that is there, on which
// TestMadeMeanwhile rests. Neither changes anything.
func TestMadeTwice(t *testing.T) {
	for region, code := range map[string]string{"us-east-1": "", "eu-central-1": "BucketAlreadyOwnedByYou"} {
		by := newWorld(t, region).hand(t)
		by.born("acme-vault", "", "team", "x")
		var refused smithy.APIError
		err := by.make("acme-vault", types.ObjectOwnershipBucketOwnerEnforced, ourTags...)
		if (err == nil) != (code == "") || err != nil && (!errors.As(err, &refused) || refused.ErrorCode() != code) {
			t.Errorf("%s: %v", region, err)
		}
		if got := by.tagsOf("acme-vault"); got != "team=x" {
			t.Errorf("%s: %s", region, got)
		}
	}
}

// TestMadeBeforeTheCall: what is there already when it is to be made is not even asked
// for, for in the first region that takes a bucket's ACLs away.
func TestMadeBeforeTheCall(t *testing.T) {
	for _, region := range []string{"us-east-1", "eu-central-1"} {
		m := meanwhile{make: func(h hand) { h.born("acme-vault", types.ObjectOwnershipBucketOwnerEnforced, ourTags...) }, sooner: true}
		done, err := m.run(t, region, true)
		if !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "it was not there when this was planned, and it is there now") || len(done)+len(m.set)+m.creations > 0 {
			t.Errorf("%s: %v, %q done, %q set, made %d times", region, err, done, m.set, m.creations)
		}
		// The next run sees it as it is.
		if got := m.texts; !slices.Equal(got, everything[1:]) {
			t.Errorf("%s: then %q", region, got)
		}
	}
}

// TestFilledMeanwhile: an empty bucket that is to be adopted is looked at once more
// before anything is set on it.
func TestFilledMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		fill    func(hand)
		inside  string
		refusal string
	}{
		"as it was": {func(hand) {}, "", ""},
		"an object": {func(hand) {}, `<Version><Key>k</Key><VersionId>v</VersionId><IsLatest>true</IsLatest></Version>`, "it was empty and without a policy when this was planned, and now it holds objects"},
		"a policy":  {func(h hand) { h.bucketPolicy("acme-vault", string(want(h.t).Set.Buckets[0].Policy)) }, "", "it was empty and without a policy when this was planned, and now it has a policy"},
		"a tag":     {func(h hand) { h.tags("acme-vault", "agentkeys_use", "archive") }, "", "its tag says that it is for the archive"},
	} {
		w := newWorld(t, "us-east-1")
		w.hand(t).bucket("acme-vault")
		m, planned := meanwhile{inside: c.inside}, false
		client := w.client(t, func(cfg *provision.Config) {
			cfg.HTTPClient = &http.Client{Transport: answering(func(r *http.Request) (int, string, bool) {
				if !planned {
					return 0, "", false
				}
				return m.answer(r)
			})}
		})
		wish := want(t)
		wish.Adopt = true
		p := plan(t, client, wish)
		planned = true
		c.fill(w.hand(t))
		err := p.Apply(t.Context(), nil)
		switch {
		case c.refusal == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.refusal != "" && (!errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), c.refusal) || len(m.set) > 0):
			t.Errorf("%s: %v, %q set", name, err, m.set)
		}
	}
}

// meanwhile is somebody who makes the vault's bucket after it was planned.
type meanwhile struct {
	make   func(hand)
	inside string
	sooner bool // before it is looked for once more, not just before it is made

	set       []string // the calls that set something on it
	creations int
	texts     []string // of the next plan
}

func (m *meanwhile) run(t *testing.T, region string, adopt bool) (done []string, err error) {
	w := newWorld(t, region)
	planned := false
	watch := answering(func(r *http.Request) (int, string, bool) {
		switch {
		case r.URL.Path != "/acme-vault" || !planned:
		case r.Method == "PUT" && r.URL.RawQuery == "":
			if m.creations++; !m.sooner {
				m.make(w.hand(t))
			}
		case r.Method == "GET" && r.URL.Query().Has("location") && m.sooner:
			m.make(w.hand(t))
		default:
			return m.answer(r)
		}
		return 0, "", false
	})
	wish := want(t)
	wish.Adopt = adopt
	client := w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} })
	p := plan(t, client, wish)
	planned = true
	err = p.Apply(t.Context(), func(ch provision.Change) { done = append(done, text(ch)) })
	planned = false
	if m.sooner {
		m.texts = texts(plan(t, client, wish))
	}
	return done, err
}

// answer shows what lies in the bucket, and notes what is set on it.
func (m *meanwhile) answer(r *http.Request) (int, string, bool) {
	switch {
	case r.URL.Path != "/acme-vault":
	case r.Method != "GET":
		m.set = append(m.set, r.Method+" "+r.URL.RawQuery)
	case r.URL.Query().Has("versions") && m.inside != "":
		return 200, `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>acme-vault</Name><MaxKeys>1</MaxKeys>` + m.inside + `</ListVersionsResult>`, true
	}
	return 0, "", false
}
