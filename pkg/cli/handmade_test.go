package cli_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/sts"
)

// handmade KEYS BUCKET: the account's administrator makes a bucket with other tools,
// under a policy of its own.
func handmade(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: handmade KEYS BUCKET")
	}
	pr, err := profile.Load(ts.Getenv("AGENTKEYS_PROFILE"))
	ts.Check(err)
	keys, err := sts.ParseProcessCredentials([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	c := s3.New(s3.Options{Region: pr.Cloud.Region, Credentials: keys.Provider(), BaseEndpoint: aws.String(pr.Cloud.S3Endpoint), UsePathStyle: true})
	_, err = c.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: &args[1]})
	ts.Check(err)
	doc := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Mine","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::%s/*"}]}`, args[1])
	_, err = c.PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: &args[1], Policy: &doc})
	ts.Check(err)
}
