package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The chain ids of development: the chain of `agentkeys dev`, and anvil's.
const (
	DevChainID   = 310337
	AnvilChainID = 31337
)

// loopbackRPC is where the chains of development listen unless told otherwise.
const loopbackRPC = "http://127.0.0.1:8545"

// ChainNames are the chains that this program knows.
func ChainNames() []string { return []string{"heima", "dev", "anvil"} }

// known are the chains by name. No public endpoint stands here: whom to
// believe is its user's choice.
func known(name string) (Profile, bool) {
	switch name {
	case "heima":
		// A parachain with blocks every 6 or 12 s, final once the relay chain
		// finalised the block that includes theirs: half a minute to a minute.
		// Six blocks are at least that. They delay what was granted, never what
		// was revoked. The head may be three slow blocks old.
		return Profile{Environment: Production, Chain: Chain{Name: name, ChainID: chain.HeimaChainID, Confirmations: 6, MaxHeadAgeSeconds: 36}}, true
	case "dev":
		// One process seals at once and never reorganises.
		return Profile{Environment: Development, Chain: Chain{Name: name, ChainID: DevChainID, RPC: []string{loopbackRPC}, MaxHeadAgeSeconds: 15, PollMilliseconds: 200}}, true
	case "anvil":
		// It makes a block only for a transaction: its head may be old.
		return Profile{Environment: Development, Chain: Chain{Name: name, ChainID: AnvilChainID, RPC: []string{loopbackRPC}, MaxHeadAgeSeconds: 3600, PollMilliseconds: 200}}, true
	}
	return Profile{}, false
}

var chainName = regexp.MustCompile(`^[a-z0-9-]+$`)

// ForChain is the beginning of a profile: the chain of that name, or the chain
// and the contracts of a file, which is a profile or as much of one. rpc, if
// given, are the endpoints. A file is for production, whatever it says.
func ForChain(nameOrFile string, rpc []string) (*Profile, error) {
	p, ok := known(nameOrFile)
	if !ok {
		file, err := chainFile(nameOrFile)
		if errors.Is(err, fs.ErrNotExist) && chainName.MatchString(nameOrFile) {
			return nil, fmt.Errorf("there is no chain %q, nor a file of that name: chains are %s, or a file", nameOrFile, strings.Join(ChainNames(), ", "))
		}
		if err != nil {
			return nil, fmt.Errorf("reading the chain: %w", err)
		}
		p = Profile{Environment: Production, Chain: file.Chain, Contracts: file.Contracts}
	}
	p.Version = Version
	if len(rpc) > 0 {
		p.Chain.RPC = slices.Clone(rpc)
	}
	if len(p.Chain.RPC) == 0 {
		return nil, fmt.Errorf("chain %s has no endpoint: name yours with --rpc URL, two of different operators or one on loopback", p.Chain.Name)
	}
	var v problems
	p.checkEnvironment(&v)
	p.checkChain(&v)
	if p.Environment == Development {
		for i, u := range p.Chain.RPC {
			if parsed, err := checkURL(u); err == nil && !isLoopback(parsed.Hostname()) {
				v.add("chain.rpc[%d]: chain %s is for development on this machine: its endpoint must be on loopback", i, p.Chain.Name)
			}
		}
	}
	if err := errors.Join(v.found...); err != nil {
		return nil, err
	}
	return &p, nil
}

func chainFile(path string) (*Profile, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s: %w: larger than %d bytes", path, ErrInvalid, maxSize)
	}
	p := new(Profile)
	if err := strictjson.Decode(data, p); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrInvalid, err)
	}
	if p.Version != Version {
		return nil, fmt.Errorf("%s: %w: version: this program reads version %d, not %d", path, ErrInvalid, Version, p.Version)
	}
	return p, nil
}

// LoadDraft reads a profile whose contracts may be absent: what a deployment
// completes. A missing file is fs.ErrNotExist.
func LoadDraft(path string) (*Profile, error) {
	p, err := chainFile(path)
	if err != nil {
		return nil, err
	}
	if p.Environment == "" {
		p.Environment = Production
	}
	if err := p.ValidateDraft(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// ValidateDraft is Validate for a profile whose contracts may be absent.
func (p *Profile) ValidateDraft() error {
	var v problems
	p.checkAllButContracts(&v)
	return errors.Join(v.found...)
}

// SetContracts records a deployment of the given version.
func (p *Profile) SetContracts(c chain.Contracts, version int) error {
	// Both types are the same list under the same names.
	data, err := strictjson.Encode(c)
	if err != nil {
		return fmt.Errorf("recording the contracts: %w", err)
	}
	var out Contracts
	if err := strictjson.Decode(data, &out); err != nil {
		return fmt.Errorf("recording the contracts: %w", err)
	}
	out.Version = version
	p.Contracts = out
	return nil
}

// HasContracts reports whether the profile names a deployment.
func (p *Profile) HasContracts() bool { return p.Contracts != (Contracts{}) }

// ChainOnly reports whether the profile names a chain and nothing that runs
// beside it: what `contracts deploy` writes where there is no system yet.
func (p *Profile) ChainOnly() bool {
	return p.Domain == "" && len(p.Hosts) == 0 && reflect.ValueOf(p.Cloud).IsZero() && p.OIDCIssuer == "" && p.CapIssuer == ""
}

// RequireServices refuses a profile that names only a chain.
func (p *Profile) RequireServices() error {
	if p.ChainOnly() {
		return fmt.Errorf("%w: it names the chain only: domain or hosts, cloud, oidc_issuer and cap_issuer are missing", ErrInvalid)
	}
	return nil
}

// readFile reads no more than a profile can have.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}
