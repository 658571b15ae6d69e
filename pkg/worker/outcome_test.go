package worker

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/secret"
)

// TestDone: what a handler made is overwritten when the decision's event was lost, and
// the event's error is the answer, whatever the handler's was.
func TestDone(t *testing.T) {
	told, err := role.Env{Now: time.Now, Log: zerolog.Nop()}.AuditTo(new(audittest.Memory))
	if err != nil {
		t.Fatal(err)
	}
	w := &Worker{p: Parts{Audit: told}}
	lost, failed := errors.New("lost"), errors.New("failed")
	for name, c := range map[string]struct{ handler, event, want error }{
		"both well": {nil, nil, nil}, "lost": {nil, lost, lost}, "failed": {failed, nil, failed}, "both": {failed, lost, lost},
	} {
		plain := []byte("s3cret-value")
		f := Done(w, func(context.Context, Granted[httpd.None], httpd.None) (httpd.Bytes, error) {
			return httpd.Bytes{Data: secret.Own(plain)}, c.handler
		})
		out, err := f(t.Context(), Granted[httpd.None]{durable: func() error { return c.event }}, httpd.None{})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if gone := string(plain) != "s3cret-value"; gone != (c.event != nil) || out.Data.Len() == 0 != gone {
			t.Errorf("%s: %q is left, %d bytes answered", name, plain, out.Data.Len())
		}
	}
	told.Settle()
}
