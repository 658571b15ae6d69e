package devcloud

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

const isoMillis = "2006-01-02T15:04:05.000Z"

// serveS3 answers one request: recognise, authenticate, authorise, execute.
func (c *Cloud) serveS3(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amz-Request-Id", requestID())
	if err := c.doS3(w, r); err != nil {
		f := faultOf(err)
		if r.Method == http.MethodHead {
			w.WriteHeader(f.status)
			return
		}
		writeXML(w, f.status, s3Error{Code: f.code, Message: f.message, RequestID: w.Header().Get("X-Amz-Request-Id")})
	}
}

func (c *Cloud) doS3(w http.ResponseWriter, r *http.Request) error {
	if a, ok := c.parseAdministration(r); ok {
		return c.administer(w, r, a)
	}
	op, err := parseOperation(r)
	if err != nil {
		return err
	}
	bucketPolicy, exists := c.made.bucket(op.bucket)
	if op.name == "HeadBucket" {
		// The product asks this without credentials; whoever asks learns
		// whether there is such a bucket, as from S3, and nothing else.
		if !exists {
			return faultNoSuchBucket
		}
		return faultAccessDenied
	}
	body, err := readBody(r, op)
	if err != nil {
		return err
	}
	p, err := c.authenticate(r, body)
	if err != nil {
		return err
	}
	if !exists {
		return faultNoSuchBucket
	}
	if p.administers && op.name == "ListObjectsV2" {
		p.policies = c.listing(op.bucket)
	}
	a := access{p, bucketPolicy, surroundings(r)}
	if !a.may(op) {
		return faultAccessDenied
	}
	// As S3: a write that depends on what is stored would tell what is stored.
	if op.put.match != "" && !a.may(operation{name: "GetObject", bucket: op.bucket, key: op.key}) {
		return faultAccessDenied
	}
	return c.execute(w, op, body, a)
}

// maxArchived bounds an object of the archive, which has one bucket and one
// writer; S3 takes 5 GiB.
const maxArchived = 64 << 20

// readBody reads a payload of known and bounded length.
func readBody(r *http.Request, op operation) ([]byte, error) {
	limit := int64(blob.MaxObject)
	if strings.HasPrefix(op.key, "audit/") {
		limit = maxArchived
	}
	if r.ContentLength < 0 {
		return nil, faultLength
	}
	if r.ContentLength > limit {
		return nil, faultTooLarge
	}
	if r.Method != http.MethodPut && r.ContentLength != 0 {
		return nil, faultNotImplemented
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return nil, faultIncomplete
	}
	return body, nil
}

// principal is who signed a request.
type principal struct {
	arn      string // of the role or the user
	policies []iam.Policy
	tags     map[string]string // of a session
	// administers: see user.
	administers bool
}

// access is what decides over one caller and bucket.
type access struct {
	principal
	bucket iam.Policy
	// around are the condition keys that say how a request came.
	around map[string]string
}

// surroundings are what a policy may ask about the way of a request. Nothing
// comes through a VPC endpoint here.
func surroundings(r *http.Request) map[string]string {
	out := map[string]string{"aws:SecureTransport": strconv.FormatBool(r.TLS != nil)}
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		out["aws:SourceIp"] = at.Addr().Unmap().WithZone("").String()
	}
	return out
}

// may asks role policy and bucket policy together.
func (a access) may(op operation) bool {
	partition, _, _ := strings.Cut(strings.TrimPrefix(a.arn, "arn:"), ":")
	req := iam.Request{
		Action: "s3:" + op.name, Resource: "arn:" + partition + ":s3:::" + op.bucket,
		Context: map[string]string{"aws:PrincipalArn": a.arn},
	}
	maps.Copy(req.Context, a.around)
	for name, value := range a.tags {
		req.Context["aws:PrincipalTag/"+name] = value
	}
	if op.put.absent {
		req.Context["s3:if-none-match"] = "*"
	}
	switch op.name {
	case "ListObjectsV2":
		req.Action, req.Context["s3:prefix"] = "s3:ListBucket", op.list.prefix
	case "ListWholeBucket":
		req.Action = "s3:ListBucket"
	case "ListBucketVersions":
	default:
		req.Resource += "/" + op.key
	}
	return iam.Allowed(req, append(slices.Clone(a.policies), a.bucket)...)
}

func (c *Cloud) execute(w http.ResponseWriter, op operation, body []byte, a access) error {
	switch op.name {
	case "PutObject":
		if err := op.sum.verify(body); err != nil {
			return err
		}
		if err := c.objects.put(op.bucket, op.key, body, c.now(), op.put); err != nil {
			return err
		}
		w.Header().Set("Etag", etag(body))
		op.sum.answer(w.Header())
		w.WriteHeader(http.StatusOK)
		return nil
	case "DeleteObject":
		if err := c.objects.remove(op.bucket, op.key, op.put); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	case "GetObject":
		return c.getObject(w, op, a)
	case "GetObjectVersion", "DeleteObjectVersion":
		return faultNotImplemented
	}
	return c.listObjects(w, op)
}

func (c *Cloud) getObject(w http.ResponseWriter, op operation, a access) error {
	o, found, err := c.objects.get(op.bucket, op.key)
	switch {
	case err != nil:
		return err
	case !found && a.may(operation{name: "ListWholeBucket", bucket: op.bucket}):
		return faultNoSuchKey
	case !found:
		return faultAccessDenied // as S3: who may not list is not told
	}
	h := w.Header()
	h.Set("Content-Type", "binary/octet-stream")
	h.Set("Last-Modified", o.modified.Format(http.TimeFormat))
	h.Set("Etag", o.etag)
	status, data := http.StatusOK, o.data
	if op.last >= 0 {
		if o.size == 0 {
			return faultRange
		}
		last := min(op.last, o.size-1)
		status, data = http.StatusPartialContent, data[:last+1]
		h.Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", last, o.size))
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data)
	return nil
}

func (c *Cloud) listObjects(w http.ResponseWriter, op operation) error {
	page, more, err := c.objects.list(op.bucket, op.list.prefix, op.list.after, op.list.limit)
	if err != nil {
		return err
	}
	out := listResult{
		Name: op.bucket, Prefix: op.list.prefix, KeyCount: len(page), MaxKeys: op.list.limit, IsTruncated: more,
		ContinuationToken: op.list.token, StartAfter: op.list.start,
	}
	for _, o := range page {
		out.Contents = append(out.Contents, listEntry{o.key, o.modified.Format(isoMillis), o.etag, o.size, "STANDARD"})
	}
	if more {
		out.NextContinuationToken = base64.RawURLEncoding.EncodeToString([]byte(page[len(page)-1].key))
	}
	writeXML(w, http.StatusOK, out)
	return nil
}

// parseContinuation reads the key after which a page begins. It must lie under
// the prefix, which is what the caller's rights are judged by.
func parseContinuation(token, prefix string) (string, bool) {
	if token == "" {
		return "", true
	}
	key, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return string(key), err == nil && len(key) <= maxKey && strings.HasPrefix(string(key), prefix)
}

type s3Error struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	RequestID string `xml:"RequestId"`
}

type listResult struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name, Prefix          string
	KeyCount, MaxKeys     int
	IsTruncated           bool
	ContinuationToken     string `xml:",omitempty"`
	NextContinuationToken string `xml:",omitempty"`
	StartAfter            string `xml:",omitempty"`
	Contents              []listEntry
}

type listEntry struct {
	Key          string
	LastModified string
	ETag         string
	Size         int64
	StorageClass string
}
