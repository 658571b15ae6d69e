package keeper

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestAnUnpinnedSignerSaysWhatToChange: the member of the profile that the
// refusal names exists.
func TestAnUnpinnedSignerSaysWhatToChange(t *testing.T) {
	k, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	set, err := jose.NewKeySet(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	b, err := strictjson.Encode(set.JWKS())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }))
	defer srv.Close()
	c := SignerConfig{URL: srv.URL, Pins: []string{strings.Repeat("A", 43)}, Now: time.Now}
	_, err = Dial(t.Context(), c)
	if !errors.Is(err, ErrUnpinned) || !strings.Contains(err.Error(), "signers[].key") || !strings.Contains(err.Error(), k.Public().Thumbprint()) {
		t.Error(err)
	}
	c.Pins = []string{k.Public().Thumbprint()}
	if _, err := Dial(t.Context(), c); err != nil {
		t.Error(err)
	}
}
