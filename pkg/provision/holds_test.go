package provision_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/provision"
)

// TestHoldsSomething: a bucket with neither tag nor policy is taken over only if
// nothing was ever left in it, and if that is asked for: versions that were replaced,
// and what was removed and can be brought back, are somebody's. A tag that a person set
// says what it is.
func TestHoldsSomething(t *testing.T) {
	w, wish := newWorld(t, "us-east-1"), want(t)
	const (
		entry   = `<Key>k</Key><VersionId>v</VersionId>`
		objects = "it is in use for something else: it holds objects, and neither a tag nor a policy says what it is for. Only if that is data class credentials, set the tag agentkeys_use=credentials on it by hand"
		older   = "it is in use for something else: it holds versions of objects that were replaced or removed, and neither"
	)
	w.hand(t).bucket("acme-vault")
	for name, c := range map[string]struct {
		inside, refusal string
		err, adopted    error
	}{
		"nothing":           {"", "it was not made by agentkeys: it is empty, and lacks the tag agentkeys_use=credentials", provision.ErrForeign, nil},
		"an object":         {`<Version>` + entry + `<IsLatest>true</IsLatest></Version>`, objects, provision.ErrInUse, provision.ErrInUse},
		"an older version":  {`<Version>` + entry + `<IsLatest>false</IsLatest></Version>`, older, provision.ErrInUse, provision.ErrInUse},
		"a removed object":  {`<DeleteMarker>` + entry + `<IsLatest>true</IsLatest></DeleteMarker>`, older, provision.ErrInUse, provision.ErrInUse},
		"more than is told": {`<IsTruncated>true</IsTruncated>`, older, provision.ErrInUse, provision.ErrInUse},
	} {
		looks := 0
		watch := answering(func(r *http.Request) (int, string, bool) {
			if r.URL.Path != "/acme-vault" || !r.URL.Query().Has("versions") {
				return 0, "", false
			}
			looks++
			return 200, `<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>acme-vault</Name><MaxKeys>1</MaxKeys>` + c.inside + `</ListVersionsResult>`, true
		})
		client := w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} })
		_, err := client.Plan(t.Context(), wish)
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), "bucket acme-vault: "+c.refusal) {
			t.Errorf("%s: %v", name, err)
		}
		if looks != 1 {
			t.Errorf("%s: looked %d times", name, looks)
		}
		adopt := wish
		adopt.Adopt = true
		if _, err := client.Plan(t.Context(), adopt); !errors.Is(err, c.adopted) || (err == nil) != (c.adopted == nil) {
			t.Errorf("%s, adopted: %v", name, err)
		}
		w.hand(t).tags("acme-vault", "agentkeys_use", "credentials")
		if got := texts(plan(t, client, wish)); len(got) != len(everything)+1 || got[0] != "+ bucket acme-vault: tag" {
			t.Errorf("%s, tagged by hand: %q", name, got)
		}
		w.hand(t).tags("acme-vault", "agentkeys_use", "memory")
		if _, err := client.Plan(t.Context(), adopt); !errors.Is(err, provision.ErrInUse) {
			t.Errorf("%s, tagged for another class: %v", name, err)
		}
		w.hand(t).tags("acme-vault")
	}
}

// TestHoldsAnObject is the same with an object that somebody put there.
func TestHoldsAnObject(t *testing.T) {
	w := newWorld(t, "us-east-1")
	w.hand(t).bucket("acme-vault")
	wish := want(t)
	wish.Adopt = true
	plan(t, w.client(t), wish)
	if err := w.cloud.Close(); err != nil {
		t.Fatal(err)
	}
	w.config.Users[0].Policy = []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-vault/*"}]}`)
	w.open(t)
	other := s3.New(s3.Options{
		Region: w.region, Credentials: keysOf(w.config.Users[0]).Provider(), BaseEndpoint: aws.String(w.url), UsePathStyle: true,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
	})
	if _, err := other.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("acme-vault"), Key: aws.String("theirs"), Body: bytes.NewReader([]byte("x"))}); err != nil {
		t.Fatal(err)
	}
	_, err := w.client(t).Plan(t.Context(), wish)
	if !errors.Is(err, provision.ErrInUse) || !strings.Contains(err.Error(), "bucket acme-vault: it is in use for something else: it holds objects, and neither") {
		t.Error(err)
	}
}

// TestOwnerInEveryCall: nothing is read from, or set on, a bucket of another
// account, whichever call is the first that meets it. Only making one names no owner.
func TestOwnerInEveryCall(t *testing.T) {
	w := newWorld(t, "us-east-1")
	w.hand(t).bucket("acme-vault") // with neither policy nor tag: it is looked into
	wish := want(t)
	wish.Adopt = true
	seen := map[string]int{}
	watch := answering(func(r *http.Request) (int, string, bool) {
		bucket := strings.HasPrefix(r.URL.Path, "/acme-")
		call := r.Method + " " + strings.TrimSuffix(r.URL.RawQuery, "=")
		if bucket && call != "PUT " {
			seen[call]++
			if got := r.Header.Values("X-Amz-Expected-Bucket-Owner"); len(got) != 1 || got[0] != account {
				t.Errorf("%s %s: owner %q", call, r.URL.Path, got)
			}
		}
		return 0, "", false
	})
	client := w.client(t, func(c *provision.Config) { c.HTTPClient = &http.Client{Transport: watch} })
	apply(t, client, wish)
	plan(t, client, want(t))
	for _, call := range []string{
		"GET location", "GET policy", "GET max-keys=1&versions", "GET publicAccessBlock", "GET ownershipControls", "GET versioning", "GET encryption", "GET tagging",
		"PUT policy", "PUT publicAccessBlock", "PUT ownershipControls", "PUT versioning", "PUT encryption", "PUT tagging",
	} {
		if seen[call] == 0 {
			t.Errorf("never saw %s", call)
		}
		delete(seen, call)
	}
	if len(seen) > 0 {
		t.Errorf("other calls: %v", seen)
	}
}
