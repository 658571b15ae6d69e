package profile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/profile"
)

// Each case breaks one thing of a profile that is otherwise accepted.
func TestValidateNamesTheProblem(t *testing.T) {
	for want, break1 := range map[string]func(p *profile.Profile){
		"version: this program":                    func(p *profile.Profile) { p.Version = 0 },
		"environment: must be":                     func(p *profile.Profile) { p.Environment = "Development" },
		"chain.name: must match":                   func(p *profile.Profile) { p.Chain.Name = "Heima\x1b[2J" },
		"chain.chain_id: must be 1":                func(p *profile.Profile) { p.Chain.ChainID = 0 },
		"chain.chain_id: must be":                  func(p *profile.Profile) { p.Chain.ChainID = 1 << 53 },
		"chain.confirmations: must be at most":     func(p *profile.Profile) { p.Chain.Confirmations = 1001 },
		"chain.confirmations: must be at least 1":  func(p *profile.Profile) { p.Chain.Confirmations = 0 },
		"chain.max_head_age_seconds: must be 15":   func(p *profile.Profile) { p.Chain.MaxHeadAgeSeconds = 14 },
		"chain.max_head_age_seconds: must be":      func(p *profile.Profile) { p.Chain.MaxHeadAgeSeconds = 3601 },
		"chain.poll_milliseconds: must be absent":  func(p *profile.Profile) { p.Chain.PollMilliseconds = 49 },
		"chain.poll_milliseconds: must":            func(p *profile.Profile) { p.Chain.PollMilliseconds = 60001 },
		"chain.rpc: names no endpoint":             func(p *profile.Profile) { p.Chain.RPC = nil },
		"chain.rpc: names more than 16":            func(p *profile.Profile) { p.Chain.RPC = make([]string, 17) },
		"chain.rpc[1]: must be a URL":              func(p *profile.Profile) { p.Chain.RPC[1] = "nonsense" },
		"chain.rpc[2]: is named twice":             func(p *profile.Profile) { p.Chain.RPC = append(p.Chain.RPC, p.Chain.RPC[0]) },
		"production needs two endpoints":           func(p *profile.Profile) { p.Chain.RPC = p.Chain.RPC[:1] },
		"of different operators":                   func(p *profile.Profile) { p.Chain.RPC = []string{"https://a.acme.co.uk", "https://b.acme.co.uk"} },
		"or one on loopback":                       func(p *profile.Profile) { p.Chain.RPC = []string{"https://192.0.2.1", "https://192.0.2.1/x"} },
		"contracts.version: must":                  func(p *profile.Profile) { p.Contracts.Version = 0 },
		"contracts.registry: missing":              func(p *profile.Profile) { p.Contracts.Registry = profile.Address{} },
		"contracts.scope: missing":                 func(p *profile.Profile) { p.Contracts.Scope = profile.Address{} },
		"contracts.epoch: missing":                 func(p *profile.Profile) { p.Contracts.Epoch = profile.Address{} },
		"contracts.k11_verifier: missing":          func(p *profile.Profile) { p.Contracts.K11Verifier = profile.Address{} },
		"contracts.p256_router: missing":           func(p *profile.Profile) { p.Contracts.P256Router = profile.Address{} },
		"contracts.p256_verifier: missing":         func(p *profile.Profile) { p.Contracts.P256Verifier = profile.Address{} },
		"contracts.scope: has the same address as": func(p *profile.Profile) { p.Contracts.Scope = p.Contracts.Registry },
		"domain: must be":                          func(p *profile.Profile) { p.Domain = "Keys.example.com" },
		"domain: must":                             func(p *profile.Profile) { p.Domain = "localhost" },
		"domain: ":                                 func(p *profile.Profile) { p.Domain = "192.0.2.1" },
		`hosts: "crd" is not one of`:               func(p *profile.Profile) { p.Hosts = map[string]string{"crd": "https://x.example"} },
		"hosts.cred: must not carry a path":        func(p *profile.Profile) { p.Hosts = map[string]string{"cred": "https://x.example/v1"} },
		"hosts.broker: the profile names neither":  func(p *profile.Profile) { p.Domain, p.Hosts = "", map[string]string{"cred": "https://x.example"} },
		"hosts.cred: the profile names neither":    func(p *profile.Profile) { p.Domain, p.Hosts = "", map[string]string{"broker": "https://x.example"} },
		"cloud.region: must":                       func(p *profile.Profile) { p.Cloud.Region = "Frankfurt" },
		"cloud.account_id: must":                   func(p *profile.Profile) { p.Cloud.AccountID = "12345678901" },
		"cloud.vault_bucket: must":                 func(p *profile.Profile) { p.Cloud.VaultBucket = "acme.vault" },
		"cloud.vault_role: must":                   func(p *profile.Profile) { p.Cloud.VaultRole = "arn:aws:iam::123456789012:role/x" },
		"cloud.provision_role: must be the name":   func(p *profile.Profile) { p.Cloud.ProvisionRole = "" },
		"cloud.provision_role: must differ":        func(p *profile.Profile) { p.Cloud.ProvisionRole = "AgentKeys-vault" },
		"cloud.s3_endpoint: must be https":         func(p *profile.Profile) { p.Cloud.S3Endpoint = "http://s3.example.com" },
		"cloud.sts_endpoint: must be https":        func(p *profile.Profile) { p.Cloud.STSEndpoint = "http://sts.example.com" },
		"cloud.kms_endpoint: must be https":        func(p *profile.Profile) { p.Cloud.KMSEndpoint = "http://kms.example.com" },
		"cloud.iam_endpoint: must be https":        func(p *profile.Profile) { p.Cloud.IAMEndpoint = "http://iam.example.com" },
		"cloud.worker_sources: invalid": func(p *profile.Profile) {
			p.Cloud.WorkerSources.VPCEndpoints = []string{"vpc-0123456789abcdef0"}
		},
		"cloud.worker_sources.cidrs[1]: storage never sees": func(p *profile.Profile) {
			p.Cloud.WorkerSources.CIDRs = []string{"198.51.100.0/24", "10.0.0.0/8"}
		},
		"storage never sees addresses of 127.0.0.0/8": func(p *profile.Profile) { p.Cloud.WorkerSources.CIDRs = []string{"127.0.0.0/8"} },
		"cloud.maintenance_role: must be the name":    func(p *profile.Profile) { p.Cloud.MaintenanceRole = "arn:aws:iam::123456789012:role/x" },
		"cloud.maintenance_role: must differ":         func(p *profile.Profile) { p.Cloud.MaintenanceRole = "AgentKeys-vault" },
		"cloud.maintenance_role: must":                func(p *profile.Profile) { p.Cloud.MaintenanceRole = "AgentKeys-provision" },
		"oidc_issuer: missing":                        func(p *profile.Profile) { p.OIDCIssuer = "" },
		"oidc_issuer: must not end with a slash":      func(p *profile.Profile) { p.OIDCIssuer += "/" },
		"cloud.memory_bucket: must be 3 to 63":        func(p *profile.Profile) { p.Cloud.MemoryBucket, p.Cloud.MemoryRole = "Memory", "agentkeys-memory" },
		"cloud.memory_bucket: must differ": func(p *profile.Profile) {
			p.Cloud.MemoryBucket, p.Cloud.MemoryRole = p.Cloud.VaultBucket, "agentkeys-memory"
		},
		"cloud.memory_bucket: missing, although": func(p *profile.Profile) { p.Cloud.MemoryRole = "agentkeys-memory" },
		"cloud.memory_role: must be the name":    func(p *profile.Profile) { p.Cloud.MemoryBucket = "agentkeys-memory" },
		"cloud.memory_role: must differ from vault": func(p *profile.Profile) {
			p.Cloud.MemoryBucket, p.Cloud.MemoryRole = "agentkeys-memory", "AgentKeys-Vault"
		},
		"cloud.memory_maintenance_role: must diff": func(p *profile.Profile) {
			p.Cloud.MaintenanceRole, p.Cloud.MemoryBucket, p.Cloud.MemoryRole, p.Cloud.MemoryMaintenanceRole = "m", "agentkeys-memory", "agentkeys-memory", "M"
		},
		"cap_issuer: missing":                       func(p *profile.Profile) { p.CapIssuer = "" },
		"environment: chain 212013 is always produ": func(p *profile.Profile) { *p = *development(); p.Chain.ChainID = 212013 },
		"cloud.s3_endpoint: missing":                func(p *profile.Profile) { *p = *development(); p.Cloud.S3Endpoint = "" },
		"cloud.sts_endpoint: missing":               func(p *profile.Profile) { *p = *development(); p.Cloud.STSEndpoint = "" },
	} {
		p := production()
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		break1(p)
		err := p.Validate()
		if !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
			continue
		}
		if lines := strings.Split(err.Error(), "\n"); len(lines) != 1 {
			t.Errorf("%q: one fault, %d problems: %v", want, len(lines), err)
		}
	}
}

