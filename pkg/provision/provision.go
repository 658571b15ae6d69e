// Package provision brings a cloud account into the state that the product's
// policies ask for: the OIDC provider of the issuer, the roles with their trust
// and policy, the buckets with their settings, and the archive's bucket.
//
// The laws that hold here:
//
//   - Look, plan, apply: [Client.Plan] only reads. What it finds right is not
//     touched, so that a second run has nothing to do, and a run that was
//     interrupted at any call is finished by the next one.
//   - Nothing is ever deleted. Further policies of a role, which would widen it,
//     are reported and left to a person.
//   - What is made here carries tags: that it was made here, what it is for (a data
//     class or the archive, and of a role who takes it) and for which deployment. A
//     bucket has them from its making on, before anything can lie in it.
//   - What bears our name and is not ours is refused ([ErrForeign]) unless it is
//     to be adopted: a role or provider without our tag, a bucket with a policy
//     that is not ours, or an empty one with neither policy nor tag. A bucket
//     of another account is refused always: its owner stands in every call.
//   - One bucket, one use, and one role, one use: what its tag, or its policy or trust, says to be
//     for something else, or for another deployment, is refused always ([ErrInUse]),
//     and so is a bucket that is named twice, and one in which anything lies of which
//     nothing says what it is. Another policy would shut in what lies there, and a
//     profile that names it has mixed up its names.
//   - What somebody made after it was looked for is refused always (ErrInUse): a bucket
//     is looked at once more when it is to be made and when it was, and one that is
//     not as making it leaves it is not touched.
//   - Nothing opens before it is guarded: buckets come first, each closed to the
//     public before anything else is set; then the provider; then roles, born with
//     their trust and last of all given their policy.
//   - Policies are compared by what they say, not by how they are written
//     (package policy renders them, and decides what they say).
//   - The keys are those of the account that is named, or nothing happens. They
//     come from the caller; nothing of the surroundings is used (package sts).
//
// It makes no users and no access keys, and no role for whoever runs it.
package provision

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	maxAnswer = 1 << 20
	timeout   = 15 * time.Second // of one call with its retries
)

// ErrForeign says that something bears a name of ours and is not ours.
var ErrForeign = errors.New("it was not made by agentkeys")

// ErrInUse says that a bucket or role is, or may be, for something else: another data
// class, the archive, another deployment, or whatever somebody made it for. Nothing
// takes it over.
var ErrInUse = errors.New("it is in use for something else")

// Config says which account, and with what to sign.
type Config struct {
	Region    string
	AccountID string // 12 digits; keys of another account are refused
	// Origins of the services, such as http://127.0.0.1:9400; empty means
	// Amazon's own.
	IAMEndpoint, S3Endpoint, STSEndpoint string
	Keys                                 sts.StaticKeys
	// HTTPClient is optional; see [sts.HTTPClient] for what is made of it.
	HTTPClient *http.Client
}

// Want is the state that is asked for.
type Want struct {
	// Issuer is the URL of the OIDC provider.
	Issuer string
	// Thumbprints of the issuer's certificates (SHA-1, 40 hex characters), where
	// the service wants them; Amazon's own needs none.
	Thumbprints []string
	// Set are the policies of the data classes, rendered.
	Set policy.Set
	// Archive is the archive of the audit log, whose writer is not made here.
	Archive *policy.Archive
	// Deployment is whose all of it is, as a tag says it, such as eip155:1:0x5290…; empty
	// where that is not known: then what a tag says to be of any is refused.
	Deployment string
	// Adopt takes over what is there and was not made here, but nothing that is
	// ErrInUse.
	Adopt bool
}

// Client reads and changes one account. It is safe for concurrent use.
type Client struct {
	iam     *awsiam.Client
	s3      *s3.Client
	sts     *sts.Client
	region  string
	account string
	keys    sts.StaticKeys
}

// New checks the configuration; it does not connect.
func New(c Config) (*Client, error) {
	for _, e := range []string{c.IAMEndpoint, c.S3Endpoint} {
		if err := sts.CheckEndpoint(e); err != nil {
			return nil, fmt.Errorf("provisioning: %w", err)
		}
	}
	if c.AccountID == "" {
		return nil, errors.New("provisioning: an account is required")
	}
	if err := c.Keys.Check(); err != nil {
		return nil, fmt.Errorf("provisioning: %w", err)
	}
	session, err := sts.New(sts.Config{Endpoint: c.STSEndpoint, Region: c.Region, HTTPClient: c.HTTPClient})
	if err != nil {
		return nil, fmt.Errorf("provisioning: %w", err)
	}
	web, silence := sts.HTTPClient(c.HTTPClient, maxAnswer), []func(*middleware.Stack) error{sts.Silence}
	i := awsiam.Options{Region: c.Region, Credentials: c.Keys.Provider(), Retryer: sts.Retryer(), HTTPClient: web, APIOptions: silence}
	if c.IAMEndpoint != "" {
		i.BaseEndpoint = aws.String(c.IAMEndpoint)
	}
	o := s3.Options{
		Region: c.Region, Credentials: c.Keys.Provider(), Retryer: sts.Retryer(), HTTPClient: web, APIOptions: silence,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		// Ways in which the SDK would talk to another host.
		DisableS3ExpressSessionAuth: aws.Bool(true), DisableMultiRegionAccessPoints: true,
	}
	if c.S3Endpoint != "" {
		o.BaseEndpoint, o.UsePathStyle = aws.String(c.S3Endpoint), true
	}
	return &Client{iam: awsiam.New(i), s3: s3.New(o), sts: session, region: c.Region, account: c.AccountID, keys: c.Keys}, nil
}

// Plan reads what is there and says what is to be done. Refusals of the cloud
// are storage_denied, no answer is storage_unavailable; what is not ours is
// ErrForeign and what is for something else ErrInUse, all of it at once.
func (c *Client) Plan(ctx context.Context, w Want) (*Plan, error) {
	account, err := c.sts.Account(ctx, c.keys)
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking whose the keys are: %w", err)
	case account != c.account:
		return nil, fmt.Errorf("the keys are of account %s, and the profile names account %s: nothing was changed", account, c.account)
	}
	p := &Plan{adopt: w.Adopt, deployment: w.Deployment}
	for _, b := range w.Set.Buckets {
		if err := c.planBucket(ctx, p, b); err != nil {
			return nil, err
		}
	}
	if w.Archive != nil {
		if err := c.planBucket(ctx, p, w.Archive.Bucket); err != nil {
			return nil, err
		}
	}
	if err := c.planProvider(ctx, p, w); err != nil {
		return nil, err
	}
	for _, r := range w.Set.Roles {
		if err := c.planRole(ctx, p, r); err != nil {
			return nil, err
		}
	}
	return p, errors.Join(p.foreign...)
}
