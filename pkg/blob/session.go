package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// maxPages bounds one listing: 64,000 objects of one actor and class.
const (
	pageSize = 1000
	maxPages = 64
)

var errZeroKey = errors.New("object storage: the zero key names nothing")

// Put stores data under k, replacing what is there. When it returns nil the
// object is durable.
func (s *Session) Put(ctx context.Context, k Key, data []byte) error {
	switch {
	case k.IsZero():
		return errZeroKey
	case len(data) > MaxObject:
		return apierr.New(apierr.BodyTooLarge, "an object has at most %d bytes, this one has %d", MaxObject, len(data))
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := s.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(k.text),
		Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
	})
	return mapped(err, "storing")
}

// Get reads the object k. What is not there is not_found; an object larger
// than MaxObject was not written by this system and is envelope_invalid.
func (s *Session) Get(ctx context.Context, k Key) ([]byte, error) {
	data, _, err := s.read(ctx, k, nil, MaxObject)
	return data, err
}

// read reads the object k, or the range of it that the header value names, and
// its ETag. More than limit bytes are envelope_invalid.
func (s *Session) read(ctx context.Context, k Key, header *string, limit int) ([]byte, string, error) {
	if k.IsZero() {
		return nil, "", errZeroKey
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := s.get(ctx, k, header)
	if err != nil {
		return nil, "", err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, "", mapped(err, "reading")
	case len(data) > limit:
		return nil, "", apierr.New(apierr.EnvelopeInvalid, "the stored object is larger than any that is written here (%d bytes)", limit)
	}
	return data, aws.ToString(out.ETag), nil
}

// looks is how often an object is asked for that is refused and listed.
const looks = 3

// get asks for the object. S3 answers 403 for an object that is not there, too,
// unless the session may list the whole bucket; ours may list its own prefix
// only. So what is refused is looked for in a listing of exactly that name. One
// that is listed may have been stored between the two questions: it is asked for
// again before a refusal is believed.
func (s *Session) get(ctx context.Context, k Key, header *string) (*s3.GetObjectOutput, error) {
	for look := 1; ; look++ {
		out, err := s.api.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(k.text), Range: header})
		if err == nil {
			return out, nil
		}
		if code, _ := codeOf(err); code != "AccessDenied" {
			return nil, mapped(err, "reading")
		}
		there, lerr := s.listed(ctx, k)
		switch {
		case lerr != nil:
			return nil, mapped(lerr, "reading")
		case !there:
			return nil, apierr.Wrap(apierr.NotFound, err, "nothing is stored there")
		case look == looks:
			return nil, mapped(err, "reading")
		}
	}
}

// listed tells whether a listing shows the object.
func (s *Session) listed(ctx context.Context, k Key) (bool, error) {
	out, err := s.api.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: aws.String(s.bucket), Prefix: aws.String(k.text), MaxKeys: aws.Int32(1),
	})
	if err != nil {
		return false, err
	}
	// Names are in order: the one that is the prefix itself would be first.
	return len(out.Contents) > 0 && aws.ToString(out.Contents[0].Key) == k.text, nil
}

// Delete removes the object k. One that is not there is no error.
func (s *Session) Delete(ctx context.Context, k Key) error {
	if k.IsZero() {
		return errZeroKey
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := s.api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(k.text)})
	if code, _ := codeOf(err); code == "NoSuchKey" {
		return nil
	}
	return mapped(err, "deleting")
}

// Entry is one stored credential.
type Entry struct {
	Service  service.Name
	Size     int64 // of the sealed object
	Modified time.Time
}

// ListCredentials names what is stored for actor, in the order of the names.
// Objects whose name is none that this system writes are left out.
func (s *Session) ListCredentials(ctx context.Context, actor omni.Actor) ([]Entry, error) {
	if actor.IsZero() {
		return nil, errors.New("object storage: no actor to list")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	under := folder(actor, service.Credentials)
	in := &s3.ListObjectsV2Input{Bucket: aws.String(s.bucket), Prefix: aws.String(under), MaxKeys: aws.Int32(pageSize)}
	entries := []Entry{}
	for range maxPages {
		out, err := s.api.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, mapped(err, "listing")
		}
		for _, o := range out.Contents {
			if name, ok := serviceOf(under, aws.ToString(o.Key)); ok {
				entries = append(entries, Entry{name, aws.ToInt64(o.Size), aws.ToTime(o.LastModified)})
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Service.String(), b.Service.String()) })
			return entries, nil
		}
		if aws.ToString(out.NextContinuationToken) == "" {
			return nil, apierr.New(apierr.StorageUnavailable, "storage cut the listing short and does not say how to go on")
		}
		in.ContinuationToken = out.NextContinuationToken
	}
	return nil, apierr.New(apierr.StorageUnavailable, "storage holds more than %d objects of this actor", maxPages*pageSize)
}
