package sts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
)

const (
	maxAnswer = 64 << 10
	timeout   = 15 * time.Second
)

// Config says which STS.
type Config struct {
	// Endpoint is the origin, such as http://127.0.0.1:9400; empty means
	// the region's own.
	Endpoint string
	Region   string
	// HTTPClient is optional; see [HTTPClient] for what is made of it.
	HTTPClient *http.Client
}

// Client asks for sessions. It is safe for concurrent use and holds no
// credentials.
type Client struct {
	api     *awssts.Client
	options awssts.Options
}

// New makes a client.
func New(c Config) (*Client, error) {
	if err := CheckEndpoint(c.Endpoint); err != nil {
		return nil, fmt.Errorf("sts: %w", err)
	}
	if c.Region == "" {
		return nil, errors.New("sts: a region is required")
	}
	o := awssts.Options{
		Region: c.Region, Credentials: aws.AnonymousCredentials{}, Retryer: Retryer(),
		HTTPClient: HTTPClient(c.HTTPClient, maxAnswer),
	}
	o.APIOptions = append(o.APIOptions, Silence)
	if c.Endpoint != "" {
		o.BaseEndpoint = aws.String(c.Endpoint)
	}
	return &Client{awssts.New(o), o}, nil
}

// ExchangeRequest is what a session is asked for.
type ExchangeRequest struct {
	RoleARN          string
	WebIdentityToken string
	SessionName      string        // shows in the cloud's logs
	Duration         time.Duration // zero means Life
}

// Exchange turns a web-identity token into a session.
func (c *Client) Exchange(ctx context.Context, r ExchangeRequest) (Credentials, error) {
	if r.Duration == 0 {
		r.Duration = Life
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := c.api.AssumeRoleWithWebIdentity(ctx, &awssts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(r.RoleARN), RoleSessionName: aws.String(r.SessionName),
		WebIdentityToken: aws.String(r.WebIdentityToken), DurationSeconds: aws.Int32(int32(r.Duration / time.Second)),
	})
	if err != nil {
		return Credentials{}, exchangeError(err)
	}
	return read(out.Credentials)
}

// read takes a whole session out of an answer.
func read(answer *types.Credentials) (Credentials, error) {
	if answer == nil {
		return Credentials{}, apierr.New(apierr.StorageUnavailable, "the session service answered without a session")
	}
	creds := Credentials{
		AccessKeyID:     aws.ToString(answer.AccessKeyId),
		SecretAccessKey: secret.New([]byte(aws.ToString(answer.SecretAccessKey))),
		SessionToken:    secret.New([]byte(aws.ToString(answer.SessionToken))),
		Expires:         aws.ToTime(answer.Expiration),
	}
	if err := creds.check(); err != nil || creds.Expires.IsZero() {
		return Credentials{}, apierr.Wrap(apierr.StorageUnavailable, err, "the session service answered with something that is not a session")
	}
	return creds, nil
}

// exchangeError tells a refusal from no answer. The SDK's text goes to the log
// only: it may repeat what was sent.
func exchangeError(err error) error {
	status, code := Refusal(err)
	switch {
	// 400 to the caller, but it means that the issuer could not be asked.
	case code == "IDPCommunicationError", status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, code == "Throttling":
	case status >= 400 && status < 500:
		return apierr.Wrap(apierr.StorageDenied, err, "the session service refused to give a storage session (%s)", code)
	}
	return apierr.Wrap(apierr.StorageUnavailable, err, "the session service gave no answer")
}

// Refusal is what the service answered to the call that err came from: status
// and code, zero and empty where nothing was answered.
func Refusal(err error) (status int, code string) {
	var (
		api  smithy.APIError
		resp *awshttp.ResponseError
	)
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	if errors.As(err, &resp) {
		status = resp.HTTPStatusCode()
	}
	return status, code
}
