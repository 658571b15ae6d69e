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
	b.WriteString(checksTable())
	b.WriteString("\n# Codes of the command line\n\nNo host answers these: the caller's own program refuses by what it remembers (exit code 3).\n\n" +
		"| code | layer | meaning | what helps |\n|---|---|---|---|\n")
	for _, d := range apierr.Own() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.Code, d.Layer, d.Title, apierr.Helps(d.Code))
	}
	return b.String()
}

// checksTable says which check of which role answers each code, and what helps.
func checksTable() string {
	var b strings.Builder
	b.WriteString("\n# Which check answers\n\n" +
		"A problem carries `layers`, how far each of the four layers came (`passed`, `decided`, `not_reached`), and `check`, what ended the\n" +
		"request. `agentkeys explain REQUEST` tells both in words, with every check in its fixed order. Where several checks of a role\n" +
		"answer a code the earliest stands here: nothing is said to have passed that may not have. A fault that nobody foresaw says nothing.\n\n")
	for _, o := range []struct {
		name string
		of   apierr.Asked
	}{
		{"broker", apierr.Asked{Answering: apierr.LayerMint, After: true}},
		{"worker that stores", apierr.Asked{Answering: apierr.LayerWorker, Op: "store", After: true}},
		{"worker that fetches", apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", After: true}},
		{"signer", apierr.Asked{Answering: apierr.LayerSigner, Op: "fetch", After: true}},
		{"signer, for its keepers", apierr.Asked{Answering: apierr.LayerSigner, After: true}},
		{"audit role", apierr.Asked{Answering: apierr.LayerAudit, After: true}},
	} {
		var names []string
		for _, c := range apierr.Explain(o.of).Checks {
			names = append(names, string(c.Check))
		}
		fmt.Fprintf(&b, "- %s: %s\n", o.name, strings.Join(names, ", "))
	}
	b.WriteString("\n| code | broker | worker | signer | audit | what helps |\n|---|---|---|---|---|---|\n")
	for _, d := range apierr.Table() {
		check := func(l apierr.Layer, op string) string {
			return string(apierr.Explain(apierr.Asked{Answering: l, Op: op, Code: d.Code}).Check)
		}
		signer := check(apierr.LayerSigner, "fetch")
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", d.Code, check(apierr.LayerMint, ""), check(apierr.LayerWorker, "fetch"), signer, check(apierr.LayerAudit, ""), apierr.Helps(d.Code))
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
