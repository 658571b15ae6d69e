// Package kms encrypts and decrypts a few bytes under one key of the cloud's
// key management service: what seals a keyring that no passphrase seals.
//
// The laws that hold here:
//
//   - Keys of access and the key's id come from the caller. There is no default
//     chain: no environment, no shared file, no instance metadata.
//   - Every ciphertext is bound to its encryption context, and a decryption
//     names the key that it wants, so that a ciphertext which somebody made
//     under a key of their own does not open.
//   - Redirects are not followed, answers are bounded.
//   - "No answer" (signer_unavailable) and "refused" ([ErrRefused]) are
//     different errors: the first may be tried again.
//
// It makes no data keys, manages no keys and caches nothing. What it returns
// from Decrypt is the caller's to erase.
package kms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	// MaxPlaintext is the most bytes that Encrypt takes (AWS KMS, Encrypt,
	// for a symmetric key).
	MaxPlaintext = 4096

	maxBlob   = 6144 // AWS KMS, Decrypt
	maxAnswer = 64 << 10
	timeout   = 15 * time.Second
)

// ErrRefused says that the service answered and will not: this ciphertext, this
// context or this key is not to be had with these keys of access.
var ErrRefused = errors.New("the key management service refused")

// keyID is a key's id or ARN, or that of an alias.
var keyID = regexp.MustCompile(`^[A-Za-z0-9:/_-]{1,512}$`)

// Config says which service and key, and with what to sign.
type Config struct {
	// Endpoint is the origin, such as http://127.0.0.1:9400; empty means
	// the region's own.
	Endpoint string
	Region   string
	KeyID    string // id or ARN of a symmetric key, or of its alias
	Keys     sts.StaticKeys
	// HTTPClient is optional; see [sts.HTTPClient] for what is made of it.
	HTTPClient *http.Client
}

// Client uses one key. It is safe for concurrent use.
type Client struct {
	api *awskms.Client
	key string
}

// New checks the configuration; it does not connect.
func New(c Config) (*Client, error) {
	if err := sts.CheckEndpoint(c.Endpoint); err != nil {
		return nil, fmt.Errorf("kms: %w", err)
	}
	switch {
	case c.Region == "":
		return nil, errors.New("kms: a region is required")
	case !keyID.MatchString(c.KeyID):
		return nil, fmt.Errorf("kms: %q is no id or ARN of a key", c.KeyID)
	}
	if err := c.Keys.Check(); err != nil {
		return nil, fmt.Errorf("kms: %w", err)
	}
	o := awskms.Options{
		Region: c.Region, Credentials: c.Keys.Provider(), Retryer: sts.Retryer(),
		HTTPClient: sts.HTTPClient(c.HTTPClient, maxAnswer),
		APIOptions: []func(*middleware.Stack) error{sts.Silence},
	}
	if c.Endpoint != "" {
		o.BaseEndpoint = aws.String(c.Endpoint)
	}
	return &Client{awskms.New(o), c.KeyID}, nil
}

// Encrypt returns the ciphertext of 1 to MaxPlaintext bytes, bound to context.
// The context is no secret: the cloud writes it into its logs.
func (c *Client) Encrypt(ctx context.Context, plaintext []byte, context map[string]string) ([]byte, error) {
	if len(plaintext) == 0 || len(plaintext) > MaxPlaintext {
		return nil, fmt.Errorf("kms: %d bytes to encrypt, not 1 to %d", len(plaintext), MaxPlaintext)
	}
	ctx, cancel := withTimeout(ctx)
	defer cancel()
	out, err := c.api.Encrypt(ctx, &awskms.EncryptInput{KeyId: aws.String(c.key), Plaintext: plaintext, EncryptionContext: context})
	if err != nil {
		return nil, mapped(err, "encrypting")
	}
	if n := len(out.CiphertextBlob); n == 0 || n > maxBlob {
		return nil, apierr.New(apierr.SignerUnavailable, "the key management service answered with something that is no ciphertext")
	}
	return out.CiphertextBlob, nil
}

// Decrypt opens what Encrypt returned, under the same context. A blob that was
// changed, made under another key or for another context is ErrRefused.
func (c *Client) Decrypt(ctx context.Context, blob []byte, context map[string]string) ([]byte, error) {
	if len(blob) == 0 || len(blob) > maxBlob {
		return nil, fmt.Errorf("%w: a ciphertext of %d bytes is none of its own", ErrRefused, len(blob))
	}
	ctx, cancel := withTimeout(ctx)
	defer cancel()
	out, err := c.api.Decrypt(ctx, &awskms.DecryptInput{KeyId: aws.String(c.key), CiphertextBlob: blob, EncryptionContext: context})
	if err != nil {
		return nil, mapped(err, "decrypting")
	}
	if n := len(out.Plaintext); n == 0 || n > MaxPlaintext {
		return nil, apierr.New(apierr.SignerUnavailable, "the key management service answered with something that is no plaintext")
	}
	return out.Plaintext, nil
}

func withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, timeout)
}

// mapped tells a refusal from no answer. The SDK's text is for the log.
func mapped(err error, doing string) error {
	var (
		api  smithy.APIError
		resp *awshttp.ResponseError
	)
	code, status := "", 0
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	if errors.As(err, &resp) {
		status = resp.HTTPStatusCode()
	}
	switch {
	// 400 to the caller, but it asks to come again.
	case code == "ThrottlingException", code == "Throttling", status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
	case status >= 400 && status < 500:
		return fmt.Errorf("%s: %w (%s): %w", doing, ErrRefused, code, err)
	}
	return apierr.Wrap(apierr.SignerUnavailable, err, "the key management service gave no answer while %s", doing)
}
