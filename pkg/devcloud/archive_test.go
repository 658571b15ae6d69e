package devcloud_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	auditBucket = "agentkeys-audit"
	archived    = "/" + auditBucket + "/audit/00/000000000000.jsonl"
)

// archiver is the user who writes the archive.
func archiver() devcloud.User {
	return devcloud.User{AccessKeyID: "AKIAARCHIVER00000001", SecretAccessKey: secret.New([]byte("archiver/secret/0123456789abcdefghij")), Name: "archiver"}
}

// withArchive adds the archive and its writer as the product ships them.
func withArchive(t testing.TB) func(*devcloud.Config) {
	t.Helper()
	a, err := policy.RenderArchive(policy.ArchiveParams{Partition: "aws", AccountID: account, Bucket: auditBucket, User: "archiver"})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *devcloud.Config) {
		u := archiver()
		u.Policy = a.Policy
		c.Users, c.Buckets = append(c.Users, u), append(c.Buckets, a.Bucket)
	}
}

func keysOf(u devcloud.User) sts.Credentials {
	return sts.Credentials{AccessKeyID: u.AccessKeyID, SecretAccessKey: u.SecretAccessKey}
}

// putOnce is an honest put of the archiver.
func (s *stack) putOnce(t testing.TB, path, body string) shot {
	q := s.shot(keysOf(archiver()), "PUT", path)
	q.body, q.header = []byte(body), map[string]string{"If-None-Match": "*", "X-Amz-Checksum-Sha256": sum64(body)}
	return q
}

func sum64(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestArchiverPutsOnce(t *testing.T) {
	t.Parallel()
	s := newStack(t, withArchive(t))
	w := s.answer(t, s.putOnce(t, archived, "leaves"))
	if w.Code != 200 || w.Header().Get("X-Amz-Checksum-Sha256") != sum64("leaves") || w.Header().Get("X-Amz-Checksum-Type") != "FULL_OBJECT" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	for _, body := range []string{"leaves", "others"} {
		if status, code := s.send(t, s.putOnce(t, archived, body)); status != 412 || code != "PreconditionFailed" {
			t.Errorf("again: %d %s", status, code)
		}
	}
	if raw, err := s.cloud.RawObject(auditBucket, strings.TrimPrefix(archived, "/"+auditBucket+"/")); err != nil || string(raw) != "leaves" {
		t.Errorf("%q %v", raw, err)
	}
	plain := s.putOnce(t, archived+"2", "x") // without a checksum: S3 stores it, and says nothing
	delete(plain.header, "X-Amz-Checksum-Sha256")
	if w := s.answer(t, plain); w.Code != 200 || w.Header().Get("X-Amz-Checksum-Sha256") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// TestArchiverIsNoMore: each case differs from an honest put in one thing.
func TestArchiverIsNoMore(t *testing.T) {
	t.Parallel()
	s := newStack(t, withArchive(t))
	if status, _ := s.send(t, s.putOnce(t, archived, "leaves")); status != 200 {
		t.Fatal(status)
	}
	fresh := strings.Replace(archived, "00.jsonl", "01.jsonl", 1)
	session := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	for _, c := range []struct {
		name   string
		edit   func(*shot)
		status int
		code   string
	}{
		{"get", func(q *shot) { q.method, q.body, q.header = "GET", nil, nil }, 403, "AccessDenied"},
		{"get what is not there", func(q *shot) { q.method, q.body, q.header, q.path = "GET", nil, nil, fresh }, 403, "AccessDenied"},
		{"delete", func(q *shot) { q.method, q.body, q.header = "DELETE", nil, nil }, 403, "AccessDenied"},
		{"delete a version", func(q *shot) { q.method, q.body, q.header, q.query = "DELETE", nil, nil, "versionId=1" }, 403, "AccessDenied"},
		{"list", func(q *shot) {
			q.method, q.body, q.header, q.path, q.query = "GET", nil, nil, "/"+auditBucket, "list-type=2&prefix=audit%2F"
		}, 403, "AccessDenied"},
		{"list everything", func(q *shot) {
			q.method, q.body, q.header, q.path, q.query = "GET", nil, nil, "/"+auditBucket, "list-type=2"
		}, 403, "AccessDenied"},
		{"unconditional", func(q *shot) { q.path = fresh; delete(q.header, "If-None-Match") }, 403, "AccessDenied"},
		{"replace", func(q *shot) { delete(q.header, "If-None-Match") }, 403, "AccessDenied"},
		{"if it is what it was", func(q *shot) {
			delete(q.header, "If-None-Match")
			q.header["If-Match"] = md5Tag([]byte("leaves"))
		}, 403, "AccessDenied"},
		{"elsewhere", func(q *shot) { q.path = "/" + auditBucket + "/bots/x" }, 403, "AccessDenied"},
		{"another bucket", func(q *shot) { q.path = "/" + vaultBucket + "/audit/x" }, 403, "AccessDenied"},
		{"no bucket", func(q *shot) { q.path = "/agentkeys-nothing/audit/x" }, 404, "NoSuchBucket"},
		{"another's secret", func(q *shot) { q.path = fresh; q.creds.SecretAccessKey = ops().SecretAccessKey }, 403, "SignatureDoesNotMatch"},
		{"a user without a policy", func(q *shot) { q.path = fresh; q.creds = keysOf(ops()) }, 403, "AccessDenied"},
		{"nobody", func(q *shot) { q.path = fresh; q.creds.AccessKeyID = "AKIANOBODY0000000001" }, 403, "AccessDenied"},
		{"with a session's token", func(q *shot) { q.path = fresh; q.creds.SessionToken = session.SessionToken }, 400, "InvalidToken"},
		{"an agent", func(q *shot) { q.path = fresh; q.creds = session }, 403, "AccessDenied"},
		{"other bytes", func(q *shot) { q.path, q.body = fresh, []byte("leaveS") }, 400, "BadDigest"},
		{"short checksum", func(q *shot) { q.path = fresh; q.header["X-Amz-Checksum-Sha256"] = "eA==" }, 400, "InvalidRequest"},
		{"checksum in hex", func(q *shot) { q.path = fresh; q.header["X-Amz-Checksum-Sha256"] = strings.Repeat("0", 64) }, 400, "InvalidRequest"},
		{"empty checksum", func(q *shot) { q.path = fresh; q.header["X-Amz-Checksum-Sha256"] = "" }, 400, "InvalidRequest"},
		{"two checksums", func(q *shot) {
			q.path = fresh
			q.before = func(r *http.Request) { r.Header.Add("X-Amz-Checksum-Sha256", sum64("leaves")) }
		}, 400, "InvalidArgument"},
		{"unsigned checksum", func(q *shot) {
			q.path = fresh
			delete(q.header, "X-Amz-Checksum-Sha256")
			q.after = func(r *http.Request) { r.Header.Set("X-Amz-Checksum-Sha256", sum64("leaves")) }
		}, 400, "AuthorizationHeaderMalformed"},
		{"another algorithm", func(q *shot) { q.path = fresh; q.header["X-Amz-Checksum-Crc32"] = "AAAAAA==" }, 501, "NotImplemented"},
		{"checksum on a read", func(q *shot) { q.method, q.body = "GET", nil; delete(q.header, "If-None-Match") }, 501, "NotImplemented"},
		{"too large", func(q *shot) { q.path, q.body = fresh, make([]byte, 64<<20+1) }, 400, "EntityTooLarge"},
		{"large elsewhere", func(q *shot) { q.path, q.body = "/"+auditBucket+"/bots/x", make([]byte, blob.MaxObject+1) }, 400, "EntityTooLarge"},
		{"honest", func(q *shot) { q.path = fresh }, 200, ""},
		{"honest and large", func(q *shot) {
			body := strings.Repeat("x", 2*blob.MaxObject)
			*q = s.putOnce(t, fresh+"2", body)
		}, 200, ""},
	} {
		q := s.putOnce(t, archived, "leaves")
		c.edit(&q)
		if status, code := s.send(t, q); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, code, c.status, c.code)
		}
	}
}

