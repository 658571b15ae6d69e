package profile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/profile"
)

func TestForChain(t *testing.T) {
	two := []string{"https://rpc.one.example", "https://rpc.two.example"}
	for _, c := range []struct {
		name string
		rpc  []string
		want profile.Chain
		env  profile.Environment
	}{
		{"heima", two, profile.Chain{Name: "heima", ChainID: 212013, RPC: two, Confirmations: 6, MaxHeadAgeSeconds: 36}, profile.Production},
		{"dev", nil, profile.Chain{Name: "dev", ChainID: 310337, RPC: []string{"http://127.0.0.1:8545"}, MaxHeadAgeSeconds: 15, PollMilliseconds: 200}, profile.Development},
		{"anvil", []string{"http://[::1]:8545"}, profile.Chain{Name: "anvil", ChainID: 31337, RPC: []string{"http://[::1]:8545"}, MaxHeadAgeSeconds: 3600, PollMilliseconds: 200}, profile.Development},
	} {
		p, err := profile.ForChain(c.name, c.rpc)
		if err != nil {
			t.Fatal(err)
		}
		if p.Environment != c.env || p.Chain.Name != c.want.Name || p.Chain.ChainID != c.want.ChainID || p.Chain.Confirmations != c.want.Confirmations ||
			p.Chain.MaxHeadAgeSeconds != c.want.MaxHeadAgeSeconds || strings.Join(p.Chain.RPC, " ") != strings.Join(c.want.RPC, " ") {
			t.Errorf("%s: %+v", c.name, p)
		}
		if !p.ChainOnly() || p.HasContracts() || !errors.Is(p.RequireServices(), profile.ErrInvalid) {
			t.Errorf("%s is more than a chain", c.name)
		}
	}
	if err := production().RequireServices(); err != nil {
		t.Error(err)
	}
}

func TestForChainRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		rpc        []string
	}{
		{"heima", `chain heima has no endpoint: name yours with --rpc URL, two of different operators or one on loopback`, nil},
		{"heima", "production needs two endpoints of different operators", []string{"https://rpc.one.example"}},
		{"heima", "production needs two endpoints of different operators", []string{"https://a.one.example", "https://b.one.example"}},
		{"heima", "chain.rpc[0]: must be https", []string{"http://rpc.one.example", "https://rpc.two.example"}},
		{"dev", "chain.rpc[0]: chain dev is for development on this machine: its endpoint must be on loopback", []string{"https://rpc.one.example"}},
		{"mainnet", `there is no chain "mainnet", nor a file of that name: chains are heima, dev, anvil, or a file`, nil},
		{"./nowhere.json", "no such file", nil},
	} {
		if _, err := profile.ForChain(c.name, c.rpc); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: %v, want %q", c.name, c.rpc, err, c.want)
		}
	}
}

// A file gives the chain and the contracts, and is for production whatever it
// says: only the chains of this machine are for development.
func TestForChainFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own := `{"version":1,"environment":"development","chain":{"name":"ours","chain_id":77,"rpc":["http://127.0.0.1:1"],"confirmations":2,"max_head_age_seconds":30}}`
	p, err := profile.ForChain(write("own.json", own), nil)
	if err != nil || p.Environment != profile.Production || p.Chain.ChainID != 77 || p.Chain.Confirmations != 2 || p.HasContracts() {
		t.Fatalf("%+v, %v", p, err)
	}
	whole := filepath.Join(dir, "whole.json")
	if err := production().Save(whole); err != nil {
		t.Fatal(err)
	}
	p, err = profile.ForChain(whole, nil)
	if err != nil || p.Contracts != production().Contracts || !p.ChainOnly() {
		t.Fatalf("%+v, %v", p, err)
	}
	for want, content := range map[string]string{
		"confirmations: must be at least 1 in production": strings.Replace(own, `"confirmations":2`, `"confirmations":0`, 1),
		"version: this program reads version 1":           strings.Replace(own, `"version":1`, `"version":2`, 1),
		"max_head_age_seconds: must be 15":                strings.Replace(own, `:30`, `:3`, 1),
		"unknown":                                         strings.Replace(own, `"version"`, `"verzion"`, 1),
	} {
		if _, err := profile.ForChain(write("bad.json", content), nil); !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// A draft is a profile without contracts; only a deployment reads it.
func TestDraft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile.json")
	if _, err := profile.LoadDraft(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	const draft = `{"version":1,"chain":{"name":"ours","chain_id":77,"rpc":["http://127.0.0.1:1"],"confirmations":2,"max_head_age_seconds":30}}`
	if err := os.WriteFile(path, []byte(draft), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Load(path); !errors.Is(err, profile.ErrInvalid) {
		t.Error(err)
	}
	p, err := profile.LoadDraft(path)
	if err != nil || p.Environment != profile.Production || p.HasContracts() {
		t.Fatalf("%+v, %v", p, err)
	}
	want := production().ChainProfile().Contracts
	if err := p.SetContracts(want, 3); err != nil {
		t.Fatal(err)
	}
	if err := p.Save(path); err != nil {
		t.Fatal(err)
	}
	back, err := profile.Load(path)
	if err != nil || back.ChainProfile().Contracts != want || back.Contracts.Version != 3 {
		t.Fatalf("%+v, %v", back, err)
	}
	want.Registry = common.Address{}
	if err := p.SetContracts(want, 3); err == nil {
		t.Error("a deployment without a registry was recorded")
	}
	if err := p.SetContracts(chain.Contracts{}, 3); err == nil || p.Contracts.Version != 3 {
		t.Error("no deployment was recorded")
	}
}
