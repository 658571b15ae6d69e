package provision

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// blocked is the public access that a bucket is to have.
const blocked = "blocked for ACLs and policies alike"

// planSetting reads a setting in words, empty for nothing, and plans it where it is
// another. A bucket that is to be made has none.
func (b *bucketPlan) planSetting(ctx context.Context, name, want string, read func(context.Context) (string, error), apply func(context.Context) error) error {
	have := ""
	if !b.absent {
		var err error
		if have, err = read(ctx); err != nil {
			return err
		}
	}
	b.setting(name, have, want, apply)
	return nil
}

func (b *bucketPlan) publicAccess(ctx context.Context) error {
	return b.planSetting(ctx, "public access", blocked, b.havePublicAccess, func(ctx context.Context) error {
		_, err := b.s3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
				BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
			},
		})
		return err
	})
}

func (b *bucketPlan) havePublicAccess(ctx context.Context) (string, error) {
	var out *s3.GetPublicAccessBlockOutput
	err := call(ctx, "reading the public access of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if is(err, "NoSuchPublicAccessBlockConfiguration") || err == nil && out.PublicAccessBlockConfiguration == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return inWords(*out.PublicAccessBlockConfiguration), nil
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
		return blocked
	}
	return "open: " + strings.Join(open, ", ")
}

// ownership switches ACLs off: every object is the bucket's owner's.
func (b *bucketPlan) ownership(ctx context.Context) error {
	if b.absent {
		return nil // made with it
	}
	return b.planSetting(ctx, "ownership", string(types.ObjectOwnershipBucketOwnerEnforced), b.haveOwnership, func(ctx context.Context) error {
		_, err := b.s3.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}},
		})
		return err
	})
}

func (b *bucketPlan) haveOwnership(ctx context.Context) (string, error) {
	var out *s3.GetBucketOwnershipControlsOutput
	err := call(ctx, "reading the ownership of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if is(err, "OwnershipControlsNotFoundError") || err == nil && (out.OwnershipControls == nil || len(out.OwnershipControls.Rules) != 1) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return string(out.OwnershipControls.Rules[0].ObjectOwnership), nil
}

// versioning keeps what is replaced or deleted.
func (b *bucketPlan) versioning(ctx context.Context) error {
	return b.planSetting(ctx, "versioning", string(types.BucketVersioningStatusEnabled), b.haveVersioning, func(ctx context.Context) error {
		_, err := b.s3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		return err
	})
}

func (b *bucketPlan) haveVersioning(ctx context.Context) (string, error) {
	var out *s3.GetBucketVersioningOutput
	if err := call(ctx, "reading the versioning of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	}); err != nil {
		return "", err
	}
	return string(out.Status), nil
}

// encryption is S3's own at least; a KMS key that somebody chose stays.
func (b *bucketPlan) encryption(ctx context.Context) error {
	const want = string(types.ServerSideEncryptionAes256)
	enough := func(ctx context.Context) (string, error) {
		have, err := b.haveEncryption(ctx)
		if have == string(types.ServerSideEncryptionAwsKms) || have == string(types.ServerSideEncryptionAwsKmsDsse) {
			have = want
		}
		return have, err
	}
	return b.planSetting(ctx, "encryption", want, enough, func(ctx context.Context) error {
		_, err := b.s3.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{
				{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}},
			}},
		})
		return err
	})
}

func (b *bucketPlan) haveEncryption(ctx context.Context) (have string, err error) {
	var out *s3.GetBucketEncryptionOutput
	err = call(ctx, "reading the encryption of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if is(err, "ServerSideEncryptionConfigurationNotFoundError") || err == nil && out.ServerSideEncryptionConfiguration == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, r := range out.ServerSideEncryptionConfiguration.Rules {
		if r.ApplyServerSideEncryptionByDefault != nil {
			have = string(r.ApplyServerSideEncryptionByDefault.SSEAlgorithm)
		}
	}
	return have, nil
}
