package devstack

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The key sets with which roles are told whom to believe, below the directory
// of a stack.
const (
	capKeysFile    = "capability-keys.json"
	signerKeysFile = "signer-keys.json"
	workersFile    = "workers.json"
	emittersFile   = "emitters.json"
)

// RelayerFile holds the key of the account with which the stack's audit role
// anchors for operators that name it. It has funds.
const RelayerFile = "relayer.key"

// roleArguments are the flags with which each role is served: what a host in
// production would be given by its environment file. Every file is named, so
// that no variable of the environment can lead a stack to the keys and stores
// of another. The profile is told the signer's identity.
func roleArguments(c Config, pr *profile.Profile) (map[string][]string, error) {
	at := func(part ...string) string { return filepath.Join(append([]string{c.Dir}, part...)...) }
	k1, broker, signer := at("broker", "k1.pem"), at("broker", "identity.pem"), at("signer", "identity.pem")
	cred, memory := at("cred", "identity.pem"), at("memory", "identity.pem")
	if _, err := published(k1, at(capKeysFile)); err != nil {
		return nil, err
	}
	signerKey, err := published(signer, at(signerKeysFile))
	if err != nil {
		return nil, err
	}
	if err := listWorkers(at(workersFile), []listed{{service.Credentials, cred, pr.Hosts["cred"]}, {service.Memory, memory, pr.Hosts["memory"]}}); err != nil {
		return nil, err
	}
	if err := listEmitters(at(emittersFile), map[string]string{"broker": broker, "cred": cred, "memory": memory, "signer": signer}); err != nil {
		return nil, err
	}
	archive, archiver := ArchiveBucket, at(archiverFile)
	if c.Storage != nil {
		archive, archiver = "", ""
	}
	pr.Signers = []profile.Signer{{URL: pr.Hosts["signer"], Key: signerKey.Thumbprint()}}
	return map[string][]string{
		"broker": {"--broker-k1", k1, "--broker-k1-also", "", "--broker-k2", at("broker", "k2.pem"), "--broker-k2-also", "", "--broker-store", at("broker", "broker.db"), "--broker-postgres", "", "--operators", "any", "--broker-identity", broker, "--broker-audit-spool", at("broker", "spool")},
		"signer": {
			"--signer-keyring", at("signer", "keyring.age"), "--signer-passphrase-file", at("signer", "passphrase"), "--signer-kms-key", "", "--signer-kms-credentials", "",
			"--signer-cap-keys", at(capKeysFile), "--signer-identity", signer, "--signer-workers", at(workersFile), "--signer-peers", "", "--signer-audit-spool", at("signer", "spool"), "--signer-postgres", "",
			// Nothing is on its way for long within one process.
			"--signer-destroy-delay", "0s",
		},
		"audit": {
			"--audit-cap-keys", at(capKeysFile), "--audit-emitters", at(emittersFile), "--audit-operators", "any", "--audit-store", at("audit", "audit.db"),
			"--audit-flush-age", "300s", "--audit-flush-size", "10000", "--audit-relayer-key", at(RelayerFile), "--audit-postgres", "", "--audit-archive-bucket", archive, "--audit-archive-credentials", archiver, "--audit-anchor-interval", "1s",
		},
		"cred":   {"--cap-keys", at(capKeysFile), "--cred-signer-keys", at(signerKeysFile), "--cred-identity", cred, "--cred-store", at("cred", "cred.db"), "--cred-postgres", "", "--cred-audit-spool", at("cred", "spool")},
		"memory": {"--memory-cap-keys", at(capKeysFile), "--memory-signer-keys", at(signerKeysFile), "--memory-identity", memory, "--memory-store", at("memory", "memory.db"), "--memory-postgres", "", "--memory-audit-spool", at("memory", "spool")},
	}, nil
}

// identity opens a key file, and makes it once.
func identity(path string) (jose.PublicKey, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return jose.PublicKey{}, err
	}
	k, err := jose.OpenKey(path, jose.GenerateKey)
	return k.Public(), err
}

// published writes the public half of a key as a key set.
func published(key, set string) (jose.PublicKey, error) {
	k, err := identity(key)
	if err != nil {
		return k, err
	}
	s, err := jose.NewKeySet(k)
	if err != nil {
		return k, err
	}
	b, err := strictjson.Encode(s.JWKS())
	if err != nil {
		return k, err
	}
	return k, files.Replace(set, b)
}

// listed is a worker as the signer is told of it: its class, its identity key's file
// and its address.
type listed struct {
	class    service.Class
	key, url string
}

// listWorkers writes the file that tells the signer which workers may ask.
func listWorkers(file string, workers []listed) error {
	out := dek.WorkersFile{Format: dek.WorkersFormat}
	for _, w := range workers {
		k, err := identity(w.key)
		if err != nil {
			return err
		}
		s, err := jose.NewKeySet(k)
		if err != nil {
			return err
		}
		out.Workers = append(out.Workers, dek.WorkerFile{Class: w.class, URLs: []string{w.url}, Keys: s.JWKS()})
	}
	b, err := strictjson.Encode(out)
	if err != nil {
		return err
	}
	return files.Replace(file, b)
}

// listEmitters writes the file that tells the audit role which roles hand in
// events: the identity key's file by role.
func listEmitters(file string, keys map[string]string) error {
	out := api.AuditEmitters{Format: api.AuditEmittersFormat}
	for _, role := range slices.Sorted(maps.Keys(keys)) {
		k, err := identity(keys[role])
		if err != nil {
			return err
		}
		s, err := jose.NewKeySet(k)
		if err != nil {
			return err
		}
		out.Emitters = append(out.Emitters, api.AuditEmitter{Role: role, Keys: s.JWKS()})
	}
	b, err := strictjson.Encode(out)
	if err != nil {
		return err
	}
	return files.Replace(file, b)
}
