package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

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
	head, _, err := s.head(ctx, k, n)
	if emptyRange(err) {
		return []byte{}, nil
	}
	return head, err
}

// HeadVersion is Head with the version of what was read, as [Session.GetVersion]
// has it.
func (s *Session) HeadVersion(ctx context.Context, k Key, n int) (head []byte, etag string, err error) {
	if head, etag, err = s.head(ctx, k, n); emptyRange(err) {
		return s.GetVersion(ctx, k) // its version comes with the whole
	}
	if err == nil && etag == "" {
		return nil, "", apierr.New(apierr.StorageUnavailable, "storage does not say which version it gave")
	}
	return head, etag, err
}

func (s *Session) head(ctx context.Context, k Key, n int) ([]byte, string, error) {
	if n < 1 || n > MaxObject {
		return nil, "", fmt.Errorf("object storage: cannot read the first %d bytes of an object", n)
	}
	header := fmt.Sprintf("bytes=0-%d", n-1)
	data, etag, err := s.read(ctx, k, &header, MaxObject)
	// Storage may answer a range with the whole (RFC 9110, section 14.2).
	return data[:min(n, len(data))], etag, err
}

// emptyRange: an empty object has no first byte (RFC 9110, section 15.5.17).
func emptyRange(err error) bool {
	code, _ := codeOf(err)
	return code == "InvalidRange"
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
//
// Storage that refuses the very version that it shows compares the ETag without
// its quotes (Ceph RGW, against RFC 9110, section 13.1.1). It is asked once more in
// that form: the condition is the same.
func (s *Session) PutIfMatch(ctx context.Context, k Key, data []byte, etag string) (string, error) {
	switch {
	case k.IsZero():
		return "", errZeroKey
	case etag == "":
		return "", errors.New("object storage: a conditional put without the version that it expects")
	case len(data) > MaxObject:
		return "", apierr.New(apierr.BodyTooLarge, "an object has at most %d bytes, this one has %d", MaxObject, len(data))
	}
	return s.putIf(ctx, k, data, condition{match: aws.String(etag)})
}

// PutIfAbsent stores the object k if nothing has that name, and returns its
// version. Something there is precondition_failed, and nothing was written. All
// else is as with [Session.PutIfMatch].
func (s *Session) PutIfAbsent(ctx context.Context, k Key, data []byte) (string, error) {
	switch {
	case k.IsZero():
		return "", errZeroKey
	case len(data) > MaxObject:
		return "", apierr.New(apierr.BodyTooLarge, "an object has at most %d bytes, this one has %d", MaxObject, len(data))
	}
	return s.putIf(ctx, k, data, condition{absent: aws.String("*")})
}

// condition is what must hold of what is stored: one of the two.
type condition struct{ match, absent *string }

func (s *Session) putIf(ctx context.Context, k Key, data []byte, c condition) (string, error) {
	out, err := s.tryPut(ctx, k, data, c)
	if err == nil {
		return aws.ToString(out.ETag), nil
	}
	if !unmet(err) {
		return "", mapped(err, "replacing")
	}
	stored, version, rerr := s.GetVersion(ctx, k)
	bare := strings.Trim(aws.ToString(c.match), `"`)
	switch {
	case rerr == nil && c.match != nil && version == *c.match && bare != version && !bytes.Equal(stored, data):
		return s.putIf(ctx, k, data, condition{match: aws.String(bare)})
	case c.absent != nil && apierr.CodeOf(rerr) == apierr.NotFound: // it came and went
	case apierr.CodeOf(rerr) == apierr.EnvelopeInvalid: // larger than what was to be written
	case rerr != nil:
		return "", rerr
	case bytes.Equal(stored, data):
		return version, nil
	}
	return "", apierr.Wrap(apierr.PreconditionFailed, err, "the stored object was changed meanwhile")
}

// unmet tells that storage refused a condition. 409: another write at that very
// moment.
func unmet(err error) bool {
	code, status := codeOf(err)
	return status == http.StatusPreconditionFailed || code == "ConditionalRequestConflict"
}

func (s *Session) tryPut(ctx context.Context, k Key, data []byte, c condition) (*s3.PutObjectOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return s.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(k.text), IfMatch: c.match, IfNoneMatch: c.absent,
		Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
	})
}

// DeleteIfMatch removes the object k if its version is still etag. Another version
// is precondition_failed, and nothing was removed; one that is not there is no
// error. Storage that knows no condition on a removal removes what is there.
func (s *Session) DeleteIfMatch(ctx context.Context, k Key, etag string) error {
	switch {
	case k.IsZero():
		return errZeroKey
	case etag == "":
		return errors.New("object storage: a conditional removal without the version that it expects")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := s.api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(k.text), IfMatch: aws.String(etag)})
	switch code, _ := codeOf(err); {
	case err == nil, code == "NoSuchKey":
		return nil
	case unmet(err):
		return apierr.Wrap(apierr.PreconditionFailed, err, "the stored object was changed meanwhile")
	}
	return mapped(err, "deleting")
}
