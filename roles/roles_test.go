package roles_test

import (
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/roles"
	"github.com/litentry/agentkeys/roles/audit"
	"github.com/litentry/agentkeys/roles/broker"
	"github.com/litentry/agentkeys/roles/cred"
	"github.com/litentry/agentkeys/roles/memory"
	"github.com/litentry/agentkeys/roles/signer"
)

var update = flag.Bool("update", false, "write testdata/routes.golden")

// services are the roles without their dependencies: enough to list routes.
func services() map[string]role.Service {
	return map[string]role.Service{"audit": new(audit.Audit), "broker": new(broker.Broker), "cred": new(cred.Worker), "memory": new(memory.Worker), "signer": new(signer.Signer)}
}

func TestRoutesAreGolden(t *testing.T) {
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	have := services()
	for _, r := range roles.All() {
		have[r.Name].Routes(s.Mux(r.Name, r.Layer, "http://localhost"))
	}
	httpd.Health(s, httpd.Version{})
	var b strings.Builder
	for _, r := range s.Routes() {
		b.WriteString(r.String() + "\n")
	}
	const path = "../testdata/routes.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != b.String() {
		t.Errorf("routes differ from %s (%v); if that is intended: go test ./roles -run Golden -update\n%s", path, err, b.String())
	}
}

// TestNoStateChangeByGET: a browser, a prefetcher or an image tag can send GET,
// but no proof with it.
func TestNoStateChangeByGET(t *testing.T) {
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	for name, svc := range services() {
		svc.Routes(s.Mux(name, "", "http://localhost"))
	}
	for _, r := range s.Routes() {
		if r.Method == http.MethodGet && (r.Op != "" || !strings.HasPrefix(r.Policy, "public") && !strings.Contains(r.Policy, "+proof")) {
			t.Errorf("%s: a GET route does work for a caller", r)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			t.Errorf("%s: unexpected method", r)
		}
	}
}

// TestSecretRoles: plaintext, data keys and storage sessions pass through these, and
// their processes overwrite what they free (serve).
func TestSecretRoles(t *testing.T) {
	var secret []string
	for _, r := range roles.All() {
		if r.Secrets {
			secret = append(secret, r.Name)
		}
	}
	if !slices.Equal(secret, []string{"signer", "cred", "memory"}) {
		t.Error(secret)
	}
}

func TestRolesAreDistinct(t *testing.T) {
	names, ports, flags := map[string]bool{}, map[int]bool{}, map[string]string{}
	for _, r := range roles.All() {
		if names[r.Name] || ports[r.Port] || r.Summary == "" || r.Layer == "" {
			t.Errorf("%+v", r)
		}
		names[r.Name], ports[r.Port] = true, true
		for _, f := range r.New().Flags() {
			for _, n := range f.Names() {
				if other, taken := flags[n]; taken {
					t.Errorf("flag --%s belongs to %s and %s", n, other, r.Name)
				}
				flags[n] = r.Name
			}
		}
	}
}

func TestFind(t *testing.T) {
	all := roles.All()
	if got, err := role.Find(all, []string{"cred", "broker"}); err != nil || got[0].Name != "cred" || got[1].Name != "broker" {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range [][]string{nil, {"email"}, {"cred", "cred"}, {""}, {"CRED"}} {
		if _, err := role.Find(all, bad); err == nil || !strings.Contains(err.Error(), "cred") && len(bad) > 0 {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
