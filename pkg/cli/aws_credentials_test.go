package cli_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/roles"
)

// TestProcessCredentials: a client of the SDK that names the program as its
// credential_process reaches the sealed objects of that actor and class, and
// nothing else.
func TestProcessCredentials(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: t.TempDir(), FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(io.Discard)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	do := func(stdin string, want int, args ...string) string {
		t.Helper()
		return call(t, home, stdin, want, append([]string{"--profile", s.ProfilePath}, args...)...)
	}
	request := filepath.Join(t.TempDir(), "bot.json")
	do("", 0, "init")
	do("", 0, "agent", "request", "--operator", "acme", "--as", "bot", "--out", request)
	do("", 0, "agent", "create", "--request", request)
	do("", 0, "scope", "set", "--agent", "bot", "--service", "github", "--ops", "read,list")
	do("my-token", 0, "cred", "store", "--agent", "bot", "--service", "github")

	client := func(who string) *s3.Client {
		return s3.New(s3.Options{
			Region: s.Profile.Cloud.Region, BaseEndpoint: aws.String(s.Profile.Cloud.S3Endpoint), UsePathStyle: true,
			Credentials: aws.NewCredentialsCache(processcreds.NewProvider(strings.Join([]string{
				"agentkeys", "--home", home, "--profile", s.ProfilePath, "aws", "credentials", "--class", "credentials", "--as", who, "--agent", "bot",
			}, " "))),
		})
	}
	m := regexp.MustCompile(`"actor_omni": "0x([0-9a-f]{64})"`).FindStringSubmatch(do("", 0, "whoami", "--as", "bot", "-o", "json"))
	if m == nil {
		t.Fatal("whoami names no actor")
	}
	key := aws.String("bots/" + m[1] + "/credentials/github.enc")
	got, err := client("bot").GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("agentkeys-vault"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := io.ReadAll(got.Body)
	raw, rerr := s.Cloud.RawObject("agentkeys-vault", aws.ToString(key))
	if err != nil || rerr != nil || string(sealed) != string(raw) || strings.Contains(string(sealed), "my-token") {
		t.Errorf("%d bytes, %v, %v", len(sealed), err, rerr)
	}
	// Who provisions does not read, and the agent reaches nobody else's.
	refused := func(c *s3.Client, key string) {
		t.Helper()
		_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("agentkeys-vault"), Key: aws.String(key)})
		var resp *awshttp.ResponseError
		if !errors.As(err, &resp) || resp.HTTPStatusCode() != http.StatusForbidden {
			t.Errorf("%s: %v", key, err)
		}
	}
	refused(client("acme"), aws.ToString(key))
	refused(client("bot"), "bots/"+strings.Repeat("ab", 32)+"/credentials/github.enc")
}
