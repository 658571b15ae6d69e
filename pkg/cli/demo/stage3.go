package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The names of stage 3, which are nobody else's.
const (
	isolatedName      = "demo-stage3"
	isolatedNamespace = "memory:" + isolatedName
	isolatedOps       = "read,write,list,delete"
	otherAgentName    = "report-bot"
)

// actor is an agent of the stage.
type actor struct {
	*client.Caller
	id home.Identity
}

// stage3 is the state that its steps share.
type stage3 struct {
	stand
	operator, stranger home.Identity
	// own is the agent of operator that attacks; other the agent of stranger, which
	// is attacked and whose own sessions see what came of it.
	own, other actor
	run        string // in the names of what this run puts: it harms nothing that is there
	put        []probe
	stored     []service.Class // through the workers
	refusals   int
}

// Stage3 holds actors and data classes apart, and shows of each refusal that it is
// the right one and that nothing was written or read.
func Stage3(ctx context.Context, c Config) (ui.Report, error) {
	s := &stage3{stand: stand{Config: c}, run: strings.ToLower(rand.Text()[:12])}
	ran := play(ctx, c, stage{
		name: "stage3", about: "actors and data classes are held apart, by storage itself and by every role",
		before: step{name: "stack, two operators, an agent of each", run: s.people}, steps: s.steps(),
	})
	return ui.Report{Stages: []ui.Stage{ran}}, errors.Join(s.tidy(ctx), s.close())
}

// steps are numbered as in SPEC section 7. Most stand on few others: sessions are
// opened when they are first used.
func (s *stage3) steps() []step {
	vault, memory := service.Credentials, service.Memory
	return []step{
		{name: "SIWE", proves: "each agent signs in with its own key; the session says whose it is", run: s.siwe},
		{name: "OIDC", proves: "the broker tells the cloud who the actor is and which class is meant, in a token that its published key signs", run: s.tokens, needs: on(1)},
		{name: "two STS sessions, vault and memory", proves: "the token of a class takes the role of that class, and of no other", run: s.sessions, needs: on(2)},
		{name: "vault: PUT own", proves: "the session is genuine and works where it may", run: s.putOwn(vault), needs: on(1)},
		{name: "refused: vault, PUT other", proves: "storage itself refuses, whatever our code does; the other's object is unchanged", run: s.putOther(vault), needs: on(4)},
		{name: "refused: vault, LIST other", proves: "not even names are told", run: s.listOther(vault), needs: on(5)},
		{name: "memory: PUT own", proves: "the session is genuine and works where it may", run: s.putOwn(memory), needs: on(1)},
		{name: "refused: memory, PUT other", proves: "storage itself refuses, whatever our code does; the other's object is unchanged", run: s.putOther(memory), needs: on(7)},
		{name: "refused: memory, LIST other", proves: "not even names are told", run: s.listOther(memory), needs: on(8)},
		{name: "refused: the bucket of the other class", proves: "a session opens one class, whosever folder it is, and both ways", run: s.otherClass, needs: on(4, 7)},
		{name: "credential round trip", proves: "through the worker and back, byte for byte", run: s.credential, needs: on(1)},
		{name: "memory round trip", proves: "through the worker and back, byte for byte", run: s.memory, needs: on(1)},
		{name: "refused: mint for another operator", proves: "the session decides before the chain is asked", run: s.otherOperator, needs: on(1)},
		{name: "refused: cred capability at memory worker", proves: "with valid headers and proof: the class in the token decides", run: s.capabilityAt(vault, memory), needs: on(11)},
		{name: "refused: memory capability at cred worker", proves: "and the other way", run: s.capabilityAt(memory, vault), needs: on(12)},
		{name: "clean-up and summary", proves: "nothing is left of what was put", run: s.summary, needs: on(1)},
	}
}

// people finds or makes everybody.
func (s *stage3) people(ctx context.Context) (string, error) {
	if err := s.open(ctx); err != nil {
		return "", err
	}
	var err error
	var was [6]outcome
	if s.operator, was[0], err = s.operatorNamed(ctx, operatorName); err != nil {
		return "", err
	}
	if s.stranger, was[1], err = s.operatorNamed(ctx, strangerName); err != nil {
		return "", err
	}
	if s.own, was[2], was[3], err = s.agentFor(ctx, s.operator, agentName); err != nil {
		return "", err
	}
	if s.other, was[4], was[5], err = s.agentFor(ctx, s.stranger, otherAgentName); err != nil {
		return "", err
	}
	if err := s.admit(ctx, s.own.id.Actor, s.other.id.Actor); err != nil {
		return "", err
	}
	done := ", all found"
	for _, o := range was {
		if !o.Done {
			done = ""
		}
	}
	return fmt.Sprintf("%s: %s of %s attacks, %s of %s is attacked%s", s.where(), agentName, operatorName, otherAgentName, strangerName, done), nil
}

// agentFor is an agent with both of the stage's grants.
func (s *stage3) agentFor(ctx context.Context, o home.Identity, name string) (a actor, bound, granted outcome, err error) {
	if a.id, bound, err = s.agentOf(ctx, o, name); err != nil {
		return a, bound, granted, err
	}
	granted.Done = true
	for _, service := range []string{isolatedName, isolatedNamespace} {
		was, err := s.granted(ctx, o.Name, name, service, isolatedOps)
		if err != nil {
			return a, bound, granted, err
		}
		granted.Done = granted.Done && was.Done
	}
	a.Caller, a.id, err = s.caller(name)
	return a, bound, granted, err
}

