// Package profile is the one profile file: the single source of addresses,
// endpoints and names that a command, a role or a demo uses (SPEC sections 6,
// 8 and 11).
//
// Laws:
//   - Decoding is strict: a member that is not known, or stands there twice,
//     is a typing error that must not silently become a default.
//   - The environment is production unless the file says development, and a
//     profile of chain 212013 is never anything else.
//   - [Profile.Validate] names everything that is wrong at once.
//   - Nothing in a profile is secret. It is written with mode 0644, atomically;
//     URLs with credentials in them are refused.
//
// It does not ask the chain or the cloud whether what it names exists, and it
// does not know which flag or variable overrides it.
package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Version is the version of the file format that this package reads and writes.
const Version = 1

// maxSize bounds a profile file; a real one takes about 1.5 KiB.
const maxSize = 64 << 10

// ErrInvalid is wrapped by every refusal of a profile's content.
var ErrInvalid = errors.New("invalid profile")

// ErrContractsVersion says that the profile names contracts which another
// version of this program deployed.
var ErrContractsVersion = errors.New("contracts of another version")

// Environment is how much this profile is trusted with.
type Environment string

// The environments. Only dev and demo write Development.
const (
	Production  Environment = "production"
	Development Environment = "development"
)

// Profile is the content of the file.
type Profile struct {
	Version     int         `json:"version"`
	Environment Environment `json:"environment,omitzero"`
	Chain       Chain       `json:"chain"`
	Contracts   Contracts   `json:"contracts"`
	// Domain gives a role that Hosts does not name its URL: https://<role>.<domain>.
	Domain string `json:"domain,omitzero"`
	// Hosts are the origins of roles by role name, such as
	// "broker": "http://127.0.0.1:8091".
	Hosts map[string]string `json:"hosts,omitzero"`
	Cloud Cloud             `json:"cloud,omitzero"`
	// Signers are the hosts that hold the keys of the epochs. Whoever keeps the
	// keys asks each of them by its own address; workers ask hosts.signer.
	Signers []Signer `json:"signers,omitzero"`
	// OIDCIssuer stands in the trust policies of the cloud account.
	OIDCIssuer string `json:"oidc_issuer,omitzero"`
	// CapIssuer stands in every capability token.
	CapIssuer string `json:"cap_issuer,omitzero"`
}

// Chain says which chain, through whom, and how fresh it must be.
type Chain struct {
	Name              string   `json:"name"`
	ChainID           uint64   `json:"chain_id"`
	RPC               []string `json:"rpc"`
	Quorum            int      `json:"quorum,omitzero"` // 0: all must agree
	Wake              []string `json:"wake,omitzero"`   // WebSocket endpoints that announce blocks
	Confirmations     uint64   `json:"confirmations"`
	MaxHeadAgeSeconds int      `json:"max_head_age_seconds"`
	PollMilliseconds  int      `json:"poll_milliseconds,omitzero"` // 0: the chain package's default
}

// Signer is one signer host.
type Signer struct {
	URL string `json:"url"` // origin
	// Key is the RFC 7638 thumbprint of its identity key.
	Key string `json:"key"`
}

// Contracts are the addresses of one deployment. Version is that of the
// contracts themselves, so that what an older one left behind is recognised.
type Contracts struct {
	Version      int     `json:"version"`
	Registry     Address `json:"registry"`
	Scope        Address `json:"scope"`
	Audit        Address `json:"audit"`
	Epoch        Address `json:"epoch"`
	K11Verifier  Address `json:"k11_verifier"`
	P256Router   Address `json:"p256_router"`
	P256Verifier Address `json:"p256_verifier"`
}

// Parse reads a profile and validates it. An absent environment reads as
// Production.
func Parse(data []byte) (*Profile, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrInvalid, maxSize)
	}
	p := new(Profile)
	if err := strictjson.Decode(data, p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if p.Environment == "" {
		p.Environment = Production
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// Load reads the profile file at path. A missing file is fs.ErrNotExist.
func Load(path string) (*Profile, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the profile: %w", err)
	}
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// Save validates the profile and writes it to path with mode 0644. A reader,
// and a machine that stops at any moment, finds the old file or the new one.
func (p *Profile) Save(path string) error {
	data, err := p.Encode()
	if err != nil {
		return err
	}
	if err := replace(path, data); err != nil {
		return fmt.Errorf("writing the profile: %w", err)
	}
	return nil
}

// Encode validates the profile and renders the file that Parse reads.
func (p *Profile) Encode() ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	c := *p
	if c.Environment == "" {
		c.Environment = Production
	}
	compact, err := strictjson.Encode(&c)
	if err != nil {
		return nil, fmt.Errorf("encoding the profile: %w", err)
	}
	return indent(compact), nil
}

// IsDevelopment reports whether software passkeys, file-backed data keys and
// other means of development may be used. Anything unclear is production.
func (p *Profile) IsDevelopment() bool {
	return p.Environment == Development && p.Chain.ChainID != chain.HeimaChainID
}

// CheckContracts refuses state that another contract version left behind.
func (p *Profile) CheckContracts(current int) error {
	switch v := p.Contracts.Version; {
	case v < current:
		return fmt.Errorf("%w: the profile's contracts have version %d, older than this program's %d", ErrContractsVersion, v, current)
	case v > current:
		return fmt.Errorf("%w: the profile's contracts have version %d, newer than this program's %d", ErrContractsVersion, v, current)
	}
	return nil
}

// ChainProfile is what the chain package needs to know.
func (p *Profile) ChainProfile() chain.Profile {
	c, k := p.Chain, p.Contracts
	return chain.Profile{
		Name: c.Name, ChainID: c.ChainID, RPC: append([]string(nil), c.RPC...), Quorum: c.Quorum,
		Wake: append([]string(nil), c.Wake...), Confirmations: c.Confirmations,
		MaxHeadAge:   time.Duration(c.MaxHeadAgeSeconds) * time.Second,
		PollInterval: time.Duration(c.PollMilliseconds) * time.Millisecond,
		Contracts: chain.Contracts{
			Registry: k.Registry.Common(), Scope: k.Scope.Common(), Audit: k.Audit.Common(), Epoch: k.Epoch.Common(),
			K11Verifier: k.K11Verifier.Common(), P256Router: k.P256Router.Common(), P256Verifier: k.P256Verifier.Common(),
		},
	}
}

// Fingerprint names the content of the profile: it changes when anything in it
// changes. Sessions are cached under it, so that none outlives the endpoints
// that it was obtained from.
func (p *Profile) Fingerprint() (string, error) {
	data, err := p.Encode()
	if err != nil {
		return "", err
	}
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:16]), nil
}

// replace is an atomic, durable write of a file that everybody may read.
func replace(path string, data []byte) (err error) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close() // closed already unless something failed before
			_ = os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil { // regardless of the umask
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return dir.Sync()
}
