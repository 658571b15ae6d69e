package cli

import (
	"context"
	"fmt"
	"net/http"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// subject is an agent's session of one class, and the object that it put there.
//
// Storage answers a read of what is missing alike whether reading is forbidden or
// the reader may only not list (S3 API reference, GetObject): a refusal to read
// shows something only where something lies.
type subject struct {
	class   service.Class
	token   api.WebIdentity
	session sts.Credentials
	store   *blob.Store
	folder  string // bots/<actor>/<class>/
	object  string // the key of what lies there; empty for nothing
	tidy    bool   // something may lie there
}

// prepare gets the agent's sessions, and puts an object where it may. against is the
// agent's name where another tries against it.
func (v *prover) prepare(ctx context.Context, x *examination, against string) map[service.Class]*subject {
	out := map[service.Class]*subject{}
	for _, class := range classes() {
		at, ok := v.profile.Cloud.Storage(class)
		if !ok {
			continue
		}
		name, whose := string(class), "the agent"
		if against != "" {
			whose = "agent " + against
		}
		s := &subject{class: class, folder: "bots/" + v.self.Actor.Key() + "/" + name + "/"}
		var err error
		s.token, err = v.caller.WebIdentity(ctx, api.WebIdentityRequest{Class: class, Actor: v.self.Actor})
		if apierr.CodeOf(err) == apierr.ServiceNotInScope && (class != service.Credentials || against != "") {
			x.warn(name, "", "%s has no live grant of this class, so that nothing is proven for it", whose)
			continue
		}
		if err != nil {
			x.fail(name, fmt.Errorf("a web identity of %s's own: %w", whose, err))
			continue
		}
		s.session, err = v.caller.STS.Exchange(ctx, sts.ExchangeRequest{RoleARN: v.caller.Hosts.Role(class, s.token.Access), WebIdentityToken: s.token.Token, SessionName: "agentkeys-probe"})
		if err != nil {
			x.fail(name, fmt.Errorf("a session of %s's own: %w", whose, err))
			continue
		}
		if s.store, err = v.open(at.Bucket); err != nil {
			x.fail(name, err)
			continue
		}
		v.put(ctx, x, s)
		out[class] = s
	}
	return out
}

// workersAlone reports whether storage answers nobody but the workers.
func (v *prover) workersAlone() bool {
	sources := v.profile.Cloud.WorkerSources
	return len(sources.CIDRs)+len(sources.VPCEndpoints) > 0
}

// put stores an object with the session, where it may write.
func (v *prover) put(ctx context.Context, x *examination, s *subject) {
	if s.token.Access != "write" || v.workersAlone() {
		return
	}
	s.tidy = true
	key := s.folder + v.name
	switch got, err := v.attempt(s.store, blob.Attempt{Method: http.MethodPut, Key: key, Body: []byte("probe"), Session: &s.session})(ctx); {
	case err != nil:
		x.fail(string(s.class), fmt.Errorf("write its own: nothing is proven, there was no answer: %w", err))
	case got != nil:
		x.fail(string(s.class), fmt.Errorf("write its own: refused with %s, and should be allowed", got))
	default:
		s.object = key
	}
}

// remove deletes an object, and names it in the error when it may still be there.
func (v *prover) remove(ctx context.Context, store *blob.Store, session *sts.Credentials, key string) error {
	got, err := v.attempt(store, blob.Attempt{Method: http.MethodDelete, Key: key, Session: session})(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("%s may lie there still, remove it: %w", key, err)
	case got != nil:
		return fmt.Errorf("%s may lie there still, remove it: refused with %s", key, got)
	}
	return nil
}

// tidy takes away what prepare put there, also after an interrupt.
func (v *prover) tidy(ctx context.Context, x *examination, all map[service.Class]*subject) {
	for _, class := range classes() {
		s := all[class]
		if s == nil || !s.tidy {
			continue
		}
		if err := v.remove(context.WithoutCancel(ctx), s.store, &s.session, s.folder+v.name); err != nil {
			x.fail(string(class), err)
		}
	}
}
