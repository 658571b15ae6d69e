package cli

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"net/http"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// presented is what a worker is shown besides a capability.
type presented struct {
	url, media string
	body       []byte
	objects    []string // that the proof names
	key        *ecdsa.PrivateKey
	session    *sts.Credentials // nil: none
}

// minting asks for a capability of one class to list, of the agent's own.
type minting func(context.Context) (string, error)

// present shows a worker a capability. Each try has one of its own, so that none
// is refused for having been used.
func (v *prover) present(mint minting, p presented) func(context.Context) (*refusal, error) {
	return func(ctx context.Context) (*refusal, error) {
		token, err := mint(ctx)
		if err != nil {
			return nil, fmt.Errorf("a capability of the agent's own: %w", err)
		}
		h := http.Header{}
		if p.session != nil {
			sts.SetHeaders(h, *p.session)
		}
		_, err = v.caller.API.Post(ctx, api.Request{URL: p.url, Token: token, Key: p.key, Header: h, ContentType: p.media, Body: p.body, Objects: p.objects})
		return remote(err)
	}
}

// workers tries genuine capabilities where they do not belong.
func (v *prover) workers(ctx context.Context, x *examination) {
	credentials := v.minting(ctx, x, service.Credentials, service.Any)
	if credentials != nil {
		v.credWorker(ctx, x, credentials)
	}
	if _, ok := v.profile.Cloud.Storage(service.Memory); !ok || v.caller.Hosts.Memory == "" {
		x.warn(workerName, "", "the profile names no memory worker: nothing is proven for it")
		return
	}
	if credentials != nil {
		v.elsewhere(ctx, x, service.Credentials, credentials)
	}
	space, err := v.namespace(ctx)
	if err != nil {
		x.fail(workerName, fmt.Errorf("what the agent was granted: %w", err))
		return
	}
	if memory := v.minting(ctx, x, service.Memory, space); memory != nil {
		v.elsewhere(ctx, x, service.Memory, memory)
	}
}

// workerName is under which name the workers' findings stand.
const workerName = "worker"

// minting is how a capability of a class is minted; nil, with the reason
// reported, where the agent gets none.
func (v *prover) minting(ctx context.Context, x *examination, class service.Class, name string) minting {
	path := map[service.Class]string{service.Credentials: api.PathCapCredList, service.Memory: api.PathCapMemoryList}[class]
	mint := func(ctx context.Context) (string, error) {
		c, err := v.caller.Mint(ctx, path, api.CapRequest{Service: name})
		return c.Token, err
	}
	if name != "" {
		_, err := mint(ctx)
		if err == nil {
			return mint
		}
		if apierr.CodeOf(err) != apierr.ServiceNotInScope {
			x.fail(workerName, fmt.Errorf("a capability of the agent's own: %w", err))
			return nil
		}
	}
	x.warn(workerName, "", "the agent may list nothing of class %s: without a capability nothing is proven with it; a grant with the op list makes one", class)
	return nil
}

// namespace is one whose memories the agent may list, empty for none.
func (v *prover) namespace(ctx context.Context) (string, error) {
	ch, err := v.program.chainClient()
	if err != nil {
		return "", err
	}
	grants, _, err := ch.Scope(ctx, v.self.Operator, v.self.Actor)
	if err != nil {
		return "", err
	}
	for _, g := range grants {
		if g.Service.Class() == service.Memory && g.Ops.Has(service.List) && (g.ExpiresAt == 0 || v.program.Now().Unix() < int64(g.ExpiresAt)) {
			return g.Service.String(), nil
		}
	}
	return "", nil
}

// unknown is a session that no cloud gave: a worker that looks at it too late is
// seen.
func unknown() *sts.Credentials {
	return &sts.Credentials{
		AccessKeyID: "ASIAPROBE00000000000", SecretAccessKey: secret.New([]byte("probe/0000000000000000000000000000000000")),
		SessionToken: secret.New([]byte("probe0000000000000000")),
	}
}

func byWorker(status int, code apierr.Code) refusal {
	return refusal{string(apierr.LayerWorker), status, string(code)}
}

// credWorker tries a capability for listing credentials at its own worker, with
// one thing wrong.
func (v *prover) credWorker(ctx context.Context, x *examination, mint minting) {
	stranger, err := crypto.GenerateKey()
	if err != nil {
		x.fail(workerName, err)
		return
	}
	list, key := v.caller.Hosts.Cred+api.PathCredList, v.caller.Key
	for _, p := range []struct {
		tried string
		presented
		want refusal
	}{
		{"a capability for listing, at the fetch of credentials", presented{url: v.caller.Hosts.Cred + api.PathCredFetch, key: key, session: unknown()}, byWorker(403, apierr.CapOpMismatch)},
		{"its capability with the proof of another key", presented{url: list, key: stranger, session: unknown()}, byWorker(401, apierr.ProofInvalid)},
		{"its capability without a storage session", presented{url: list, key: key}, byWorker(401, apierr.STSHeadersIncomplete)},
		{"its capability with a storage session that nobody gave", presented{url: list, key: key, session: unknown()}, refusal{string(apierr.LayerStorage), 403, string(apierr.StorageDenied)}},
	} {
		probe{name: workerName, tried: p.tried, want: p.want, try: v.present(mint, p.presented)}.run(ctx, x)
	}
}

// elsewhere tries a capability of one class at the worker of the other. All else is
// as that worker wants it: the proof by the right key over what is asked, the form of
// the request, and the agent's own storage session of the worker's class, if it has
// one. So a worker that does not look at the class gives what was asked for.
func (v *prover) elsewhere(ctx context.Context, x *examination, class service.Class, mint minting) {
	at, words := service.Memory, "memory"
	if class == service.Memory {
		at, words = service.Credentials, "cred"
	}
	session := unknown()
	if s := v.own[at]; s != nil {
		session = &s.session
	}
	routes := map[service.Class][]presented{
		service.Credentials: {
			{url: v.caller.Hosts.Cred + api.PathCredList},
			{url: v.caller.Hosts.Cred + api.PathCredFetch},
		},
		service.Memory: {
			{url: v.caller.Hosts.Memory + api.PathMemoryList, media: "application/json", body: []byte("{}")},
			{url: v.caller.Hosts.Memory + api.PathMemoryGet + "/" + v.name, objects: []string{v.name}},
		},
	}[at]
	for i, p := range routes {
		p.key, p.session = v.caller.Key, session
		tried := fmt.Sprintf("a capability for %s at the %s worker, to %s", class, words, []string{"list", "read"}[i])
		probe{name: workerName, tried: tried, want: byWorker(403, apierr.CapDataClassMismatch), try: v.present(mint, p)}.run(ctx, x)
	}
}
