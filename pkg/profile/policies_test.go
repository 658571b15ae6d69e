package profile_test

import (
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestPolicies: what the account's policies are about follows from the profile.
func TestPolicies(t *testing.T) {
	p := production()
	p.OIDCIssuer = "https://broker.keys.example.com"
	p.Cloud.WorkerSources.CIDRs = []string{"198.51.100.0/24"}
	got, err := p.Policies()
	if err != nil {
		t.Fatal(err)
	}
	if got.Provider != "broker.keys.example.com" || got.AccountID != p.Cloud.AccountID || !slices.Equal(got.Sources.CIDRs, p.Cloud.WorkerSources.CIDRs) {
		t.Errorf("%+v", got)
	}
	if len(got.Classes) != 1 || got.Classes[0].Class != service.Credentials || got.Classes[0].Bucket != p.Cloud.VaultBucket || got.Classes[0].ProvisionRole != p.Cloud.ProvisionRole {
		t.Errorf("%+v", got.Classes)
	}
	p.Cloud.MemoryBucket, p.Cloud.MemoryRole = "agentkeys-memory", "agentkeys-memory"
	if got, err = p.Policies(); err != nil || len(got.Classes) != 2 || got.Classes[1].Role != "agentkeys-memory" {
		t.Errorf("%+v, %v", got.Classes, err)
	}
	if _, err := policy.Render(got); err != nil {
		t.Error(err)
	}
	for region, want := range map[string]string{"eu-central-1": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"} {
		p.Cloud.Region = region
		if got, err := p.Policies(); err != nil || got.Partition != want {
			t.Errorf("%s: %s, %v", region, got.Partition, err)
		}
	}
	for endpoint, want := range map[string]bool{
		"": true, "https://bucket.vpce-1.s3.eu-central-1.vpce.amazonaws.com": true, "https://s3.cn-north-1.amazonaws.com.cn": true,
		"http://127.0.0.1:9400": false, "https://s3.example.com": false, "https://amazonaws.com.example.com": false,
	} {
		p.Cloud.S3Endpoint = endpoint
		if got, err := p.Policies(); err != nil || got.TLS != want {
			t.Errorf("%s: TLS %v, %v", endpoint, got.TLS, err)
		}
	}
	only := &profile.Profile{Version: profile.Version, Chain: p.Chain, Contracts: p.Contracts}
	if _, err := only.Policies(); err == nil {
		t.Error("a profile of the chain alone has policies")
	}
}
