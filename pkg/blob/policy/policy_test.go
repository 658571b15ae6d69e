package policy_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/service"
)

var update = flag.Bool("update", false, "write the golden files anew")

func params() policy.Params {
	return policy.Params{
		Partition: "aws", AccountID: "111122223333", Provider: "broker.example.com",
		Classes: []policy.Class{
			{Class: service.Credentials, Bucket: "agentkeys-vault", Role: "agentkeys-vault", ProvisionRole: "agentkeys-vault-provision", MaintenanceRole: "agentkeys-vault-maintenance"},
			{Class: service.Memory, Bucket: "agentkeys-memory", Role: "agentkeys-memory"},
		},
	}
}

func render(t testing.TB, p policy.Params) policy.Set {
	t.Helper()
	set, err := policy.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestGolden(t *testing.T) {
	set := render(t, params())
	docs := map[string][]byte{}
	for _, r := range set.Roles {
		if r.ARN != "arn:aws:iam::111122223333:role/"+r.Name {
			t.Error(r.ARN)
		}
		docs["role-"+r.Name+"-trust.json"], docs["role-"+r.Name+".json"] = r.Trust, r.Policy
	}
	for _, b := range set.Buckets {
		docs["bucket-"+b.Name+".json"] = b.Policy
	}
	docs["restricted-bucket-agentkeys-vault.json"] = render(t, restricted()).Buckets[0].Policy
	for name, doc := range docs {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, doc, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(want, doc) {
			t.Errorf("%s differs from its golden file (%v); go test ./pkg/blob/policy -update", name, err)
		}
	}
	if files, _ := filepath.Glob("testdata/*.json"); len(files) != len(docs)+len(archiveDocs(policy.Archive{})) || len(docs) != 11 {
		t.Errorf("%d golden files, %d documents", len(files), len(docs))
	}
}

// TestUses: each bucket and role of a set has a use that no other has.
func TestUses(t *testing.T) {
	set := render(t, params())
	archive, err := policy.RenderArchive(archiveParams())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range append(set.Buckets, archive.Bucket) {
		got = append(got, b.Use)
	}
	for _, r := range set.Roles {
		got = append(got, r.Use)
	}
	if !slices.Equal(got, []string{"credentials", "memory", "archive", "credentials/agents", "credentials/provision", "credentials/maintenance", "memory/agents"}) {
		t.Errorf("%q", got)
	}
	if _, err := service.ParseClass(policy.UseArchive); err == nil {
		t.Error("the archive's use is a data class")
	}
}

// TestQuotas: AWS counts characters other than white space.
func TestQuotas(t *testing.T) {
	p := params()
	p.Partition, p.Provider = "aws-us-gov", strings.Repeat("a", 60)+".example.com/realms/production"
	for i := range p.Classes {
		p.Classes[i].Bucket = strings.Repeat("b", 62) + string(rune('0'+i))
		p.Classes[i].Role = strings.Repeat("r", 63) + string(rune('0'+i))
	}
	p.Classes[0].ProvisionRole, p.Classes[0].MaintenanceRole = strings.Repeat("p", 64), strings.Repeat("m", 64)
	p.TLS = true
	for i := range 32 {
		p.Sources.VPCEndpoints = append(p.Sources.VPCEndpoints, fmt.Sprintf("vpce-%032x", i))
		p.Sources.CIDRs = append(p.Sources.CIDRs, fmt.Sprintf("2001:db8:ffff:ffff:ffff:ffff:ffff:%x/128", 0xff00+i))
	}
	size := func(doc []byte) int { return len(strings.Join(strings.Fields(string(doc)), "")) }
	set := render(t, p)
	for _, r := range set.Roles {
		if n := size(r.Trust); n > 2048 {
			t.Errorf("trust policy of %d characters", n)
		}
		if n := size(r.Policy); n > 10240 {
			t.Errorf("role policy of %d characters", n)
		}
	}
	for _, b := range set.Buckets {
		if len(b.Policy) > 20<<10 {
			t.Errorf("bucket policy of %d bytes", len(b.Policy))
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	for name, edit := range map[string]func(*policy.Params){
		"partition":        func(p *policy.Params) { p.Partition = "*" },
		"account":          func(p *policy.Params) { p.AccountID = "11112222333" },
		"account wildcard": func(p *policy.Params) { p.AccountID = "11112222333*" },
		"provider scheme":  func(p *policy.Params) { p.Provider = "https://broker.example.com" },
		"provider quote":   func(p *policy.Params) { p.Provider = `a","b` },
		"provider star":    func(p *policy.Params) { p.Provider = "broker.example.*" },
		"no class":         func(p *policy.Params) { p.Classes = nil },
		"unknown class":    func(p *policy.Params) { p.Classes[0].Class = "secrets" },
		"bucket wildcard":  func(p *policy.Params) { p.Classes[0].Bucket = "agentkeys-*" },
		"bucket slash":     func(p *policy.Params) { p.Classes[0].Bucket = "a/b" },
		"bucket empty":     func(p *policy.Params) { p.Classes[0].Bucket = "" },
		"role variable":    func(p *policy.Params) { p.Classes[0].Role = "${aws:userid}" },
		"role empty":       func(p *policy.Params) { p.Classes[1].Role = "" },
		"provision path":   func(p *policy.Params) { p.Classes[0].ProvisionRole = "a/b" },
		"maintenance star": func(p *policy.Params) { p.Classes[0].MaintenanceRole = "a*" },
		"maintenance too":  func(p *policy.Params) { p.Classes[1].MaintenanceRole = p.Classes[0].ProvisionRole },
		"class twice":      func(p *policy.Params) { p.Classes[1].Class = service.Credentials },
		"bucket twice":     func(p *policy.Params) { p.Classes[1].Bucket = p.Classes[0].Bucket },
		"role twice":       func(p *policy.Params) { p.Classes[1].Role = p.Classes[0].ProvisionRole },
		"endpoint":         func(p *policy.Params) { p.Sources.VPCEndpoints = []string{"vpce-*"} },
		"endpoint twice":   func(p *policy.Params) { p.Sources.VPCEndpoints = []string{"vpce-0a0a0a0a", "vpce-0a0a0a0a"} },
		"endpoint quote":   func(p *policy.Params) { p.Sources.VPCEndpoints = []string{`vpce-0a0a0a0a"`} },
		"too many":         func(p *policy.Params) { p.Sources.CIDRs = make([]string, 33) },
		"address":          func(p *policy.Params) { p.Sources.CIDRs = []string{"198.51.100.16"} },
		"bits":             func(p *policy.Params) { p.Sources.CIDRs = []string{"198.51.100.17/28"} },
		"everybody":        func(p *policy.Params) { p.Sources.CIDRs = []string{"0.0.0.0/0"} },
		"everybody in six": func(p *policy.Params) { p.Sources.CIDRs = []string{"::/0"} },
		"mapped":           func(p *policy.Params) { p.Sources.CIDRs = []string{"::ffff:198.51.100.0/120"} },
		"range twice":      func(p *policy.Params) { p.Sources.CIDRs = []string{"198.51.100.0/24", "198.51.100.0/24"} },
		"both roles one":   func(p *policy.Params) { p.Classes[0].ProvisionRole = p.Classes[0].Role },
	} {
		p := params()
		edit(&p)
		if _, err := policy.Render(p); !errors.Is(err, policy.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProviderOf(t *testing.T) {
	for url, want := range map[string]string{
		"https://broker.example.com": "broker.example.com", "http://127.0.0.1:8091": "127.0.0.1:8091",
		"http://broker.localhost:8091": "broker.localhost:8091", "https://id.example.com/realms/a": "id.example.com/realms/a",
	} {
		if got, err := policy.ProviderOf(url); got != want || err != nil {
			t.Errorf("%s: %q %v", url, got, err)
		}
	}
	for _, url := range []string{"", "broker.example.com", "https://", "https://a/", "https://a?b", "https://u@a", "ftp://a", "https://A", "https://a b", "https://*"} {
		if got, err := policy.ProviderOf(url); !errors.Is(err, policy.ErrInvalid) {
			t.Errorf("%q: %q %v", url, got, err)
		}
	}
}
