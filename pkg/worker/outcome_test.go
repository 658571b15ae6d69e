package worker

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/audit/audittest"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/keys"
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

// counted are data keys that are asked for.
type counted struct{ n int }

func (c *counted) New(context.Context, keys.Request) (keys.DEK, keys.Wrapped, error) {
	c.n++
	return keys.DEK{}, keys.Wrapped{}, nil
}

func (c *counted) Unwrap(context.Context, keys.Request, keys.Wrapped) (keys.DEK, error) {
	c.n++
	return keys.DEK{}, nil
}

// TestKeysWait: neither is asked for where the decision's event was lost, also by a
// handler of a route that did not wait before.
func TestKeysWait(t *testing.T) {
	lost := errors.New("lost")
	for name, c := range map[string]struct {
		event error
		asked int
	}{"durable": {nil, 2}, "lost": {lost, 0}} {
		of := new(counted)
		g := Granted[httpd.None]{keys: of, durable: func() error { return c.event }}
		_, _, made := g.Keys().New(t.Context(), keys.Request{})
		_, opened := g.Keys().Unwrap(t.Context(), keys.Request{}, keys.Wrapped{})
		if !errors.Is(made, c.event) || !errors.Is(opened, c.event) || of.n != c.asked {
			t.Errorf("%s: %v, %v, %d were asked for", name, made, opened, of.n)
		}
	}
}
