package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// storageWords is who keeps objects, in words.
const storageWords = "storage"

// attempt makes one request to a bucket.
func (v *prover) attempt(store *blob.Store, a blob.Attempt) func(context.Context) (*refusal, error) {
	return func(ctx context.Context) (*refusal, error) {
		got, err := store.Attempt(ctx, a, v.program.Now())
		switch {
		case err != nil:
			return nil, err
		case got.Status >= 500:
			return nil, fmt.Errorf("storage answered %d %s", got.Status, got.Code)
		case got.Status < 300:
			return nil, nil
		}
		return &refusal{storageWords, got.Status, got.Code}, nil
	}
}

func (v *prover) open(bucket string) (*blob.Store, error) {
	c := v.profile.Cloud
	return blob.New(blob.Config{Endpoint: c.S3Endpoint, Region: c.Region, Bucket: bucket})
}

func listing(prefix string) url.Values {
	return url.Values{"list-type": {"2"}, "prefix": {prefix}, "max-keys": {"1"}}
}

// storage tries everything that a session of one class must not do. Names are
// such as nobody has, puts never replace, and what a put would leave is removed.
func (v *prover) storage(ctx context.Context, x *examination, class service.Class, w api.WebIdentity) {
	name := string(class)
	s, err := v.caller.STS.Exchange(ctx, sts.ExchangeRequest{RoleARN: v.caller.Hosts.Role(class, w.Access), WebIdentityToken: w.Token, SessionName: "agentkeys-probe"})
	if err != nil {
		x.fail(name, fmt.Errorf("a session of the agent's own: %w", err))
		return
	}
	at, _ := v.profile.Cloud.Storage(class)
	store, err := v.open(at.Bucket)
	if err != nil {
		x.fail(name, err)
		return
	}
	own := "bots/" + v.self.Actor.Key() + "/" + name + "/"
	v.positive(ctx, x, class, store, own, s)
	denied := refusal{storageWords, 403, "AccessDenied"}
	add := func(tried string, store *blob.Store, a blob.Attempt, want refusal) {
		p := probe{name: name, tried: tried, want: want, try: v.attempt(store, a)}
		if a.Method == http.MethodPut && a.Key != "" {
			back := a
			back.Method, back.Body = http.MethodDelete, nil
			p.undo = func(ctx context.Context) { _, _ = store.Attempt(ctx, back, v.program.Now()) }
		}
		p.run(ctx, x)
	}
	// objects tries the four operations below one folder.
	objects := func(words, folder string, store *blob.Store) {
		for _, a := range []struct {
			verb string
			blob.Attempt
		}{
			{"read", blob.Attempt{Method: http.MethodGet, Key: folder + v.name}},
			{"write", blob.Attempt{Method: http.MethodPut, Key: folder + v.name, Body: []byte("probe")}},
			{"list", blob.Attempt{Method: http.MethodGet, Query: listing(folder)}},
			{"delete", blob.Attempt{Method: http.MethodDelete, Key: folder + v.name}},
		} {
			a.Session = &s
			add(a.verb+" "+words, store, a.Attempt, denied)
		}
	}
	objects("below another actor's prefix", "bots/"+v.other+"/"+name+"/", store)
	objects("above the actors' prefixes", "bots/", store)
	for _, c := range []service.Class{service.Credentials, service.Memory} {
		if c == class {
			continue
		}
		objects("below its own actor, in the folder of "+string(c), "bots/"+v.self.Actor.Key()+"/"+string(c)+"/", store)
		if there, ok := v.profile.Cloud.Storage(c); ok {
			elsewhere, err := v.open(there.Bucket)
			if err != nil {
				x.fail(name, err)
				return
			}
			objects("in the bucket of "+string(c), own, elsewhere)
			objects("in the bucket and folder of "+string(c), "bots/"+v.self.Actor.Key()+"/"+string(c)+"/", elsewhere)
		}
	}
	version := url.Values{"versionId": {"null"}}
	add("delete a version of an object of its own", store, blob.Attempt{Method: http.MethodDelete, Key: own + v.name, Query: version, Session: &s}, denied)
	add("read a version of an object of its own", store, blob.Attempt{Method: http.MethodGet, Key: own + v.name, Query: version, Session: &s}, denied)
	add("read the bucket's policy", store, blob.Attempt{Method: http.MethodGet, Query: url.Values{"policy": {""}}, Session: &s}, denied)
	// No policy at all: whoever may set one is told that this is none.
	add("change the bucket's policy", store, blob.Attempt{Method: http.MethodPut, Query: url.Values{"policy": {""}}, Body: []byte("{}"), Session: &s}, denied)
	add("read an object of its own without a signature", store, blob.Attempt{Method: http.MethodGet, Key: own + v.name}, denied)
	add("list its own without a signature", store, blob.Attempt{Method: http.MethodGet, Query: listing(own)}, denied)
	wrong := s
	wrong.SecretAccessKey = secret.New([]byte(strings.Repeat("0", s.SecretAccessKey.Len())))
	add("read with the session's token and another secret", store, blob.Attempt{Method: http.MethodGet, Key: own + v.name, Session: &wrong}, refusal{storageWords, 403, "SignatureDoesNotMatch"})
}

// positive shows that the session is good for what it is for: without that a
// refusal would show nothing. Where storage answers the workers alone, the agent
// itself is refused, and that is what must be seen.
func (v *prover) positive(ctx context.Context, x *examination, class service.Class, store *blob.Store, own string, s sts.Credentials) {
	name := string(class)
	try := v.attempt(store, blob.Attempt{Method: http.MethodGet, Query: listing(own), Session: &s})
	if sources := v.profile.Cloud.WorkerSources; len(sources.CIDRs)+len(sources.VPCEndpoints) > 0 {
		x.warn(name, "", "storage answers the workers alone: from here every refusal below may be for that reason; prove it on a worker's host, too")
		return
	}
	switch got, err := try(ctx); {
	case err != nil:
		x.fail(name, fmt.Errorf("list its own: nothing is proven, there was no answer: %w", err))
	case got != nil:
		x.fail(name, fmt.Errorf("list its own: refused with %s, so that no refusal below shows anything", got))
	default:
		x.ok(name, "list its own: allowed, as it should be")
	}
}
