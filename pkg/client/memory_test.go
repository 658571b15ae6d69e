package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// known is a client.Versions of one memory.
type known struct{ version uint64 }

func (k *known) Seen(service.Name, service.MemoryKey) uint64       { return k.version }
func (k *known) Saw(_ service.Name, _ service.MemoryKey, v uint64) { k.version = max(k.version, v) }
func (k *known) Accept(_ service.Name, _ service.MemoryKey, v uint64) {
	k.version = v
}

// rememberer is an agent whose memory worker answers what a test says, and what it
// remembers.
type rememberer struct {
	*client.Caller
	known
	// answer is called while a call is on its way, and tells its version.
	answer func() uint64
	tag    func(version uint64) string
	// refusals are answered first.
	refusals, calls int
}

func newRememberer(t *testing.T) *rememberer {
	t.Helper()
	r := &rememberer{tag: api.ETag}
	_, todo := todo(t)
	worker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		version := r.answer()
		var body any
		if r.calls++; r.calls <= r.refusals {
			status, p := refusal(apierr.PreconditionFailed)
			b, err := strictjson.Encode(p)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(status)
			_, _ = w.Write(b)
			return
		}
		switch {
		case strings.HasPrefix(req.URL.Path, api.PathMemoryPut):
			body = api.MemoryStored{Namespace: "notes", Key: todo, Version: version}
		case strings.HasPrefix(req.URL.Path, api.PathMemoryTeardown):
			body = api.MemoryTornDown{Namespace: "notes", Key: todo}
		default:
			w.Header().Set("ETag", r.tag(version))
			_, _ = w.Write([]byte("buy milk"))
			return
		}
		b, err := strictjson.Encode(body)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(b)
	}))
	t.Cleanup(worker.Close)
	h := newHost(t)
	h.mint = func(int) (int, any) {
		return http.StatusOK, api.Capability{Token: "c", ExpiresAt: time.Now(), Uses: 1}
	}
	r.Caller = h.caller(t)
	r.Hosts.Memory, r.Versions = worker.URL, &r.known
	for _, access := range []string{"read", "write"} {
		key := client.StorageKey{Class: service.Memory, Actor: omni.Self(omni.OperatorOfWallet([20]byte{1})), Access: access}
		r.Cache.SaveStorage(key, sts.Credentials{
			AccessKeyID: "id", SecretAccessKey: secret.New([]byte("k")), SessionToken: secret.New([]byte("t")), Expires: time.Now().Add(time.Hour),
		})
	}
	return r
}

func todo(t *testing.T) (service.Name, service.MemoryKey) {
	t.Helper()
	s, err1 := service.MemoryNamespace("notes")
	k, err2 := service.ParseMemoryKey("todo")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return s, k
}

// TestWhatIsKnownOfAMemory after each call: before is what was known as it began,
// beside what another process saw while it was on its way.
func TestWhatIsKnownOfAMemory(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	get := func(o client.GetOptions) func(*rememberer) error {
		return func(r *rememberer) error {
			value, version, err := r.GetMemory(t.Context(), notes, todo, o)
			if (err == nil) != (string(value.Reveal()) == "buy milk") || (err == nil) != (version != 0) {
				t.Errorf("a value %q of version %d with %v", value.Reveal(), version, err)
			}
			return err
		}
	}
	put := func(r *rememberer) error {
		_, err := r.PutMemory(t.Context(), notes, todo, secret.New([]byte("x")), client.Condition{})
		return err
	}
	teardown := func(version uint64) func(*rememberer) error {
		return func(r *rememberer) error {
			_, err := r.TeardownMemory(t.Context(), notes, todo, version)
			return err
		}
	}
	for name, c := range map[string]struct {
		call                           func(*rememberer) error
		before, beside, answers, after uint64
		err                            error
	}{
		"a first get":                        {get(client.GetOptions{}), 0, 0, 10, 10, nil},
		"the same again":                     {get(client.GetOptions{}), 10, 0, 10, 10, nil},
		"an older one was put back":          {get(client.GetOptions{}), 10, 0, 9, 10, client.ErrRolledBack},
		"which is accepted":                  {get(client.GetOptions{AcceptRollback: true}), 10, 0, 9, 9, nil},
		"accepted, and newer":                {get(client.GetOptions{AcceptRollback: true}), 10, 0, 11, 11, nil},
		"a get overtaken by a put":           {get(client.GetOptions{}), 10, 12, 10, 12, nil},
		"an older one, and a put beside":     {get(client.GetOptions{}), 10, 12, 9, 12, client.ErrRolledBack},
		"a put":                              {put, 10, 0, 11, 11, nil},
		"a put overtaken by a put":           {put, 10, 12, 11, 12, nil},
		"a put by a clock that was set back": {put, 10, 0, 5, 5, nil},
		"a teardown":                         {teardown(0), 10, 0, 0, 11, nil},
		"of what was never seen":             {teardown(0), 0, 0, 0, 0, nil},
		"of a version that was never seen":   {teardown(10), 0, 0, 0, 11, nil},
		"a teardown overtaken by a put":      {teardown(0), 10, 12, 0, 12, nil},
	} {
		r := newRememberer(t)
		r.version = c.before
		r.answer = func() uint64 {
			r.known.Saw(notes, todo, c.beside)
			return c.answers
		}
		if err := c.call(r); !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || r.version != c.after {
			t.Errorf("%s: %v; %d is known, not %d", name, err, r.version, c.after)
		}
	}
}

