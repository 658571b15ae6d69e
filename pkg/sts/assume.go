package sts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/litentry/agentkeys/pkg/secret"
)

// StaticKeys are the long-lived keys of a user of the account, as an operator
// hands them over for one command. Nothing here looks for them anywhere else.
type StaticKeys struct {
	AccessKeyID     string
	SecretAccessKey secret.Secret
	// SessionToken is there when the keys are temporary ones themselves.
	SessionToken secret.Secret
}

// Check judges the form of the keys and names the part that is wrong, never
// its value.
func (k StaticKeys) Check() error {
	if err := checkPair(k.AccessKeyID, k.SecretAccessKey); err != nil || k.SessionToken.Len() == 0 {
		return err
	}
	return checkToken(k.SessionToken)
}

// Provider hands the keys to a client of the SDK.
func (k StaticKeys) Provider() aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID: k.AccessKeyID, SecretAccessKey: string(k.SecretAccessKey.Reveal()),
			SessionToken: string(k.SessionToken.Reveal()), Source: "operator",
		}, nil
	})
}

// AssumeRequest is what a user of the account asks for.
type AssumeRequest struct {
	RoleARN     string
	SessionName string            // shows in the cloud's logs
	Tags        map[string]string // of the session
	Duration    time.Duration     // 15 minutes to an hour; zero means Life
	Keys        StaticKeys
}

// AssumeRole takes a role with a user's own keys (AWS STS, AssumeRole). A
// refusal is storage_denied, no answer storage_unavailable; keys that are not
// well formed are an error without a code, and nothing is sent.
func (c *Client) AssumeRole(ctx context.Context, r AssumeRequest) (Credentials, error) {
	if err := r.Keys.Check(); err != nil {
		return Credentials{}, fmt.Errorf("keys for taking a role: %w", err)
	}
	if r.Duration == 0 {
		r.Duration = Life
	}
	in := &awssts.AssumeRoleInput{
		RoleArn: aws.String(r.RoleARN), RoleSessionName: aws.String(r.SessionName),
		DurationSeconds: aws.Int32(int32(r.Duration / time.Second)),
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tags)) {
		in.Tags = append(in.Tags, types.Tag{Key: aws.String(name), Value: aws.String(r.Tags[name])})
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// A client of its own: the SDK's signer remembers derived keys by access
	// key id, and would sign for whoever names an id without the secret.
	o := c.options
	o.Credentials = r.Keys.Provider()
	out, err := awssts.New(o).AssumeRole(ctx, in)
	if err != nil {
		return Credentials{}, exchangeError(err)
	}
	return read(out.Credentials)
}

// Account says whose the keys are: the account's 12 digits (AWS STS,
// GetCallerIdentity, which needs no right).
func (c *Client) Account(ctx context.Context, keys StaticKeys) (string, error) {
	if err := keys.Check(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	o := c.options
	o.Credentials = keys.Provider()
	out, err := awssts.New(o).GetCallerIdentity(ctx, &awssts.GetCallerIdentityInput{})
	if err != nil {
		return "", exchangeError(err)
	}
	return aws.ToString(out.Account), nil
}
