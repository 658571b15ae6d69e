package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// accessDenied is the code with which S3 refuses what no policy allows.
const accessDenied = "AccessDenied"

// denied turns storage's own refusal into a success and everything else, no
// answer included, into a failure.
func denied(what string, err error) error {
	code, status := blob.Answer(err)
	switch {
	case err == nil:
		return fmt.Errorf("%s was allowed; %d %s was expected", what, http.StatusForbidden, accessDenied)
	case code != accessDenied || status != http.StatusForbidden:
		return fmt.Errorf("%s: storage said %d %q (%w); %d %s was expected", what, status, code, err, http.StatusForbidden, accessDenied)
	}
	return nil
}

// bucketOf is a class's bucket without an identity.
func (s *stand) bucketOf(class service.Class) (*blob.Store, profile.Storage, error) {
	at, ok := s.profile.Cloud.Storage(class)
	if !ok {
		return nil, at, lacking("the profile names no bucket for %s", class)
	}
	c := s.profile.Cloud
	store, err := blob.New(blob.Config{Endpoint: c.S3Endpoint, Region: c.Region, Bucket: at.Bucket})
	return store, at, err
}

// forged is what the issuer would say of an actor, but for the key that signs it.
func (s *stand) forged(class service.Class, access oidc.Access) (string, error) {
	k, err := jose.GenerateKey()
	if err != nil {
		return "", err
	}
	if k, err = k.WithCertificate("nobody", s.Now()); err != nil {
		return "", err
	}
	i, err := oidc.New(s.profile.OIDCIssuer, k, s.Now)
	if err != nil {
		return "", err
	}
	operator := omni.OperatorOfWallet([20]byte{1})
	token, _, err := i.Mint(oidc.Request{Class: class, Operator: operator, Actor: omni.Self(operator), Access: access})
	return token, err
}

// takes tries to take the role with the token.
func (s *stand) takes(ctx context.Context, role, token string) error {
	c, err := sts.New(sts.Config{Endpoint: s.profile.Cloud.STSEndpoint, Region: s.profile.Cloud.Region})
	if err != nil {
		return err
	}
	_, err = c.Exchange(ctx, sts.ExchangeRequest{RoleARN: role, WebIdentityToken: token, SessionName: "agentkeys-demo"})
	return err
}

// strangerRefused holds that nobody takes the role with a forged token.
func (s *stand) strangerRefused(ctx context.Context, class service.Class, access oidc.Access) error {
	role := s.profile.Cloud.SessionRoleARN(class, string(access))
	if role == "" {
		return lacking("the profile names no role for %s and access %s", class, access)
	}
	token, err := s.forged(class, access)
	if err != nil {
		return err
	}
	switch err := s.takes(ctx, role, token); {
	case err == nil:
		return fmt.Errorf("%s was taken with a forged token", role)
	case apierr.CodeOf(err) != apierr.StorageDenied:
		return fmt.Errorf("%s, with a forged token: %w; a refusal was expected", role, err)
	}
	return nil
}

// closedToStrangers holds that the bucket is there and opens to no session that
// nobody issued.
func closedToStrangers(ctx context.Context, store *blob.Store) error {
	if err := store.Reachable(ctx); err != nil {
		return err
	}
	operator := omni.OperatorOfWallet([20]byte{1})
	name, err := service.Parse("demo")
	if err != nil {
		return err
	}
	made := sts.Credentials{AccessKeyID: "ASIA" + rand.Text()[:16], SecretAccessKey: secret.New([]byte(rand.Text() + rand.Text()[:14])), SessionToken: secret.New([]byte(rand.Text()))}
	_, err = store.Open(made).Get(ctx, blob.CredentialKey(omni.Self(operator), name))
	switch {
	case err == nil:
		return errors.New("it opened to a session that nobody issued")
	case apierr.CodeOf(err) != apierr.StorageDenied:
		return fmt.Errorf("a session that nobody issued: %w; a refusal was expected", err)
	}
	return nil
}
