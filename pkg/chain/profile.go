package chain

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// HeimaChainID is the production chain of the project. A profile with this
// chain id is always a production profile (SPEC section 11).
const HeimaChainID = 212013

// Contracts are the addresses of one deployment.
type Contracts struct {
	Registry     common.Address `json:"registry"`
	Scope        common.Address `json:"scope"`
	Audit        common.Address `json:"audit"`
	Epoch        common.Address `json:"epoch"`
	K11Verifier  common.Address `json:"k11_verifier"`
	P256Router   common.Address `json:"p256_router"`
	P256Verifier common.Address `json:"p256_verifier"`
}

// named lists the addresses with their names, in order of deployment.
func (c Contracts) named() []namedAddress {
	return []namedAddress{
		{"p256_verifier", c.P256Verifier},
		{"p256_router", c.P256Router},
		{"k11_verifier", c.K11Verifier},
		{"registry", c.Registry},
		{"scope", c.Scope},
		{"audit", c.Audit},
		{"epoch", c.Epoch},
	}
}

type namedAddress struct {
	name string
	addr common.Address
}

// Profile is what one must know to use a chain.
type Profile struct {
	Name    string
	ChainID uint64
	// RPC are the endpoints, http or https.
	RPC []string
	// Confirmations is how far the confirmed block lies behind the newest.
	Confirmations uint64
	// MaxHeadAge is the greatest age at which a head is still believed.
	MaxHeadAge time.Duration
	// PollInterval is how often a new head is looked for; 0 = DefaultPoll.
	PollInterval time.Duration
	Contracts    Contracts
}

// DefaultPoll is the poll interval of a profile that names none.
const DefaultPoll = 3 * time.Second

// MinHeadAge is the least MaxHeadAge that a profile may carry.
const MinHeadAge = 15 * time.Second

// maxConfirmations bounds how far behind the head a confirmed block may lie.
const maxConfirmations = 1000

// Check reports everything that is wrong with the profile at once.
func (p Profile) Check() error {
	var problems []error
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if p.ChainID == 0 {
		bad("chain: no chain id")
	}
	if len(p.RPC) == 0 {
		bad("chain: no RPC endpoint")
	}
	for _, s := range p.RPC {
		u, err := url.Parse(s)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			bad("chain: the RPC endpoint must be an http or https URL")
		}
	}
	if p.Confirmations > maxConfirmations {
		bad("chain: %d confirmations are more than %d", p.Confirmations, maxConfirmations)
	}
	if p.MaxHeadAge < MinHeadAge {
		bad("chain: a greatest head age of %s is less than %s", p.MaxHeadAge, MinHeadAge)
	}
	if p.PollInterval < 0 {
		bad("chain: a negative poll interval")
	}
	seen := map[common.Address]string{}
	for _, n := range p.Contracts.named() {
		if n.addr == (common.Address{}) {
			bad("chain: no address for contract %s", n.name)
			continue
		}
		if other, ok := seen[n.addr]; ok {
			bad("chain: contracts %s and %s have the same address", other, n.name)
		}
		seen[n.addr] = n.name
	}
	return errors.Join(problems...)
}
