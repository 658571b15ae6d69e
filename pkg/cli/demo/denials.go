package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/service"
)

// revocationBound is how long after its block a revocation may go unseen.
const revocationBound = 5 * time.Second

// refused turns the one expected refusal into a success and everything else,
// success included, into a failure.
func refused(err error, status int, code apierr.Code) (string, error) {
	var remote *api.RemoteError
	switch {
	case err == nil:
		return "", fmt.Errorf("it was allowed; %d %s was expected", status, code)
	case !errors.As(err, &remote):
		return "", fmt.Errorf("no refusal but a fault: %w; %d %s was expected", err, status, code)
	case remote.Status != status || remote.Code != code:
		return "", fmt.Errorf("refused with %d %s (%s); %d %s was expected", remote.Status, remote.Code, remote.Detail, status, code)
	}
	return fmt.Sprintf("%d %s: %s", status, code, remote.Detail), nil
}

func (l *loop) otherOperator(ctx context.Context) (string, error) {
	if _, err := l.stranger.Login(ctx); err != nil {
		return "", err
	}
	before, err := l.chainReads(ctx)
	if err != nil {
		return "", err
	}
	_, err = l.stranger.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Operator: l.operatorOmni, Actor: l.actor, Service: l.service})
	detail, err := refused(err, http.StatusForbidden, apierr.OperatorMismatch)
	if err != nil {
		return "", err
	}
	after, err := l.chainReads(ctx)
	if err != nil {
		return "", err
	}
	if before == "0" {
		return "", errors.New("the broker's count of chain reads does not count: a sign-in reads the chain")
	}
	if after != before {
		return "", fmt.Errorf("the broker read the chain for it: %s reads before, %s after", before, after)
	}
	return detail + "; chain reads before and after: " + after, nil
}

// chainReads asks the broker's metrics how often it has read the contracts.
func (l *loop) chainReads(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.stack.AdminURL+"/metrics", nil)
	if err != nil {
		return "", err
	}
	resp, err := l.agent.API.HTTP.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), `agentkeys_chain_reads_total{role="broker"} `); ok {
			return n, nil
		}
	}
	return "", errors.New("the broker does not say how often it reads the chain")
}

// otherPrefix uses the agent's own, genuine storage session directly.
func (l *loop) otherPrefix(ctx context.Context) (string, error) {
	creds, err := l.agent.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		return "", err
	}
	cloud := l.profile.Cloud
	store, err := blob.New(blob.Config{Endpoint: cloud.S3Endpoint, Region: cloud.Region, Bucket: cloud.VaultBucket})
	if err != nil {
		return "", err
	}
	own, _, err := l.objectKey(l.actor)
	if err != nil {
		return "", err
	}
	other, _, err := l.objectKey(l.strangerActor)
	if err != nil {
		return "", err
	}
	if _, err := store.Open(creds).Get(ctx, own); err != nil {
		return "", fmt.Errorf("the session does not even open its own prefix: %w", err)
	}
	// The agent's session may only read; the one that may put is its
	// operator's, for this agent. It puts and removes beside the secret.
	writes, err := l.operator.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Actor: l.actor, Access: "provision"})
	if err != nil {
		return "", err
	}
	probe, err := service.Parse("demo-probe")
	if err != nil {
		return "", err
	}
	beside := blob.CredentialKey(l.actor, probe)
	if err := errors.Join(store.Open(writes).Put(ctx, beside, []byte("x")), store.Open(writes).Delete(ctx, beside)); err != nil {
		return "", fmt.Errorf("the operator's session does not even write in its agent's prefix: %w", err)
	}
	for what, err := range map[string]error{
		"get":    second(store.Open(creds).Get(ctx, other)),
		"list":   second(store.Open(creds).ListCredentials(ctx, l.strangerActor)),
		"put":    store.Open(writes).Put(ctx, other, []byte("x")),
		"delete": store.Open(writes).Delete(ctx, other),
	} {
		if apierr.CodeOf(err) != apierr.StorageDenied {
			return "", fmt.Errorf("%s in another actor's prefix: %v; AccessDenied was expected", what, err)
		}
	}
	return "AccessDenied to get, list, put and delete in another actor's prefix, with sessions that may in the agent's own", nil
}

func second[T any](_ T, err error) error { return err }

