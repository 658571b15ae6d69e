package profile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

func addr(n byte) profile.Address { return profile.Address{19: n} }

func production() *profile.Profile {
	return &profile.Profile{
		Version: 1, Environment: profile.Production,
		Chain: profile.Chain{
			Name: "heima", ChainID: 212013, RPC: []string{"https://rpc.one.example", "https://rpc.two.example/v1"},
			Confirmations: 6, MaxHeadAgeSeconds: 36, PollMilliseconds: 3000,
		},
		Contracts: profile.Contracts{
			Version: 2, Registry: addr(1), Scope: addr(2), Audit: addr(7), Epoch: addr(3),
			K11Verifier: addr(4), P256Router: addr(5), P256Verifier: addr(6),
		},
		Domain: "keys.example.com",
		Cloud: profile.Cloud{
			Region: "eu-central-1", AccountID: "123456789012", VaultBucket: "acme-vault",
			VaultRole: "agentkeys-vault", ProvisionRole: "agentkeys-provision",
		},
		OIDCIssuer: "https://broker.keys.example.com", CapIssuer: "https://broker.keys.example.com",
	}
}

func development() *profile.Profile {
	p := production()
	p.Environment, p.Domain = profile.Development, ""
	p.Chain = profile.Chain{Name: "dev", ChainID: 31337, RPC: []string{"http://127.0.0.1:8545"}, MaxHeadAgeSeconds: 15}
	p.Hosts = map[string]string{"broker": "http://127.0.0.1:8091", "cred": "http://cred.localhost:9094"}
	p.Cloud.S3Endpoint, p.Cloud.STSEndpoint = "http://[::1]:9000", "http://127.0.0.1:9000/sts"
	p.OIDCIssuer, p.CapIssuer = "http://127.0.0.1:8091", "http://127.0.0.1:8091"
	return p
}

func TestRoundTrip(t *testing.T) {
	for _, p := range []*profile.Profile{production(), development()} {
		path := filepath.Join(t.TempDir(), "profile.json")
		if err := p.Save(path); err != nil {
			t.Fatal(err)
		}
		got, err := profile.Load(path)
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Fatalf("%v\n%+v\n%+v", err, got, p)
		}
		st, err := os.Stat(path)
		if err != nil || st.Mode() != 0o644 {
			t.Errorf("%v %v", err, st.Mode())
		}
		if err := p.ChainProfile().Check(); err != nil {
			t.Errorf("the chain package refuses what Validate accepts: %v", err)
		}
	}
}

