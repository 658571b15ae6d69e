package client_test

import (
	"cmp"
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

// known is a client.Versions of one memory, todo.
type known struct{ client.Known }

func (k *known) Seen(service.Name, service.MemoryKey) client.Known { return k.Known }
func (k *known) All(service.Name) map[service.MemoryKey]client.Known {
	todo, _ := service.ParseMemoryKey("todo")
	return map[service.MemoryKey]client.Known{todo: k.Known}
}

func (k *known) Saw(_ service.Name, _ service.MemoryKey, v uint64) {
	if v >= k.Version && v != 0 {
		k.Known = client.Known{Version: v}
	}
}

func (k *known) Accept(_ service.Name, _ service.MemoryKey, v uint64) {
	k.Known = client.Known{Version: v}
}

func (k *known) Removed(_ service.Name, _ service.MemoryKey, next uint64) {
	if next = max(k.Version, next); next != 0 {
		k.Known = client.Known{Version: next, Removed: true}
	}
}

// rememberer is an agent whose memory worker answers what a test says, and what it
// remembers.
type rememberer struct {
	*client.Caller
	known
	// answer is called while a call is on its way, and tells its version.
	answer func() uint64
	tag    func(version uint64) string
	// refusals are answered first, and what refuse says always; as the layer that is
	// asked, or as this one.
	refusals, calls int
	refuse          apierr.Code
	layer           apierr.Layer
	// page is what a list names.
	page api.MemoryPage
}

func newRememberer(t *testing.T) *rememberer {
	t.Helper()
	r := &rememberer{tag: api.ETag}
	_, todo := todo(t)
	worker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		version := r.answer()
		var body any
		if r.calls++; r.calls <= r.refusals || r.refuse != "" {
			p := apierr.New(cmp.Or(r.refuse, apierr.PreconditionFailed), "no").Problem(cmp.Or(r.layer, apierr.LayerWorker), "", "r")
			b, err := strictjson.Encode(p)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(p.Status)
			_, _ = w.Write(b)
			return
		}
		switch {
		case strings.HasPrefix(req.URL.Path, api.PathMemoryList):
			body = r.page
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
	there := func(v uint64) client.Known { return client.Known{Version: v} }
	gone := func(v uint64) client.Known { return client.Known{Version: v, Removed: true} }
	saw := func(v uint64) func(*rememberer) {
		return func(r *rememberer) { r.known.Saw(notes, todo, v) }
	}
	removed := func(v uint64) func(*rememberer) {
		return func(r *rememberer) { r.known.Removed(notes, todo, v) }
	}
	plain, accept := get(client.GetOptions{}), get(client.GetOptions{AcceptRollback: true})
	const found = apierr.Code("")
	for name, c := range map[string]struct {
		call    func(*rememberer) error
		before  client.Known
		beside  func(*rememberer)
		answers uint64
		refuses apierr.Code
		after   client.Known
		want    apierr.Code
	}{
		"a first get":                        {plain, there(0), nil, 10, found, there(10), ""},
		"the same again":                     {plain, there(10), nil, 10, found, there(10), ""},
		"an older one was put back":          {plain, there(10), nil, 9, found, there(10), apierr.MemoryRolledBack},
		"which is accepted":                  {accept, there(10), nil, 9, found, there(9), ""},
		"accepted, and newer":                {accept, there(10), nil, 11, found, there(11), ""},
		"a get overtaken by a put":           {plain, there(10), saw(12), 10, found, there(12), ""},
		"an older one, and a put beside":     {plain, there(10), saw(12), 9, found, there(12), apierr.MemoryRolledBack},
		"a put":                              {put, there(10), nil, 11, found, there(11), ""},
		"a put overtaken by a put":           {put, there(10), saw(12), 11, found, there(12), ""},
		"a put by a clock that was set back": {put, there(10), nil, 5, found, there(5), ""},
		"a teardown":                         {teardown(0), there(10), nil, 0, found, gone(11), ""},
		"of what was never seen":             {teardown(0), there(0), nil, 0, found, there(0), ""},
		"of a version that was never seen":   {teardown(10), there(0), nil, 0, found, gone(11), ""},
		"a teardown overtaken by a put":      {teardown(0), there(10), saw(12), 0, found, gone(12), ""},

		"gone":                                  {plain, there(10), nil, 0, apierr.NotFound, there(10), apierr.MemoryGone},
		"gone, with the version named":          {get(client.GetOptions{Version: 10}), there(10), nil, 0, apierr.NotFound, there(10), apierr.MemoryGone},
		"which is accepted, too":                {accept, there(10), nil, 0, apierr.NotFound, gone(11), apierr.NotFound},
		"never seen":                            {plain, there(0), nil, 0, apierr.NotFound, there(0), apierr.NotFound},
		"never seen, and accepted":              {accept, there(0), nil, 0, apierr.NotFound, there(0), apierr.NotFound},
		"removed here":                          {plain, gone(11), nil, 0, apierr.NotFound, gone(11), apierr.NotFound},
		"removed here, and back":                {plain, gone(11), nil, 10, found, gone(11), apierr.MemoryRolledBack},
		"removed here, and new":                 {plain, gone(11), nil, 11, found, there(11), ""},
		"removed here, and put":                 {put, gone(11), nil, 12, found, there(12), ""},
		"gone, and removed here meanwhile":      {plain, there(10), removed(11), 0, apierr.NotFound, gone(11), apierr.NotFound},
		"gone, and put here meanwhile":          {plain, there(10), saw(12), 0, apierr.NotFound, there(12), apierr.NotFound},
		"another refusal":                       {plain, there(10), nil, 0, apierr.ServiceNotInScope, there(10), apierr.ServiceNotInScope},
		"another refusal, accepted":             {accept, there(10), nil, 0, apierr.ServiceNotInScope, there(10), apierr.ServiceNotInScope},
		"a teardown that is refused":            {teardown(0), there(10), nil, 0, apierr.ServiceNotInScope, there(10), apierr.ServiceNotInScope},
		"of another version":                    {teardown(9), there(10), nil, 0, apierr.PreconditionFailed, there(10), apierr.PreconditionFailed},
		"refused, and removed here meanwhile":   {teardown(0), there(10), removed(11), 0, apierr.ServiceNotInScope, gone(11), apierr.ServiceNotInScope},
		"refused, and never seen":               {teardown(0), there(0), nil, 0, apierr.ServiceNotInScope, there(0), apierr.ServiceNotInScope},
		"refused, and removed here before":      {teardown(0), gone(11), nil, 0, apierr.ServiceNotInScope, gone(11), apierr.ServiceNotInScope},
		"a teardown of which nobody knows":      {teardown(0), there(10), nil, 0, apierr.StorageUnavailable, gone(10), apierr.StorageUnavailable},
		"found after one of which nobody knows": {plain, gone(10), nil, 10, found, there(10), ""},
	} {
		r := newRememberer(t)
		r.Known, r.refuse = c.before, c.refuses
		r.answer = func() uint64 {
			if strings.HasPrefix(name, "a teardown") && r.There() {
				t.Errorf("%s: whoever finds nothing now is told that nobody here removed it", name)
			}
			if c.beside != nil {
				c.beside(r)
			}
			return c.answers
		}
		if err := c.call(r); apierr.CodeOf(err) != c.want || (err == nil) != (c.want == "") || r.Known != c.after {
			t.Errorf("%s: %v; %+v is known, not %+v", name, err, r.Known, c.after)
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
		if (err == nil) != c.ok || apierr.CodeOf(err) != c.code || (value.Len() > 0) != c.ok || (r.Version == 10) != c.ok {
			t.Errorf("%s: %v, %d bytes, %d is known", name, err, value.Len(), r.Version)
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
		r.Known.Version, r.refusals, r.answer = 10, c.refusals, func() uint64 { return 11 }
		_, err := r.PutMemory(t.Context(), notes, todo, secret.New([]byte("x")), c.when)
		if (err == nil) != c.ok || !c.ok && apierr.CodeOf(err) != apierr.PreconditionFailed || r.calls != c.calls || (r.Version == 11) != c.ok {
			t.Errorf("%s: %v after %d calls, %d is known", name, err, r.calls, r.Version)
		}
	}
	r := newRememberer(t)
	r.Known.Version, r.refusals, r.answer = 10, 1, func() uint64 { return 0 }
	if _, err := r.TeardownMemory(t.Context(), notes, todo, 10); apierr.CodeOf(err) != apierr.PreconditionFailed || r.Version != 10 {
		t.Errorf("a teardown that was refused: %v, %d is known", err, r.Version)
	}
}
