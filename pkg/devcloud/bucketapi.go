package devcloud

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The settings of a bucket are documents that are kept as they were put.
var bucketSettings = []string{"publicAccessBlock", "ownershipControls", "versioning", "encryption", "policy"}

// maxSetting bounds a document: a bucket policy has at most 20 KiB.
const maxSetting = 20 << 10

// administration is what an administrator asks of a bucket.
type administration struct {
	method, bucket string
	setting        string // "" for the bucket itself, "location", "versions", "tagging" or one of bucketSettings
}

// parseAdministration recognises a request for an administrator. There are none
// in a cloud without one, so that everything else is refused as before.
func (c *Cloud) parseAdministration(r *http.Request) (administration, bool) {
	m := bucketPath.FindStringSubmatch(r.URL.Path)
	if !c.administered || m == nil || r.URL.EscapedPath() != r.URL.Path {
		return administration{}, false
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return administration{}, false
	}
	a := administration{method: r.Method, bucket: m[1]}
	if r.Method == http.MethodPut && len(query) == 0 {
		return a, true
	}
	if r.Method == http.MethodGet && query.Has("versions") && only(query, "versions", "max-keys") && query.Get("versions") == "" && query.Get("max-keys") == "1" {
		a.setting = "versions"
		return a, true
	}
	for _, s := range append([]string{"location", "tagging"}, bucketSettings...) {
		if v := query[s]; len(v) == 1 && v[0] == "" && len(query) == 1 {
			a.setting = s
			return a, r.Method == http.MethodGet || r.Method == http.MethodPut && s != "location"
		}
	}
	return a, false
}

// adminHeaders are those of the SDK for these calls. S3 wants a checksum of each
// document, and compares the owner.
func adminHeaders(r *http.Request) bool {
	for k := range r.Header {
		switch k = strings.ToLower(k); k {
		case "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-expected-bucket-owner",
			"x-amz-sdk-checksum-algorithm", "x-amz-checksum-crc32":
		case "x-amz-object-ownership":
			if r.Method != http.MethodPut || r.Header.Get(k) != "BucketOwnerEnforced" {
				return false
			}
		default:
			if strings.HasPrefix(k, "x-amz-") || strings.HasPrefix(k, "if-") || k == "range" || k == "content-encoding" || k == "content-md5" {
				return false
			}
		}
	}
	return len(r.Trailer) == 0
}

// administer authenticates, authorises and executes.
func (c *Cloud) administer(w http.ResponseWriter, r *http.Request, a administration) error {
	if !adminHeaders(r) {
		return faultNotImplemented
	}
	if r.ContentLength < 0 || r.ContentLength > maxSetting {
		return faultTooLarge
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return faultIncomplete
	}
	p, err := c.authenticate(r, body)
	if err != nil {
		return err
	}
	if owner := r.Header.Values("X-Amz-Expected-Bucket-Owner"); !p.administers || len(owner) > 0 && !slices.Equal(owner, []string{c.account}) {
		return faultAccessDenied
	}
	if sum := one(r.Header, "X-Amz-Checksum-Crc32"); sum != "" {
		if sum != base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body))) {
			return faultBadDigest
		}
	}
	switch {
	case a.method == http.MethodPut && a.setting == "":
		return c.createBucket(w, r, a.bucket, body)
	case a.method == http.MethodPut && a.setting == "tagging":
		return c.putTags(w, a.bucket, body)
	case a.method == http.MethodPut:
		return c.putSetting(w, a, body)
	case a.setting == "versions":
		return c.listVersions(w, r, a.bucket, p)
	case a.setting == "tagging":
		return c.getTags(w, a.bucket)
	}
	return c.getSetting(w, a)
}

// createBucket makes a bucket, with its tags. Of one that is there already it changes
// nothing: as in S3 that is said everywhere but in the first region, where the answer
// is the one to a bucket that was made (S3 API reference, CreateBucket).
func (c *Cloud) createBucket(w http.ResponseWriter, r *http.Request, name string, body []byte) error {
	var in struct {
		XMLName  xml.Name `xml:"CreateBucketConfiguration"`
		Location string   `xml:"LocationConstraint"`
		Tags     tagSet
	}
	if len(body) > 0 {
		if err := xml.Unmarshal(body, &in); err != nil {
			return faultMalformedXML
		}
	}
	// As S3: the first region has no name there.
	if want := in.Location; want == "us-east-1" || want != c.region && (want != "" || c.region != "us-east-1") {
		return faultLocation
	}
	tags, err := in.Tags.read()
	if err != nil {
		return err
	}
	err = c.made.changeBucket(name, func(b *bucketState, there bool) error {
		if there && c.region == "us-east-1" {
			return nil
		}
		if there {
			return faultBucketOwned
		}
		*b = bucketState{Name: name, Tags: tags}
		if r.Header.Get("X-Amz-Object-Ownership") != "" {
			b.Ownership = `<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`
		}
		return nil
	})
	if err == nil {
		w.Header().Set("Location", "/"+name)
		w.WriteHeader(http.StatusOK)
	}
	return err
}

// setting is where a bucket keeps one of its documents, and the refusal of one
// without.
func (b *bucketState) setting(name string) (*string, *fault) {
	switch name {
	case "publicAccessBlock":
		return &b.PublicAccess, faultNoPublicAccess
	case "ownershipControls":
		return &b.Ownership, faultNoOwnership
	case "versioning":
		return &b.Versioning, nil
	case "encryption":
		return &b.Encryption, faultNoEncryption
	}
	return &b.Policy, faultNoPolicy
}

func (c *Cloud) putSetting(w http.ResponseWriter, a administration, body []byte) error {
	if len(body) == 0 || a.setting != "policy" && xml.Unmarshal(body, new(struct{ XMLName xml.Name })) != nil {
		return faultMalformedXML
	}
	err := c.made.changeBucket(a.bucket, func(b *bucketState, there bool) error {
		if !there {
			return faultNoSuchBucket
		}
		at, _ := b.setting(a.setting)
		*at = string(body)
		return nil
	})
	if err == nil {
		w.WriteHeader(map[bool]int{true: http.StatusNoContent, false: http.StatusOK}[a.setting == "policy"])
	}
	return err
}

func (c *Cloud) getSetting(w http.ResponseWriter, a administration) error {
	c.made.mu.RLock()
	b, there := c.made.buckets[a.bucket]
	c.made.mu.RUnlock()
	if !there {
		return faultNoSuchBucket
	}
	if a.setting == "location" {
		at := c.region
		if at == "us-east-1" {
			at = ""
		}
		writeXML(w, http.StatusOK, struct {
			XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
			At      string   `xml:",chardata"`
		}{At: at})
		return nil
	}
	at, missing := b.setting(a.setting)
	switch {
	case *at == "" && missing != nil:
		return missing
	case *at == "":
		writeXML(w, http.StatusOK, struct {
			XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ VersioningConfiguration"`
		}{})
		return nil
	}
	w.Header().Set("Content-Type", map[bool]string{true: "application/json", false: "application/xml"}[a.setting == "policy"])
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, *at)
	return nil
}
