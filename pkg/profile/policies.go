package profile

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/service"
)

// Policies are the parameters of everything that the account's policies say: of
// each data class that has a bucket, for the issuer of this profile. TLS is asked
// for where storage is Amazon's: others may not know the condition.
func (p *Profile) Policies() (policy.Params, error) {
	if err := p.RequireServices(); err != nil {
		return policy.Params{}, err
	}
	provider, err := policy.ProviderOf(p.OIDCIssuer)
	if err != nil {
		return policy.Params{}, fmt.Errorf("oidc_issuer: %w", err)
	}
	out := policy.Params{
		Partition: p.Cloud.partition(), AccountID: p.Cloud.AccountID, Provider: provider,
		Sources: policy.Sources(p.Cloud.WorkerSources), TLS: p.Cloud.IsAmazon(),
	}
	for _, class := range []service.Class{service.Credentials, service.Memory} {
		if s, ok := p.Cloud.Storage(class); ok {
			out.Classes = append(out.Classes, policy.Class{
				Class: class, Bucket: s.Bucket, Role: s.Role, ProvisionRole: s.ProvisionRole, MaintenanceRole: s.MaintenanceRole,
			})
		}
	}
	return out, nil
}

// IsAmazon reports whether storage is Amazon's own, directly or through a VPC
// endpoint, rather than something that speaks its protocol.
func (c Cloud) IsAmazon() bool {
	u, err := url.Parse(c.S3Endpoint)
	return c.S3Endpoint == "" || err == nil && (strings.HasSuffix(u.Hostname(), ".amazonaws.com") || strings.HasSuffix(u.Hostname(), ".amazonaws.com.cn"))
}

// checkSources wants, in production, addresses that storage can see: a private
// one never arrives there, and would lock everybody out.
func (p *Profile) checkSources(v *problems) {
	s := p.Cloud.WorkerSources
	if err := policy.Sources(s).Check(); err != nil {
		v.add("cloud.worker_sources: %s", err)
		return
	}
	for i, c := range s.CIDRs {
		a := netip.MustParsePrefix(c).Addr()
		if p.Environment != Development && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()) {
			v.add("cloud.worker_sources.cidrs[%d]: storage never sees addresses of %s; name the public ones, or the VPC endpoint", i, c)
		}
	}
}
