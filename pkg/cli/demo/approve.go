package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// minProbe is how many bytes of the secret it takes to recognise it: fewer
// occur by chance.
const minProbe = 8

// tooShort is said instead of what was not looked for.
const tooShort = "not searched: a secret of fewer than 8 bytes occurs by chance"

var noPassphrase secret.Secret

func contains(haystack, needle []byte) bool { return bytes.Contains(haystack, needle) }

func (l *loop) registerOperators(ctx context.Context) (string, error) {
	a, as, err := l.operatorNamed(ctx, operatorName)
	if err != nil {
		return "", err
	}
	b, bs, err := l.operatorNamed(ctx, strangerName)
	if err != nil {
		return "", err
	}
	if l.operator, _, err = l.caller(operatorName); err != nil {
		return "", err
	}
	if l.stranger, _, err = l.caller(strangerName); err != nil {
		return "", err
	}
	l.operatorOmni, l.strangerActor = a.Operator, omni.Self(b.Operator)
	return fmt.Sprintf("%s is %s%s, %s is %s%s", operatorName, a.Operator.Short(), as.aside(), strangerName, b.Operator.Short(), bs.aside()), nil
}

func (l *loop) bindAgent(ctx context.Context) (string, error) {
	operator, err := l.home.Identity(operatorName)
	if err != nil {
		return "", err
	}
	_, was, err := l.agentOf(ctx, operator, agentName)
	if err != nil {
		return "", err
	}
	c, id, err := l.caller(agentName)
	if err != nil {
		return "", err
	}
	l.agent, l.actor = c, id.Actor
	return fmt.Sprintf("%s is actor %s of %s%s", agentName, l.actor.Short(), operatorName, was.aside()), nil
}

func (l *loop) grant(ctx context.Context) (string, error) {
	was, err := l.granted(ctx, operatorName, agentName, l.service, "read,list")
	return fmt.Sprintf("%s may read and list %q%s", agentName, l.service, was.aside()), err
}

func (l *loop) provision(ctx context.Context) (string, error) {
	_, err := l.command(ctx, bytes.NewReader(l.Credential), "cred", "store", "--as", operatorName, "--agent", agentName, "--service", l.service)
	return fmt.Sprintf("%d bytes, SHA-256 %s", len(l.Credential), digest(l.Credential)), err
}

func digest(b []byte) string {
	s := sha256.Sum256(b)
	return fmt.Sprintf("%x…", s[:6])
}

// objectKey is where the agent's credential lies.
func (l *loop) objectKey(actor omni.Actor) (blob.Key, service.Name, error) {
	s, err := service.Parse(l.service)
	if err != nil {
		return blob.Key{}, s, err
	}
	return blob.CredentialKey(actor, s), s, nil
}

func (l *loop) ciphertext(context.Context) (string, error) {
	key, _, err := l.objectKey(l.actor)
	if err != nil {
		return "", err
	}
	raw, err := l.stack.Cloud.RawObject(l.profile.Cloud.VaultBucket, key.String())
	if err != nil {
		return "", fmt.Errorf("the object is not in storage: %w", err)
	}
	if at, ok := shared(raw, l.Credential); ok {
		return "", fmt.Errorf("the object contains the secret's bytes at %d", at)
	}
	found := "none of them plain"
	if len(l.Credential) < minProbe {
		found = tooShort
	}
	return fmt.Sprintf("%d bytes in storage at bots/%s…/credentials/%s.enc, %s", len(raw), l.actor.Key()[:8], l.service, found), nil
}

// shared finds a run of the secret that is long enough to recognise in b, and
// says where in the secret it begins. Every run of twice that length holds one.
func shared(b, plain []byte) (at int, ok bool) {
	runs := make(map[[minProbe]byte]int, len(plain)/minProbe)
	for at := 0; at+minProbe <= len(plain); at += minProbe {
		runs[[minProbe]byte(plain[at:])] = at
	}
	for i := 0; i+minProbe <= len(b); i++ {
		if at, ok = runs[[minProbe]byte(b[i:])]; ok {
			return at, true
		}
	}
	return 0, false
}

func (l *loop) oneWay(ctx context.Context) (string, error) {
	_, s, err := l.objectKey(l.actor)
	if err != nil {
		return "", err
	}
	_, err = l.operator.FetchCredential(ctx, l.actor, s)
	return refused(err, 403, apierr.DeviceBindingMismatch)
}

func (l *loop) fetch(ctx context.Context) (string, error) {
	if _, err := l.command(ctx, nil, "login", "--as", agentName); err != nil {
		return "", err
	}
	got, err := l.command(ctx, nil, "cred", "fetch", "--as", agentName, "--service", l.service)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(got, l.Credential) {
		return "", fmt.Errorf("%d bytes came back with SHA-256 %s; the secret has %d with %s", len(got), digest(got), len(l.Credential), digest(l.Credential))
	}
	return fmt.Sprintf("%d bytes came back, SHA-256 %s: identical", len(got), digest(got)), nil
}

// runChild starts a real process: agentkeys run, whose child is this binary
// again and prints the digest of what it was given.
func (l *loop) runChild(ctx context.Context) (string, error) {
	c := exec.CommandContext(ctx, l.Executable, "--home", l.home.Root(), "run", "--as", agentName,
		"--cred-fd", l.service+"=3", "--", l.Executable, ChildCommand)
	c.Env = l.Environ
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("agentkeys run: %w: %s", err, errOut.String())
	}
	if want := fmt.Sprintf("%x", sha256.Sum256(l.Credential)); strings.TrimSpace(out.String()) != want {
		return "", fmt.Errorf("the child read something else: %s", out.String())
	}
	if probe := l.Credential[:min(len(l.Credential), 32)]; len(probe) >= minProbe && (contains(out.Bytes(), probe) || contains(errOut.Bytes(), probe)) {
		return "", fmt.Errorf("the secret was printed")
	}
	if err := l.leaves(l.Dir); err != nil {
		return "", err
	}
	found := "no file below " + filepath.Base(l.Dir) + " holds them"
	if len(l.Credential) < minProbe {
		found = "files were " + tooShort
	}
	return "the child read the same bytes from descriptor 3; " + found, nil
}

// ChildCommand is the hidden command that the child of runChild runs: it
// prints the SHA-256 of descriptor 3.
const ChildCommand = "demo-child"

// Child reads descriptor 3 to its end and returns its SHA-256.
func Child() (string, error) {
	f := os.NewFile(3, "credential")
	if f == nil {
		return "", fmt.Errorf("descriptor 3 is not open")
	}
	defer f.Close()
	h := sha256.New()
	if _, err := f.WriteTo(h); err != nil {
		return "", fmt.Errorf("reading descriptor 3: %w", err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}
