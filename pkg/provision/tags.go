package provision

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/service"
)

// The tags of what is made here. That of the use is not named after the session
// tag of the class: a role's tags are principal tags of its sessions (IAM user
// guide, "Passing session tags in AWS STS"), so a bucket would take it for one that
// came with the token.
const (
	markTag       = "agentkeys"
	markValue     = "provisioned"
	useTag        = "agentkeys_use"
	deploymentTag = "agentkeys_deployment"
)

// tags are the tags of one resource, by name.
type tags map[string]string

// tags are those of what is made for the use; empty for the provider, which serves
// all of them.
func (p *Plan) tags(use string) tags {
	t := tags{markTag: markValue}
	if use != "" {
		t[useTag] = use
	}
	if use != "" && p.deployment != "" {
		t[deploymentTag] = p.deployment
	}
	return t
}

// marked reports whether it was made, or taken over, here.
func (t tags) marked() bool { return t[markTag] == markValue }

// otherwise is why these tags say that the resource is somebody else's, what words
// make of a use; empty where they do not. A tag that is not there says nothing.
func (t tags) otherwise(want tags, words func(string) string) string {
	switch have := t[deploymentTag]; {
	case t[useTag] != "" && t[useTag] != want[useTag]:
		return "its tag says that it is for " + words(t[useTag]) + ", and it is named for " + words(want[useTag])
	case have != "" && want[deploymentTag] == "":
		return "its tag says that it is of deployment " + have + ", and the profile names none"
	case have != "" && have != want[deploymentTag]:
		return fmt.Sprintf("its tag says that it is of deployment %s, and the profile is of %s; if the deployment moved, set the tag %s=%s by hand", have, want[deploymentTag], deploymentTag, want[deploymentTag])
	}
	return ""
}

// lacking are the tags of want that are not there, one a line.
func (t tags) lacking(want tags) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if t[name] != want[name] {
			out = append(out, "+ "+name+"="+want[name])
		}
	}
	return out
}

// and are t with those of more.
func (t tags) and(more tags) tags {
	out := tags{}
	maps.Copy(out, t)
	maps.Copy(out, more)
	return out
}

// ours are the tags that an account's owner set, without those of AWS itself.
func (t tags) ours() tags {
	out := maps.Clone(t)
	maps.DeleteFunc(out, func(name, _ string) bool { return strings.HasPrefix(name, "aws:") })
	return out
}

func (t tags) iam() (out []iamtypes.Tag) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		out = append(out, iamtypes.Tag{Key: aws.String(name), Value: aws.String(t[name])})
	}
	return out
}

func (t tags) s3() (out []s3types.Tag) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		out = append(out, s3types.Tag{Key: aws.String(name), Value: aws.String(t[name])})
	}
	return out
}

func tagsOfIAM(list []iamtypes.Tag) tags {
	t := tags{}
	for _, x := range list {
		t[aws.ToString(x.Key)] = aws.ToString(x.Value)
	}
	return t
}

func tagsOfS3(list []s3types.Tag) tags {
	t := tags{}
	for _, x := range list {
		t[aws.ToString(x.Key)] = aws.ToString(x.Value)
	}
	return t
}

// bucketUse is a bucket's use in words.
func bucketUse(use string) string {
	if use == policy.UseArchive {
		return "the archive of the audit log"
	}
	if _, err := service.ParseClass(use); err == nil {
		return "data class " + use
	}
	return fmt.Sprintf("%q", use)
}

// roleUse is a role's use in words.
func roleUse(use string) string {
	class, takenBy, _ := strings.Cut(use, "/")
	if _, err := service.ParseClass(class); err == nil {
		return takenBy + " of data class " + class
	}
	return fmt.Sprintf("%q", use)
}
