package client

import (
	"crypto/ecdsa"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
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
	if audit, err := p.Host("audit"); err == nil {
		h.Audit = audit
	}
	if memory, err := p.Host("memory"); err == nil {
		h.Memory = memory
	}
	h.Role = p.Cloud.SessionRoleARN
	return h, nil
}

// New returns the caller that holds key, at the hosts of a profile.
func New(p *profile.Profile, key *ecdsa.PrivateKey, cache Cache, now func() time.Time) (*Caller, error) {
	h, err := HostsOf(p)
	if err != nil {
		return nil, err
	}
	s, err := sts.New(sts.Config{Endpoint: p.Cloud.STSEndpoint, Region: p.Cloud.Region})
	if err != nil {
		return nil, err
	}
	return &Caller{API: &api.Client{HTTP: api.NewHTTPClient(), Now: now}, STS: s, Hosts: h, Key: key, Cache: cache, Now: now}, nil
}
