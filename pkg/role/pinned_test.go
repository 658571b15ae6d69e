package role_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestPinnedKeys: a file holds as many as it does; of what is fetched, exactly
// those that are named are believed, and all of them must be there.
func TestPinnedKeys(t *testing.T) {
	t.Parallel()
	var keys []jose.PublicKey
	var kids []string
	for range 3 {
		k, err := jose.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		keys, kids = append(keys, k.Public()), append(kids, k.Public().Thumbprint())
	}
	set, err := jose.NewKeySet(keys[:2]...)
	if err != nil {
		t.Fatal(err)
	}
	text, err := strictjson.Encode(set.JWKS())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) }))
	t.Cleanup(srv.Close)
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	e := role.Env{Profile: &profile.Profile{Environment: profile.Development, Hosts: map[string]string{"broker": srv.URL}}}
	for name, c := range map[string]struct {
		value string
		want  []string // nil: refused
	}{
		"a file of two":          {file, kids[:2]},
		"the first":              {kids[0], kids[:1]},
		"the second":             {kids[1], kids[1:2]},
		"both":                   {kids[0] + "," + kids[1], kids[:2]},
		"one that is not there":  {kids[0] + "," + kids[2], nil},
		"one twice":              {kids[0] + "," + kids[0], nil},
		"nothing after a comma":  {kids[0] + ",", nil},
		"a file that is not one": {filepath.Join(filepath.Dir(file), "none"), nil},
		"nothing":                {"", nil},
	} {
		got, err := e.PinnedKeys(t.Context(), "cap-keys", c.value, "broker", "/keys")
		if (err == nil) != (c.want != nil) || err == nil && strings.Join(got.Thumbprints(), " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %v, %v", name, got.Thumbprints(), err)
		}
	}
}