// TestAWorkerThatLiesAboutAVersion: a get takes no value whose version it does not
// know, or did not ask for.
func TestAWorkerThatLiesAboutAVersion(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	for name, c := range map[string]struct {
		tag  string
		want uint64
		code apierr.Code
		ok   bool
	}{
		"any":              {`"10"`, 0, "", true},
		"the expected":     {`"10"`, 10, "", true},
		"another":          {`"11"`, 10, apierr.PreconditionFailed, false},
		"none":             {"", 0, "", false},
		"weak":             {`W/"10"`, 0, "", false},
		"never given":      {`"0"`, 0, "", false},
		"out of all reach": {`"9007199254740992"`, 0, "", false},
	} {
		r := newRememberer(t)
		r.answer, r.tag = func() uint64 { return 0 }, func(uint64) string { return c.tag }
		value, _, err := r.GetMemory(t.Context(), notes, todo, client.GetOptions{Version: c.want})
		if (err == nil) != c.ok || apierr.CodeOf(err) != c.code || (value.Len() > 0) != c.ok || (r.version == 10) != c.ok {
			t.Errorf("%s: %v, %d bytes, %d is known", name, err, value.Len(), r.version)
		}
	}
}

// TestPutsOvertakenByPuts are made anew, as later ones, unless they name what they
// expect; and what is refused teaches nothing.
func TestPutsOvertakenByPuts(t *testing.T) {
	t.Parallel()
	notes, todo := todo(t)
	for name, c := range map[string]struct {
		when            client.Condition
		refusals, calls int
		ok              bool
	}{
		"none beside":         {client.Condition{}, 0, 1, true},
		"one beside":          {client.Condition{}, 1, 2, true},
		"four beside":         {client.Condition{}, 4, 5, true},
		"always one beside":   {client.Condition{}, 9, 5, false},
		"a version named":     {client.Condition{Version: 10}, 1, 1, false},
		"which is there":      {client.Condition{Version: 10}, 0, 1, true},
		"nothing to be there": {client.Condition{Absent: true}, 1, 1, false},
	} {
		r := newRememberer(t)
		r.version, r.refusals, r.answer = 10, c.refusals, func() uint64 { return 11 }
		_, err := r.PutMemory(t.Context(), notes, todo, secret.New([]byte("x")), c.when)
		if (err == nil) != c.ok || !c.ok && apierr.CodeOf(err) != apierr.PreconditionFailed || r.calls != c.calls || (r.version == 11) != c.ok {
			t.Errorf("%s: %v after %d calls, %d is known", name, err, r.calls, r.version)
		}
	}
	r := newRememberer(t)
	r.version, r.refusals, r.answer = 10, 1, func() uint64 { return 0 }
	if _, err := r.TeardownMemory(t.Context(), notes, todo, 10); apierr.CodeOf(err) != apierr.PreconditionFailed || r.version != 10 {
		t.Errorf("a teardown that was refused: %v, %d is known", err, r.version)
	}
}
