package profile

import (
	"fmt"
	"slices"
	"strings"
)

// HostRoles are the roles that callers reach by URL. The companion is not
// among them: it runs on loopback beside a person and never has a name in DNS.
func HostRoles() []string {
	return []string{"broker", "signer", "audit", "email", "cred", "memory"}
}

// Host is the origin of a role: the one in Hosts, or https://<role>.<domain>.
func (p *Profile) Host(role string) (string, error) {
	if !slices.Contains(HostRoles(), role) {
		return "", fmt.Errorf("%w: %q is not one of the roles %s", ErrInvalid, clip(role), strings.Join(HostRoles(), ", "))
	}
	if u, ok := p.Hosts[role]; ok {
		return u, nil
	}
	if p.Domain != "" {
		return "https://" + role + "." + p.Domain, nil
	}
	return "", fmt.Errorf("%w: hosts.%s: the profile names neither this host nor a domain", ErrInvalid, role)
}
