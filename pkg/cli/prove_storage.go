package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/secret"
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

// storage tries everything that a session of one class must not do. Puts never
// replace, and what a put would leave is removed.
func (v *prover) storage(ctx context.Context, x *examination, s *subject) {
	name := string(s.class)
	v.positive(ctx, x, s)
	denied := refusal{storageWords, 403, "AccessDenied"}
	add := func(tried string, store *blob.Store, a blob.Attempt, want refusal) {
		p := probe{name: name, tried: tried, want: want, try: v.attempt(store, a)}
		if a.Method == http.MethodPut && a.Key != "" {
			p.undo = func(ctx context.Context) error { return v.remove(ctx, store, a.Session, a.Key) }
		}
		p.run(ctx, x)
	}
	// objects tries the four operations below one folder, and reads what lies there.
	objects := func(words, folder string, store *blob.Store, there *subject) {
		read := folder + v.name
		if there != nil && there.object != "" {
			read = there.object
		}
		// A name of its own for each: a delete that is allowed must not tidy up after a put.
		free, gone := folder+"free-"+v.name, folder+"gone-"+v.name
		for _, a := range []struct {
			verb string
			blob.Attempt
		}{
			{"read", blob.Attempt{Method: http.MethodGet, Key: read}},
			{"write", blob.Attempt{Method: http.MethodPut, Key: free, Body: []byte("probe")}},
			{"list", blob.Attempt{Method: http.MethodGet, Query: listing(folder)}},
			{"delete", blob.Attempt{Method: http.MethodDelete, Key: gone}},
		} {
			a.Session = &s.session
			add(a.verb+" "+words, store, a.Attempt, denied)
		}
	}
	another := "bots/" + v.other + "/" + name + "/"
	if t := v.theirs[s.class]; t != nil {
		another = t.folder
	}
	objects("below another actor's prefix", another, s.store, v.theirs[s.class])
	objects("above the actors' prefixes", "bots/", s.store, nil)
	for _, c := range classes() {
		if c == s.class {
			continue
		}
		folder := "bots/" + v.self.Actor.Key() + "/" + string(c) + "/"
		objects("below its own actor, in the folder of "+string(c), folder, s.store, nil)
		if there, ok := v.profile.Cloud.Storage(c); ok {
			elsewhere, err := v.open(there.Bucket)
			if err != nil {
				x.fail(name, err)
				return
			}
			objects("in the bucket of "+string(c), s.folder, elsewhere, nil)
			objects("in the bucket and folder of "+string(c), folder, elsewhere, v.own[c])
		}
	}
	v.further(s, func(tried string, a blob.Attempt, want refusal) { add(tried, s.store, a, want) })
}

// further are what is tried at the session's own bucket and objects.
func (v *prover) further(s *subject, add func(tried string, a blob.Attempt, want refusal)) {
	denied := refusal{storageWords, 403, "AccessDenied"}
	own, free := s.folder+v.name, s.folder+"free-"+v.name
	version := url.Values{"versionId": {"null"}}
	add("delete a version of an object of its own", blob.Attempt{Method: http.MethodDelete, Key: free, Query: version, Session: &s.session}, denied)
	add("read a version of an object of its own", blob.Attempt{Method: http.MethodGet, Key: own, Query: version, Session: &s.session}, denied)
	add("read the bucket's policy", blob.Attempt{Method: http.MethodGet, Query: url.Values{"policy": {""}}, Session: &s.session}, denied)
	// No policy at all: whoever may set one is told that this is none.
	add("change the bucket's policy", blob.Attempt{Method: http.MethodPut, Query: url.Values{"policy": {""}}, Body: []byte("{}"), Session: &s.session}, denied)
	add("read an object of its own without a signature", blob.Attempt{Method: http.MethodGet, Key: own}, denied)
	add("list its own without a signature", blob.Attempt{Method: http.MethodGet, Query: listing(s.folder)}, denied)
	wrong := s.session
	wrong.SecretAccessKey = secret.New([]byte(strings.Repeat("0", s.session.SecretAccessKey.Len())))
	add("read with the session's token and another secret", blob.Attempt{Method: http.MethodGet, Key: own, Session: &wrong}, refusal{storageWords, 403, "SignatureDoesNotMatch"})
}

// positive shows that the session is good for what it is for: without that a
// refusal would show nothing. Where storage answers the workers alone, the agent
// itself is refused, and that is what must be seen.
func (v *prover) positive(ctx context.Context, x *examination, s *subject) {
	name := string(s.class)
	if v.workersAlone() {
		x.warn(name, "", "storage answers the workers alone: from here every refusal below may be for that reason; prove it on a worker's host, too")
		return
	}
	allowed := func(tried string, a blob.Attempt) {
		a.Session = &s.session
		switch got, err := v.attempt(s.store, a)(ctx); {
		case err != nil:
			x.fail(name, fmt.Errorf("%s: nothing is proven, there was no answer: %w", tried, err))
		case got != nil:
			x.fail(name, fmt.Errorf("%s: refused with %s, so that no refusal below shows anything", tried, got))
		default:
			x.ok(name, "%s: allowed, as it should be", tried)
		}
	}
	allowed("list its own", blob.Attempt{Method: http.MethodGet, Query: listing(s.folder)})
	if s.object != "" {
		allowed("read its own", blob.Attempt{Method: http.MethodGet, Key: s.object})
	}
	if t := v.theirs[s.class]; t == nil || t.object == "" {
		x.warn(name, "", "no object of another actor is there to be read: a refusal below may be for that reason; name a second agent that may write, with --against AGENT")
	}
}
