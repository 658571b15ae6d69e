package httpd_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
)

// TestRefusalsSayHowFarTheyCame: by the role's layer and the route's op, or the one
// that its policy names; a fault says nothing.
func TestRefusalsSayHowFarTheyCame(t *testing.T) {
	s := httpd.New(httpd.Options{Log: zerolog.Nop(), Now: time.Now})
	refusing := func(c apierr.Code) httpd.Policy[httpd.Anyone] {
		return httpd.NewPolicy("refuses", func(context.Context, *httpd.Call) (httpd.Anyone, error) {
			return httpd.Anyone{}, apierr.New(c, "no")
		})
	}
	ok := func(context.Context, httpd.Anyone, httpd.None) (httpd.Text, error) { return "ok", nil }
	worker, signer := s.Mux("cred", apierr.LayerWorker, ""), s.Mux("signer", apierr.LayerSigner, "")
	httpd.Handle(worker, "POST", "/used", refusing(apierr.CapUsed).For(service.CredStore), ok)
	httpd.Handle(worker, "POST", "/broken", refusing(apierr.InternalError).For(service.CredStore), ok)
	httpd.Handle(signer, "POST", "/work", refusing(apierr.CapEpochAhead).ExplainedAs(service.OpFetch), ok)
	httpd.Handle(signer, "POST", "/office", refusing(apierr.MaintainerRequired), ok)
	const p, d, n = apierr.Passed, apierr.Decided, apierr.NotReached
	for path, want := range map[string]struct {
		layers apierr.Layers
		check  apierr.Check
	}{
		"/used":    {apierr.Layers{Mint: p, Worker: d, IAM: n, Bucket: n}, apierr.CheckUse},
		"/broken":  {apierr.Layers{Mint: n, Worker: n, IAM: n, Bucket: n}, ""},
		"/work":    {apierr.Layers{Mint: p, Worker: d, IAM: n, Bucket: n}, apierr.CheckEpoch},
		"/office":  {apierr.Layers{Mint: n, Worker: n, IAM: n, Bucket: n}, apierr.CheckOffice},
		"/nowhere": {apierr.Layers{Mint: n, Worker: n, IAM: n, Bucket: n}, ""},
	} {
		_, text := ask(s, "POST", path, "")
		var got apierr.Problem
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Layers != want.layers || got.Check != want.check {
			t.Errorf("%s: %v %s", path, err, text)
		}
	}
}
