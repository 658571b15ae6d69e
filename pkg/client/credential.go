package client

import (
	"context"
	"net/http"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// operation is one kind of call to the worker of a class.
type operation struct {
	class      service.Class
	mint, path string
	access     string // what the storage session must allow
}

var (
	opStore    = operation{service.Credentials, api.PathCapCredStore, api.PathCredStore, "write"}
	opFetch    = operation{service.Credentials, api.PathCapCredFetch, api.PathCredFetch, "read"}
	opList     = operation{service.Credentials, api.PathCapCredList, api.PathCredList, "read"}
	opTeardown = operation{service.Credentials, api.PathCapCredTeardown, api.PathCredTeardown, "write"}
)

// StoreCredential stores a secret for the actor; the zero actor is the caller.
// A master that names an agent provisions: the secret is the agent's, and the
// master cannot read it back.
func (c *Caller) StoreCredential(ctx context.Context, actor omni.Actor, s service.Name, value secret.Secret) (api.CredStored, error) {
	body, err := c.credential(ctx, opStore, actor, s.String(), "application/octet-stream", value.Reveal())
	return decode[api.CredStored](body, err)
}

// FetchCredential returns the secret stored for the caller.
func (c *Caller) FetchCredential(ctx context.Context, actor omni.Actor, s service.Name) (secret.Secret, error) {
	body, err := c.credential(ctx, opFetch, actor, s.String(), "", nil)
	if err != nil {
		return secret.Secret{}, err
	}
	defer clear(body)
	return secret.New(body), nil
}

// ListCredentials names what is stored and visible.
func (c *Caller) ListCredentials(ctx context.Context, actor omni.Actor) (api.CredList, error) {
	return decode[api.CredList](c.credential(ctx, opList, actor, service.Any, "", nil))
}

// TeardownCredential removes a stored secret; one that is not there is no error.
func (c *Caller) TeardownCredential(ctx context.Context, actor omni.Actor, s service.Name) (api.CredTornDown, error) {
	return decode[api.CredTornDown](c.credential(ctx, opTeardown, actor, s.String(), "", nil))
}

func (c *Caller) credential(ctx context.Context, op operation, actor omni.Actor, svc, contentType string, body []byte) ([]byte, error) {
	return c.work(ctx, op, actor, svc, func(capability string, creds sts.Credentials) ([]byte, error) {
		return c.Worker(ctx, op.path, capability, creds, contentType, body)
	})
}

// work mints, gets a storage session and has call call the worker; the zero actor is
// the caller. A cached storage session that storage refuses is replaced once: grants
// may have grown since it was made.
func (c *Caller) work(ctx context.Context, op operation, actor omni.Actor, svc string, call func(capability string, creds sts.Credentials) ([]byte, error)) ([]byte, error) {
	s, err := c.Session(ctx)
	if err != nil {
		return nil, err
	}
	if actor.IsZero() {
		actor = s.Actor
	}
	access := op.access
	if actor != s.Actor {
		access = "provision"
	}
	r := api.WebIdentityRequest{Class: op.class, Actor: actor, Access: access}
	try := func() ([]byte, error) {
		cp, err := c.Mint(ctx, op.mint, api.CapRequest{Actor: actor, Service: svc})
		if err != nil {
			return nil, err
		}
		creds, err := c.Storage(ctx, r)
		if err != nil {
			return nil, err
		}
		return call(cp.Token, creds)
	}
	// A second try costs a second capability: only a session that was there
	// before this call may be the reason.
	key := StorageKey{Class: op.class, Actor: actor, Access: access}
	_, cached := c.Cache.Storage(key)
	out, err := try()
	if apierr.CodeOf(err) == apierr.StorageDenied && cached {
		c.Cache.DropStorage(key)
		return try()
	}
	return out, err
}

// Worker calls the cred worker with a capability and a storage session.
func (c *Caller) Worker(ctx context.Context, path, capability string, creds sts.Credentials, contentType string, body []byte, edit ...func(*http.Request)) ([]byte, error) {
	h := http.Header{}
	sts.SetHeaders(h, creds)
	return c.API.Post(ctx, api.Request{
		URL: c.Hosts.Cred + path, Token: capability, Key: c.Key, Header: h, ContentType: contentType, Body: body,
		Edit: func(r *http.Request) {
			for _, e := range edit {
				e(r)
			}
		},
	})
}

func decode[T any](body []byte, err error) (T, error) {
	var out T
	if err != nil {
		return out, err
	}
	return out, strictjson.DecodeAnswer(body, &out)
}
