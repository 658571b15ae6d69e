package devstack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/roles"
)

// TestEnvironmentCannotLeadAStackAway: whatever the environment says, a stack
// uses the keys and stores in its own directory.
func TestEnvironmentCannotLeadAStackAway(t *testing.T) {
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "of-another-host")
	for _, r := range roles.All() {
		for _, f := range r.New().Flags() {
			value := elsewhere
			switch f.(type) {
			case *cli.DurationFlag:
				value = "1h"
			case *cli.Uint64Flag:
				value = "1"
			}
			t.Setenv("AGENTKEYS_"+strings.ToUpper(strings.ReplaceAll(f.Names()[0], "-", "_")), value)
		}
	}
	args, err := roleArguments(Config{Dir: dir, Now: time.Now}, &profile.Profile{Hosts: map[string]string{"cred": "http://127.0.0.1:1", "memory": "http://127.0.0.1:1", "signer": "http://127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles.All() {
		cfg := r.New()
		flags := cfg.Flags()
		if err := role.Parse(cfg, args[r.Name]...); err != nil {
			t.Fatal(err)
		}
		for _, f := range flags {
			if !strings.Contains(strings.Join(args[r.Name], " ")+" ", "--"+f.Names()[0]+" ") {
				t.Errorf("role %s: --%s is left to the environment", r.Name, f.Names()[0])
			}
		}
	}
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("something was made elsewhere")
	}
}
