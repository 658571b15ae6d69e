package chain

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
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
	// Quorum is how many of them must agree; 0 = all. Less than all takes
	// three endpoints, and more than half of them.
	Quorum int
	// Wake are WebSocket endpoints that announce new blocks, so that they are
	// looked for at once. What they announce is not believed.
	Wake []string
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
	for i, s := range p.RPC {
		if !hasScheme(s, "http", "https") {
			bad("chain: the RPC endpoint must be an http or https URL")
		}
		if slices.Index(p.RPC, s) < i {
			bad("chain: an RPC endpoint is named twice, and would vote twice")
		}
	}
	for _, s := range p.Wake {
		if !hasScheme(s, "ws", "wss") {
			bad("chain: an endpoint that announces blocks must be a ws or wss URL")
		}
	}
	if err := CheckQuorum(p.Quorum, len(p.RPC)); err != nil {
		bad("chain: %w", err)
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

func hasScheme(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

// CheckQuorum refuses a quorum that two contradicting answers could both
// reach, or that one endpoint alone is (SPEC section 9); 0 is all.
func CheckQuorum(k, endpoints int) error {
	if k == 0 || k == endpoints || (endpoints >= 3 && k > endpoints/2 && k < endpoints) {
		return nil
	}
	return fmt.Errorf("a quorum of %d of %d RPC endpoints is neither all of them, nor more than half of at least three", k, endpoints)
}
