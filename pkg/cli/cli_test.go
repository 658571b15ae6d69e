package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/httpd/httpdtest"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/roles"
)

// update rewrites the texts in the scripts with what the program says now.
var update = flag.Bool("update", false, "rewrite the texts in the scripts")

// TestMain lets the test binary stand for the program: a copy of it named
// agentkeys is in PATH, and is a process of its own with everything that main
// gives to one.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"agentkeys": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := cli.Run(ctx, cli.Process{
			Args: os.Args, Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			Now: time.Now, Roles: roles.All(), Version: httpd.Version{Version: "v0.0.0-test", Revision: "abc", Go: "go1.26"},
		})
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs the scripts against one stack for the whole package. Each
// script has a state directory of its own, and makes its own people.
func TestScripts(t *testing.T) {
	dir := t.TempDir()
	var refused httpdtest.Refusals
	s, err := devstack.Start(t.Context(), devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: refused.Log()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		for _, fault := range refused.Undeclared() {
			t.Error(fault)
		}
	})
	dead := writeProfile(t, s, "dead.json", func(p *profile.Profile) {
		p.Hosts = map[string]string{"broker": "http://127.0.0.1:1", "cred": "http://127.0.0.1:1"}
	})
	noChain := writeProfile(t, s, "nochain.json", func(p *profile.Profile) { p.Chain.RPC = []string{"http://127.0.0.1:1"} })
	production := writeProfile(t, s, "production.json", func(p *profile.Profile) {
		p.Environment, p.Chain.Confirmations = profile.Production, 1
	})
	noMemory := writeProfile(t, s, "nomemory.json", func(p *profile.Profile) {
		p.Hosts = maps.Clone(p.Hosts)
		delete(p.Hosts, "memory")
		p.Cloud.MemoryBucket, p.Cloud.MemoryRole, p.Cloud.MemoryMaintenanceRole = "", "", ""
	})
	drifted := writeProfile(t, s, "drifted.json", func(p *profile.Profile) { p.Cloud.MaintenanceRole = "agentkeys-other" })
	t.Run("terminal", func(t *testing.T) { testTerminal(t, s.ProfilePath, s.Profile.Chain.RPC[0]) })
	t.Run("doctor", func(t *testing.T) { testDoctor(t, s.ProfilePath) })
	t.Run("with a stack", func(t *testing.T) {
		own := &stacks{ctx: t.Context(), own: map[*testscript.TestScript]*devstack.Stack{}}
		testscript.Run(t, testscript.Params{
			Dir: "testdata/script", UpdateScripts: *update,
			Setup: func(e *testscript.Env) error {
				e.Setenv("HOME", filepath.Join(e.WorkDir, "me"))
				e.Setenv("AGENTKEYS_HOME", filepath.Join(e.WorkDir, "home"))
				e.Setenv("AGENTKEYS_PROFILE", s.ProfilePath)
				e.Setenv("RPC", s.Profile.Chain.RPC[0])
				e.Setenv("DEAD", dead)
				e.Setenv("NOCHAIN", noChain)
				e.Setenv("NOMEMORY", noMemory)
				e.Setenv("DRIFTED", drifted)
				e.Setenv("PRODUCTION", production)
				e.Setenv("CAPKEYS", filepath.Join(dir, "capability-keys.json"))
				e.Setenv("SIGNERKEYS", filepath.Join(dir, "signer-keys.json"))
				e.Setenv("ADMINISTRATOR", filepath.Join(dir, "administrator.json"))
				e.Setenv("MAINTENANCE", filepath.Join(dir, "maintenance.json"))
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"exits": exits, "eventually": eventually, "sees": sees, "random": random, "text": text, "same": same, "mode": mode,
				"stack": own.command, "recipient": recipient, "truncate": truncate, "mark": mark, "silent": silent,
				"decide": own.decide, "journal": own.journal, "misuse": misuse, "handmade": handmade,
			},
		})
	})
}

func writeProfile(t *testing.T, s *devstack.Stack, name string, change func(*profile.Profile)) string {
	t.Helper()
	p := *s.Profile
	change(&p)
	path := filepath.Join(t.TempDir(), name)
	if err := p.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// exits CODE PROGRAM ARGS... runs a program that must end with exactly that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT]...")
	}
	if got := run(ts, args[1:]); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s ended with %d, not %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// eventually is exits, repeated for a while: broker and worker see a block a
// moment after it was mined.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually CODE PROGRAM [ARGUMENT]...")
	}
	got := -1
	for give := time.Now().Add(10 * time.Second); time.Now().Before(give); {
		if got = run(ts, args[1:]); strconv.Itoa(got) == args[0] {
			return
		}
	}
	ts.Fatalf("%s still ends with %d, not %s", strings.Join(args[1:], " "), got, args[0])
}

// sees REGEXP PROGRAM ARGS... runs a program that succeeds, and must print that, for a
// while: the journal has an event a moment after it was decided.
func sees(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: sees REGEXP PROGRAM [ARGUMENT]...")
	}
	want, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	for give := time.Now().Add(10 * time.Second); time.Now().Before(give); {
		if got := run(ts, args[1:]); got != 0 {
			ts.Fatalf("%s ended with %d", strings.Join(args[1:], " "), got)
		}
		if want.MatchString(ts.ReadFile("stdout")) {
			return
		}
	}
	ts.Fatalf("%s still does not print %s", strings.Join(args[1:], " "), args[0])
}

func run(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	ts.Fatalf("%s: %v", args[0], err)
	return -1
}

// random FILE SIZE writes random bytes, a zero byte among them.
func random(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	b := make([]byte, n)
	_, err = rand.Read(b)
	ts.Check(err)
	b[n/2] = 0
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

// text FILE SIZE writes as many letters.
func text(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("k"), n), 0o600))
}

// same A B compares two files byte for byte; cmp is for texts.
func same(ts *testscript.TestScript, neg bool, args []string) {
	a, b := []byte(ts.ReadFile(args[0])), []byte(ts.ReadFile(args[1]))
	if bytes.Equal(a, b) == neg {
		ts.Fatalf("%s and %s: equal is %v", args[0], args[1], !neg)
	}
}

// mode FILE OCTAL checks permissions.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	st, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", st.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, not %s", args[0], got, args[1])
	}
}
