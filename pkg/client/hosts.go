package client

import (
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/sts"
)

// HostsOf reads the hosts that a caller uses from a profile.
func HostsOf(p *profile.Profile) (Hosts, error) {
	var h Hosts
	var err error
	if h.Broker, err = p.Host("broker"); err != nil {
		return h, err
	}
	if h.Cred, err = p.Host("cred"); err != nil {
		return h, err
	}
	vault := p.Cloud.VaultRoleARN()
	h.Roles = map[string]string{"read": vault, "write": vault, "provision": p.Cloud.ProvisionRoleARN()}
	return h, nil
}

// STSOf opens the session service that a profile names.
func STSOf(p *profile.Profile) (*sts.Client, error) {
	return sts.New(sts.Config{Endpoint: p.Cloud.STSEndpoint, Region: p.Cloud.Region})
}
