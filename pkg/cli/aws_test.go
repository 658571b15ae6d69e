package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/roles"
)

// TestProvisionOfAnotherDeployment: the profile says whose buckets and roles are, the
// stack's own as well as those of `aws provision`, and --adopt is not offered for
// another's.
func TestProvisionOfAnotherDeployment(t *testing.T) {
	dir, home := t.TempDir(), filepath.Join(t.TempDir(), "home")
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(nil)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	provision := func(want int) string {
		t.Helper()
		c := exec.Command("agentkeys", "--profile", s.ProfilePath, "aws", "provision", "--dry-run", "--adopt")
		c.Env = append(os.Environ(), "AGENTKEYS_HOME="+home)
		out, _ := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != want {
			t.Fatalf("exit code %d, not %d: %s", got, want, out)
		}
		return string(out)
	}
	if out := provision(0); !strings.Contains(out, "everything is there: nothing would be changed") {
		t.Error(out)
	}
	by, bucket := account(t, s.Profile, filepath.Join(dir, devstack.AdministratorFile)), aws.String(s.Profile.Cloud.MemoryBucket)
	have, err := by.s3.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: bucket})
	if err != nil {
		t.Fatal(err)
	}
	const theirs = "eip155:1:0x52908400098527886E0F7030069857D2E4169EE7"
	was := ""
	for i, tag := range have.TagSet {
		if aws.ToString(tag.Key) == "agentkeys_deployment" {
			was, have.TagSet[i].Value = aws.ToString(tag.Value), aws.String(theirs)
		}
	}
	if !strings.HasSuffix(was, s.Profile.Contracts.Registry.Common().Hex()) {
		t.Errorf("the stack's bucket is of %q", was)
	}
	if _, err := by.s3.PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{TagSet: have.TagSet}}); err != nil {
		t.Fatal(err)
	}
	out := provision(1)
	if !strings.Contains(out, "nothing was changed: bucket "+*bucket+": it is in use for something else: its tag says that it is of deployment "+theirs+", and the profile is of "+was) || strings.Contains(out, "--dry-run") {
		t.Error(out)
	}
}
