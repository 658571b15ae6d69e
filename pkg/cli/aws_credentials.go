package cli

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

func (p *program) awsCredentials() *cli.Command {
	var t target
	var class, access string
	var show bool
	return &cli.Command{
		Name: "credentials", Usage: "print one storage session in the form of credential_process",
		UsageText: "aws credentials --class CLASS [--access read|write] [--agent NAME]",
		Description: `Gets a storage session for one actor and data class, the one that workers are shown, and prints it as the AWS tools read it: nothing else is on standard output. It reaches the sealed objects of that actor and class for at most 15 minutes, and what is sealed is not opened by it.

For an agent its operator acts, and gets a session that may store and remove and never read. A terminal keeps what it shows, so there it takes --show.

Examples:
  agentkeys aws credentials --class credentials --as build-bot > session.json

  # in ~/.aws/config
  [profile build-bot]
  credential_process = agentkeys aws credentials --class credentials --as build-bot`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "class", Destination: &class, Usage: "`CLASS` of the data: credentials or memory"},
			&cli.StringFlag{Name: "access", Destination: &access, DefaultText: "read; for another's agent only provision", Usage: "`ACCESS` of the session: read, write or provision"},
			t.agentFlag(),
			&cli.BoolFlag{Name: "show", Destination: &show, Usage: "write to standard output even if that is a terminal"},
		},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			k, err := parseSession(class, access)
			if err != nil {
				return err
			}
			if p.StdoutIsTerminal && !show {
				return usage("a session is a secret and not written to a terminal unasked: pipe it, name this command as credential_process, or add --show")
			}
			return p.processCredentials(c.Context, t, k)
		},
	}
}

// parseSession reads what session is asked for. An access that nobody named
// stays empty.
func parseSession(class, access string) (api.WebIdentityRequest, error) {
	c, err := service.ParseClass(class)
	switch {
	case class == "":
		return api.WebIdentityRequest{}, usage("name the data class: --class credentials or --class memory")
	case err != nil || c != service.Credentials && c != service.Memory:
		return api.WebIdentityRequest{}, usage("--class is credentials or memory, not %q", class)
	}
	switch access {
	case "", "read", "write", "provision":
		return api.WebIdentityRequest{Class: c, Access: access}, nil
	}
	return api.WebIdentityRequest{}, usage("--access is read, write or provision, not %q", access)
}

func (p *program) processCredentials(ctx context.Context, t target, r api.WebIdentityRequest) error {
	c, actor, err := p.callFor(t)
	if err != nil {
		return err
	}
	s, err := c.Session(ctx)
	if err != nil {
		return err
	}
	if r.Actor = actor; actor.IsZero() {
		r.Actor = s.Actor
	}
	if r.Access == "" {
		r.Access = "read"
		if r.Actor != s.Actor {
			r.Access = "provision"
		}
	}
	creds, err := c.Storage(ctx, r)
	if err != nil {
		return err
	}
	text, err := strictjson.Encode(sts.ProcessCredentials{
		Version: 1, AccessKeyID: creds.AccessKeyID, SecretAccessKey: string(creds.SecretAccessKey.Reveal()),
		SessionToken: string(creds.SessionToken.Reveal()), Expiration: creds.Expires.UTC().Format(time.RFC3339),
	})
	if err != nil {
		return err
	}
	defer clear(text)
	_, err = p.Stdout.Write(append(text, '\n'))
	return err
}
