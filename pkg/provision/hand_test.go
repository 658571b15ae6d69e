package provision_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// hand is a person who changes the account with other tools.
type hand struct {
	t      testing.TB
	region string
	iam    *awsiam.Client
	s3     *s3.Client
}

func (w *world) hand(t testing.TB) hand {
	keys := keysOf(admin()).Provider()
	return hand{
		t, w.region, awsiam.New(awsiam.Options{Region: w.region, Credentials: keys, BaseEndpoint: aws.String(w.url)}),
		s3.New(s3.Options{Region: w.region, Credentials: keys, BaseEndpoint: aws.String(w.url), UsePathStyle: true}),
	}
}

func (h hand) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h hand) bucket(name string) {
	_, err := h.s3.CreateBucket(h.t.Context(), &s3.CreateBucketInput{Bucket: aws.String(name)})
	h.must(err)
}

// born is a bucket as CreateBucket leaves it, with tags and ownership.
func (h hand) born(name string, ownership types.ObjectOwnership, tags ...string) {
	h.must(h.make(name, ownership, tags...))
}

func (h hand) make(name string, ownership types.ObjectOwnership, tags ...string) error {
	c := &types.CreateBucketConfiguration{Tags: pairs(tags)}
	if h.region != "us-east-1" {
		c.LocationConstraint = types.BucketLocationConstraint(h.region)
	}
	_, err := h.s3.CreateBucket(h.t.Context(), &s3.CreateBucketInput{Bucket: aws.String(name), ObjectOwnership: ownership, CreateBucketConfiguration: c})
	return err
}

// pairs reads name, value, name, value.
func pairs(tags []string) (out []types.Tag) {
	for i := 0; i < len(tags); i += 2 {
		out = append(out, types.Tag{Key: aws.String(tags[i]), Value: aws.String(tags[i+1])})
	}
	return out
}

// tags are all that the bucket has from now on.
func (h hand) tags(bucket string, tags ...string) {
	_, err := h.s3.PutBucketTagging(h.t.Context(), &s3.PutBucketTaggingInput{Bucket: aws.String(bucket), Tagging: &types.Tagging{TagSet: append([]types.Tag{}, pairs(tags)...)}})
	h.must(err)
}

// tagsOf are all that the bucket has, in one line.
func (h hand) tagsOf(bucket string) string {
	out, err := h.s3.GetBucketTagging(h.t.Context(), &s3.GetBucketTaggingInput{Bucket: aws.String(bucket)})
	h.must(err)
	var list []string
	for _, t := range out.TagSet {
		list = append(list, *t.Key+"="+*t.Value)
	}
	return strings.Join(list, " ")
}

func (h hand) roleTag(role, name, value string) {
	_, err := h.iam.TagRole(h.t.Context(), &awsiam.TagRoleInput{RoleName: aws.String(role), Tags: []iamtypes.Tag{{Key: aws.String(name), Value: aws.String(value)}}})
	h.must(err)
}

func (h hand) bucketPolicy(name, doc string) {
	_, err := h.s3.PutBucketPolicy(h.t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(name), Policy: aws.String(doc)})
	h.must(err)
}

func (h hand) versioning(name string, status types.BucketVersioningStatus) {
	_, err := h.s3.PutBucketVersioning(h.t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(name), VersioningConfiguration: &types.VersioningConfiguration{Status: status}})
	h.must(err)
}

func (h hand) publicAccess(name string) {
	_, err := h.s3.PutPublicAccessBlock(h.t.Context(), &s3.PutPublicAccessBlockInput{Bucket: aws.String(name), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
	}})
	h.must(err)
}

func (h hand) ownership(name string) {
	_, err := h.s3.PutBucketOwnershipControls(h.t.Context(), &s3.PutBucketOwnershipControlsInput{Bucket: aws.String(name), OwnershipControls: &types.OwnershipControls{
		Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipObjectWriter}},
	}})
	h.must(err)
}

func (h hand) encryption(name string, algorithm types.ServerSideEncryption) {
	_, err := h.s3.PutBucketEncryption(h.t.Context(), &s3.PutBucketEncryptionInput{Bucket: aws.String(name), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: algorithm}}},
	}})
	h.must(err)
}

func (h hand) role(name, trust string) {
	_, err := h.iam.CreateRole(h.t.Context(), &awsiam.CreateRoleInput{RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(trust)})
	h.must(err)
}

func (h hand) trust(name, doc string) {
	_, err := h.iam.UpdateAssumeRolePolicy(h.t.Context(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String(name), PolicyDocument: aws.String(doc)})
	h.must(err)
}

func (h hand) rolePolicy(role, name, doc string) {
	_, err := h.iam.PutRolePolicy(h.t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name), PolicyDocument: aws.String(doc)})
	h.must(err)
}

func (h hand) provider() {
	_, err := h.iam.CreateOpenIDConnectProvider(h.t.Context(), &awsiam.CreateOpenIDConnectProviderInput{Url: aws.String(issuer)})
	h.must(err)
}

func (h hand) audience(name string) {
	_, err := h.iam.AddClientIDToOpenIDConnectProvider(h.t.Context(), &awsiam.AddClientIDToOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: aws.String("arn:aws:iam::" + account + ":oidc-provider/broker.localhost:8091"), ClientID: aws.String(name),
	})
	h.must(err)
}

// answering answers some requests itself.
type answering func(*http.Request) (status int, body string, mine bool)

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, mine := a(r)
	if !mine {
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {"application/xml"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// form is the body of a request, which can be read again.
func form(r *http.Request) string {
	if r.Body == nil {
		return ""
	}
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(b)))
	return string(b)
}