func TestValidateAccepts(t *testing.T) {
	for name, edit := range map[string]func(p *profile.Profile){
		"one endpoint on loopback": func(p *profile.Profile) { p.Chain.RPC = []string{"http://localhost:9933"} },
		"loopback and a stranger":  func(p *profile.Profile) { p.Chain.RPC[0] = "http://node.localhost:9933" },
		"hosts of their own":       func(p *profile.Profile) { p.Hosts = map[string]string{"cred": "https://c.example:8443"} },
		"addresses that end alike": func(p *profile.Profile) { p.Chain.RPC = []string{"https://192.0.2.1", "https://198.51.2.1"} },
		"two addresses":            func(p *profile.Profile) { p.Chain.RPC = []string{"https://192.0.2.1", "https://[2001:db8::1]:8545"} },
		"memory": func(p *profile.Profile) {
			p.Cloud.MemoryBucket, p.Cloud.MemoryRole = "agentkeys-memory", "agentkeys-memory"
		},
		"bounds": func(p *profile.Profile) {
			p.Chain.ChainID, p.Chain.Confirmations, p.Chain.MaxHeadAgeSeconds, p.Chain.PollMilliseconds = 1<<53-1, 1000, 3600, 60000
		},
	} {
		p := production()
		edit(p)
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateReportsAllAtOnce(t *testing.T) {
	err := (&profile.Profile{Cloud: profile.Cloud{Region: "nowhere"}}).Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	text := err.Error()
	for _, member := range []string{
		"version", "chain.name", "chain.chain_id", "chain.rpc", "contracts.version", "contracts.registry",
		"hosts.broker", "hosts.cred", "cloud.region", "cloud.account_id", "cloud.vault_bucket", "cloud.vault_role", "oidc_issuer", "cap_issuer",
	} {
		if !strings.Contains(text, ": "+member+":") {
			t.Errorf("%s is not named:\n%s", member, text)
		}
	}
}

func TestErrorsRepeatLittleOfTheFile(t *testing.T) {
	p := production()
	p.Environment = profile.Environment(strings.Repeat("x", 9000))
	if err := p.Validate(); err == nil || len(err.Error()) > 300 {
		t.Error(err)
	}
}

func TestURLs(t *testing.T) {
	accepted := []string{
		"https://broker.example.com", "https://broker.example.com:8443", "https://broker.example.com/a/b.c_d~e-f",
		"http://127.0.0.1:8091", "http://127.1.2.3", "http://[::1]:8091", "http://localhost", "http://cred.localhost:9094",
	}
	for _, s := range accepted {
		p := production()
		p.OIDCIssuer = s
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	for s, why := range map[string]string{
		"http://broker.example.com":                  "must be https",
		"http://localhost.example.com":               "must be https",
		"http://xlocalhost":                          "must be https",
		"http://192.0.2.1":                           "must be https",
		"http://0.0.0.0:80":                          "must be https",
		"https://user@broker.example.com":            "user name",
		"https://user:pw@broker.example.com":         "user name",
		"https://broker.example.com?key=1":           "query",
		"https://broker.example.com?":                "query",
		"https://broker.example.com#f":               "fragment",
		"https://broker.example.com#":                "fragment",
		"https://broker.example.com/":                "slash",
		"https://broker.example.com/a/":              "slash",
		"https://broker.example.com:":                "port",
		"https://broker.example.com:0":               "port",
		"https://broker.example.com:443":             "port",
		"http://127.0.0.1:80":                        "port",
		"https://broker.example.com:65536":           "port",
		"https://broker.example.com:08443":           "port",
		"ftp://broker.example.com":                   "https://",
		"ws://127.0.0.1:8546":                        "https://",
		"file:///etc/passwd":                         "must be a URL",
		"https:broker.example.com":                   "must be a URL",
		"broker.example.com":                         "must be a URL",
		"https://":                                   "must be a URL",
		"https://Broker.example.com":                 "lower-case host",
		"https://broker_.example.com":                "lower-case host",
		"https://broker..example.com":                "lower-case host",
		"https://broker.example.com.":                "lower-case host",
		"https://2130706433":                         "lower-case host",
		"https://127.1":                              "lower-case host",
		"https://[::ffff:127.0.0.1]":                 "lower-case host",
		"https://[fe80::1%25eth0]":                   "lower-case host",
		"https://[0:0::1]":                           "lower-case host",
		"https://0.0.0.0":                            "lower-case host",
		"HTTPS://broker.example.com":                 "plain form",
		"https://broker.example.com/a/../b":          "plain form",
		"https://broker.example.com/./b":             "plain form",
		"https://broker.example.com//b":              "plain form",
		"https://broker.example.com/%62":             "plain form",
		"https://" + strings.Repeat("a.", 127) + "a": "lower-case host",
		"https://bröker.example.com":                 "printable ASCII",
		"https://broker.example.com/ x":              "printable ASCII",
		"https://broker.example.com\n":               "printable ASCII",
		"https://broker.example.com/\u202ecc":        "printable ASCII",
	} {
		p := production()
		p.OIDCIssuer = s
		if err := p.Validate(); !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: want %q, got %v", s, why, err)
		}
	}
}
