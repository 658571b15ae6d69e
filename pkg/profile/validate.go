package profile

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/litentry/agentkeys/pkg/chain"
)

const (
	maxRPC           = 16
	maxConfirmations = 1000
	maxHeadAge       = time.Hour
	minPoll          = 50 * time.Millisecond
	maxPoll          = time.Minute
)

var (
	nameGrammar   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	regionGrammar = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)
	accountID     = regexp.MustCompile(`^[0-9]{12}$`)
	bucketGrammar = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)
	thumbprint    = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	roleGrammar   = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,64}$`)
)

// Validate returns every problem of the profile at once, each one a sentence
// that begins with the member it speaks of (errors.Join; each wraps
// ErrInvalid). What it accepts, chain.Profile.Check accepts too.
func (p *Profile) Validate() error {
	var v problems
	p.checkAllButContracts(&v)
	p.checkContracts(&v)
	return errors.Join(v.found...)
}

func (p *Profile) checkAllButContracts(v *problems) {
	if p.Version != Version {
		v.add("version: this program reads version %d, not %d", Version, p.Version)
	}
	p.checkEnvironment(v)
	p.checkChain(v)
	if p.ChainOnly() {
		return // whoever needs the rest asks: RequireServices
	}
	p.checkHosts(v)
	p.checkCloud(v)
	p.checkSigners(v)
	v.url("oidc_issuer", p.OIDCIssuer)
	v.url("cap_issuer", p.CapIssuer)
}

type problems struct{ found []error }

func (v *problems) add(format string, args ...any) {
	v.found = append(v.found, fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...)))
}

func (v *problems) url(member, s string) {
	if s == "" {
		v.add("%s: missing", member)
	} else if _, err := checkURL(s); err != nil {
		v.add("%s: %s", member, err)
	}
}

func (p *Profile) checkEnvironment(v *problems) {
	switch {
	case p.Environment != "" && p.Environment != Production && p.Environment != Development:
		v.add("environment: must be production or development, not %q", clip(string(p.Environment)))
	case p.Environment == Development && p.Chain.ChainID == chain.HeimaChainID:
		v.add("environment: chain %d is always production", chain.HeimaChainID)
	}
}

func (p *Profile) checkChain(v *problems) {
	c := p.Chain
	if !nameGrammar.MatchString(c.Name) {
		v.add("chain.name: must match %s", nameGrammar)
	}
	// A chain id above 2^53 would read differently in a JavaScript wallet.
	if c.ChainID == 0 || c.ChainID > 1<<53-1 {
		v.add("chain.chain_id: must be 1 to %d", uint64(1<<53-1))
	}
	if c.Confirmations > maxConfirmations {
		v.add("chain.confirmations: must be at most %d", maxConfirmations)
	}
	if c.Confirmations == 0 && p.Environment != Development {
		v.add("chain.confirmations: must be at least 1 in production, or a reorganisation could grant what never was")
	}
	if c.MaxHeadAgeSeconds < int(chain.MinHeadAge/time.Second) || c.MaxHeadAgeSeconds > int(maxHeadAge/time.Second) {
		v.add("chain.max_head_age_seconds: must be %d to %d", chain.MinHeadAge/time.Second, maxHeadAge/time.Second)
	}
	if ms := c.PollMilliseconds; ms != 0 && (ms < int(minPoll/time.Millisecond) || ms > int(maxPoll/time.Millisecond)) {
		v.add("chain.poll_milliseconds: must be absent or %d to %d", minPoll/time.Millisecond, maxPoll/time.Millisecond)
	}
	p.checkRPC(v)
}

// checkRPC wants, in production, two endpoints of different operators or one
// on loopback, and no stranger who alone is enough for the quorum: one stranger
// could invent the chain (SPEC section 9). Names under one registrable domain
// count as one operator.
func (p *Profile) checkRPC(v *problems) {
	rpc := p.Chain.RPC
	if len(rpc) == 0 {
		v.add("chain.rpc: names no endpoint")
		return
	}
	if len(rpc) > maxRPC {
		v.add("chain.rpc: names more than %d endpoints", maxRPC)
		return
	}
	strangers, local, sound := map[string]int{}, false, true
	for i, s := range rpc {
		u, err := checkURL(s)
		if err != nil {
			v.add("chain.rpc[%d]: %s", i, err)
			sound = false
			continue
		}
		if slices.Index(rpc, s) < i {
			v.add("chain.rpc[%d]: is named twice", i)
		}
		if isLoopback(u.Hostname()) {
			local = true
		} else {
			strangers[operatorOf(u.Hostname())]++
		}
	}
	p.checkWake(v)
	quorum := p.Chain.Quorum
	if err := chain.CheckQuorum(quorum, len(rpc)); err != nil {
		v.add("chain.quorum: %s", err)
		return
	}
	if quorum == 0 {
		quorum = len(rpc)
	}
	if !sound || p.Environment == Development {
		return
	}
	if !local && len(strangers) < 2 {
		v.add("chain.rpc: production needs two endpoints of different operators, or one on loopback")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(strangers)) {
		if strangers[name] >= quorum {
			v.add("chain.quorum: %d of %d can be reached by the endpoints of %s alone, who could then invent the chain", quorum, len(rpc), name)
		}
	}
}

// checkWake wants WebSocket URLs, under the rules of all others.
func (p *Profile) checkWake(v *problems) {
	if len(p.Chain.Wake) > maxRPC {
		v.add("chain.wake: names more than %d endpoints", maxRPC)
		return
	}
	for i, s := range p.Chain.Wake {
		rest, ok := strings.CutPrefix(s, "ws")
		if !ok {
			v.add("chain.wake[%d]: must begin with wss://, or ws:// on loopback", i)
		} else if _, err := checkURL("http" + rest); err != nil {
			v.add("chain.wake[%d]: read as http%s: %s", i, clip(rest), err)
		}
	}
}

func operatorOf(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

func (p *Profile) checkContracts(v *problems) {
	k := p.Contracts
	if k.Version < 1 {
		v.add("contracts.version: must be 1 or more")
	}
	seen := map[Address]string{}
	type named struct {
		name string
		addr Address
	}
	all := []named{
		{"registry", k.Registry},
		{"scope", k.Scope},
		{"epoch", k.Epoch},
		{"k11_verifier", k.K11Verifier},
		{"p256_router", k.P256Router},
		{"p256_verifier", k.P256Verifier},
	}
	// Version 1 had no audit contract; CheckContracts says so, in words that help.
	if k.Version > 1 {
		all = append(all, named{"audit", k.Audit})
	}
	for _, c := range all {
		other, twice := seen[c.addr]
		switch {
		case c.addr.IsZero():
			v.add("contracts.%s: missing", c.name)
		case twice:
			v.add("contracts.%s: has the same address as %s", c.name, other)
		default:
			seen[c.addr] = c.name
		}
	}
}

func (p *Profile) checkHosts(v *problems) {
	if p.Domain != "" && (!isDomain(p.Domain) || !strings.Contains(p.Domain, ".") || digits.MatchString(p.Domain)) {
		v.add("domain: must be a lower-case domain name such as keys.example.com")
	}
	for _, role := range slices.Sorted(maps.Keys(p.Hosts)) {
		if !slices.Contains(HostRoles(), role) {
			v.add("hosts: %q is not one of the roles %s", clip(role), strings.Join(HostRoles(), ", "))
		} else if err := checkOrigin(p.Hosts[role]); err != nil {
			v.add("hosts.%s: %s", role, err)
		}
	}
	// The loop cannot run without these two; the others are asked for when
	// they are used.
	for _, role := range []string{"broker", "cred"} {
		if _, named := p.Hosts[role]; !named && p.Domain == "" {
			v.add("hosts.%s: the profile names neither this host nor a domain", role)
		}
	}
}

// maxSigners bounds how many hosts one rotation hands a key to.
const maxSigners = 16

func (p *Profile) checkSigners(v *problems) {
	if len(p.Signers) > maxSigners {
		v.add("signers: names more than %d hosts", maxSigners)
		return
	}
	for i, s := range p.Signers {
		if err := checkOrigin(s.URL); err != nil {
			v.add("signers[%d].url: %s", i, err)
		}
		if !thumbprint.MatchString(s.Key) {
			v.add("signers[%d].key: must be the thumbprint of its identity key, 43 characters of base64url", i)
		}
		if slices.ContainsFunc(p.Signers[:i], func(o Signer) bool { return o.URL == s.URL || o.Key == s.Key }) {
			v.add("signers[%d]: is named twice", i)
		}
	}
}

func (p *Profile) checkCloud(v *problems) {
	c := p.Cloud
	if !regionGrammar.MatchString(c.Region) {
		v.add("cloud.region: must be a region such as eu-central-1")
	}
	if !accountID.MatchString(c.AccountID) {
		v.add("cloud.account_id: must be 12 digits")
	}
	if !bucketGrammar.MatchString(c.VaultBucket) {
		v.add("cloud.vault_bucket: must be 3 to 63 lower-case letters, digits and hyphens")
	}
	switch {
	case c.MemoryBucket == "" && c.MemoryRole+c.MemoryMaintenanceRole != "":
		v.add("cloud.memory_bucket: missing, although a role for it is named")
	case c.MemoryBucket != "" && !bucketGrammar.MatchString(c.MemoryBucket):
		v.add("cloud.memory_bucket: must be 3 to 63 lower-case letters, digits and hyphens")
	case c.MemoryBucket != "" && c.MemoryBucket == c.VaultBucket:
		v.add("cloud.memory_bucket: must differ from vault_bucket: each data class has a bucket of its own")
	}
	c.checkRoles(v)
	for _, e := range []struct{ member, url string }{{"s3_endpoint", c.S3Endpoint}, {"sts_endpoint", c.STSEndpoint}} {
		if e.url != "" || p.Environment == Development {
			v.url("cloud."+e.member, e.url)
		}
	}
	for _, e := range []struct{ member, url string }{{"kms_endpoint", c.KMSEndpoint}, {"iam_endpoint", c.IAMEndpoint}} {
		if e.url != "" {
			v.url("cloud."+e.member, e.url)
		}
	}
	p.checkSources(v)
}

// checkRoles wants a name of its own for each role: their trust differs. Role names
// are unique without regard to case.
func (c Cloud) checkRoles(v *problems) {
	type named struct {
		member, name string
		optional     bool
	}
	all := []named{
		{"vault_role", c.VaultRole, false},
		{"provision_role", c.ProvisionRole, false},
		{"maintenance_role", c.MaintenanceRole, true},
		{"memory_role", c.MemoryRole, c.MemoryBucket == ""},
		{"memory_maintenance_role", c.MemoryMaintenanceRole, true},
	}
	for i, r := range all {
		switch j := slices.IndexFunc(all[:i], func(o named) bool { return strings.EqualFold(o.name, r.name) }); {
		case r.name == "" && r.optional:
		case !roleGrammar.MatchString(r.name):
			v.add("cloud.%s: must be the name of a role, not its ARN (the account comes from account_id)", r.member)
		case j >= 0:
			v.add("cloud.%s: must differ from %s, whose trust is another", r.member, all[j].member)
		}
	}
}
