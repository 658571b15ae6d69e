package client_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// sessions is a session service whose answers a test writes.
type sessions struct {
	*httptest.Server
	asked int
}

const session = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
	<AccessKeyId>ASIAEXAMPLE000000000</AccessKeyId><SecretAccessKey>secret/0123456789abcdef0123456789abcdef</SecretAccessKey>
	<SessionToken>token0123456789abcdef</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`

func refusedBy(code string) string {
	return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>` + code + `</Code><Message>no</Message></Error></ErrorResponse>`
}

// TestStorageOutrun: a token that may have been outrun by a rotation is minted once
// more; what is refused for a reason that says otherwise, or twice, or not answered,
// is not.
func TestStorageOutrun(t *testing.T) {
	const gateway = `<Error><Code>AccessDenied</Code><Message></Message></Error>` // as Ceph's
	for name, c := range map[string]struct {
		status  int
		body    string
		times   int // that it is answered so
		minted  int
		refusal apierr.Code
	}{
		"taken":                   {0, "", 0, 1, ""},
		"outrun":                  {400, refusedBy("InvalidIdentityToken"), 1, 2, ""},
		"outrun at a gateway":     {403, gateway, 1, 2, ""},
		"not genuine":             {400, refusedBy("InvalidIdentityToken"), 9, 2, apierr.StorageDenied},
		"refused by a gateway":    {403, gateway, 9, 2, apierr.StorageDenied},
		"refused":                 {403, refusedBy("AccessDenied"), 1, 1, apierr.StorageDenied},
		"expired":                 {400, refusedBy("ExpiredTokenException"), 1, 1, apierr.StorageDenied},
		"the issuer is not there": {400, refusedBy("IDPCommunicationError"), 9, 1, apierr.StorageUnavailable},
	} {
		s := &sessions{}
		s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if s.asked++; s.asked <= c.times {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
				return
			}
			_, _ = fmt.Fprint(w, session)
		}))
		h := newHost(t)
		h.mint = func(n int) (int, any) {
			return http.StatusOK, api.WebIdentity{Token: fmt.Sprint("token", n), ExpiresAt: time.Now().Add(time.Minute), Access: "read"}
		}
		caller := h.caller(t)
		caller.Hosts.Role = func(service.Class, string) string { return "arn:aws:iam::111122223333:role/vault" }
		var err error
		if caller.STS, err = sts.New(sts.Config{Endpoint: s.URL, Region: "us-east-1"}); err != nil {
			t.Fatal(err)
		}
		creds, err := caller.Storage(t.Context(), api.WebIdentityRequest{Class: service.Credentials, Access: "read"})
		if apierr.CodeOf(err) != c.refusal || (err == nil) != (creds.AccessKeyID == "ASIAEXAMPLE000000000") {
			t.Errorf("%s: %+v, %v", name, creds, err)
		}
		if got := h.calls[api.PathWebIdentity]; got != c.minted {
			t.Errorf("%s: %d tokens minted, want %d", name, got, c.minted)
		}
		s.Close()
	}
}

// TestStorageTakesTheBrokersNo: what the broker refuses is asked once, whatever code it
// gives.
func TestStorageTakesTheBrokersNo(t *testing.T) {
	for _, code := range []apierr.Code{apierr.ServiceNotInScope, apierr.StorageDenied} {
		h := newHost(t)
		h.mint = func(int) (int, any) { return refusal(code) }
		if _, err := h.caller(t).Storage(t.Context(), api.WebIdentityRequest{Class: service.Credentials}); apierr.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
		if got := h.calls[api.PathWebIdentity]; got != 1 {
			t.Errorf("%s: asked %d times", code, got)
		}
	}
}
