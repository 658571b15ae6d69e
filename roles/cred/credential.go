package cred

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
)

// MaxCredential is the largest credential, in bytes.
const MaxCredential = 1 << 20

func (w *Worker) store(ctx context.Context, g granted, in httpd.Raw) (api.CredStored, error) {
	r := w.request(g)
	r.Epoch = uint64(g.decision.Epoch)
	sealed, err := envelope.Seal(ctx, w.keys, r, in.Bytes)
	if err != nil {
		return api.CredStored{}, err
	}
	if err := w.objects.Open(g.session).Put(ctx, key(g), sealed); err != nil {
		return api.CredStored{}, err
	}
	return api.CredStored{Service: g.ServiceName(), Bytes: len(in.Bytes), Epoch: g.decision.Epoch}, nil
}

func (w *Worker) fetch(ctx context.Context, g granted, _ httpd.None) (httpd.Bytes, error) {
	sealed, err := w.objects.Open(g.session).Get(ctx, key(g))
	if err != nil {
		return httpd.Bytes{}, err
	}
	plain, err := envelope.Open(ctx, w.keys, w.request(g), sealed)
	if err != nil {
		return httpd.Bytes{}, err
	}
	return httpd.Bytes{Data: plain}, nil
}

// list names what is stored AND visible through a live grant.
func (w *Worker) list(ctx context.Context, g granted, _ httpd.None) (api.CredList, error) {
	entries, err := w.objects.Open(g.session).ListCredentials(ctx, g.Actor())
	if err != nil {
		return api.CredList{}, err
	}
	out := api.CredList{Credentials: []api.CredEntry{}}
	for _, e := range entries {
		if visible(g.decision.Grants, e.Service) {
			out.Credentials = append(out.Credentials, api.CredEntry{Service: e.Service, Size: e.Size, Modified: e.Modified})
		}
	}
	return out, nil
}

func visible(grants []chain.Grant, s service.Name) bool {
	for _, g := range grants {
		if g.Service == s {
			return true
		}
	}
	return false
}

func (w *Worker) teardown(ctx context.Context, g granted, _ httpd.None) (api.CredTornDown, error) {
	if err := w.objects.Open(g.session).Delete(ctx, key(g)); err != nil {
		return api.CredTornDown{}, err
	}
	return api.CredTornDown{Service: g.ServiceName()}, nil
}

// key is built from the capability's actor, never from anything else that the
// caller sent; storage refuses a session of another actor.
func key(g granted) blob.Key { return blob.CredentialKey(g.Actor(), g.ServiceName()) }

func (w *Worker) request(g granted) keys.Request {
	return keys.Request{
		Binding:  keys.Binding{Class: service.Credentials, Operator: g.Operator(), Actor: g.Actor(), Service: g.ServiceName()},
		Evidence: g.evidence,
	}
}
