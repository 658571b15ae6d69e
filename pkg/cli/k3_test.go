package cli_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/roles"
)

// stacks are the stacks that scripts have for themselves, by script.
type stacks struct {
	ctx context.Context

	mu  sync.Mutex // guards own
	own map[*testscript.TestScript]*devstack.Stack
}

// command is stack start DIR, stack fails DIR and stack stop: a stack whose
// signer, epochs and files no other script shares. Its profile is the one that
// the script uses from then on. A start that fails says why in the file why.
func (s *stacks) command(ts *testscript.TestScript, neg bool, args []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !neg && len(args) == 2 && (args[0] == "start" || args[0] == "fails"):
		dir := ts.MkAbs(args[1])
		started, err := devstack.Start(s.ctx, devstack.Config{Dir: dir, FreePorts: true, Roles: roles.All(), Now: time.Now, Log: zerolog.New(io.Discard)})
		if args[0] == "fails" {
			if err == nil {
				_ = started.Close()
				ts.Fatalf("it started")
			}
			ts.Check(os.WriteFile(ts.MkAbs("why"), []byte(err.Error()+"\n"), 0o600))
			return
		}
		ts.Check(err)
		if s.own[ts] == nil {
			ts.Defer(func() { s.stop(ts) })
		}
		s.own[ts] = started
		ts.Setenv("AGENTKEYS_PROFILE", started.ProfilePath)
		key, err := os.ReadFile(filepath.Join(dir, "deployer.key"))
		ts.Check(err)
		k, err := crypto.HexToECDSA(strings.TrimSpace(string(key)))
		ts.Check(err)
		ts.Setenv("EPOCHCONTRACT", started.Profile.Contracts.Epoch.String())
		ts.Setenv("GOVERNANCE", crypto.PubkeyToAddress(k.PublicKey).Hex())
	case !neg && len(args) == 1 && args[0] == "stop":
		ts.Check(s.own[ts].Close())
		s.own[ts] = nil
	default:
		ts.Fatalf("usage: stack start DIR, stack fails DIR, stack stop")
	}
}

// stop ends what a script left running.
func (s *stacks) stop(ts *testscript.TestScript) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own := s.own[ts]; own != nil {
		_ = own.Close()
	}
	delete(s.own, ts)
}

// mark FILE CONTRACT EPOCH AFTER writes where an interrupted k3 reencrypt had come
// to.
func mark(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil,
		`{"epoch_contract":%q,"epoch":%s,"bucket":"agentkeys-vault","after":{"credentials":%q}}`, args[1], args[2], args[3]), 0o600))
}

// silent has the script use a profile that names one more signer, which nobody
// serves. HEARD is the profile from before.
func silent(ts *testscript.TestScript, _ bool, _ []string) {
	path := ts.Getenv("AGENTKEYS_PROFILE")
	text, err := os.ReadFile(path)
	ts.Check(err)
	before, after, found := strings.Cut(string(text), `"signers":`)
	if !found {
		ts.Fatalf("the profile names no signers")
	}
	after = strings.Replace(after, "[", `[{"url": "http://127.0.0.1:1", "key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},`, 1)
	ts.Setenv("HEARD", path)
	path = filepath.Join(filepath.Dir(path), "silent.json")
	ts.Check(os.WriteFile(path, []byte(before+`"signers":`+after), 0o600))
	ts.Setenv("AGENTKEYS_PROFILE", path)
}

// truncate FILE SIZE cuts a file short.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// recipient FILE writes the identity that opens a backup, and sets RECIPIENT.
func recipient(ts *testscript.TestScript, _ bool, args []string) {
	identity, public, err := seal.GenerateIdentity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), identity.Reveal(), 0o600))
	ts.Setenv("RECIPIENT", public)
}
