package blob

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/sts"
)

// What Archive.Put answers besides storage_unavailable. None of them leaves in
// doubt whether the object was stored by this very put.
var (
	// ErrRefused says that storage answered and did not take the object. With
	// it come storage_denied, or no code of the table.
	ErrRefused = errors.New("storage refused the object")
	// ErrThere says that something has that name already, which this identity
	// cannot look at.
	ErrThere = errors.New("the archive has something under this name already")
	// ErrUnproven says that storage took the object, and that its answer does
	// not show by a checksum of the whole object that it is what was sent.
	ErrUnproven = errors.New("storage's answer does not prove that it has what was sent")
)

// MaxArchived is the largest object that storage takes in one piece: 5 GiB (S3
// API reference, PutObject).
const MaxArchived = 5 << 30

const (
	maxIndex = 1e12 // an index has 12 digits in a name
	// A put may take as long as its bytes need at this rate, besides timeout.
	slowest       = 256 << 10 // bytes per second
	maxPutAnswer  = 64 << 10
	archiveFolder = "audit/"
)

// ArchiveKey is audit/<operator>/<index, 12 digits>.jsonl. An absent operator, or
// an index of more digits, yields the zero Key.
func ArchiveKey(o omni.Operator, index uint64) Key {
	if o.IsZero() || index >= maxIndex {
		return Key{}
	}
	return Key{fmt.Sprintf("%s%s/%012d.jsonl", archiveFolder, o.Key(), index)}
}

// ArchiveConfig says which archive, and who writes it.
type ArchiveConfig struct {
	Config
	// Keys are asked for before each put: of a user or a session who may put
	// into the archive and do nothing else (policy.RenderArchive).
	Keys func() (sts.StaticKeys, error)
}

// Archive is a bucket into which objects are put once and out of which nothing
// comes: it reads, lists and deletes nothing. It is safe for concurrent use.
type Archive struct {
	options s3.Options
	bucket  string
	keys    func() (sts.StaticKeys, error)
}

// NewArchive checks the configuration; it does not connect and asks for no keys.
func NewArchive(c ArchiveConfig) (*Archive, error) {
	if c.Keys == nil {
		return nil, errors.New("object storage: an archive needs keys")
	}
	s, err := New(c.Config)
	if err != nil {
		return nil, err
	}
	o := s.options
	o.HTTPClient = sts.HTTPClient(c.HTTPClient, maxPutAnswer)
	// One put is one request: another one after a lost answer would find what
	// the first one stored, and nobody could tell whose it is.
	o.Retryer = aws.NopRetryer{}
	return &Archive{o, s.bucket, c.Keys}, nil
}

// Body is what is put: Content from its beginning, which has Size bytes (1 to
// MaxArchived) and the SHA-256 Checksum.
type Body struct {
	Content  io.ReadSeeker
	Size     int64
	Checksum [32]byte
}

// Put stores an object whose name must be free, and returns nil only when
// storage's answer has the checksum of the whole object. Then it is durable.
// ErrRefused: it is not there, at least not by this put. ErrThere: something else
// is, or what an earlier put brought whose answer was lost. ErrUnproven: something
// is there now. With storage_unavailable nothing is known. Errors without any of
// these are of the keys or the arguments, and nothing was sent.
func (a *Archive) Put(ctx context.Context, k Key, b Body) error {
	switch {
	case k.IsZero():
		return errZeroKey
	case b.Size < 1 || b.Size > MaxArchived:
		return fmt.Errorf("object storage: an archived object has 1 to %d bytes, not %d", int64(MaxArchived), b.Size)
	}
	keys, err := a.keys()
	if err != nil {
		return fmt.Errorf("keys of the archive: %w", err)
	}
	if err := keys.Check(); err != nil {
		return fmt.Errorf("keys of the archive: %w", err)
	}
	if _, err := b.Content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind what is archived: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout+time.Duration(b.Size/slowest)*time.Second)
	defer cancel()
	// A client of its own, as for a Session.
	o := a.options
	o.Credentials = keys.Provider()
	o.APIOptions = []func(*middleware.Stack) error{sts.Silence, signAs(hex.EncodeToString(b.Checksum[:]))}
	want := base64.StdEncoding.EncodeToString(b.Checksum[:])
	out, err := s3.New(o).PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(a.bucket), Key: aws.String(k.text), IfNoneMatch: aws.String("*"),
		Body: b.Content, ContentLength: aws.Int64(b.Size), ChecksumSHA256: aws.String(want),
	})
	if err != nil {
		return putError(err)
	}
	return proven(out, want)
}

// proven believes only the checksum of the whole object.
func proven(out *s3.PutObjectOutput, want string) error {
	switch got := aws.ToString(out.ChecksumSHA256); {
	case got == "":
		return fmt.Errorf("%w: it has no checksum", ErrUnproven)
	case got != want:
		return fmt.Errorf("%w: its checksum is another", ErrUnproven)
	case out.ChecksumType != "" && out.ChecksumType != types.ChecksumTypeFullObject:
		return fmt.Errorf("%w: its checksum is not one of the whole object", ErrUnproven)
	}
	return nil
}

// putError tells "not stored" from "nobody knows".
func putError(err error) error {
	code, status := codeOf(err)
	switch {
	case status == http.StatusPreconditionFailed:
		return fmt.Errorf("%w: %w", ErrThere, err)
	// Storage asks to come again. (409: another put under that name at that
	// very moment.)
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status == http.StatusConflict,
		code == "RequestTimeout":
	case status >= 300 && status < 500, status == http.StatusNotImplemented:
		if denied := mapped(err, "archiving"); apierr.CodeOf(denied) == apierr.StorageDenied {
			return fmt.Errorf("%w (%s): %w", ErrRefused, code, denied)
		}
		return fmt.Errorf("%w (%s, status %d): %w", ErrRefused, code, status, err)
	}
	return apierr.Wrap(apierr.StorageUnavailable, err, "storage gave no answer while archiving")
}

// signAs signs the payload by its known hash, so that it is read once only.
// Storage refuses a payload that has another.
func signAs(hash string) func(*middleware.Stack) error {
	return func(s *middleware.Stack) error {
		const id = "ComputePayloadHash"
		_, err := s.Finalize.Swap(id, middleware.FinalizeMiddlewareFunc(id, func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			return next.HandleFinalize(v4.SetPayloadHash(ctx, hash), in)
		}))
		return err
	}
}
