package roles_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles"
)

const openapiPath = "../testdata/openapi.json"

// everything is one process that serves all roles, without what they need to work.
func everything() *httpd.Server {
	s := httpd.New(httpd.Options{Now: time.Now, Log: zerolog.Nop()})
	have := services()
	for _, r := range roles.All() {
		have[r.Name].Routes(s.Mux(r.Name, r.Layer, "http://localhost"))
	}
	httpd.Health(s, httpd.Version{})
	return s
}

func document(t testing.TB) []byte {
	t.Helper()
	d, err := everything().OpenAPI("test")
	if err != nil {
		t.Fatal(err)
	}
	b, err := strictjson.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenAPIIsGolden(t *testing.T) {
	var b bytes.Buffer
	if err := json.Indent(&b, document(t), "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile(openapiPath, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(openapiPath); err != nil || !bytes.Equal(want, b.Bytes()) {
		t.Errorf("the routes and %s differ (%v); if that is intended: go test ./roles -run OpenAPI -update", openapiPath, err)
	}
}
