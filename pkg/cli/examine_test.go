package cli_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/roles"
)

// testDoctor holds what no script reaches: an operator that was never
// registered and has no money, and a chain that stands still.
func testDoctor(t *testing.T, profile string) {
	dir := filepath.Join(t.TempDir(), "home")
	d, err := home.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	_, k, err := d.Create("poor", home.KindOperator, home.KeySource{})
	if err != nil {
		t.Fatal(err)
	}
	k.Close()
	doctor := func(now func() time.Time) (string, int) {
		var out, errs bytes.Buffer
		code := cli.Run(t.Context(), cli.Process{
			Args:  []string{"agentkeys", "--home", dir, "--profile", profile, "doctor"},
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: now, Roles: roles.All(),
		})
		if errs.Len() > 0 {
			t.Errorf("it said %s", &errs)
		}
		return strings.Join(strings.Fields(out.String()), " "), code
	}
	out, code := doctor(time.Now)
	for _, want := range []string{
		"fail wallet of poor 0x", "has 0 ether, one operation takes up to ", "send it some fix: agentkeys init --name poor",
		"warn recovery of poor poor (0x", "is not registered on this chain fix: agentkeys init --name poor",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %s", want, out)
		}
	}
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	out, code = doctor(func() time.Time { return time.Now().Add(time.Hour) })
	if code != 5 || !strings.Contains(out, "fail chain 127.0.0.1:") || !strings.Contains(out, "old, the profile allows 15s") || strings.Contains(out, "wallet") {
		t.Errorf("%d: %s", code, out)
	}
}
