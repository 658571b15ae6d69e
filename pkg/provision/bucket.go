package provision

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/litentry/agentkeys/pkg/blob/policy"
)

// usEast is the region that CreateBucket does not take as a constraint (S3 API
// reference, CreateBucket).
const usEast = "us-east-1"

// bucketPlan plans one bucket. Its owner stands in every call, so that nothing is
// read from or set on a bucket of somebody else.
type bucketPlan struct {
	*Client
	plan   *Plan
	name   string
	use    string
	what   string // in words
	tags   tags   // that it will have
	absent bool
	empty  bool // and of nobody: it is adopted for that
}

func (b *bucketPlan) owner() *string { return aws.String(b.account) }

// planBucket looks at a bucket and its settings. Whether it is there is asked by
// its location: a listing, and so HeadBucket, is refused to administrators by
// our own policy.
func (c *Client) planBucket(ctx context.Context, p *Plan, want policy.Bucket) error {
	b := &bucketPlan{Client: c, plan: p, name: want.Name, use: want.Use, what: "bucket " + want.Name, tags: p.tags(want.Use)}
	if slices.Contains(p.Resources, b.what) {
		p.inUse(b.what, "it is named twice; "+ownBucket)
		return nil
	}
	p.look(b.what)
	if err := b.existence(ctx); err != nil {
		return err
	}
	have, ours, err := b.planOurs(ctx, want.Policy)
	if err != nil || !ours {
		return err
	}
	for _, setting := range []func(context.Context) error{b.publicAccess, b.ownership, b.versioning, b.encryption} {
		if err := setting(ctx); err != nil {
			return err
		}
	}
	var diff []string
	if have != nil {
		if diff, err = compare(have, want.Policy); err != nil || len(diff) == 0 {
			return err
		}
	}
	p.add(b.what, "policy", have == nil, diff, func(ctx context.Context) error {
		return call(ctx, "setting a bucket's policy", func(ctx context.Context) error {
			_, err := c.s3.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(), Policy: aws.String(string(want.Policy))})
			return err
		})
	})
	return nil
}

func (b *bucketPlan) existence(ctx context.Context) error {
	there, err := b.isThere(ctx)
	if err == nil && !there {
		b.absent = true
		b.plan.add(b.what, "bucket", true, nil, b.create)
	}
	return err
}

// isThere reports whether the bucket is in the account; one that is elsewhere is an
// error.
func (b *bucketPlan) isThere(ctx context.Context) (bool, error) {
	var out *s3.GetBucketLocationOutput
	err := call(ctx, "looking for "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	_, status := codeOf(err)
	switch {
	case is(err, "NoSuchBucket"):
		return false, nil
	case status == http.StatusForbidden:
		return false, fmt.Errorf("%s belongs to another account, or these keys may not look at it (s3:GetBucketLocation): names of buckets are taken all over the world, so choose another: %w", b.what, err)
	case status >= 300 && status < 400:
		return false, fmt.Errorf("%s is in another region than %s: %w", b.what, b.region, err)
	case err != nil:
		return false, err
	}
	if at := regionOf(out.LocationConstraint); at != b.region {
		return false, fmt.Errorf("%s is in region %s, and the profile names %s", b.what, at, b.region)
	}
	return true, nil
}

// regionOf reads the two regions that have names of their own there (S3 API
// reference, GetBucketLocation).
func regionOf(c types.BucketLocationConstraint) string {
	switch c {
	case "":
		return usEast
	case types.BucketLocationConstraintEu:
		return "eu-west-1"
	}
	return string(c)
}

// havePolicy is the bucket's policy, nil for none.
func (b *bucketPlan) havePolicy(ctx context.Context) ([]byte, error) {
	var out *s3.GetBucketPolicyOutput
	err := call(ctx, "reading the policy of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if is(err, "NoSuchBucketPolicy") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []byte(aws.ToString(out.Policy)), nil
}

// setting plans one setting of the bucket: have is what is there in words, empty
// for nothing.
func (b *bucketPlan) setting(name, have, want string, apply func(context.Context) error) {
	if have == want {
		return
	}
	var diff []string
	if have != "" {
		diff = []string{"- " + have, "+ " + want}
	}
	b.plan.add(b.what, name, have == "", diff, func(ctx context.Context) error {
		return call(ctx, "setting "+name+" of a bucket", apply)
	})
}
