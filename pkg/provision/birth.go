package provision

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// nothingSet ends the refusal of what changed after the plan.
const nothingSet = "Nothing was set on it: look whose it is, and run this again"

// create makes a bucket that was not there when it was planned, with its tags, and
// takes no other: it looks before it, since a person may have thought about the plan
// for long and CreateBucket takes the ACLs from a bucket that is there (us-east-1), and
// after it, since "made" is also the answer to a bucket that was there already.
func (b *bucketPlan) create(ctx context.Context) error {
	there, err := b.isThere(ctx)
	if err != nil {
		return err
	}
	if there {
		return b.meanwhile("it is there now")
	}
	in := &s3.CreateBucketInput{
		Bucket: aws.String(b.name), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{Tags: b.tags.s3()},
	}
	if b.region != usEast {
		in.CreateBucketConfiguration.LocationConstraint = types.BucketLocationConstraint(b.region)
	}
	err = call(ctx, "making a bucket", func(ctx context.Context) error {
		_, err := b.s3.CreateBucket(ctx, in)
		return err
	})
	switch {
	case is(err, "BucketAlreadyOwnedByYou"): // a lost answer, tried again, or somebody else's: it is looked at
	case is(err, "BucketAlreadyExists"):
		return fmt.Errorf("the name belongs to another account: names of buckets are taken all over the world, so choose another: %w", err)
	case err != nil:
		return err
	}
	why, err := b.notFresh(ctx)
	if err == nil && why != "" {
		err = b.meanwhile(why)
	}
	return err
}

// meanwhile refuses what somebody made after the plan, also where it is to be
// adopted: that was said of what the plan showed.
func (b *bucketPlan) meanwhile(why string) error {
	return inUse(b.what, "it was not there when this was planned, and "+why+". "+nothingSet)
}

// notFresh is what a bucket has that one which was made here just now cannot have;
// empty for nothing. The tags are those of its making, and nothing else was ever set
// or put.
func (b *bucketPlan) notFresh(ctx context.Context) (string, error) {
	have, err := b.haveTags(ctx)
	if err != nil {
		return "", err
	}
	if !maps.Equal(have.ours(), b.tags) {
		return "it lacks the tags with which it would have been made, or has others", nil
	}
	if why, err := b.something(ctx); err != nil || why != "" {
		return why, err
	}
	// What S3 gives every bucket, and what others do not know.
	for _, s := range []struct {
		name string
		look func(context.Context) (string, error)
		born []string
	}{
		{"public access", b.havePublicAccess, []string{"", blocked}},
		{"ownership", b.haveOwnership, []string{string(types.ObjectOwnershipBucketOwnerEnforced)}},
		{"versioning", b.haveVersioning, []string{""}},
		{"encryption", b.haveEncryption, []string{"", string(types.ServerSideEncryptionAes256)}},
	} {
		have, err := s.look(ctx)
		if err != nil {
			return "", err
		}
		if !slices.Contains(s.born, have) {
			return "somebody set its " + s.name + " (" + have + ")", nil
		}
	}
	return "", nil
}
