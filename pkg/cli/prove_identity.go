package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// sessionService is who gives storage sessions, in words.
const sessionService = "the session service"

// nobody is an operator and an actor that do not exist.
type nobody struct {
	operator omni.Operator
	actor    omni.Actor
}

func parseOmnis(hex string) (n nobody, err error) {
	n.operator, err = omni.ParseOperator("0x" + hex)
	if err == nil {
		n.actor, err = omni.ParseActor("0x" + hex)
	}
	return n, err
}

func asRemote(err error, r **api.RemoteError) bool { return errors.As(err, r) }

// exchange asks for a session and throws it away.
func (v *prover) exchange(role, token string) func(context.Context) (*refusal, error) {
	return func(ctx context.Context) (*refusal, error) {
		_, err := v.caller.STS.Exchange(ctx, sts.ExchangeRequest{RoleARN: role, WebIdentityToken: token, SessionName: "agentkeys-probe"})
		if err == nil {
			return nil, nil
		}
		if status, code := sts.Refusal(err); status >= 400 && status < 500 && code != "" && apierr.CodeOf(err) == apierr.StorageDenied {
			return &refusal{sessionService, status, code}, nil
		}
		return nil, err
	}
}

// identity tries to take roles that the token is not for, and to be believed
// with tokens that the issuer did not sign.
func (v *prover) identity(ctx context.Context, x *examination, class service.Class, w api.WebIdentity) {
	own := v.caller.Hosts.Role(class, w.Access)
	denied := refusal{sessionService, 403, "AccessDenied"}
	invalid := refusal{sessionService, 400, "InvalidIdentityToken"}
	forged, err := v.forge(w.Token)
	if err != nil {
		x.fail(string(class), fmt.Errorf("making a foreign token: %w", err))
		return
	}
	var all []probe
	add := func(tried, role, token string, want refusal) {
		if role != "" {
			all = append(all, probe{name: string(class), tried: tried, want: want, try: v.exchange(role, token)})
		}
	}
	for _, c := range []service.Class{service.Credentials, service.Memory} {
		s, ok := v.profile.Cloud.Storage(c)
		if !ok {
			continue
		}
		if c != class {
			add("its token at the role of "+string(c), v.profile.Cloud.RoleARN(s.Role), w.Token, denied)
		}
		for _, r := range []struct{ what, role string }{{"provisioning", s.ProvisionRole}, {"maintenance", s.MaintenanceRole}} {
			if r.role != "" {
				add("its token at the "+r.what+" role of "+string(c), v.profile.Cloud.RoleARN(r.role), w.Token, denied)
			}
		}
	}
	add("its token, signed by another key", own, forged.signed, invalid)
	add("its token with another actor in it", own, forged.changed, invalid)
	add("its token with alg none", own, forged.unsigned, invalid)
	add("the broker's session in place of a web identity", own, v.self.Token, invalid)
	for _, p := range all {
		p.run(ctx, x)
	}
}

type forgeries struct{ signed, changed, unsigned string }

// forge makes tokens out of a genuine one that the issuer did not sign.
func (v *prover) forge(token string) (f forgeries, err error) {
	part := strings.Split(token, ".")
	if len(part) != 3 {
		return f, errors.New("the web identity is no JWS")
	}
	payload, err := base64.RawURLEncoding.DecodeString(part[1])
	if err != nil {
		return f, err
	}
	k, err := jose.GenerateKey()
	if err != nil {
		return f, err
	}
	if f.signed, err = jose.Sign(k, "JWT", payload); err != nil {
		return f, err
	}
	other := strings.ReplaceAll(string(payload), v.self.Actor.Key(), v.other)
	if other == string(payload) {
		return f, errors.New("the web identity does not name the agent")
	}
	f.changed = part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(other)) + "." + part[2]
	f.unsigned = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part[1] + "."
	return f, nil
}
