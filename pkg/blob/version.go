package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// GetVersion is Get with the version of what was read: its ETag, an opaque text
// that only storage makes and only [Session.PutIfMatch] takes.
func (s *Session) GetVersion(ctx context.Context, k Key) (data []byte, etag string, err error) {
	data, etag, err = s.read(ctx, k, nil, MaxObject)
	if err == nil && etag == "" {
		return nil, "", apierr.New(apierr.StorageUnavailable, "storage does not say which version it gave")
	}
	return data, etag, err
}

// Head reads the first n bytes of k (1 to MaxObject), or all of a shorter
// object: enough to see how an envelope begins. What is not there is not_found.
func (s *Session) Head(ctx context.Context, k Key, n int) ([]byte, error) {
	if n < 1 || n > MaxObject {
		return nil, fmt.Errorf("object storage: cannot read the first %d bytes of an object", n)
	}
	header := fmt.Sprintf("bytes=0-%d", n-1)
	data, _, err := s.read(ctx, k, &header, MaxObject)
	if code, _ := codeOf(err); code == "InvalidRange" {
		return []byte{}, nil // an empty object has no first byte (RFC 9110, section 15.5.17)
	}
	// Storage may answer a range with the whole (RFC 9110, section 14.2).
	return data[:min(n, len(data))], err
}

// PutIfMatch replaces the object k if its version is still etag, and returns
// the new version. Another version is precondition_failed, and nothing was
// written; an object that is gone is not_found. When it returns no error the
// object is durable.
//
// After storage_unavailable the object may have been replaced or not. A try
// whose answer was lost is tried again under the same condition, which its own
// success has made false. So a refused condition is not believed: what is
// stored is read, and if those are the very bytes that were to be written, they
// are there. (The ETag would not do: with a bucket's own encryption under KMS
// it is no hash of the content.)
func (s *Session) PutIfMatch(ctx context.Context, k Key, data []byte, etag string) (string, error) {
	switch {
	case k.IsZero():
		return "", errZeroKey
	case etag == "":
		return "", errors.New("object storage: a conditional put without the version that it expects")
	case len(data) > MaxObject:
		return "", apierr.New(apierr.BodyTooLarge, "an object has at most %d bytes, this one has %d", MaxObject, len(data))
	}
	out, err := s.putIfMatch(ctx, k, data, etag)
	code, status := codeOf(err)
	switch {
	case err == nil:
		return aws.ToString(out.ETag), nil
	case status == http.StatusPreconditionFailed, code == "ConditionalRequestConflict": // 409: another write at that very moment
		stored, version, rerr := s.GetVersion(ctx, k)
		if rerr != nil {
			return "", rerr
		}
		if bytes.Equal(stored, data) {
			return version, nil
		}
		return "", apierr.Wrap(apierr.PreconditionFailed, err, "the stored object was changed meanwhile")
	}
	return "", mapped(err, "replacing")
}

func (s *Session) putIfMatch(ctx context.Context, k Key, data []byte, etag string) (*s3.PutObjectOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return s.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(k.text), IfMatch: aws.String(etag),
		Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
	})
}