func TestGoldenFile(t *testing.T) {
	want, err := os.ReadFile("testdata/development.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := development().Encode()
	if err != nil || string(got) != string(want) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestSaveReplacesAndLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "profile.json")
	if err := production().Save(path); err != nil {
		t.Fatal(err)
	}
	bad := production()
	bad.Version = 2
	if err := bad.Save(path); !errors.Is(err, profile.ErrInvalid) {
		t.Fatal(err)
	}
	if err := development().Save(path); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(path)
	if err != nil || p.Chain.Name != "dev" {
		t.Fatal(err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
	// A directory in the way: the write fails and cleans up after itself.
	blocked := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(blocked, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := production().Save(blocked); err == nil {
		t.Error("replaced a directory")
	}
	if names, _ := os.ReadDir(dir); len(names) != 2 {
		t.Errorf("left behind: %v", names)
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := profile.Load(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	path := filepath.Join(dir, "broken")
	if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Load(path); !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
}

func TestParseIsStrict(t *testing.T) {
	good, err := development().Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := string(good)
	if _, err := profile.Parse(good); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{
		"empty":            "",
		"unknown member":   strings.Replace(text, `"oidc_issuer"`, `"oidc_isuer": "x", "oidc_issuer"`, 1),
		"duplicate member": strings.Replace(text, `"version": 1`, `"version": 1, "version": 1`, 1),
		"other case":       strings.Replace(text, `"cloud"`, `"Cloud"`, 1),
		"null":             strings.Replace(text, `"environment": "development"`, `"environment": null`, 1),
		"trailing data":    text + "{}",
		"fraction":         strings.Replace(text, `31337`, `31337.5`, 1),
		"wrong checksum":   strings.Replace(text, `0x0000000000000000000000000000000000000001`, `0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD`[:41]+"E", 1),
		"too large":        text + strings.Repeat(" ", 64<<10),
	} {
		if p, err := profile.Parse([]byte(s)); !errors.Is(err, profile.ErrInvalid) || p != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnvironmentDefaultsToProduction(t *testing.T) {
	p := production()
	text, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	without := strings.Replace(string(text), "\"environment\": \"production\",\n", "", 1)
	if without == string(text) {
		t.Fatal("nothing removed")
	}
	got, err := profile.Parse([]byte(without))
	if err != nil || got.Environment != profile.Production || got.IsDevelopment() {
		t.Fatalf("%v %+v", err, got)
	}
	p.Environment = ""
	again, err := p.Encode()
	if err != nil || string(again) != string(text) {
		t.Errorf("%v\n%s", err, again)
	}
	if p.IsDevelopment() || !development().IsDevelopment() {
		t.Error("IsDevelopment")
	}
	p.Environment = profile.Development // what Validate refuses is no development either
	if p.IsDevelopment() {
		t.Error("chain 212013 in development")
	}
}

// TestOldContractsParse: what an older version left behind is refused by its
// version, not by what it lacks.
func TestOldContractsParse(t *testing.T) {
	p := production()
	p.Contracts.Audit = profile.Address{}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "contracts.audit: missing") {
		t.Error(err)
	}
	p.Contracts.Version = 1
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
}

func TestCheckContracts(t *testing.T) {
	p := production()
	p.Contracts.Version = 2
	if err := p.CheckContracts(2); err != nil {
		t.Error(err)
	}
	for current, word := range map[int]string{3: "older", 1: "newer"} {
		if err := p.CheckContracts(current); !errors.Is(err, profile.ErrContractsVersion) || !strings.Contains(err.Error(), word) {
			t.Error(err)
		}
	}
}

func TestHost(t *testing.T) {
	p := development()
	if u, err := p.Host("broker"); err != nil || u != "http://127.0.0.1:8091" {
		t.Error(u, err)
	}
	if _, err := p.Host("memory"); !errors.Is(err, profile.ErrInvalid) {
		t.Error(err)
	}
	p.Domain = "keys.example.com"
	if u, err := p.Host("memory"); err != nil || u != "https://memory.keys.example.com" {
		t.Error(u, err)
	}
	if _, err := p.Host("companion"); !errors.Is(err, profile.ErrInvalid) {
		t.Error(err)
	}
}

func TestRoleARN(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "arn:aws:iam::123456789012:role/agentkeys-vault", "cn-north-1": "arn:aws-cn:iam::123456789012:role/agentkeys-vault",
		"us-gov-west-1": "arn:aws-us-gov:iam::123456789012:role/agentkeys-vault",
	} {
		p := production()
		p.Cloud.Region = region
		if got := p.Cloud.SessionRoleARN(service.Credentials, "read"); got != want || p.Validate() != nil {
			t.Error(got)
		}
	}
}

// TestStorageOfAClass: each class and access has its own, or nothing at all.
func TestStorageOfAClass(t *testing.T) {
	c := production().Cloud
	if _, ok := c.Storage(service.Memory); ok || c.SessionRoleARN(service.Memory, "read") != "" {
		t.Error("the profile names no memory")
	}
	c.MemoryBucket, c.MemoryRole, c.MaintenanceRole = "agentkeys-memory", "agentkeys-memory", "agentkeys-maintenance"
	if s, ok := c.Storage(service.Credentials); !ok || s != (profile.Storage{Bucket: "acme-vault", Role: "agentkeys-vault", ProvisionRole: "agentkeys-provision", MaintenanceRole: "agentkeys-maintenance"}) {
		t.Errorf("%+v", s)
	}
	if s, ok := c.Storage(service.Memory); !ok || s != (profile.Storage{Bucket: "agentkeys-memory", Role: "agentkeys-memory"}) {
		t.Errorf("%+v", s)
	}
	if _, ok := c.Storage(service.Email); ok {
		t.Error("mail has no storage yet")
	}
	const arn = "arn:aws:iam::123456789012:role/"
	for _, w := range []struct {
		class        service.Class
		access, want string
	}{
		{service.Credentials, "read", arn + "agentkeys-vault"},
		{service.Credentials, "write", arn + "agentkeys-vault"},
		{service.Credentials, "provision", arn + "agentkeys-provision"},
		{service.Memory, "write", arn + "agentkeys-memory"},
		{service.Memory, "provision", ""},
		{service.Email, "read", ""},
	} {
		if got := c.SessionRoleARN(w.class, w.access); got != w.want {
			t.Errorf("%s %s: %q", w.class, w.access, got)
		}
	}
}

// A profile may name a maintenance role and a KMS; one that does not is as
// good, and says nothing about them when it is written.
func TestMaintenanceIsOptional(t *testing.T) {
	p := production()
	data, err := p.Encode()
	if err != nil || strings.Contains(string(data), "maintenance") || strings.Contains(string(data), "kms") {
		t.Fatalf("%v\n%s", err, data)
	}
	if got := p.Cloud.MaintenanceRoleARN(service.Credentials); got != "" {
		t.Errorf("no role has the name %s", got)
	}
	p.Cloud.MaintenanceRole, p.Cloud.KMSEndpoint = "agentkeys-maintenance", "http://127.0.0.1:9400"
	if data, err = p.Encode(); err != nil {
		t.Fatal(err)
	}
	back, err := profile.Parse(data)
	if err != nil || !reflect.DeepEqual(back.Cloud, p.Cloud) || back.Cloud.MaintenanceRoleARN(service.Credentials) != "arn:aws:iam::123456789012:role/agentkeys-maintenance" {
		t.Errorf("%+v %v", back, err)
	}
}

func TestFingerprintFollowsTheContent(t *testing.T) {
	a, err := production().Fingerprint()
	if err != nil || len(a) != 32 {
		t.Fatal(a, err)
	}
	b, _ := production().Fingerprint()
	other := production()
	other.Chain.Confirmations++
	c, _ := other.Fingerprint()
	if a != b || a == c {
		t.Error(a, b, c)
	}
	other.Version = 0
	if _, err := other.Fingerprint(); !errors.Is(err, profile.ErrInvalid) {
		t.Error(err)
	}
}

func TestChainProfile(t *testing.T) {
	c := production().ChainProfile()
	if c.Name != "heima" || c.ChainID != 212013 || len(c.RPC) != 2 || c.Confirmations != 6 ||
		c.MaxHeadAge != 36*time.Second || c.PollInterval != 3*time.Second {
		t.Errorf("%+v", c)
	}
	k := c.Contracts
	for i, a := range [][20]byte{k.Registry, k.Scope, k.Epoch, k.K11Verifier, k.P256Router, k.P256Verifier} {
		if a != addr(byte(i+1)) {
			t.Errorf("contract %d: %x", i, a)
		}
	}
}

func TestParseAddress(t *testing.T) {
	const sum = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" // ERC-55's own example
	for _, s := range []string{sum, strings.ToLower(sum)} {
		a, err := profile.ParseAddress(s)
		if err != nil || a.String() != sum || a.Short() != "0x5aAeb605…" {
			t.Errorf("%s: %v %v", s, a, err)
		}
	}
	for _, s := range []string{
		"", "0x", sum[2:], sum + "0", sum[:41], "0X" + sum[2:], "0X" + strings.ToLower(sum[2:]), strings.ToUpper(sum), "0x" + strings.ToUpper(sum[2:]),
		"0x" + strings.Repeat("0", 40), "0x" + strings.Repeat("g", 40), sum[:41] + "D", "0x" + strings.Repeat("ſ", 20),
	} {
		if a, err := profile.ParseAddress(s); !errors.Is(err, profile.ErrInvalid) || !a.IsZero() {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := strictjson.Encode(profile.Address{}); err == nil {
		t.Error("zero encoded")
	}
}

func FuzzParse(f *testing.F) {
	for _, p := range []*profile.Profile{production(), development()} {
		b, err := p.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := profile.Parse(data)
		if err != nil {
			if !errors.Is(err, profile.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if err := p.ChainProfile().Check(); err != nil {
			t.Fatal(err)
		}
		text, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := profile.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if second, _ := again.Encode(); string(second) != string(text) {
			t.Fatalf("%s\n%s", text, second)
		}
	})
}
