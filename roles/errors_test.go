package roles_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// errorsPage renders docs/errors.md from the one table.
func errorsPage() string {
	var b strings.Builder
	b.WriteString("# Error codes\n\nMade from the table in `pkg/apierr`; `go test ./roles -run ErrorsPage -update` writes it.\n\n" +
		"Every refusal is `application/problem+json` (RFC 9457) with `code` (stable), `layer` (who refused), `request_id`,\n" +
		"`retryable`, a `detail` that says why, and, where one command mends it, `fix`. \"answering\" stands for the layer of the\n" +
		"role that answers: mint for the broker, worker for a worker, signer for the signer, audit for the audit role; a worker passes the signer's layer on.\n\n" +
		"| code | status | layer | retry | meaning |\n|---|---|---|---|---|\n")
	for _, d := range apierr.Table() {
		layer, retry := string(d.Layer), ""
		if d.Layer == apierr.LayerAnswering {
			layer = "answering"
		}
		if d.Retryable {
			retry = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s | %s |\n", d.Code, d.Status, layer, retry, d.Title)
	}
	return b.String()
}

func TestErrorsPage(t *testing.T) {
	const path = "../docs/errors.md"
	if *update {
		if err := os.WriteFile(path, []byte(errorsPage()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != errorsPage() {
		t.Errorf("%s does not show the table (%v)", path, err)
	}
}
