package provision

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// ownership switches ACLs off: every object is the bucket's owner's.
func (b *bucketPlan) ownership(ctx context.Context) error {
	const want = string(types.ObjectOwnershipBucketOwnerEnforced)
	have := ""
	if b.absent {
		return nil // made with it
	}
	var out *s3.GetBucketOwnershipControlsOutput
	err := call(ctx, "reading the ownership of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if err != nil && !is(err, "OwnershipControlsNotFoundError") {
		return err
	}
	if err == nil && out.OwnershipControls != nil && len(out.OwnershipControls.Rules) == 1 {
		have = string(out.OwnershipControls.Rules[0].ObjectOwnership)
	}
	b.setting("ownership", have, want, func(ctx context.Context) error {
		_, err := b.s3.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}},
		})
		return err
	})
	return nil
}

// versioning keeps what is replaced or deleted.
func (b *bucketPlan) versioning(ctx context.Context) error {
	have := ""
	if !b.absent {
		var out *s3.GetBucketVersioningOutput
		if err := call(ctx, "reading the versioning of "+b.what, func(ctx context.Context) (err error) {
			out, err = b.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
			return err
		}); err != nil {
			return err
		}
		have = string(out.Status)
	}
	b.setting("versioning", have, string(types.BucketVersioningStatusEnabled), func(ctx context.Context) error {
		_, err := b.s3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		return err
	})
	return nil
}

// encryption is S3's own at least; a KMS key that somebody chose stays.
func (b *bucketPlan) encryption(ctx context.Context) error {
	const want = string(types.ServerSideEncryptionAes256)
	have := ""
	if !b.absent {
		var out *s3.GetBucketEncryptionOutput
		err := call(ctx, "reading the encryption of "+b.what, func(ctx context.Context) (err error) {
			out, err = b.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
			return err
		})
		if err != nil && !is(err, "ServerSideEncryptionConfigurationNotFoundError") {
			return err
		}
		if err == nil && out.ServerSideEncryptionConfiguration != nil {
			for _, r := range out.ServerSideEncryptionConfiguration.Rules {
				if r.ApplyServerSideEncryptionByDefault != nil {
					have = string(r.ApplyServerSideEncryptionByDefault.SSEAlgorithm)
				}
			}
		}
		if have == string(types.ServerSideEncryptionAwsKms) || have == string(types.ServerSideEncryptionAwsKmsDsse) {
			have = want
		}
	}
	b.setting("encryption", have, want, func(ctx context.Context) error {
		_, err := b.s3.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(),
			ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{
				{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}},
			}},
		})
		return err
	})
	return nil
}
