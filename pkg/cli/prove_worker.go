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

// workers tries a genuine capability where it does not belong. Each try has one
// of its own, so that none is refused for having been used.
func (v *prover) workers(ctx context.Context, x *examination) {
	const name = "worker"
	mint := func(ctx context.Context) (string, error) {
		c, err := v.caller.Mint(ctx, api.PathCapCredList, api.CapRequest{Service: service.Any})
		return c.Token, err
	}
	if _, err := mint(ctx); apierr.CodeOf(err) == apierr.ServiceNotInScope {
		x.warn(name, "", "the agent may list nothing: without a capability nothing is proven for the workers; a grant with the op list makes one")
		return
	} else if err != nil {
		x.fail(name, fmt.Errorf("a capability of the agent's own: %w", err))
		return
	}
	stranger, err := crypto.GenerateKey()
	if err != nil {
		x.fail(name, err)
		return
	}
	// A session that no cloud gave: a worker that looks at it too late is seen.
	made := sts.Credentials{
		AccessKeyID: "ASIAPROBE00000000000", SecretAccessKey: secret.New([]byte("probe/0000000000000000000000000000000000")),
		SessionToken: secret.New([]byte("probe0000000000000000")),
	}
	call := func(url, media string, key *ecdsa.PrivateKey, header bool) func(context.Context) (*refusal, error) {
		return func(ctx context.Context) (*refusal, error) {
			token, err := mint(ctx)
			if err != nil {
				return nil, fmt.Errorf("a capability of the agent's own: %w", err)
			}
			h := http.Header{}
			if header {
				sts.SetHeaders(h, made)
			}
			r := api.Request{URL: url, Token: token, Key: key, Header: h, ContentType: media}
			if media != "" {
				r.Body = []byte("{}")
			}
			_, err = v.caller.API.Post(ctx, r)
			return remote(err)
		}
	}
	by := func(layer apierr.Layer, status int, code apierr.Code) refusal {
		return refusal{string(layer), status, string(code)}
	}
	hosts, key := v.caller.Hosts, v.caller.Key
	for _, p := range []probe{
		{name: name, tried: "a capability for listing, at the fetch of credentials", want: by(apierr.LayerWorker, 403, apierr.CapOpMismatch), try: call(hosts.Cred+api.PathCredFetch, "", key, true)},
		{name: name, tried: "its capability with the proof of another key", want: by(apierr.LayerWorker, 401, apierr.ProofInvalid), try: call(hosts.Cred+api.PathCredList, "", stranger, true)},
		{name: name, tried: "its capability without a storage session", want: by(apierr.LayerWorker, 401, apierr.STSHeadersIncomplete), try: call(hosts.Cred+api.PathCredList, "", key, false)},
		{name: name, tried: "its capability with a storage session that nobody gave", want: by(apierr.LayerStorage, 403, apierr.StorageDenied), try: call(hosts.Cred+api.PathCredList, "", key, true)},
	} {
		p.run(ctx, x)
	}
	v.memoryWorker(ctx, x, call(hosts.Memory+api.PathMemoryList, "application/json", key, true), by(apierr.LayerWorker, 403, apierr.CapDataClassMismatch))
}

// memoryWorker tries the capability at the worker of the other class, where the
// profile names one.
func (v *prover) memoryWorker(ctx context.Context, x *examination, try func(context.Context) (*refusal, error), want refusal) {
	if _, ok := v.profile.Cloud.Storage(service.Memory); !ok || v.caller.Hosts.Memory == "" {
		x.warn("worker", "", "the profile names no memory worker: nothing is proven for it")
		return
	}
	probe{name: "worker", tried: "a capability for credentials at the memory worker", want: want, try: try}.run(ctx, x)
}
