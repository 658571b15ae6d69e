package devcloud

import (
	"encoding/xml"
	"net/http"
	"strings"
)

// tagSet is a TagSet of S3.
type tagSet struct {
	Tags []wireTag `xml:"Tag"`
}

// read holds S3's rules: every name once, no name that is kept for AWS (S3 user
// guide, "Using cost allocation S3 bucket tags").
func (s tagSet) read() (map[string]string, error) {
	if len(s.Tags) > maxTags {
		return nil, faultTag
	}
	tags := map[string]string{}
	for _, t := range s.Tags {
		if _, twice := tags[t.Key]; twice || !isTagName(t.Key) || !isTagValue(t.Value) || strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return nil, faultTag
		}
		tags[t.Key] = t.Value
	}
	return tags, nil
}

// putTags replaces all tags of a bucket.
func (c *Cloud) putTags(w http.ResponseWriter, bucket string, body []byte) error {
	var in struct {
		XMLName xml.Name `xml:"Tagging"`
		TagSet  tagSet
	}
	if err := xml.Unmarshal(body, &in); err != nil {
		return faultMalformedXML
	}
	tags, err := in.TagSet.read()
	if err != nil {
		return err
	}
	err = c.made.changeBucket(bucket, func(b *bucketState, there bool) error {
		if !there {
			return faultNoSuchBucket
		}
		b.Tags = tags
		return nil
	})
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func (c *Cloud) getTags(w http.ResponseWriter, bucket string) error {
	c.made.mu.RLock()
	b, there := c.made.buckets[bucket]
	c.made.mu.RUnlock()
	switch {
	case !there:
		return faultNoSuchBucket
	case len(b.Tags) == 0:
		return faultNoTags
	}
	writeXML(w, http.StatusOK, taggingResult{TagSet: tagSet{wireTags(b.Tags)}})
	return nil
}

type taggingResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	TagSet  tagSet
}
