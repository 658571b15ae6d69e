// Package blob is object storage that opens only with the storage session of
// the actor whose objects they are.
//
// The laws that hold here:
//
//   - A [Store] holds an address and no identity. Only [Store.Open] yields
//     something that can read or change what is there, and it wants
//     [sts.Credentials]. There is no default chain: no environment, no shared
//     file, no instance metadata, no fallback.
//   - Every [Session] signs with keys of its own. The SDK's signer remembers a
//     derived key by access key id alone; shared between sessions it would sign
//     for whoever names an id and a token without knowing the secret.
//   - Object names are built from typed parts ([CredentialKey], [MemoryKey]), never from
//     text that a caller sent.
//   - Endpoint, region and bucket come from the configuration; redirects are
//     not followed.
//   - A payload's hash is always signed, over TLS as well.
//   - A conditional put ([Session.PutIfMatch]) never overwrites a version that
//     its caller has not seen, and never calls its own success a lost race.
//   - An [Archive] puts with keys that it was given for that put, never twice
//     under one name, and believes storage only by a checksum in its answer. It
//     reads, lists and deletes nothing.
//   - [Store.Attempt] is for proving that storage refuses: it alone names objects
//     by text, never replaces one, and hands out nothing that it read.
//   - Refused (storage_denied), not there (not_found) and no answer
//     (storage_unavailable) are different errors.
//
// It does not encrypt, does not version and does not see whose session it was
// given: storage judges that. [Session.Walk] over the objects of all actors
// works for a maintenance session only, for the same reason.
package blob

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	// MaxObject is the largest object: a secret of 1 MiB and its envelope.
	MaxObject = 1<<20 + 64<<10

	timeout      = 20 * time.Second // of one operation with its retries
	probeTimeout = 5 * time.Second
)

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

// Config says which bucket, and where.
type Config struct {
	// Endpoint is the origin, such as http://127.0.0.1:9400; empty means
	// the region's own.
	Endpoint string
	Region   string
	Bucket   string
	// HTTPClient is optional; see [sts.HTTPClient] for what is made of it.
	HTTPClient *http.Client
}

// Store is one bucket without an identity. It is safe for concurrent use.
type Store struct {
	options s3.Options
	bucket  string
}

// New checks the configuration; it does not connect.
func New(c Config) (*Store, error) {
	if err := sts.CheckEndpoint(c.Endpoint); err != nil {
		return nil, fmt.Errorf("object storage: %w", err)
	}
	switch {
	case c.Region == "":
		return nil, errors.New("object storage: a region is required")
	case !bucketName.MatchString(c.Bucket):
		return nil, fmt.Errorf("object storage: bucket %q is not 3 to 63 lower-case letters, digits and hyphens", c.Bucket)
	}
	o := s3.Options{
		Region: c.Region, Credentials: aws.AnonymousCredentials{}, Retryer: sts.Retryer(),
		HTTPClient: sts.HTTPClient(c.HTTPClient, 2*MaxObject),
		// No trailing checksums: the signed hash covers the payload, and an
		// envelope proves itself when it is opened.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		// The remaining ways in which the SDK would talk to another host.
		DisableS3ExpressSessionAuth: aws.Bool(true), DisableMultiRegionAccessPoints: true,
	}
	o.APIOptions = []func(*middleware.Stack) error{sts.Silence, signPayload}
	if c.Endpoint != "" {
		o.BaseEndpoint, o.UsePathStyle = aws.String(c.Endpoint), true
	}
	return &Store{o, c.Bucket}, nil
}

// signPayload undoes the SDK's habit of leaving the payload unsigned over TLS.
func signPayload(s *middleware.Stack) error {
	const id = "ComputePayloadHash"
	if _, ok := s.Finalize.Get(id); !ok {
		return nil
	}
	_, err := s.Finalize.Swap(id, &v4.ComputePayloadSHA256{})
	return err
}

// Session is a Store opened with one storage session. It is safe for
// concurrent use.
type Session struct {
	api    *s3.Client
	bucket string
}

// Open makes a session of its own: own client, own signer, only these
// credentials. Nothing is sent.
func (s *Store) Open(c sts.Credentials) *Session {
	o := s.options
	o.Credentials = static{aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: string(c.SecretAccessKey.Reveal()),
		SessionToken: string(c.SessionToken.Reveal()), Source: "sts",
	}}
	return &Session{s3.New(o), s.bucket}
}

// static is the only credentials provider of this package. It refuses what is
// not a session of STS.
type static struct{ c aws.Credentials }

// Retrieve implements aws.CredentialsProvider.
func (s static) Retrieve(context.Context) (aws.Credentials, error) {
	if s.c.AccessKeyID == "" || s.c.SecretAccessKey == "" || s.c.SessionToken == "" {
		return aws.Credentials{}, apierr.New(apierr.StorageDenied, "storage opens only with a whole storage session")
	}
	return s.c, nil
}

// Reachable asks without credentials whether the bucket answers where it
// should be. Being refused is an answer.
func (s *Store) Reachable(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	o := s.options
	o.Retryer = aws.NopRetryer{}
	_, err := s3.New(o).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(s.bucket)})
	switch _, status := codeOf(err); {
	case err == nil, status == http.StatusForbidden:
		return nil
	case status == http.StatusNotFound:
		return apierr.Wrap(apierr.StorageUnavailable, err, "the bucket %s does not exist", s.bucket)
	case status >= 300 && status < 400:
		return apierr.Wrap(apierr.StorageUnavailable, err, "the bucket %s is in another region than %s", s.bucket, s.options.Region)
	}
	return apierr.Wrap(apierr.StorageUnavailable, err, "storage does not answer for the bucket %s", s.bucket)
}
