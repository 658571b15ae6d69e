package demo

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// TestDeniedCountsOnlyTheOneRefusal: a step that expects storage to refuse can
// fail.
func TestDeniedCountsOnlyTheOneRefusal(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   bool
	}{
		"the one":         {403, "<Error><Code>AccessDenied</Code></Error>", true},
		"allowed":         {200, "", false},
		"another code":    {403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", false},
		"no code":         {403, "", false},
		"another status":  {400, "<Error><Code>AccessDenied</Code></Error>", false},
		"nothing there":   {404, "<Error><Code>NoSuchKey</Code></Error>", false},
		"storage is down": {501, "", false},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		store, err := blob.New(blob.Config{Endpoint: srv.URL, Region: "r", Bucket: "agentkeys-vault"})
		if err != nil {
			t.Fatal(err)
		}
		s, err := service.Parse("github")
		if err != nil {
			t.Fatal(err)
		}
		creds := sts.Credentials{AccessKeyID: "ASIAEXAMPLE000000001", SecretAccessKey: secret.New([]byte("secret")), SessionToken: secret.New([]byte("token"))}
		key := blob.CredentialKey(omni.Self(omni.OperatorOfWallet([20]byte{1})), s)
		if err := denied("put", store.Open(creds).Put(t.Context(), key, []byte("x"))); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		srv.Close()
	}
	if denied("put", errors.New("no answer")) == nil {
		t.Error("no answer is no refusal")
	}
}

// TestGatewayIsAPrerequisite: where Ceph is not installed, that is what is said.
func TestGatewayIsAPrerequisite(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := startGateway(t.Context(), t.TempDir(), time.Now)
	var missing *unmet
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "ceph-mon is not installed") {
		t.Error(err)
	}
}