func (s *stage3) siwe(ctx context.Context) (string, error) {
	for _, a := range []actor{s.own, s.other} {
		got, err := a.Login(ctx)
		if err != nil {
			return "", fmt.Errorf("%s: %w", a.id.Name, err)
		}
		if got.Kind != "agent" || got.Operator != a.id.Operator || got.Actor != a.id.Actor || got.Device != a.id.Device {
			return "", fmt.Errorf("the session of %s is of %s %s of operator %s", a.id.Name, got.Kind, got.Actor.Short(), got.Operator.Short())
		}
		if !got.ExpiresAt.After(s.Now()) {
			return "", fmt.Errorf("the session of %s is over already", a.id.Name)
		}
	}
	return fmt.Sprintf("%s is actor %s of operator %s, %s is actor %s of operator %s", s.own.id.Name, s.own.id.Actor.Short(), s.own.id.Operator.Short(),
		s.other.id.Name, s.other.id.Actor.Short(), s.other.id.Operator.Short()), nil
}

// classes of the stage; each has a bucket, or is an unmet prerequisite.
func (s *stage3) classes() ([]service.Class, error) {
	all := []service.Class{service.Credentials, service.Memory}
	for _, c := range all {
		if _, _, err := s.bucketOf(c); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// want is what a session of this stage is asked for.
func want(c service.Class) api.WebIdentityRequest {
	return api.WebIdentityRequest{Class: c, Access: string(oidc.AccessWrite)}
}

func (s *stage3) tokens(ctx context.Context) (string, error) {
	classes, err := s.classes()
	if err != nil {
		return "", err
	}
	keys, err := s.issuerKeys(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range classes {
		w, err := s.own.WebIdentity(ctx, want(c))
		if err != nil {
			return "", err
		}
		if err := s.says(keys, w.Token, c); err != nil {
			return "", fmt.Errorf("the token for %s: %w", c, err)
		}
	}
	return fmt.Sprintf("one for each class: actor %s, operator %s, access %s, for %s, at most %s", s.own.id.Actor.Short(), s.own.id.Operator.Short(), oidc.AccessWrite, oidc.Audience, oidc.Life), nil
}

// says holds that the token is what it should be, and signed by a published key.
func (s *stage3) says(keys jose.KeySet, token string, c service.Class) error {
	payload, err := keys.Verify(token, oidc.Type)
	if err != nil {
		return err
	}
	var t struct {
		Issuer   string `json:"iss"`
		Audience string `json:"aud"`
		IssuedAt int64  `json:"iat"`
		Expires  int64  `json:"exp"`
		Tags     struct {
			Principal map[string][]string `json:"principal_tags"`
		} `json:"https://aws.amazon.com/tags"`
	}
	if err := strictjson.DecodeAnswer(payload, &t); err != nil {
		return err
	}
	if t.Issuer != s.profile.OIDCIssuer || t.Audience != oidc.Audience || time.Duration(t.Expires-t.IssuedAt)*time.Second > oidc.Life {
		return fmt.Errorf("issuer %q, audience %q, %d s", t.Issuer, t.Audience, t.Expires-t.IssuedAt)
	}
	for tag, value := range map[string]string{
		oidc.TagActor: s.own.id.Actor.Key(), oidc.TagOperator: s.own.id.Operator.Key(), oidc.TagClass: string(c), oidc.TagAccess: string(oidc.AccessWrite),
	} {
		if got := t.Tags.Principal[tag]; len(got) != 1 || got[0] != value {
			return fmt.Errorf("tag %s is %q, not %q", tag, got, value)
		}
	}
	return nil
}

func (s *stage3) sessions(ctx context.Context) (string, error) {
	classes, err := s.classes()
	if err != nil {
		return "", err
	}
	for i, c := range classes {
		for _, a := range []actor{s.own, s.other} {
			if _, err := a.Storage(ctx, want(c)); err != nil {
				return "", fmt.Errorf("%s, %s: %w", a.id.Name, c, err)
			}
		}
		other := classes[1-i]
		w, err := s.own.WebIdentity(ctx, want(c))
		if err != nil {
			return "", err
		}
		role := s.profile.Cloud.SessionRoleARN(other, string(oidc.AccessWrite))
		switch err := s.takes(ctx, role, w.Token); {
		case err == nil:
			return "", fmt.Errorf("the token for %s took the role for %s", c, other)
		case apierr.CodeOf(err) != apierr.StorageDenied:
			return "", fmt.Errorf("the token for %s and the role for %s: %w; a refusal was expected", c, other, err)
		}
	}
	creds, err := s.own.Storage(ctx, want(service.Credentials))
	return fmt.Sprintf("each agent has one for the vault and one for memory, until %s; STS refuses the token of one class for the role of the other", creds.Expires.UTC().Format("15:04:05")), err
}

// otherOperator mints in another operator's name, for its actor and for the own one.
func (s *stage3) otherOperator(ctx context.Context) (string, error) {
	detail := ""
	for _, at := range []struct{ path, service string }{{api.PathCapCredFetch, isolatedName}, {api.PathCapMemoryGet, isolatedNamespace}} {
		for _, a := range []omni.Actor{s.other.id.Actor, s.own.id.Actor} {
			_, err := s.own.Mint(ctx, at.path, api.CapRequest{Operator: s.stranger.Operator, Actor: a, Service: at.service})
			if detail, err = refused(err, 403, apierr.OperatorMismatch); err != nil {
				return "", fmt.Errorf("%s: %w", at.path, err)
			}
			s.refusals++
		}
		if _, err := s.own.Mint(ctx, at.path, api.CapRequest{Service: at.service}); err != nil {
			return "", fmt.Errorf("%s in the agent's own name: %w", at.path, err)
		}
	}
	return detail + "; in its own name it gets one", nil
}
