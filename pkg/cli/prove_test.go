package cli_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/roles"
)

// TestProveFindsWhatIsOpen: an account in which a layer is open is not called
// isolated, and what a probe could write is gone afterwards. Provisioning then
// closes it again.
func TestProveFindsWhatIsOpen(t *testing.T) {
	dir, home := t.TempDir(), filepath.Join(t.TempDir(), "home")
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(nil)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	do := func(want int, args ...string) string {
		t.Helper()
		return call(t, home, "", want, append([]string{"--profile", s.ProfilePath}, args...)...)
	}
	request := filepath.Join(t.TempDir(), "bot.json")
	do(0, "init")
	do(0, "agent", "request", "--operator", "acme", "--as", "bot", "--out", request)
	do(0, "agent", "create", "--request", request)
	do(0, "scope", "set", "--agent", "bot", "--service", "github", "--service", "memory:notes", "--ops", "read,write,list")
	second := filepath.Join(t.TempDir(), "second.json")
	do(0, "agent", "request", "--operator", "acme", "--as", "second", "--out", second)
	do(0, "agent", "create", "--request", second)
	do(0, "scope", "set", "--agent", "second", "--service", "github", "--ops", "write,list")
	do(0, "doctor", "--prove-isolation", "--as", "bot", "--against", "second")

	open := account(t, s.Profile, filepath.Join(dir, devstack.AdministratorFile))
	// Reading alone is open: storage says of what is missing what it says of what
	// is forbidden, and only an object that lies there shows it.
	open.furtherPolicy(t, s.Profile.Cloud.VaultRole, "extra", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::agentkeys-vault/*"}]}`)
	const read = "read below another actor's prefix: "
	if out := do(0, "doctor", "--prove-isolation", "--as", "bot", "-o", "json"); !strings.Contains(out, "no object of another actor is there to be read") {
		t.Errorf("says nothing of what it could not see:\n%s", out)
	}
	if out := do(1, "doctor", "--prove-isolation", "--as", "bot", "--against", "second", "-o", "json"); strings.Count(out, "was allowed") != 1 || !strings.Contains(out, read+"it was allowed, and should be refused with 403 AccessDenied by storage") {
		t.Errorf("another's object was read, and:\n%s", out)
	}
	open.furtherPolicy(t, s.Profile.Cloud.VaultRole, "extra", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::agentkeys-vault/*"}]}`)
	if out := do(1, "doctor", "--prove-isolation", "--as", "bot", "-o", "json"); !strings.Contains(out, "read its own: refused with 403 AccessDenied by storage, so that no refusal below shows anything") {
		t.Errorf("nothing could be read, and:\n%s", out)
	}
	open.furtherPolicy(t, s.Profile.Cloud.VaultRole, "extra", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::agentkeys-vault/x"}]}`)
	open.empty(t, "agentkeys-vault")
	open.empty(t, "agentkeys-memory")

	const everything = `{"Version":"2012-10-17","Statement":[{"Sid":"OnlyItsRoles","Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*"]}]}`
	open.rolePolicy(t, s.Profile.Cloud.VaultRole, everything)
	// The layer behind it holds what is its own to hold, and no more.
	out := do(1, "doctor", "--prove-isolation", "--as", "bot", "-o", "json")
	for _, part := range []string{
		"write below another actor's prefix: it was allowed, and should be refused with 403 AccessDenied by storage",
		"list above the actors' prefixes: it was allowed",
		"delete a version of an object of its own: 403 AccessDenied by storage",
		"write in the bucket of memory: 403 AccessDenied by storage",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("lacks %q:\n%s", part, out)
		}
	}
	// What was never there is not found: that is not the refusal which is promised.
	if !strings.Contains(out, "read below another actor's prefix: refused with 404 NoSuchKey by storage, and should be with 403 AccessDenied by storage") {
		t.Errorf("a missing object passes for a refusal:\n%s", out)
	}
	open.empty(t, "agentkeys-vault")
	if out := do(0, "aws", "provision"); !strings.Contains(out, "1 change made") {
		t.Error(out)
	}
	do(0, "doctor", "--prove-isolation", "--as", "bot")
	if _, err := s.Cloud.RawObject("agentkeys-vault", "bots/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// cloudAccount is the account in the hands of its administrator.
type cloudAccount struct {
	iam *awsiam.Client
	s3  *s3.Client
}

func account(t *testing.T, pr *profile.Profile, path string) cloudAccount {
	t.Helper()
	raw, err := files.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	k, err := sts.ParseProcessCredentials(raw.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return cloudAccount{
		awsiam.New(awsiam.Options{Region: pr.Cloud.Region, Credentials: k.Provider(), BaseEndpoint: aws.String(pr.Cloud.IAMEndpoint)}),
		s3.New(s3.Options{Region: pr.Cloud.Region, Credentials: k.Provider(), BaseEndpoint: aws.String(pr.Cloud.S3Endpoint), UsePathStyle: true}),
	}
}

func (a cloudAccount) rolePolicy(t *testing.T, role, doc string) {
	t.Helper()
	a.furtherPolicy(t, role, "agentkeys", doc)
}

func (a cloudAccount) furtherPolicy(t *testing.T, role, name, doc string) {
	t.Helper()
	if _, err := a.iam.PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name), PolicyDocument: aws.String(doc)}); err != nil {
		t.Fatal(err)
	}
}

func (a cloudAccount) bucketPolicy(t *testing.T, bucket, doc string) {
	t.Helper()
	if _, err := a.s3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(doc)}); err != nil {
		t.Fatal(err)
	}
}

// empty fails if anything lies in the bucket. The bucket's own policy refuses
// the administrator a look, so it is put aside for the moment.
func (a cloudAccount) empty(t *testing.T, bucket string) {
	t.Helper()
	have, err := a.s3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String(bucket)})
	if err != nil {
		t.Fatal(err)
	}
	a.bucketPolicy(t, bucket, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::`+bucket+`/*"}]}`)
	defer a.bucketPolicy(t, bucket, aws.ToString(have.Policy))
	out, err := a.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out.Contents {
		t.Errorf("%s was left in %s", aws.ToString(o.Key), bucket)
	}
}
