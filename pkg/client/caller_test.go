package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// host is a broker whose answers a test writes.
type host struct {
	*httptest.Server
	challenge func(*api.LoginChallenge)
	mint      func(n int) (int, any)
	calls     map[string]int
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{challenge: func(*api.LoginChallenge) {}, calls: map[string]int{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.calls[r.URL.Path]++
		status, body := http.StatusOK, any(nil)
		now := time.Now().UTC().Truncate(time.Second)
		switch r.URL.Path {
		case api.PathLoginStart:
			c := api.LoginChallenge{Domain: strings.TrimPrefix(h.URL, "http://"), URI: h.URL, ChainID: 1, Nonce: "abcdefgh12", Statement: "Sign in.", IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
			h.challenge(&c)
			body = c
		case api.PathLoginVerify:
			op := omni.OperatorOfWallet([20]byte{1})
			body = api.Session{Token: "s", ExpiresAt: now.Add(time.Hour), Kind: "agent", Operator: op, Actor: omni.Self(op), Device: omni.DeviceKeyOfAddress([20]byte{1})}
		default:
			status, body = h.mint(h.calls[r.URL.Path])
		}
		b, err := strictjson.Encode(body)
		if err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
		_, _ = w.Write(b)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) caller(t *testing.T) *client.Caller {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return &client.Caller{
		API: &api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}, Hosts: client.Hosts{Broker: h.URL, Cred: h.URL},
		Key: k, Cache: client.NewMemory(), Now: time.Now,
	}
}

// A broker that relays another's challenge gets no signature.
func TestLoginSignsForTheDialledHostOnly(t *testing.T) {
	h := newHost(t)
	if _, err := h.caller(t).Login(t.Context()); err != nil {
		t.Fatal(err)
	}
	for what, edit := range map[string]func(*api.LoginChallenge){
		"another domain": func(c *api.LoginChallenge) { c.Domain = "bank.example" },
		"another URI":    func(c *api.LoginChallenge) { c.URI = "https://bank.example" },
	} {
		h.challenge, h.calls[api.PathLoginVerify] = edit, 0
		if _, err := h.caller(t).Login(t.Context()); err == nil || h.calls[api.PathLoginVerify] != 0 {
			t.Errorf("%s: signed (%v)", what, err)
		}
	}
}

func refusal(c apierr.Code) (int, any) {
	p := apierr.New(c, "x").Problem(apierr.LayerMint, "", "r")
	return p.Status, p
}

func TestSessionIsRenewedOnce(t *testing.T) {
	h := newHost(t)
	granted := api.Capability{Token: "c", ExpiresAt: time.Now(), Uses: 1}
	h.mint = func(n int) (int, any) {
		if n == 1 {
			return refusal(apierr.SessionExpired)
		}
		return http.StatusOK, granted
	}
	c := h.caller(t)
	if got, err := c.Mint(t.Context(), api.PathCapCredFetch, api.CapRequest{Service: "github"}); err != nil || got.Token != "c" || h.calls[api.PathLoginStart] != 2 {
		t.Errorf("%+v %v after %v", got, err, h.calls)
	}
	for code, logins := range map[apierr.Code]int{apierr.SessionExpired: 2, apierr.ServiceNotInScope: 1, apierr.ChainStale: 1} {
		h.calls = map[string]int{}
		h.mint = func(int) (int, any) { return refusal(code) }
		if _, err := h.caller(t).Mint(t.Context(), api.PathCapCredFetch, api.CapRequest{Service: "github"}); apierr.CodeOf(err) != code || h.calls[api.PathLoginStart] != logins {
			t.Errorf("%s: %v after %v", code, err, h.calls)
		}
	}
}

// A redirect would carry a proof to a host that it was not made for.
func TestRedirectsAreNotFollowed(t *testing.T) {
	other := 0
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { other++ }))
	defer evil.Close()
	h := httptest.NewServer(http.RedirectHandler(evil.URL, http.StatusTemporaryRedirect))
	defer h.Close()
	c := api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}
	if _, err := c.Post(t.Context(), api.Request{URL: h.URL + "/x"}); err == nil || other != 0 {
		t.Errorf("followed %d times (%v)", other, err)
	}
}

// No answer is never a refusal.
func TestUnreachableIsNoRefusal(t *testing.T) {
	h := newHost(t)
	c := h.caller(t)
	h.Close()
	if _, err := c.Login(t.Context()); err == nil || apierr.CodeOf(err) != "" {
		t.Errorf("%v", err)
	}
}

// TestAGatewayIsNoHost: what stands before a host says that it gives no answer. The
// host itself says why, with any status.
func TestAGatewayIsNoHost(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   any
		silent bool
		code   apierr.Code
	}{
		"a bad gateway":         {502, "<html>", true, ""},
		"unavailable":           {503, "<html>", true, ""},
		"a gateway's timeout":   {504, "<html>", true, ""},
		"a page of another":     {500, "<html>", false, ""},
		"too many":              {429, "<html>", false, ""},
		"the host's own reason": {503, apierr.New(apierr.ChainStale, "x").Problem(apierr.LayerMint, "", "r"), false, apierr.ChainStale},
	} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			b, err := strictjson.Encode(c.body)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(c.status)
			_, _ = w.Write(b)
		}))
		client := api.Client{HTTP: api.NewHTTPClient(), Now: time.Now}
		_, err := client.Get(t.Context(), h.URL+"/x")
		h.Close()
		var silent *api.Unreachable
		if err == nil || errors.As(err, &silent) != c.silent || apierr.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