// TestArchiverHasNothingElse: what users without a policy may do is not for one
// who has one.
func TestArchiverHasNothingElse(t *testing.T) {
	t.Parallel()
	s := newStack(t, withArchive(t))
	r := maintenance()
	if _, err := s.sts.AssumeRole(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Keys = sts.StaticKeys{AccessKeyID: archiver().AccessKeyID, SecretAccessKey: archiver().SecretAccessKey}
	if _, err := s.sts.AssumeRole(t.Context(), r); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("took a role: %v", err)
	}
	q := s.kmsShot(`{"KeyId":"` + kmsKeyID + `","Plaintext":"eA=="}`)
	if got := s.kms(t, q); got != "" {
		t.Fatal(got)
	}
	q.creds = keysOf(archiver())
	if got := s.kms(t, q); got != "AccessDeniedException" {
		t.Errorf("used the key: %s", got)
	}
}

func TestUserPoliciesRefused(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"empty": "", "not JSON": "{", "wide": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	} {
		c := config(t, "http://127.0.0.1:1", t.TempDir(), time.Now)
		withArchive(t)(&c)
		c.Users[len(c.Users)-1].Policy = []byte(doc)
		cloud, err := devcloud.Open(c)
		if err == nil {
			_ = cloud.Close()
			t.Errorf("%s: loads", name)
		}
	}
}

// FuzzChecksum: whatever a writer says that its object is, it is stored when that
// is true, and in no other case.
func FuzzChecksum(f *testing.F) {
	for _, sum := range []string{sum64("leaves"), sum64("x"), "", "eA==", sum64("leaves") + "=", strings.Repeat("0", 64), "a b"} {
		f.Add(sum, "leaves")
	}
	s, n := newStack(f, withArchive(f)), 0
	f.Fuzz(func(t *testing.T, sum, body string) {
		if strings.Trim(sum, " \t") != sum || strings.ContainsFunc(sum, func(r rune) bool { return r < ' ' || r > '~' }) {
			return // no value of a header
		}
		n++
		q := s.putOnce(t, fmt.Sprintf("/%s/audit/%d", auditBucket, n), body)
		q.header["X-Amz-Checksum-Sha256"] = sum
		w := s.answer(t, q)
		_, err := s.cloud.RawObject(auditBucket, fmt.Sprintf("audit/%d", n))
		if honest := sum == sum64(body); (w.Code == 200) != honest || (err == nil) != honest || !honest && w.Code != 400 {
			t.Fatalf("%q: %d, %v", sum, w.Code, err)
		}
	})
}
