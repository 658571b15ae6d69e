package devcloud_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestOnlyWhatTheProductCalls: every other operation, parameter and header is
// refused for a session that may do everything a session can, and says nothing
// about what exists.
func TestOnlyWhatTheProductCalls(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	a := actor(t, 1)
	creds := s.exchange(t, vaultRole, a, service.Credentials, "write")
	key := blob.CredentialKey(a, svc(t, "github")).String()
	object, absent, bucket := "/"+vaultBucket+"/"+key, "/"+vaultBucket+"/"+blob.CredentialKey(a, svc(t, "absent")).String(), "/"+vaultBucket
	if err := s.store(t, vaultBucket).Open(creds).Put(t.Context(), blob.CredentialKey(a, svc(t, "github")), []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	do := func(method, path, query string, header ...string) (int, string) {
		q := s.shot(creds, method, path)
		q.query, q.header = query, map[string]string{}
		for i := 0; i < len(header); i += 2 {
			q.header[header[i]] = header[i+1]
		}
		q.after = func(r *http.Request) { r.URL.RawQuery = query } // the signer would drop what is malformed
		return s.send(t, q)
	}
	own := "list-type=2&prefix=bots%2F" + a.Key() + "%2Fcredentials%2F"
	for _, c := range []struct {
		method, path, query string
		header              []string
		status              int
		code                string
	}{
		{"GET", object, "", nil, 200, ""},
		{"GET", object, "x-id=GetObject", nil, 200, ""},
		{"GET", absent, "", nil, 403, "AccessDenied"},
		{"GET", bucket, own, nil, 200, ""},
		{"GET", bucket + "/", own, nil, 200, ""},
		{"HEAD", bucket, "", nil, 403, ""},
		{"HEAD", "/no-such-bucket", "", nil, 404, ""},
		{"GET", "/no-such-bucket/" + key, "", nil, 404, "NoSuchBucket"},

		{"HEAD", object, "", nil, 501, ""},
		{"HEAD", absent, "", nil, 501, ""},
		{"POST", object, "", nil, 501, "NotImplemented"},
		{"PATCH", object, "", nil, 501, "NotImplemented"},
		{"GET", object, "x-id=PutObject", nil, 501, "NotImplemented"},
		{"GET", object, "versionId=1", nil, 403, "AccessDenied"},
		{"DELETE", object, "versionId=1", nil, 403, "AccessDenied"},
		{"DELETE", absent, "versionId=1", nil, 403, "AccessDenied"},
		{"GET", object, "x-id=GetObject&versionId=1", nil, 403, "AccessDenied"},
		{"GET", object, "versionId=", nil, 501, "NotImplemented"},
		{"GET", object, "versionId=1&partNumber=1", nil, 501, "NotImplemented"},
		{"PUT", object, "versionId=1", nil, 501, "NotImplemented"},
		{"GET", object, "acl", nil, 501, "NotImplemented"},
		{"PUT", object, "acl", nil, 501, "NotImplemented"},
		{"GET", object, "tagging", nil, 501, "NotImplemented"},
		{"GET", object, "attributes", nil, 501, "NotImplemented"},
		{"GET", object, "partNumber=1", nil, 501, "NotImplemented"},
		{"GET", object, "response-content-type=text/html", nil, 501, "NotImplemented"},
		{"PUT", object, "partNumber=1&uploadId=x", nil, 501, "NotImplemented"},
		{"POST", object, "uploads", nil, 501, "NotImplemented"},
		{"GET", object, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Signature=y", nil, 501, "NotImplemented"},
		{"GET", object, "x-id=GetObject&x-id=GetObject", nil, 400, "InvalidArgument"},
		{"GET", object, "a=%zz", nil, 400, "InvalidURI"},
		{"GET", object, "a;b", nil, 400, "InvalidURI"},
		{"PUT", object, "", []string{"X-Amz-Copy-Source", object}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"X-Amz-Acl", "public-read"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"X-Amz-Meta-A", "b"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"X-Amz-Server-Side-Encryption", "AES256"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"If-None-Match", "*"}, 412, "PreconditionFailed"},
		{"PUT", object, "", []string{"If-None-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 412, "PreconditionFailed"},
		{"PUT", object, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`, "If-None-Match", "*"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"If-Match", "*"}, 400, "InvalidArgument"},
		{"PUT", object, "", []string{"If-Match", ""}, 400, "InvalidArgument"},
		{"PUT", object, "", []string{"If-Match", "9f86d081884c7d659a2feaa0c55ad015"}, 400, "InvalidArgument"},
		{"PUT", object, "", []string{"If-Match", `W/"9f86d081884c7d659a2feaa0c55ad015"`}, 400, "InvalidArgument"},
		{"PUT", object, "", []string{"If-Modified-Since", "x"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"Range", "bytes=0-1"}, 501, "NotImplemented"},
		{"PUT", absent, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 404, "NoSuchKey"},
		{"DELETE", object, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 412, "PreconditionFailed"},
		{"DELETE", absent, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 404, "NoSuchKey"},
		{"DELETE", object, "", []string{"If-Match", "*"}, 400, "InvalidArgument"},
		{"DELETE", object, "", []string{"If-None-Match", "*"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"If-Match", `"9f86d081884c7d659a2feaa0c55ad015"`}, 501, "NotImplemented"},
		{"GET", object, "", []string{"If-None-Match", "*"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"Content-Encoding", "aws-chunked"}, 501, "NotImplemented"},
		{"PUT", object, "", []string{"Content-Md5", "x"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"Range", "bytes=0-1"}, 206, ""},
		{"GET", object, "", []string{"Range", "bytes=1-2"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"Range", "bytes=0-"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"Range", "bytes=-1"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"Range", "bytes=0-1,2-3"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"Range", "bytes=0-1000000000"}, 501, "NotImplemented"},
		{"GET", absent, "", []string{"Range", "bytes=0-1"}, 403, "AccessDenied"},
		{"GET", bucket, own, []string{"Range", "bytes=0-1"}, 501, "NotImplemented"},
		{"GET", bucket, own, []string{"If-Match", "x"}, 501, "NotImplemented"},
		{"GET", object, "", []string{"If-Modified-Since", "x"}, 501, "NotImplemented"},

		{"GET", "/", "", nil, 400, "InvalidURI"},
		{"GET", bucket, "", nil, 501, "NotImplemented"},
		{"GET", bucket, "versions", nil, 501, "NotImplemented"},
		{"GET", bucket, "uploads", nil, 501, "NotImplemented"},
		{"GET", bucket, "policy", nil, 501, "NotImplemented"},
		{"GET", bucket, "location", nil, 501, "NotImplemented"},
		{"GET", bucket, "list-type=1", nil, 501, "NotImplemented"},
		{"GET", bucket, own + "&delimiter=%2F", nil, 501, "NotImplemented"},
		{"GET", bucket, own + "&start-after=x", nil, 200, ""},
		{"GET", bucket, own + "&start-after=", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&start-after=%ff", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&start-after=" + strings.Repeat("a", 1100), nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&start-after=x&continuation-token=" + b64([]byte(key)), nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&encoding-type=url", nil, 501, "NotImplemented"},
		{"GET", bucket, own + "&fetch-owner=true", nil, 501, "NotImplemented"},
		{"GET", bucket, own + "&prefix=", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&max-keys=0", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&max-keys=1001", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&max-keys=x", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&continuation-token=x%21", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&continuation-token=" + b64([]byte(key)) + "%21", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + "&continuation-token=" + b64([]byte(key)), nil, 200, ""},
		{"GET", bucket, own + "&continuation-token=Ym90cy8", nil, 400, "InvalidArgument"}, // bots/
		{"GET", bucket, "list-type=2&prefix=%ff", nil, 400, "InvalidArgument"},
		{"GET", bucket, own + strings.Repeat("a", 1100), nil, 400, "InvalidArgument"},
		{"PUT", bucket, "", nil, 501, "NotImplemented"},
		{"DELETE", bucket, "", nil, 501, "NotImplemented"},
		{"POST", bucket, "delete", nil, 501, "NotImplemented"},
		{"HEAD", bucket, "x", nil, 501, ""},

		{"GET", bucket, "list-type=2", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F" + a.Key(), nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F" + a.Key() + "%2F", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F" + a.Key() + "%2Fcredentials", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F" + actor(t, 2).Key() + "%2Fcredentials%2F", nil, 403, "AccessDenied"},
		{"GET", bucket, "list-type=2&prefix=bots%2F%2A%2Fcredentials%2F", nil, 403, "AccessDenied"},
		{"GET", "/" + memoryBucket, own, nil, 403, "AccessDenied"},

		{"GET", bucket + "/" + strings.Replace(key, "/", "%2F", 1), "", nil, 400, "InvalidURI"},
		{"GET", bucket + "/bots/" + a.Key() + "/credentials/../credentials/github.enc", "", nil, 400, "InvalidURI"},
		{"GET", bucket + "/bots/" + a.Key() + "/credentials/%2e%2e/github.enc", "", nil, 400, "InvalidURI"},
		{"GET", bucket + "/bots//" + a.Key() + "/credentials/github.enc", "", nil, 400, "InvalidURI"},
		{"GET", "/" + key, "", nil, 404, "NoSuchBucket"},
		{"GET", bucket + "/" + key + "/", "", nil, 400, "InvalidURI"},
		{"GET", bucket + "/" + key + "%00", "", nil, 400, "InvalidURI"},
		{"GET", bucket + "/bots/" + strings.Repeat("a", 1100), "", nil, 400, "InvalidURI"},
		{"PUT", bucket + "/bots/*/credentials/x.enc", "", nil, 400, "InvalidURI"},
	} {
		if status, code := do(c.method, c.path, c.query, c.header...); status != c.status || code != c.code {
			t.Errorf("%s %s?%s %v: %d %s, want %d %s", c.method, c.path, c.query, c.header, status, code, c.status, c.code)
		}
	}
	for name, before := range map[string]func(*http.Request){
		"trailer":     func(r *http.Request) { r.Trailer = http.Header{"X-Amz-Checksum-Crc32": nil} },
		"body on GET": func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("x")); r.ContentLength = 1 },
	} {
		q := s.shot(creds, "GET", object)
		q.before = before
		if status, code := s.send(t, q); status != 501 || code != "NotImplemented" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	raw, err := s.cloud.RawObject(vaultBucket, key)
	if err != nil || string(raw) != "sealed" {
		t.Errorf("changed to %q (%v)", raw, err)
	}
}
