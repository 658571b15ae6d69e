package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// issuerKeys reads what the issuer publishes, as the cloud does.
func (s *stand) issuerKeys(ctx context.Context) (jose.KeySet, error) {
	c := &api.Client{HTTP: api.NewHTTPClient(), Now: s.Now}
	text, err := c.Get(ctx, s.profile.OIDCIssuer+oidc.PathDiscovery)
	if err != nil {
		return jose.KeySet{}, err
	}
	var d oidc.Discovery
	if err := strictjson.DecodeAnswer(text, &d); err != nil {
		return jose.KeySet{}, fmt.Errorf("the discovery document: %w", err)
	}
	if d.Issuer != s.profile.OIDCIssuer || d.JWKSURI != s.profile.OIDCIssuer+oidc.PathJWKS {
		return jose.KeySet{}, fmt.Errorf("the discovery document is of issuer %q with keys at %q; the profile says %s", d.Issuer, d.JWKSURI, s.profile.OIDCIssuer)
	}
	if text, err = c.Get(ctx, d.JWKSURI); err != nil {
		return jose.KeySet{}, err
	}
	return jose.ParseKeySet(text)
}

func (s *stage1) cloudIdentity(ctx context.Context) (string, error) {
	keys, err := s.issuerKeys(ctx)
	if err != nil {
		return "", err
	}
	if err := s.strangerRefused(ctx, service.Credentials, oidc.AccessRead); err != nil {
		return "", err
	}
	return fmt.Sprintf("issuer %s, %d key; STS refuses the same words under another key", s.profile.OIDCIssuer, len(keys.Keys())), nil
}

func (s *stage1) buckets(ctx context.Context) (string, error) {
	var found []string
	seen := map[string]bool{}
	for _, class := range []service.Class{service.Credentials, service.Memory} {
		store, at, err := s.bucketOf(class)
		if err != nil {
			return "", err
		}
		if err := closedToStrangers(ctx, store); err != nil {
			return "", fmt.Errorf("bucket %s: %w", at.Bucket, err)
		}
		if seen[at.Bucket] || seen[at.Role] {
			return "", fmt.Errorf("%s shares bucket %s or role %s with another class", class, at.Bucket, at.Role)
		}
		seen[at.Bucket], seen[at.Role] = true, true
		for _, access := range []oidc.Access{oidc.AccessRead, oidc.AccessWrite, oidc.AccessProvision} {
			if access == oidc.AccessProvision && at.ProvisionRole == "" {
				continue
			}
			if err := s.strangerRefused(ctx, class, access); err != nil {
				return "", err
			}
		}
		found = append(found, fmt.Sprintf("%s in %s under role %s", class, at.Bucket, at.Role))
	}
	if err := s.provisioned(ctx); err != nil {
		return "", err
	}
	return strings.Join(found, ", ") + "; aws provision would change nothing", nil
}

// provisioned holds that the account is as the profile's policies ask for. Only
// somebody with the administrator's keys can see that.
func (s *stage1) provisioned(ctx context.Context) error {
	args := []string{"aws", "provision", "--dry-run"}
	if s.CloudKeys != "" {
		args = append(args, "--credentials", s.CloudKeys)
	} else if _, err := os.Stat(filepath.Join(filepath.Dir(s.profilePath), devstack.AdministratorFile)); err != nil {
		return lacking("nobody gave keys that may read roles and policies: name them with --cloud-credentials FILE")
	}
	var plan struct {
		Done    bool               `json:"already_done"`
		Changes []provision.Change `json:"changes"`
	}
	if err := s.answer(ctx, &plan, args...); err != nil {
		return err
	}
	var missing []string
	for _, c := range plan.Changes {
		missing = append(missing, c.Resource+": "+c.Setting)
	}
	if !plan.Done || len(missing) > 0 {
		return fmt.Errorf("the account is not as the policies ask for: %s", strings.Join(missing, ", "))
	}
	return nil
}

// otherBucket uses the genuine session of the vault, of the very actor whose
// folder it is, on the bucket of memories.
func (s *stage1) otherBucket(ctx context.Context) (string, error) {
	vault, _, err := s.bucketOf(service.Credentials)
	if err != nil {
		return "", err
	}
	other, at, err := s.bucketOf(service.Memory)
	if err != nil {
		return "", err
	}
	reads, err := s.agent.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: string(oidc.AccessRead)})
	if err != nil {
		return "", err
	}
	writes, err := s.operator.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Actor: s.actor, Access: string(oidc.AccessProvision)})
	if err != nil {
		return "", err
	}
	key, _, err := s.objectKey(s.actor)
	if err != nil {
		return "", err
	}
	if _, err := vault.Open(reads).Get(ctx, key); err != nil {
		return "", fmt.Errorf("the session does not even open the vault: %w", err)
	}
	err = errors.Join(
		denied("get", second(other.Open(reads).Get(ctx, key))),
		denied("put", other.Open(writes).Put(ctx, key, []byte("x"))),
		denied("delete", other.Open(writes).Delete(ctx, key)),
	)
	return fmt.Sprintf("403 %s to get, put and delete the actor's own names in %s; in the vault the same session reads", accessDenied, at.Bucket), err
}
