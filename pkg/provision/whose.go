package provision

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/litentry/agentkeys/pkg/blob/policy"
)

// ownBucket is what to do with a bucket that is in use.
const ownBucket = "each data class, and the archive, has a bucket of its own: name another"

// ourSids stand in the policies that package policy renders for buckets, each in
// those of one kind: a data class, the archive.
var ourSids = []string{"OnlyItsRoles", "OnlyTheArchiverWrites"}

// classPlaces are where such a policy says whose class the bucket is: for objects and
// for listing, so that one of them gone does not make it anybody's.
var classPlaces = []string{
	"OnlyItsClass Condition StringNotEquals aws:PrincipalTag/agentkeys_class",
	"OnlyItsClassList Condition StringNotEquals aws:PrincipalTag/agentkeys_class",
}

// trustPlaces are where a role's trust says which class it is of.
var trustPlaces = []string{
	"AgentKeysWebIdentity Condition StringEquals aws:RequestTag/agentkeys_class",
	"AgentKeysMaintenance Condition StringEquals aws:RequestTag/agentkeys_class",
}

// classesOf are the classes that a document names in these places, in order; none
// for the archive's.
func classesOf(m meaning, places []string) []string {
	var out []string
	for _, place := range places {
		out = append(out, m[place]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// planOurs tells whether the bucket is ours, with the policy that it has, nil for none,
// and plans the tags that it lacks. One that is to be made is ours.
func (b *bucketPlan) planOurs(ctx context.Context, want []byte) (doc []byte, ours bool, err error) {
	if b.absent {
		return nil, true, nil
	}
	have, err := b.haveTags(ctx)
	if err != nil {
		return nil, false, err
	}
	if doc, err = b.havePolicy(ctx); err != nil {
		return nil, false, err
	}
	if ours, err = b.ours(ctx, have, doc, want); err != nil || !ours {
		return nil, false, err
	}
	if lacking := have.lacking(b.tags); len(lacking) > 0 {
		b.plan.tag(b.what, have, lacking, b.tag)
	}
	return doc, true, nil
}

// ours tells a bucket of ours from another of the account: by its tags, with which it
// was made, and by its policy. Where both are there and say different things nobody
// knows what lies there, and it is not taken. A bucket of ours for something else is
// never taken over: what lies there would be shut in.
func (b *bucketPlan) ours(ctx context.Context, have tags, doc, want []byte) (bool, error) {
	if why := have.otherwise(b.tags, bucketUse); why != "" {
		b.plan.inUse(b.what, why+"; "+ownBucket)
		return false, nil
	}
	switch {
	case doc != nil:
		return b.byPolicy(have, doc, want)
	case have[useTag] != "": // its making was interrupted, or somebody took its policy away
		return true, nil
	}
	inside, err := b.inside(ctx)
	switch {
	case err != nil:
		return false, err
	case inside != "":
		b.unknown("it holds " + inside + ", and neither a tag nor a policy says what it is for")
		return false, nil
	}
	b.empty = true
	return b.plan.refuse(b.what, "it is empty, and lacks the tag "+useTag+"="+b.use), nil
}

// unknown refuses a bucket of which nobody but a person knows what it is for.
func (b *bucketPlan) unknown(why string) {
	b.plan.inUse(b.what, why+". Only if that is "+bucketUse(b.use)+", set the tag "+useTag+"="+b.use+" on it by hand and run this again; or name another bucket")
}

// byPolicy is ours for a bucket with a policy, whose tags are not of another use.
func (b *bucketPlan) byPolicy(have tags, doc, want []byte) (bool, error) {
	h, _ := parseMeaning(doc) // what cannot be read says nothing
	w, err := parseMeaning(want)
	if err != nil {
		return false, err
	}
	is, wish := classesOf(h, classPlaces), classesOf(w, classPlaces)
	other := func() (bool, error) {
		b.plan.inUse(b.what, "its policy is one for "+policyUse(h)+", and it is named for "+bucketUse(b.use)+"; "+ownBucket)
		return false, nil
	}
	switch {
	case len(is) > 0 && slices.Equal(is, wish): // whatever else of it somebody took away
		return true, nil
	case len(is) > 0:
		return other()
	}
	for _, sid := range ourSids {
		switch {
		case h[sid] == nil:
		case w[sid] == nil:
			return other()
		case len(wish) == 0 || have[useTag] != "": // the tag says what the policy does not say any more
			return true, nil
		default:
			b.unknown("neither its policy nor a tag says which data class it holds")
			return false, nil
		}
	}
	return b.plan.refuse(b.what, "it has a policy of somebody else, which would be replaced"), nil
}

// policyUse is what a bucket with this policy of ours is for, in words.
func policyUse(m meaning) string {
	if c := classesOf(m, classPlaces); len(c) > 0 {
		return "data class " + strings.Join(c, ", ")
	}
	if m["OnlyTheArchiverWrites"] != nil {
		return bucketUse(policy.UseArchive)
	}
	return "another data class"
}

// inside is what lies in a bucket, in words; empty for nothing. Older versions count,
// and so does what was removed and can be brought back: they are somebody's, and our
// policy lets nobody remove them.
func (b *bucketPlan) inside(ctx context.Context) (string, error) {
	var out *s3.ListObjectVersionsOutput
	err := call(ctx, "looking into "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(), MaxKeys: aws.Int32(1)})
		return err
	})
	switch {
	case err != nil:
		return "", err
	case len(out.Versions) > 0 && aws.ToBool(out.Versions[0].IsLatest):
		return "objects", nil
	case len(out.Versions)+len(out.DeleteMarkers) > 0 || aws.ToBool(out.IsTruncated):
		return "versions of objects that were replaced or removed", nil
	}
	return "", nil
}

// something is the policy or the content that a bucket has, in words; empty for
// neither. Our own policy lets nobody look into it.
func (b *bucketPlan) something(ctx context.Context) (string, error) {
	doc, err := b.havePolicy(ctx)
	if err != nil {
		return "", err
	}
	if doc != nil {
		return "it has a policy", nil
	}
	inside, err := b.inside(ctx)
	if err != nil || inside == "" {
		return "", err
	}
	return "it holds " + inside, nil
}

// haveTags are the bucket's tags.
func (b *bucketPlan) haveTags(ctx context.Context) (tags, error) {
	var out *s3.GetBucketTaggingOutput
	err := call(ctx, "reading the tags of "+b.what, func(ctx context.Context) (err error) {
		out, err = b.s3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner()})
		return err
	})
	if is(err, "NoSuchTagSet") {
		return tags{}, nil
	}
	if err != nil {
		return nil, err
	}
	return tagsOfS3(out.TagSet), nil
}

// tag adds ours to the tags of a bucket. The whole set is replaced by it, so it is
// read again first; and so is what an empty bucket was adopted for not having.
func (b *bucketPlan) tag(ctx context.Context) error {
	have, err := b.haveTags(ctx)
	if err != nil {
		return err
	}
	if why := have.otherwise(b.tags, bucketUse); why != "" {
		return inUse(b.what, why+"; "+ownBucket)
	}
	if b.empty {
		why, err := b.something(ctx)
		if err != nil {
			return err
		}
		if why != "" {
			return inUse(b.what, "it was empty and without a policy when this was planned, and now "+why+". "+nothingSet)
		}
	}
	return call(ctx, "tagging a bucket", func(ctx context.Context) error {
		_, err := b.s3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{
			Bucket: aws.String(b.name), ExpectedBucketOwner: b.owner(), Tagging: &types.Tagging{TagSet: have.and(b.tags).s3()},
		})
		return err
	})
}
