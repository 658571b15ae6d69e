package devcloud

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// operation is one of the few things that can be asked of S3.
type operation struct {
	name        string // as AWS names it
	bucket, key string
	list        listing
	put         condition
	sum         checksum
	// last is the last byte wanted of an object, -1 for all of them.
	last int64
}

type listing struct {
	prefix string
	after  string // the key after which the page begins
	token  string
	start  string // as the caller named it
	limit  int
}

var (
	bucketPath = regexp.MustCompile(`^/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])/?$`)
	// Keys as the product writes them: every segment begins with a letter or
	// digit, so that none is empty, a dot or dot-dot; nothing needs an escape.
	etagText = regexp.MustCompile(`^"[0-9a-f]{32}"$`)
	// Versions are asked for in order to be refused: none is kept.
	versionText = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	rangeText   = regexp.MustCompile(`^bytes=0-([0-9]{1,9})$`)
	objectPath  = regexp.MustCompile(`^/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])/([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*)$`)
)

const maxKey = 1024

// parseOperation recognises a request or refuses it, without looking at who
// asks and at what exists.
func parseOperation(r *http.Request) (operation, error) {
	if !plainHeaders(r) {
		return operation{}, faultNotImplemented
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return operation{}, faultInvalidURI
	}
	for _, v := range query {
		if len(v) != 1 {
			return operation{}, faultArgument
		}
	}
	// What was signed is the escaped path, what would be executed the
	// unescaped one: only paths in which both are the same.
	if r.URL.EscapedPath() != r.URL.Path || len(r.URL.Path) > maxKey {
		return operation{}, faultInvalidURI
	}
	if m := bucketPath.FindStringSubmatch(r.URL.Path); m != nil {
		if len(r.Header.Values("Range")) > 0 {
			return operation{}, faultNotImplemented
		}
		return bucketOperation(r.Method, m[1], query)
	}
	if m := objectPath.FindStringSubmatch(r.URL.Path); m != nil {
		op, err := objectOperation(r.Method, m[1], m[2], query)
		if err != nil {
			return operation{}, err
		}
		if op.sum, err = readChecksum(r.Header); err != nil {
			return operation{}, err
		}
		return op, op.readConditions(r.Header)
	}
	return operation{}, faultInvalidURI
}

func objectOperation(method, bucket, key string, query url.Values) (operation, error) {
	name := map[string]string{
		http.MethodPut: "PutObject", http.MethodGet: "GetObject", http.MethodDelete: "DeleteObject",
	}[method]
	id := query.Get("x-id")
	if name == "" || !only(query, "x-id", "versionId") || query.Has("x-id") && id != name {
		return operation{}, faultNotImplemented
	}
	if query.Has("versionId") {
		if method == http.MethodPut || !versionText.MatchString(query.Get("versionId")) {
			return operation{}, faultNotImplemented
		}
		name += "Version" // as S3 names the right to it
	}
	return operation{name: name, bucket: bucket, key: key}, nil
}

// readConditions reads what plainHeaders let through for this operation.
func (op *operation) readConditions(h http.Header) error {
	op.last = -1
	match, none, ranges := h.Values("If-Match"), h.Values("If-None-Match"), h.Values("Range")
	if len(match) > 1 || len(none) > 1 || len(ranges) > 1 {
		return faultArgument
	}
	if len(match) > 0 && len(none) > 0 || len(none) > 0 && none[0] != "*" {
		return faultNotImplemented // as S3
	}
	op.put.absent = len(none) > 0
	if len(match) > 0 {
		if !etagText.MatchString(match[0]) {
			return faultArgument
		}
		op.put.match = match[0]
	}
	if len(ranges) > 0 {
		m := rangeText.FindStringSubmatch(ranges[0])
		if m == nil {
			return faultNotImplemented
		}
		op.last, _ = strconv.ParseInt(m[1], 10, 64) // nine digits always fit
	}
	return nil
}

func bucketOperation(method, bucket string, query url.Values) (operation, error) {
	if method == http.MethodHead && len(query) == 0 {
		return operation{name: "HeadBucket", bucket: bucket}, nil
	}
	if method != http.MethodGet || query.Get("list-type") != "2" ||
		!only(query, "list-type", "prefix", "max-keys", "continuation-token", "start-after", "x-id") {
		return operation{}, faultNotImplemented
	}
	op := operation{name: "ListObjectsV2", bucket: bucket, list: listing{prefix: query.Get("prefix"), limit: 1000}}
	if query.Has("max-keys") {
		n, err := strconv.Atoi(query.Get("max-keys"))
		if err != nil || n < 1 || n > 1000 {
			return operation{}, faultArgument
		}
		op.list.limit = n
	}
	op.list.token = query.Get("continuation-token")
	after, ok := parseContinuation(op.list.token, op.list.prefix)
	if !ok || len(op.list.prefix) > maxKey || !utf8.ValidString(op.list.prefix) {
		return operation{}, faultArgument
	}
	op.list.after = after
	if query.Has("start-after") {
		start := query.Get("start-after")
		if op.list.token != "" || start == "" || len(start) > maxKey || !utf8.ValidString(start) {
			return operation{}, faultArgument
		}
		op.list.after, op.list.start = start, start
	}
	return op, nil
}

func only(query url.Values, names ...string) bool {
	n := 0
	for _, name := range names {
		if query.Has(name) {
			n++
		}
	}
	return n == len(query)
}

// plainHeaders reports whether no header asks for a feature: copies, ACLs,
// encryption, checksums other than SHA-256, metadata, chunks, trailers;
// conditions and checksums elsewhere than on a write (on a removal If-Match alone),
// ranges elsewhere than on a read.
func plainHeaders(r *http.Request) bool {
	for k := range r.Header {
		k = strings.ToLower(k)
		switch {
		case k == "x-amz-date", k == "x-amz-content-sha256", k == "x-amz-security-token":
		case r.Method == http.MethodPut && (k == "if-match" || k == "if-none-match" || k == checksumHeader), r.Method == http.MethodGet && k == "range",
			r.Method == http.MethodDelete && k == "if-match":
		case strings.HasPrefix(k, "x-amz-"), strings.HasPrefix(k, "if-"), k == "range",
			k == "content-encoding", k == "content-md5":
			return false
		}
	}
	return len(r.Trailer) == 0
}
