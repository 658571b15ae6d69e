package cli_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/roles"
	"github.com/litentry/agentkeys/solidity"
)

// terminal runs one command line as if a person sat there and typed answer.
func terminal(t *testing.T, home, profile, answer string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(t.Context(), cli.Process{
		Args:    append([]string{"agentkeys", "--home", home, "--profile", profile}, args...),
		Environ: []string{"NO_COLOR=1"}, Stdin: strings.NewReader(answer), Stdout: &out, Stderr: &errs,
		StdinIsTerminal: true, StdoutIsTerminal: true, StderrIsTerminal: true, Width: 120,
		Now: time.Now, Roles: roles.All(),
	})
	return out.String(), errs.String(), code
}

// testTerminal holds what is different when a person sits there: secrets are
// neither typed nor shown, and what cannot be undone is asked.
func testTerminal(t *testing.T, profile, rpc string) {
	home := filepath.Join(t.TempDir(), "home")
	must := func(args ...string) string {
		t.Helper()
		out, errs, code := terminal(t, home, profile, "", args...)
		if code != 0 {
			t.Fatalf("%v: %d %s", args, code, errs)
		}
		return out
	}
	refused := func(want, answer string, args ...string) {
		t.Helper()
		out, errs, code := terminal(t, home, profile, answer, args...)
		if code != 1 || !strings.Contains(errs, want) || strings.Contains(out+errs, "my-token") {
			t.Errorf("%v: %d, %s%s, want %q", args, code, out, errs, want)
		}
	}
	file := filepath.Join(t.TempDir(), "bot.json")
	must("init")
	must("agent", "request", "--operator", "acme", "--as", "bot", "--out", file)
	must("agent", "create", "--request", file)
	must("scope", "set", "--agent", "bot", "--service", "github", "--ops", "read")

	refused("a secret is not typed at a terminal: pipe it in", "my-token", "cred", "store", "--agent", "bot", "--service", "github")
	refused("a secret is not typed at a terminal: pipe it in", "my-token", "cred", "store", "--agent", "bot", "--service", "github", "--file", "-")
	call(t, home, "my-token", 0, "--profile", profile, "cred", "store", "--agent", "bot", "--service", "github")
	refused("a secret is not written to a terminal unasked", "", "cred", "fetch", "--service", "github")
	refused("a session is a secret and not written to a terminal unasked", "", "aws", "credentials", "--class", "credentials")
	if got := must("aws", "credentials", "--class", "credentials", "--show"); !strings.HasPrefix(got, `{"Version":1,"AccessKeyId":"ASIA`) {
		t.Error("--show wrote something else")
	}
	if got := must("cred", "fetch", "--service", "github", "--show"); got != "my-token" {
		t.Errorf("--show wrote %q", got)
	}

	for _, answer := range []string{"", "n\n", "\n", "yess\n"} {
		refused("nothing was changed", answer, "agent", "revoke", "bot")
	}
	if got := must("agent", "list"); !strings.Contains(got, "active") {
		t.Errorf("a revocation that was not confirmed happened: %s", got)
	}
	_, errs, code := terminal(t, home, profile, "y\n", "agent", "revoke", "bot")
	if code != 0 || !strings.Contains(errs, "revoke agent bot (0x") {
		t.Errorf("%d %s", code, errs)
	}
	if got := must("agent", "list"); !strings.Contains(got, "revoked") {
		t.Errorf("a confirmed revocation did not happen: %s", got)
	}
	must("agent", "revoke", "bot") // nothing to ask when it is done

	// A deployment is asked for, and a key is not typed.
	to := filepath.Join(t.TempDir(), "new.json")
	deploy := []string{"contracts", "deploy", "--profile", to, "--chain", "dev", "--rpc", rpc, "--as", "acme", "--recovery-delay", "3m"}
	refused("nothing was sent", "n\n", deploy...)
	refused("a secret is not typed at a terminal: pipe it in, or name a file", "my-token", append(deploy, "--key", "-")...)
	refused("a secret is not typed at a terminal: pipe it in, or name a file", "my-token", "init", "--name", "other", "--import-hex", "-")
	if out, errs, code := terminal(t, home, profile, "y\n", deploy...); code != 0 || !strings.Contains(errs, fmt.Sprintf("send %d transactions from 0x", len(solidity.DeployOrder()))) || !strings.Contains(out, fmt.Sprintf("done with %d transactions", len(solidity.DeployOrder()))) {
		t.Errorf("%d %s%s", code, out, errs)
	}
	must(deploy...) // nothing to ask when it is done
}