// stolenCapability presents the agent's capability and session with another
// key's proof.
func (l *loop) stolenCapability(ctx context.Context) (string, error) {
	return l.worker(ctx, l.stranger, func(*http.Request) {}, apierr.ProofInvalid)
}

func (l *loop) otherBody(ctx context.Context) (string, error) {
	return l.worker(ctx, l.agent, func(r *http.Request) {
		body := strings.NewReader("other bytes than those that were signed")
		r.Body, r.ContentLength = io.NopCloser(body), int64(body.Len())
	}, apierr.ProofInvalid)
}

func (l *loop) partialHeaders(ctx context.Context) (string, error) {
	return l.worker(ctx, l.agent, func(r *http.Request) { r.Header.Del("X-Aws-Session-Token") }, apierr.STSHeadersIncomplete)
}

func (l *loop) noGrant(ctx context.Context) (string, error) {
	_, err := l.agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: "stripe"})
	detail, refusal := refused(err, http.StatusForbidden, apierr.ServiceNotInScope)
	var remote *api.RemoteError
	if refusal != nil || !errors.As(err, &remote) {
		return "", refusal
	}
	if !strings.Contains(remote.Fix, "scope set") {
		return "", fmt.Errorf("the answer names no command that grants it, but %q", remote.Fix)
	}
	return detail + "; to grant it: " + remote.Fix, nil
}

func (l *loop) revoke(ctx context.Context) (string, error) {
	// What was handed out before the end must end with it.
	c, err := l.agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: l.service, Uses: captoken.MaxUses})
	if err != nil {
		return "", err
	}
	creds, err := l.agent.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		return "", err
	}
	present := func() error { return second(l.agent.Worker(ctx, api.PathCredFetch, c.Token, creds, "", nil)) }
	if err := present(); err != nil {
		return "", fmt.Errorf("before the revocation: %w", err)
	}
	if _, err := l.command(ctx, nil, "agent", "revoke", "--as", operatorName, "--yes", agentName); err != nil {
		return "", err
	}
	detail, err := refused(l.ends(ctx, func() error {
		return second(l.agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: l.service}))
	}), http.StatusForbidden, apierr.DeviceRevoked)
	if err != nil {
		return "", err
	}
	if _, err := refused(l.ends(ctx, present), http.StatusForbidden, apierr.DeviceRevoked); err != nil {
		return "", fmt.Errorf("a capability from before, at the worker: %w", err)
	}
	_, err = l.agent.Login(ctx)
	if _, err := refused(err, http.StatusForbidden, apierr.DeviceRevoked); err != nil {
		return "", fmt.Errorf("signing in again: %w", err)
	}
	return detail + "; signing in again is refused too, and the worker refuses a capability from before", nil
}

// ends repeats f until it is refused, at most until the bound. Broker and
// worker follow the head by polling: what was mined is seen a moment later.
// The pauses let a capability's uses outlast the bound.
func (l *loop) ends(ctx context.Context, f func() error) error {
	again := time.NewTicker(2 * revocationBound / captoken.MaxUses)
	defer again.Stop()
	for give := l.Now().Add(revocationBound); ; {
		if err := f(); err != nil || !l.Now().Before(give) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

// worker mints a genuine capability and session for the agent, has them
// presented with one thing broken, and expects the code. Then it shows that
// nothing else was wrong.
func (l *loop) worker(ctx context.Context, by *client.Caller, breaks func(*http.Request), want apierr.Code) (string, error) {
	s, err := l.agent.Session(ctx)
	if err != nil {
		return "", err
	}
	c, err := l.agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Operator: s.Operator, Actor: s.Actor, Service: l.service})
	if err != nil {
		return "", err
	}
	creds, err := l.agent.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
	if err != nil {
		return "", err
	}
	_, err = by.Worker(ctx, api.PathCredFetch, c.Token, creds, "", nil, breaks)
	detail, err := refused(err, http.StatusUnauthorized, want)
	if err != nil {
		return "", err
	}
	if _, err := l.agent.Worker(ctx, api.PathCredFetch, c.Token, creds, "", nil); err != nil {
		return "", fmt.Errorf("the same capability, rightly used, was refused as well: %w", err)
	}
	return detail + "; the same capability rightly used works", nil
}
