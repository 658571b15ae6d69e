package policy

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
)

// Sources are where the workers' calls to storage come from. A call is from one
// of them if it came through one of the VPC endpoints or from an address in one
// of the ranges (AWS IAM user guide, "AWS global condition context keys":
// aws:SourceVpce, aws:SourceIp).
type Sources struct {
	VPCEndpoints []string // ids, such as vpce-0123456789abcdef0
	// CIDRs are ranges of public addresses, such as 198.51.100.16/28. What comes
	// through a VPC endpoint has no source address for storage.
	CIDRs []string
}

// maxSources bounds each list: a bucket policy has at most 20 KiB (S3 user guide).
const maxSources = 32

var vpcEndpoint = regexp.MustCompile(`^vpce-[0-9a-f]{8,32}$`)

// IsZero reports whether nothing is restricted.
func (s Sources) IsZero() bool { return len(s.VPCEndpoints)+len(s.CIDRs) == 0 }

// Check refuses, as ErrInvalid, what is no endpoint or range, stands there
// twice, or is a range of everybody.
func (s Sources) Check() error {
	if len(s.VPCEndpoints) > maxSources || len(s.CIDRs) > maxSources {
		return fmt.Errorf("%w: more than %d sources", ErrInvalid, maxSources)
	}
	for i, v := range s.VPCEndpoints {
		if !vpcEndpoint.MatchString(v) {
			return fmt.Errorf("%w: source %q is no id of a VPC endpoint", ErrInvalid, v)
		}
		if slices.Contains(s.VPCEndpoints[:i], v) {
			return fmt.Errorf("%w: source %s is named twice", ErrInvalid, v)
		}
	}
	for i, v := range s.CIDRs {
		p, err := netip.ParsePrefix(v)
		switch {
		case err != nil, p.Addr().Is4In6(), p.Masked().String() != v:
			return fmt.Errorf("%w: source %q is no range of addresses such as 198.51.100.16/28, with zeros after the prefix", ErrInvalid, v)
		case p.Bits() == 0:
			return fmt.Errorf("%w: source %s is everybody", ErrInvalid, v)
		case slices.Contains(s.CIDRs[:i], v):
			return fmt.Errorf("%w: source %s is named twice", ErrInvalid, v)
		}
	}
	return nil
}

// elsewhere is the condition that a call is from none of the sources. Both
// operators also hold when their key is absent, and only together: whoever comes
// through an endpoint has no address, whoever has an address came through none.
type elsewhere struct {
	Endpoint map[string][]string `json:"StringNotEquals,omitzero"`
	Address  map[string][]string `json:"NotIpAddress,omitzero"`
}

func (s Sources) elsewhere() *elsewhere {
	if s.IsZero() {
		return nil
	}
	e := new(elsewhere)
	if len(s.VPCEndpoints) > 0 {
		e.Endpoint = map[string][]string{"aws:SourceVpce": s.VPCEndpoints}
	}
	if len(s.CIDRs) > 0 {
		e.Address = map[string][]string{"aws:SourceIp": s.CIDRs}
	}
	return e
}
