package provision

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

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
	what   string // in words
	absent bool
}

func (b *bucketPlan) owner() *string { return aws.String(b.account) }

// planBucket looks at a bucket and its settings. Whether it is there is asked by
// its location: a listing, and so HeadBucket, is refused to administrators by
// our own policy.
func (c *Client) planBucket(ctx context.Context, p *Plan, want policy.Bucket) error {
	b := &bucketPlan{Client: c, plan: p, name: want.Name, what: "bucket " + want.Name}
	if slices.Contains(p.Resources, b.what) {
		p.foreign = append(p.foreign, fmt.Errorf("%s: %w: it is named twice; name another bucket", b.what, ErrInUse))
		return nil
	}
	p.look(b.what)
	if err := b.existence(ctx); err != nil {
		return err
	}
	have, err := b.policy(ctx)
	if err != nil {
		return err
	}
	if ours, err := b.ours(ctx, have, want.Policy); err != nil || !ours {
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
	var out *s3.GetBucketLocationOutput
	err := call(ctx, "looking for "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	_, status := codeOf(err)
	switch {
	case is(err, "NoSuchBucket"):
		b.absent = true
		b.plan.add(b.what, "bucket", true, nil, b.create)
		return nil
	case status == http.StatusForbidden:
		return fmt.Errorf("%s belongs to another account, or these keys may not look at it (s3:GetBucketLocation): names of buckets are taken all over the world, so choose another: %w", b.what, err)
	case status >= 300 && status < 400:
		return fmt.Errorf("%s is in another region than %s: %w", b.what, b.region, err)
	case err != nil:
		return err
	}
	if at := regionOf(out.LocationConstraint); at != b.region {
		return fmt.Errorf("%s is in region %s, and the profile names %s", b.what, at, b.region)
	}
	return nil
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

func (b *bucketPlan) create(ctx context.Context) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(b.name), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}
	if b.region != usEast {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(b.region)}
	}
	err := call(ctx, "making a bucket", func(ctx context.Context) error {
		_, err := b.s3.CreateBucket(ctx, in)
		return err
	})
	switch {
	case is(err, "BucketAlreadyOwnedByYou"): // a lost answer, tried again
		return nil
	case is(err, "BucketAlreadyExists"):
		return fmt.Errorf("the name belongs to another account: names of buckets are taken all over the world, so choose another: %w", err)
	}
	return err
}

// policy is the bucket's policy, nil for none.
func (b *bucketPlan) policy(ctx context.Context) ([]byte, error) {
	if b.absent {
		return nil, nil
	}
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

// ourSids stand in the policies that package policy renders for buckets, each in
// those of one kind: a data class, the archive.
var ourSids = []string{"OnlyItsRoles", "OnlyTheArchiverWrites"}

// classPlaces are where such a policy says whose class the bucket is: for objects and
// for listing, so that one of them gone does not make it anybody's.
var classPlaces = []string{
	"OnlyItsClass Condition StringNotEquals aws:PrincipalTag/agentkeys_class",
	"OnlyItsClassList Condition StringNotEquals aws:PrincipalTag/agentkeys_class",
}

// classesOf are the classes that a policy says the bucket is of, in order; none for
// the archive's.
func classesOf(m meaning) []string {
	var out []string
	for _, place := range classPlaces {
		out = append(out, m[place]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ours tells a bucket of ours from another of the account: by the policy, and
// before it has one, by being empty: so it is when making it was interrupted. A
// bucket of ours of another kind is never taken over: what lies there would be shut
// in. Empty is what has no version of anything: older ones, and what was removed and
// can be brought back, are somebody's, and our policy lets nobody remove them.
func (b *bucketPlan) ours(ctx context.Context, have, want []byte) (bool, error) {
	if b.absent {
		return true, nil
	}
	if have != nil {
		h, errHave := parseMeaning(have)
		w, err := parseMeaning(want)
		if err != nil {
			return false, err
		}
		for _, sid := range ourSids {
			switch {
			case errHave != nil || h[sid] == nil:
			case w[sid] != nil && slices.Equal(classesOf(h), classesOf(w)):
				return true, nil
			case w[sid] != nil && len(classesOf(h)) == 0:
				return b.plan.refuse(b.what, "its policy does not say which data class it holds"), nil
			default:
				b.plan.inUse(b.what, use(h), use(w))
				return false, nil
			}
		}
		return b.plan.refuse(b.what, "it has a policy of somebody else, which would be replaced"), nil
	}
	var out *s3.ListObjectVersionsOutput
	err := call(ctx, "looking into "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(), MaxKeys: aws.Int32(1)})
		return err
	})
	if err != nil {
		return false, err
	}
	switch {
	case len(out.Versions) > 0 && aws.ToBool(out.Versions[0].IsLatest):
		return b.plan.refuse(b.what, "it holds objects and has no policy: whoever uses it would be shut out"), nil
	case len(out.Versions)+len(out.DeleteMarkers) > 0 || aws.ToBool(out.IsTruncated):
		return b.plan.refuse(b.what, "it holds versions of objects that were replaced or removed, and has no policy: whoever uses it would be shut out"), nil
	}
	return true, nil
}

// use is what a bucket of ours is for.
func use(m meaning) string {
	if c := classesOf(m); len(c) > 0 {
		return "data class " + strings.Join(c, ", ")
	}
	if m["OnlyTheArchiverWrites"] != nil {
		return "the archive of the audit log"
	}
	return "another data class"
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

func (b *bucketPlan) publicAccess(ctx context.Context) error {
	const want = "blocked for ACLs and policies alike"
	have := ""
	if !b.absent {
		var out *s3.GetPublicAccessBlockOutput
		err := call(ctx, "reading the public access of "+b.what, func(ctx context.Context) (err error) {
			out, err = b.s3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
			return err
		})
		if err != nil && !is(err, "NoSuchPublicAccessBlockConfiguration") {
			return err
		}
		if err == nil && out.PublicAccessBlockConfiguration != nil {
			have = inWords(*out.PublicAccessBlockConfiguration)
		}
	}
	b.setting("public access", have, want, func(ctx context.Context) error {
		_, err := b.s3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
				BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
			},
		})
		return err
	})
	return nil
}

func inWords(c types.PublicAccessBlockConfiguration) string {
	var open []string
	for _, s := range []struct {
		name string
		set  *bool
	}{
		{"BlockPublicAcls", c.BlockPublicAcls},
		{"IgnorePublicAcls", c.IgnorePublicAcls},
		{"BlockPublicPolicy", c.BlockPublicPolicy},
		{"RestrictPublicBuckets", c.RestrictPublicBuckets},
	} {
		if !aws.ToBool(s.set) {
			open = append(open, s.name)
		}
	}
	if len(open) == 0 {
		return "blocked for ACLs and policies alike"
	}
	return "open: " + strings.Join(open, ", ")
}
