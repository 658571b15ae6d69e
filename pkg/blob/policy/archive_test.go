package policy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

func archiveParams() policy.ArchiveParams {
	return policy.ArchiveParams{Partition: "aws", AccountID: "111122223333", Bucket: "agentkeys-audit", User: "agentkeys-archiver"}
}

func renderArchive(t testing.TB, p policy.ArchiveParams) policy.Archive {
	t.Helper()
	a, err := policy.RenderArchive(p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// archiveDocs are the documents by the names of their golden files.
func archiveDocs(a policy.Archive) map[string][]byte {
	return map[string][]byte{
		"archive-writer.json": a.Policy, "archive-bucket.json": a.Bucket.Policy, "archive-versioning.json": a.Versioning,
		"archive-public-access.json": a.PublicAccess, "archive-encryption.json": a.Encryption,
	}
}

func TestArchiveGolden(t *testing.T) {
	a := renderArchive(t, archiveParams())
	if a.PrincipalARN != "arn:aws:iam::111122223333:user/agentkeys-archiver" || a.Bucket.Name != "agentkeys-audit" {
		t.Errorf("%s, %s", a.PrincipalARN, a.Bucket.Name)
	}
	for name, doc := range archiveDocs(a) {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, doc, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(want, doc) {
			t.Errorf("%s differs from its golden file (%v); go test ./pkg/blob/policy -update", name, err)
		}
		if !json.Valid(doc) {
			t.Errorf("%s is no JSON", name)
		}
	}
	p := archiveParams()
	p.User, p.Role = "", "agentkeys-archive"
	if a := renderArchive(t, p); a.PrincipalARN != "arn:aws:iam::111122223333:role/agentkeys-archive" || !strings.Contains(string(a.Bucket.Policy), a.PrincipalARN) {
		t.Errorf("%s is not the role", a.PrincipalARN)
	}
}

func TestRenderArchiveRefuses(t *testing.T) {
	for name, edit := range map[string]func(*policy.ArchiveParams){
		"partition":       func(p *policy.ArchiveParams) { p.Partition = "*" },
		"account":         func(p *policy.ArchiveParams) { p.AccountID = "11112222333*" },
		"bucket":          func(p *policy.ArchiveParams) { p.Bucket = "agentkeys-*" },
		"bucket slash":    func(p *policy.ArchiveParams) { p.Bucket = "agentkeys/audit" },
		"no bucket":       func(p *policy.ArchiveParams) { p.Bucket = "" },
		"nobody":          func(p *policy.ArchiveParams) { p.User = "" },
		"both":            func(p *policy.ArchiveParams) { p.Role = "agentkeys-archive" },
		"user wildcard":   func(p *policy.ArchiveParams) { p.User = "*" },
		"user path":       func(p *policy.ArchiveParams) { p.User = "a/b" },
		"role variable":   func(p *policy.ArchiveParams) { p.User, p.Role = "", "${aws:userid}" },
		"role with quote": func(p *policy.ArchiveParams) { p.User, p.Role = "", `a"` },
	} {
		p := archiveParams()
		edit(&p)
		if _, err := policy.RenderArchive(p); !errors.Is(err, policy.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// archival is one request to the archive.
type archival struct {
	who, action, bucket, object string
	once                        bool // If-None-Match: *
}

func (a archival) request() iam.Request {
	r := iam.Request{
		Action: "s3:" + a.action, Resource: "arn:aws:s3:::" + a.bucket,
		Context: map[string]string{"aws:PrincipalArn": "arn:aws:iam::111122223333:" + a.who},
	}
	if a.object != "" {
		r.Resource += "/" + a.object
	}
	if a.once {
		r.Context["s3:if-none-match"] = "*"
	}
	return r
}

// expected is what the writer's policy promises, expectedOfBucket what the
// bucket leaves to somebody who may do everything.
func (a archival) expected() bool {
	return a.who == "user/agentkeys-archiver" && a.action == "PutObject" && a.bucket == "agentkeys-audit" &&
		strings.HasPrefix(a.object, "audit/") && a.once
}

func (a archival) expectedOfBucket() bool {
	archiver := a.who == "user/agentkeys-archiver"
	switch a.action {
	case "PutObject":
		return archiver && a.once
	case "GetObject", "GetObjectVersion", "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads":
		return !archiver
	case "DeleteObject", "DeleteObjectVersion", "ReplicateObject", "ReplicateDelete":
		return false
	}
	return true // what changes objects in no way that counts
}

func archivals() (out []archival) {
	for _, who := range []string{"user/agentkeys-archiver", "role/agentkeys-archiver", "user/admin"} {
		for _, bucket := range []string{"agentkeys-audit", "agentkeys-audit2"} {
			for _, once := range []bool{true, false} {
				for _, action := range []string{"PutObject", "GetObject", "GetObjectVersion", "DeleteObject", "DeleteObjectVersion", "ReplicateObject", "ReplicateDelete", "GetObjectTagging"} {
					for _, object := range []string{"audit/x/000000000000.jsonl", "audit/", "audit", "audits/x", "x/audit/x"} {
						out = append(out, archival{who, action, bucket, object, once})
					}
				}
				for _, action := range []string{"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"} {
					out = append(out, archival{who, action, bucket, "", once})
				}
			}
		}
	}
	return out
}

// judgeArchive judges each document by itself: the writer's without the
// bucket's, and the bucket's for somebody who may do everything.
func judgeArchive(t testing.TB, writer, bucket []byte) func(archival) [2]bool {
	w, b := mustLoad(t, writer, iam.Identity), mustLoad(t, bucket, iam.Resource)
	anything := mustLoad(t, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",
		"Resource":["arn:aws:s3:::agentkeys-audit","arn:aws:s3:::agentkeys-audit/*"]}]}`), iam.Identity)
	return func(a archival) [2]bool {
		r := a.request()
		return [2]bool{iam.Allowed(r, w), iam.Allowed(r, anything, b)}
	}
}

func TestArchiveMeansWhatIsPromised(t *testing.T) {
	t.Parallel()
	a := renderArchive(t, archiveParams())
	judge, allowed := judgeArchive(t, a.Policy, a.Bucket.Policy), 0
	for _, r := range archivals() {
		got := judge(r)
		// Who is allowed is said by whose policy it is: the writer's is the archiver's.
		if want := r.expected(); r.who == "user/agentkeys-archiver" && got[0] != want {
			t.Errorf("the writer: %v, promised %v: %+v", got[0], want, r)
		}
		if want := r.bucket == "agentkeys-audit" && r.expectedOfBucket(); got[1] != want {
			t.Errorf("the bucket: %v, promised %v: %+v", got[1], want, r)
		}
		if got[0] && got[1] {
			allowed++
		}
	}
	if allowed == 0 {
		t.Error("nothing was allowed: the table shows nothing")
	}
}

// TestEveryClauseOfTheArchiveMatters: see TestEveryClauseMatters.
func TestEveryClauseOfTheArchiveMatters(t *testing.T) {
	t.Parallel()
	a, all := renderArchive(t, archiveParams()), archivals()
	whole := judgeArchive(t, a.Policy, a.Bucket.Policy)
	notice := func(which, what string, broken func(archival) [2]bool) {
		for _, r := range all {
			if broken(r) != whole(r) {
				return
			}
		}
		t.Errorf("%s: nothing notices that %s is gone", which, what)
	}
	without(t, a.Policy, func(what string, changed []byte) {
		notice("the writer's policy", what, judgeArchive(t, changed, a.Bucket.Policy))
	})
	without(t, a.Bucket.Policy, func(what string, changed []byte) {
		notice("the bucket's policy", what, judgeArchive(t, a.Policy, changed))
	})
}

// TestArchiveOverTLS: the clause is there when it is asked for, and about plain
// HTTP alone.
func TestArchiveOverTLS(t *testing.T) {
	p := archiveParams()
	p.TLS = true
	plain, tls := renderArchive(t, archiveParams()), renderArchive(t, p)
	for transport, want := range map[string][2]bool{"true": {true, true}, "false": {true, false}} {
		r := archival{"user/agentkeys-archiver", "PutObject", "agentkeys-audit", "audit/x/000000000000.jsonl", true}.request()
		r.Context["aws:SecureTransport"] = transport
		for i, a := range []policy.Archive{plain, tls} {
			if got := iam.Allowed(r, mustLoad(t, a.Policy, iam.Identity), mustLoad(t, a.Bucket.Policy, iam.Resource)); got != want[i] {
				t.Errorf("transport %s, policy %d: %v", transport, i, got)
			}
		}
	}
}
