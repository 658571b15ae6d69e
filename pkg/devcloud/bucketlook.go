package devcloud

import (
	"encoding/xml"
	"net/http"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

// listing is what an administrator's own policy allows in S3 besides: to look
// into a bucket, where the bucket does not refuse it.
func (c *Cloud) listing(bucket string) []iam.Policy {
	p, err := iam.Load([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:ListBucketVersions"],"Resource":"arn:`+partitionOf(c.region)+`:s3:::`+bucket+`"}]}`), iam.Identity)
	if err != nil {
		return nil
	}
	return []iam.Policy{p}
}

// listVersions answers an administrator who asks whether anything is in a bucket:
// the first of its versions. No more than the newest of each object is kept here,
// and that has the version "null", as in S3 without versioning.
func (c *Cloud) listVersions(w http.ResponseWriter, r *http.Request, bucket string, p principal) error {
	bucketPolicy, exists := c.made.bucket(bucket)
	if !exists {
		return faultNoSuchBucket
	}
	p.policies = c.listing(bucket)
	if !(access{p, bucketPolicy, surroundings(r)}).may(operation{name: "ListBucketVersions", bucket: bucket}) {
		return faultAccessDenied
	}
	page, more, err := c.objects.list(bucket, "", "", 1)
	if err != nil {
		return err
	}
	out := versionsResult{Name: bucket, MaxKeys: 1, IsTruncated: more}
	for _, o := range page {
		out.Versions = append(out.Versions, versionEntry{o.key, "null", true, o.modified.Format(isoMillis), o.etag, o.size, "STANDARD"})
	}
	writeXML(w, http.StatusOK, out)
	return nil
}

type versionsResult struct {
	XMLName     xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name        string
	Prefix      string
	MaxKeys     int
	IsTruncated bool
	Versions    []versionEntry `xml:"Version"`
}

type versionEntry struct {
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string
	Size         int64
	StorageClass string
}
