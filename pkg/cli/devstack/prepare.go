package devstack

import (
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/profile"
)

// recoveryDelay of the development registry. Production takes 48 hours.
const recoveryDelay = time.Minute

// The names of the development cloud.
const (
	region        = "us-east-1"
	accountID     = "000000000000"
	vaultBucket   = "agentkeys-vault"
	vaultRole     = "agentkeys-vault"
	provisionRole = "agentkeys-provision"
	// maintenanceRole is taken by the cloud's one user, for re-encrypting.
	maintenanceRole = "agentkeys-maintenance"
	maintenanceUser = "keeper"

	memoryBucket          = "agentkeys-memory"
	memoryRole            = "agentkeys-memory"
	memoryMaintenanceRole = "agentkeys-memory-maintenance"
	// archiverUser writes the archive of the audit log, and does nothing else.
	archiverUser = "archiver"
)

// ArchiveBucket is where the stack's audit role copies confirmed batches to.
const ArchiveBucket = "agentkeys-audit-archive"

// MaintenanceFile holds the keys of the cloud's one user, in the form of
// credential_process.
const MaintenanceFile = "maintenance.json"

// archiverFile holds those of the user that writes the archive.
const archiverFile = "archiver.json"

// prepare returns the profile of the stack: the one that is there, if its
// contracts are, or a new one after deploying them.
func prepare(ctx context.Context, c Config, rpc string, p *ports) (*profile.Profile, error) {
	path := ProfileFile(c.Dir)
	if err := checkKeyring(c.Dir); err != nil {
		return nil, err
	}
	have, err := profile.Load(path)
	if err == nil {
		// Ports may have moved; the contracts have not.
		fill(c, have, rpc, p)
		if err := errors.Join(have.CheckContracts(chain.ContractsVersion), chain.CheckContracts(ctx, have.ChainProfile())); err != nil {
			return nil, fmt.Errorf("the state in %s belongs to other contracts: %w\n  nothing was changed; `agentkeys dev --reset` starts anew", c.Dir, err)
		}
		return have, errors.Join(makeRelayer(ctx, c.Dir, have.ChainProfile()), have.Save(path))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	pr := &profile.Profile{Version: profile.Version, Environment: profile.Development}
	fill(c, pr, rpc, p)
	if err := makeRelayer(ctx, c.Dir, pr.ChainProfile()); err != nil {
		return nil, err
	}
	key, err := ownKey(filepath.Join(c.Dir, "deployer.key"))
	if err != nil {
		return nil, err
	}
	at, err := deploy(ctx, pr.ChainProfile(), key)
	if err != nil {
		return nil, err
	}
	pr.Contracts = profile.Contracts{
		Version: chain.ContractsVersion, Registry: profile.Address(at.Registry), Scope: profile.Address(at.Scope), Audit: profile.Address(at.Audit), Epoch: profile.Address(at.Epoch),
		K11Verifier: profile.Address(at.K11Verifier), P256Router: profile.Address(at.P256Router), P256Verifier: profile.Address(at.P256Verifier),
	}
	return pr, pr.Save(path)
}

// checkKeyring refuses the state of a version in which the worker held the keys:
// starting over it would make new ones, and what is stored could not be read.
func checkKeyring(dir string) error {
	_, old := os.Stat(filepath.Join(dir, "cred", "keyring.json"))
	_, sealed := os.Stat(filepath.Join(dir, "signer", "keyring.age"))
	if old == nil && errors.Is(sealed, fs.ErrNotExist) {
		return fmt.Errorf("the state in %s is of a version in which the worker held the keys; nothing was changed, `agentkeys dev --reset` starts anew", dir)
	}
	return nil
}

func fill(c Config, pr *profile.Profile, rpc string, p *ports) {
	roles, cloud := "http://"+p.roles.Addr().String(), "http://"+p.cloud.Addr().String()
	if c.Storage != nil {
		cloud = c.Storage.Endpoint
	}
	pr.Chain = profile.Chain{Name: "dev", ChainID: devchain.ChainID, RPC: []string{rpc}, MaxHeadAgeSeconds: 15, PollMilliseconds: 200}
	pr.Hosts = map[string]string{"broker": roles, "cred": roles, "memory": roles, "signer": roles, "audit": roles}
	maps.Copy(pr.Hosts, p.apart)
	pr.Cloud = profile.Cloud{
		Region: region, AccountID: accountID, S3Endpoint: cloud, STSEndpoint: cloud, IAMEndpoint: cloud,
		VaultBucket: vaultBucket, VaultRole: vaultRole, ProvisionRole: provisionRole, MaintenanceRole: maintenanceRole,
		MemoryBucket: memoryBucket, MemoryRole: memoryRole, MemoryMaintenanceRole: memoryMaintenanceRole,
	}
	pr.OIDCIssuer, pr.CapIssuer = roles, roles
}

// deploy funds the deployer, which is also governance here, and makes the
// contracts.
func deploy(ctx context.Context, p chain.Profile, key *ecdsa.PrivateKey) (chain.Contracts, error) {
	addr := crypto.PubkeyToAddress(key.PublicKey)
	if _, err := chain.FundFromFaucet(ctx, p, addr); err != nil {
		return chain.Contracts{}, err
	}
	t, err := chain.NewTransactor(p, chain.KeySigner(key))
	if err != nil {
		return chain.Contracts{}, err
	}
	defer t.Close()
	at, err := chain.Deploy(ctx, t, chain.Deployment{Governance: addr, RecoveryDelay: recoveryDelay})
	if err != nil {
		return chain.Contracts{}, fmt.Errorf("deploying the contracts: %w", err)
	}
	return at, nil
}

// makeRelayer makes the key of the relayer, once, and gives it funds.
func makeRelayer(ctx context.Context, dir string, p chain.Profile) error {
	path := filepath.Join(dir, RelayerFile)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	k, err := ownKey(path)
	if err != nil {
		return err
	}
	_, err = chain.FundFromFaucet(ctx, p, crypto.PubkeyToAddress(k.PublicKey))
	return err
}

// ownKey opens a key of the stack's own, and makes it once.
func ownKey(path string) (*ecdsa.PrivateKey, error) {
	held, err := files.Read(path)
	if err == nil {
		return crypto.HexToECDSA(strings.TrimSpace(string(held.Reveal())))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key, err := crypto.GenerateKey()
	if err != nil {
		return nil, err
	}
	return key, files.Create(path, []byte(hex.EncodeToString(crypto.FromECDSA(key))+"\n"))
}
