package maintenance_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/maintenance"
)

// other is a wallet that signs something else.
type other struct {
	maintenance.Wallet
	change func([]byte) ([]byte, error)
	sig    func(*[65]byte)
}

func (o other) SignText(ctx context.Context, text []byte) ([65]byte, error) {
	text, err := o.change(text)
	if err != nil {
		return [65]byte{}, err
	}
	sig, err := o.Wallet.SignText(ctx, text)
	o.sig(&sig)
	return sig, err
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	good := maintenance.Request{URL: origin, ChainID: chainID, Now: start}
	same, asIs := func(b []byte) ([]byte, error) { return b, nil }, func(*[65]byte) {}
	w := maintenance.KeyWallet(newKey(t))
	declined := errors.New("declined")
	for name, c := range map[string]struct {
		w    maintenance.Wallet
		edit func(*maintenance.Request)
		want string
	}{
		"no URL":                     {w, func(r *maintenance.Request) { r.URL = "" }, "public origin"},
		"a path":                     {w, func(r *maintenance.Request) { r.URL += "/" }, "public origin"},
		"a query":                    {w, func(r *maintenance.Request) { r.URL += "?a" }, "public origin"},
		"a user":                     {w, func(r *maintenance.Request) { r.URL = "https://me@signer.example.com" }, "public origin"},
		"no host":                    {w, func(r *maintenance.Request) { r.URL = "https://" }, "public origin"},
		"no URL at all":              {w, func(r *maintenance.Request) { r.URL = "https://%" }, "public origin"},
		"another scheme":             {w, func(r *maintenance.Request) { r.URL = "ftp://signer.example.com" }, "URI is not"},
		"a host in upper case":       {w, func(r *maintenance.Request) { r.URL = "https://SIGNER.example.com" }, "domain is not"},
		"no chain":                   {w, func(r *maintenance.Request) { r.ChainID = 0 }, "chain id is zero"},
		"a wallet that declines":     {other{w, func([]byte) ([]byte, error) { return nil, declined }, asIs}, func(*maintenance.Request) {}, "declined"},
		"a wallet that signs more":   {other{w, func(b []byte) ([]byte, error) { return append(b, ' '), nil }, asIs}, func(*maintenance.Request) {}, "another text"},
		"a wallet with v of 0 and 1": {other{w, same, func(s *[65]byte) { s[64] -= 27 }}, func(*maintenance.Request) {}, "another text"},
	} {
		r := good
		c.edit(&r)
		if s, err := maintenance.Sign(t.Context(), c.w, r); err == nil || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := maintenance.Sign(t.Context(), other{w, same, asIs}, good); err != nil {
		t.Errorf("the twin of the wallets: %v", err)
	}
}
