package rgw

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Cloud is what the account holds: one issuer, and what is rendered for it.
type Cloud struct {
	Issuer string
	// Certificate is the DER of the issuer's first key, as x5c in its key set
	// carries it. The gateway wants its thumbprint and never compares it: it
	// verifies tokens by whatever stands first in the set at that moment.
	Certificate []byte
	// Set is as [policy.Gateway] gives it.
	Set policy.Set
}

// Version switches the versioning of a bucket on. The buckets begin without it,
// for Ceph 16 judges the condition of a write by the version that is being
// written: with versioning If-Match fails always, and If-None-Match never.
func (s *Server) Version(ctx context.Context, bucket string) error {
	const on = `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>`
	if err := s.call(ctx, s.admin, http.MethodPut, "/"+bucket+"?versioning=", []byte(on), ""); err != nil {
		return fmt.Errorf("rgw: versioning of bucket %s: %w", bucket, err)
	}
	return nil
}

// Provision makes the OIDC provider, the roles and the buckets, and gives the
// actors their rights. It is called once.
func (s *Server) Provision(ctx context.Context, c Cloud, actors ...omni.Actor) error {
	sum := sha1.Sum(c.Certificate) // the thumbprint, as IAM defines it
	if err := s.iam(ctx, "CreateOpenIDConnectProvider", url.Values{
		"Url": {c.Issuer}, "ClientIDList.member.1": {"sts.amazonaws.com"}, "ThumbprintList.member.1": {hex.EncodeToString(sum[:])},
	}); err != nil {
		return fmt.Errorf("rgw: the OIDC provider: %w", err)
	}
	for _, r := range c.Set.Roles {
		if err := s.iam(ctx, "CreateRole", url.Values{"RoleName": {r.Name}, "Path": {"/"}, "AssumeRolePolicyDocument": {string(r.Trust)}}); err != nil {
			return fmt.Errorf("rgw: role %s: %w", r.Name, err)
		}
	}
	for _, b := range c.Set.Buckets {
		if err := s.makeBucket(ctx, b); err != nil {
			return fmt.Errorf("rgw: bucket %s: %w", b.Name, err)
		}
	}
	if len(actors) == 0 {
		return nil
	}
	return s.Admit(ctx, c.Set, actors...)
}

// MakeUser makes a user of the account, who has no rights but what the trust of a
// role gives to the name, and answers its keys, which the gateway invents.
func (s *Server) MakeUser(ctx context.Context, name string) (sts.StaticKeys, error) {
	var c credentials
	if err := s.makeUser(ctx, &c, "--tenant", s.config.AccountID, "--uid", name, "--display-name", name); err != nil {
		return sts.StaticKeys{}, fmt.Errorf("rgw: user %s: %w", name, err)
	}
	return sts.StaticKeys{AccessKeyID: c.id, SecretAccessKey: c.secret}, nil
}

// Admit replaces the policies of the roles by those for these actors; whoever
// is not among them has no rights from then on.
func (s *Server) Admit(ctx context.Context, set policy.Set, actors ...omni.Actor) error {
	unrolled, err := policy.Unroll(set, actors...)
	if err != nil {
		return fmt.Errorf("rgw: %w", err)
	}
	for _, r := range unrolled.Roles {
		if err := s.iam(ctx, "PutRolePolicy", url.Values{"RoleName": {r.Name}, "PolicyName": {"agentkeys"}, "PolicyDocument": {string(r.Policy)}}); err != nil {
			return fmt.Errorf("rgw: policy of role %s: %w", r.Name, err)
		}
	}
	return nil
}

// makeBucket: BlockPublicAcls, which AWS is given besides, is left out. Ceph 16
// refuses every PutObject under it, for it compares the ACL the wrong way round.
//
// A request without credentials looks among the buckets without a tenant, and
// finds one of that name there, in which nothing lies: workers ask that way
// whether their bucket answers, and being refused is an answer.
func (s *Server) makeBucket(ctx context.Context, b policy.Bucket) error {
	const block = `<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><BlockPublicAcls>false</BlockPublicAcls>` +
		`<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`
	for _, c := range []struct {
		as    credentials
		query string
		body  []byte
	}{
		{s.signpost, "", nil},
		{s.admin, "", nil},
		{s.admin, "?publicAccessBlock=", []byte(block)},
		{s.admin, "?policy=", b.Policy},
	} {
		if err := s.call(ctx, c.as, http.MethodPut, "/"+b.Name+c.query, c.body, ""); err != nil {
			return fmt.Errorf("PUT /%s%s: %w", b.Name, c.query, err)
		}
	}
	return nil
}
