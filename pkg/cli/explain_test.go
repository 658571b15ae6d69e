package cli_test

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// misuse KIND AGENT SERVICE [OTHER] has an agent ask the worker as no command of
// this program would, and leaves the request's identifier in $REQUEST: "twice"
// fetches twice with one capability, "bare" without a storage session, "foreign"
// with the session of another agent.
func misuse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: misuse KIND AGENT SERVICE [OTHER]")
	}
	ctx := context.Background()
	c := callerOf(ts, args[1])
	cp, err := c.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: args[2]})
	ts.Check(err)
	creds := sessionOf(ctx, ts, c)
	var edit []func(*http.Request)
	switch args[0] {
	case "twice":
		_, err := c.Worker(ctx, api.PathCredFetch, cp.Token, creds, "", nil)
		ts.Check(err)
	case "bare":
		edit = append(edit, func(r *http.Request) { r.Header.Del("X-Aws-Session-Token") })
	case "foreign":
		creds = sessionOf(ctx, ts, callerOf(ts, args[3]))
	}
	_, err = c.Worker(ctx, api.PathCredFetch, cp.Token, creds, "", nil, edit...)
	var refused *api.RemoteError
	if !errors.As(err, &refused) {
		ts.Fatalf("%s: %v", args[0], err)
	}
	ts.Logf("%s: %+v", args[0], refused.Problem)
	ts.Setenv("REQUEST", refused.RequestID)
}

func callerOf(ts *testscript.TestScript, name string) *client.Caller {
	pr, err := profile.Load(ts.Getenv("AGENTKEYS_PROFILE"))
	ts.Check(err)
	d, err := home.Open(ts.MkAbs("home"), time.Now)
	ts.Check(err)
	id, err := d.Identity(name)
	ts.Check(err)
	k, err := d.OpenKey(name, secret.Secret{})
	ts.Check(err)
	ts.Defer(k.Close)
	cache, err := d.Sessions(id, pr)
	ts.Check(err)
	c, err := client.New(pr, k.Private(), cache, time.Now)
	ts.Check(err)
	return c
}

func sessionOf(ctx context.Context, ts *testscript.TestScript, c *client.Caller) sts.Credentials {
	creds, err := c.Storage(ctx, api.WebIdentityRequest{Class: service.Credentials, Actor: omni.Actor{}, Access: "read"})
	ts.Check(err)
	return creds
}
