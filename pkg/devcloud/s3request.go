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
}

type listing struct {
	prefix string
	after  string // the key after which the page begins
	token  string
	limit  int
}

var (
	bucketPath = regexp.MustCompile(`^/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])/?$`)
	// Keys as the product writes them: every segment begins with a letter or
	// digit, so that none is empty, a dot or dot-dot; nothing needs an escape.
	objectPath = regexp.MustCompile(`^/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])/([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*)$`)
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
		return bucketOperation(r.Method, m[1], query)
	}
	if m := objectPath.FindStringSubmatch(r.URL.Path); m != nil {
		return objectOperation(r.Method, m[1], m[2], query)
	}
	return operation{}, faultInvalidURI
}

func objectOperation(method, bucket, key string, query url.Values) (operation, error) {
	name := map[string]string{
		http.MethodPut: "PutObject", http.MethodGet: "GetObject", http.MethodDelete: "DeleteObject",
	}[method]
	id := query.Get("x-id")
	if name == "" || !only(query, "x-id") || query.Has("x-id") && id != name {
		return operation{}, faultNotImplemented
	}
	return operation{name: name, bucket: bucket, key: key}, nil
}

func bucketOperation(method, bucket string, query url.Values) (operation, error) {
	if method == http.MethodHead && len(query) == 0 {
		return operation{name: "HeadBucket", bucket: bucket}, nil
	}
	if method != http.MethodGet || query.Get("list-type") != "2" ||
		!only(query, "list-type", "prefix", "max-keys", "continuation-token", "x-id") {
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
// encryption, checksums, metadata, conditions, ranges, chunks, trailers.
func plainHeaders(r *http.Request) bool {
	for k := range r.Header {
		k = strings.ToLower(k)
		switch {
		case k == "x-amz-date", k == "x-amz-content-sha256", k == "x-amz-security-token":
		case strings.HasPrefix(k, "x-amz-"), strings.HasPrefix(k, "if-"), k == "range",
			k == "content-encoding", k == "content-md5":
			return false
		}
	}
	return len(r.Trailer) == 0
}
