package cred

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
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
	r.Epoch = uint64(g.Decision.Epoch)
	sealed, err := envelope.Seal(ctx, g.Keys(), r, in.Bytes)
	if err != nil {
		return api.CredStored{}, err
	}
	if err := w.Objects().Open(g.Session).Put(ctx, g.Object, sealed); err != nil {
		return api.CredStored{}, err
	}
	return api.CredStored{Service: g.ServiceName(), Bytes: len(in.Bytes), Epoch: g.Decision.Epoch}, nil
}

func (w *Worker) fetch(ctx context.Context, g granted, _ httpd.None) (httpd.Bytes, error) {
	sealed, err := w.Objects().Open(g.Session).Get(ctx, g.Object)
	if err != nil {
		return httpd.Bytes{}, err
	}
	plain, err := envelope.Open(ctx, g.Keys(), w.request(g), sealed)
	if err != nil {
		return httpd.Bytes{}, err
	}
	return httpd.Bytes{Data: plain}, nil
}

// list names what is stored AND visible through a live grant.
func (w *Worker) list(ctx context.Context, g granted, _ httpd.None) (api.CredList, error) {
	entries, err := w.Objects().Open(g.Session).ListCredentials(ctx, g.Actor())
	if err != nil {
		return api.CredList{}, err
	}
	out := api.CredList{Credentials: []api.CredEntry{}}
	for _, e := range entries {
		if visible(g.Decision.Grants, e.Service) {
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
	if err := w.Objects().Open(g.Session).Delete(ctx, g.Object); err != nil {
		return api.CredTornDown{}, err
	}
	return api.CredTornDown{Service: g.ServiceName()}, nil
}

func (w *Worker) request(g granted) keys.Request {
	return keys.Request{
		Binding:  keys.Binding{Class: service.Credentials, Operator: g.Operator(), Actor: g.Actor(), Service: g.ServiceName()},
		Evidence: g.Evidence,
	}
}
