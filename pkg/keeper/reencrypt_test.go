package keeper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/omni"
)

// adds up: every object that was looked at ends in exactly one way.
func addsUp(t testing.TB, r keeper.Reencrypted) {
	t.Helper()
	if r.Scanned != r.Current+r.Moved+r.Overtaken+r.Failed {
		t.Errorf("the report does not add up: %+v", r)
	}
}

func run(t testing.TB, r *keeper.Reencryption) keeper.Reencrypted {
	t.Helper()
	out := must[keeper.Reencrypted](t)(r.Run(t.Context()))
	addsUp(t, out)
	return out
}

func TestReencrypt(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	o := k.operator()
	one, two := k.agent(o, "github", "slack", "gcp"), k.agent(o, "github", "slack", "gcp")
	services := []string{"github", "slack", "gcp"}
	for _, s := range services {
		one.put(s, "one "+s)
		two.put(s, "two "+s)
	}
	k.rotateTo(2, k.dial(nil))
	before := k.raw(one.key("github").String())

	dry := k.reencryption(nil)
	dry.DryRun = true
	if out := run(t, dry); out.Moved != 6 || out.Scanned != 6 || out.Bytes == 0 || !out.DryRun || k.under(one.key("gcp")) != 1 || !bytes.Equal(k.raw(one.key("github").String()), before) {
		t.Errorf("dry run: %+v", out)
	}
	single := k.reencryption(nil)
	single.Actor = one.actor
	if out := run(t, single); out.Moved != 3 || out.Scanned != 3 || out.Bytes == 0 || k.under(one.key("slack")) != 2 || k.under(two.key("slack")) != 1 {
		t.Errorf("one actor: %+v", out)
	}
	if out := run(t, k.reencryption(nil)); out.Epoch != 2 || out.Moved != 3 || out.Current != 3 || out.Failed+out.Strange+out.Overtaken != 0 {
		t.Errorf("all: %+v", out)
	}
	if out := run(t, k.reencryption(nil)); out.Moved != 0 || out.Current != 6 {
		t.Errorf("again: %+v", out)
	}
	after := k.raw(one.key("github").String())
	if len(after) != len(before) || !bytes.Equal(after[74:], before[74:]) || bytes.Equal(after[14:74], before[14:74]) {
		t.Error("more than epoch and wrap changed, or less")
	}
	for _, s := range services {
		one.has(s, "one "+s)
		two.has(s, "two "+s)
	}
	// What an interrupted run had reached is not looked at again.
	k.rotateTo(3, k.dial(nil))
	resumed := k.reencryption(nil)
	resumed.Actor, resumed.After = two.actor, map[string]blob.Key{"credentials": two.key("gcp")}
	var told keeper.Progress
	resumed.Progress = func(p keeper.Progress) { told = p }
	if out := run(t, resumed); out.Moved != 2 || k.under(two.key("gcp")) != 2 || k.under(two.key("slack")) != 3 || k.under(two.key("github")) != 3 {
		t.Errorf("from a mark on: %+v", out)
	}
	if told.Class != "credentials" || told.Done != two.key("slack") || told.Report.Moved != 2 {
		t.Errorf("told: %+v", told)
	}
}

// TestReencryptLeavesAlone what is not ours, names what does not open, and goes
// on with the others.
func TestReencryptLeavesAlone(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	o := k.operator()
	one, two := k.agent(o, "github", "slack", "gcp"), k.agent(o, "github")
	one.put("github", "one")
	two.put("github", "two")
	folder := "bots/" + one.actor.Key() + "/credentials/"
	odd := map[string][]byte{
		folder + "Odd.enc": k.raw(one.key("github").String()), folder + "github.txt": []byte("x"), folder + "a/b.enc": []byte("x"),
		one.key("gcp").String():   bytes.Repeat([]byte("no envelope "), 20),
		one.key("slack").String(): k.raw(two.key("github").String()), // another's, copied in place
	}
	for name, data := range odd {
		k.write(name, data)
	}
	huge := blob.CredentialKey(two.actor, serviceNamed(t, "huge")).String()
	k.write(huge, []byte("x"))
	k.rotateTo(2, k.dial(nil))

	out := run(t, k.reencryption(&http.Client{Transport: round(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, huge) {
			return resp, err
		}
		return rewrite(resp, func([]byte) ([]byte, error) { return make([]byte, blob.MaxObject+1), nil })
	})}))
	if out.Moved != 2 || out.Strange != 3 || out.Failed != 3 || out.Scanned != 5 {
		t.Errorf("%+v", out)
	}
	why := map[string]string{
		one.key("gcp").String(): "no envelope", one.key("slack").String(): "does not open: " + string(apierr.EnvelopeInvalid), huge: "larger",
	}
	for _, f := range out.Names {
		if want, ok := why[f.Object]; !ok || !strings.Contains(f.Why, want) {
			t.Errorf("%s: %s", f.Object, f.Why)
		}
		delete(why, f.Object)
	}
	if len(why) != 0 {
		t.Errorf("not named: %v", why)
	}
	for name, data := range odd {
		if !bytes.Equal(k.raw(name), data) {
			t.Errorf("%s was touched", name)
		}
	}
	one.has("github", "one")
	two.has("github", "two")
	one.refused("slack", apierr.EnvelopeInvalid)
}

// meddler does something right before a request is sent.
type meddler struct {
	before func(*http.Request)
	base   http.RoundTripper
}

func (m meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	m.before(r)
	return m.base.RoundTrip(r)
}

func meddling(before func(*http.Request)) *http.Client {
	return &http.Client{Transport: meddler{before, http.DefaultTransport}}
}

// TestReencryptLosesNoWrite: between the moment an object was read and the
// moment it is replaced, its owner writes, tears down, or puts old things back.
func TestReencryptLosesNoWrite(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	a := k.agent(k.operator(), "github", "slack")
	a.put("github", "first old")
	versions := [][]byte{k.raw(a.key("github").String())}
	a.put("github", "old")
	a.put("slack", "old")
	versions = append(versions, k.raw(a.key("github").String()))
	k.rotateTo(2, k.dial(nil))
	back := func() { k.write(a.key("github").String(), versions[1]) }
	of := func(s string, r *http.Request) bool {
		return puts(r) && strings.HasSuffix(r.URL.Path, a.key(s).String())
	}

	once := sync.OnceFunc(func() { a.put("github", "new") })
	out := run(t, k.reencryption(meddling(func(r *http.Request) {
		if of("github", r) {
			once()
		}
	})))
	if out.Moved != 1 || out.Current != 1 { // slack; and github, looked at twice
		t.Errorf("written meanwhile: %+v", out)
	}
	a.has("github", "new")
	a.has("slack", "old")

	back()
	once = sync.OnceFunc(func() { a.drop("github") })
	out = run(t, k.reencryption(meddling(func(r *http.Request) {
		if of("github", r) {
			once()
		}
	})))
	if out.Overtaken != 1 || out.Current != 1 || out.Moved != 0 {
		t.Errorf("torn down meanwhile: %+v", out)
	}
	a.refused("github", apierr.NotFound)

	back()
	n := 0
	out = run(t, k.reencryption(meddling(func(r *http.Request) {
		if of("github", r) {
			k.write(a.key("github").String(), versions[n%2])
			n++
		}
	})))
	if out.Failed != 1 || !strings.Contains(out.Names[0].Why, "run the command once more") || k.under(a.key("github")) != 1 {
		t.Errorf("replaced again and again: %+v", out)
	}
	if out = run(t, k.reencryption(nil)); out.Moved != 1 || out.Current != 1 {
		t.Errorf("once more: %+v", out)
	}

	// The chain moves on in the middle: the signer refuses an epoch that is past.
	back()
	once = sync.OnceFunc(func() { k.rotateTo(3, k.dial(nil)) })
	_, err := k.reencryption(meddling(func(r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, ".enc") {
			once()
		}
	})).Run(t.Context())
	if apierr.CodeOf(err) != apierr.EpochConflict {
		t.Errorf("a rotation in the middle: %v", err)
	}
	if out = run(t, k.reencryption(nil)); out.Epoch != 3 || out.Moved != 2 {
		t.Errorf("after it: %+v", out)
	}
	a.has("github", "old")
}

// TestLostAnswerIsNoLostRace: storage took the object and its answer was lost.
func TestLostAnswerIsNoLostRace(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	a := k.agent(k.operator(), "github")
	a.put("github", "value")
	k.rotateTo(2, k.dial(nil))
	lost := false
	out := run(t, k.reencryption(&http.Client{Transport: round(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && puts(r) && !lost {
			lost = true
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			return nil, errors.New("the answer was lost")
		}
		return resp, err
	})}))
	if !lost || out.Moved != 1 || out.Overtaken+out.Failed+out.Current != 0 {
		t.Errorf("%+v", out)
	}
	a.has("github", "value")
}

type round func(*http.Request) (*http.Response, error)

func (f round) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestReencryptInterrupted ends a run at every request that it makes, and runs
// it again.
func TestReencryptInterrupted(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	o := k.operator()
	people := []*agent{k.agent(o, "github", "slack"), k.agent(o, "github", "slack")}
	old := map[string][]byte{}
	for i, a := range people {
		for _, s := range []string{"github", "slack"} {
			a.put(s, fmt.Sprint(i, s))
			old[a.key(s).String()] = k.raw(a.key(s).String())
		}
	}
	k.rotateTo(2, k.dial(nil))
	via := newChainProxy(t, k.Profile.Chain.RPC[0])
	everywhere(t, func(t *testing.T, s *strike) {
		for name, data := range old {
			k.write(name, data)
		}
		var ctx context.Context
		ctx, s.cancel = context.WithCancel(t.Context())
		defer s.cancel()
		out, err := k.reencryptStruck(ctx, s, via)
		if s.hit != (err != nil) {
			t.Fatalf("hit %v: %v", s.hit, err)
		}
		again := run(t, k.reencryption(nil))
		if again.Moved+again.Current != 4 || again.Current < out.Moved || again.Failed+again.Overtaken+again.Strange != 0 {
			t.Fatalf("again after %+v: %+v", out, again)
		}
		for i, a := range people {
			for _, s := range []string{"github", "slack"} {
				if a.has(s, fmt.Sprint(i, s)); k.under(a.key(s)) != 2 {
					t.Errorf("%s is under %d", a.key(s), k.under(a.key(s)))
				}
			}
		}
	})
}

// reencryptStruck is one run as a process of its own.
func (k *kit) reencryptStruck(ctx context.Context, s *strike, via *chainProxy) (keeper.Reencrypted, error) {
	k.t.Helper()
	web := s.web(func(r *http.Request) bool { return puts(r) || posts(r) })
	via.current.Store(s)
	defer via.current.Store(nil)
	own := k.Profile.Signers[0]
	signer, err := keeper.Dial(ctx, k.config(own.URL, own.Key, web))
	if err != nil {
		return keeper.Reencrypted{}, err
	}
	r := &keeper.Reencryption{
		Chain: k.operations(nil, via.url).Client, Signer: signer, Buckets: []keeper.Bucket{k.bucket(web)}, Parallel: 1,
	}
	return r.Run(ctx)
}

// TestReencryptBesideWriters: agents store, read and tear down the whole time
// while epochs come and objects move. Nobody's last write is lost.
func TestReencryptBesideWriters(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	o := k.operator()
	var people []*agent
	for range 3 {
		people = append(people, k.agent(o, "kept", "gone", "still"))
	}
	for i, a := range people {
		a.put("still", fmt.Sprint("still ", i))
		a.put("kept", "0")
	}
	stop := make(chan struct{})
	last := make([]int, len(people))
	var wg sync.WaitGroup
	for i, a := range people {
		wg.Go(func() {
			for n := 1; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				a.put("kept", fmt.Sprint(n))
				last[i] = n
				a.has("kept", fmt.Sprint(n))
			}
		})
		wg.Go(func() {
			for n := 1; ; n++ {
				a.put("gone", fmt.Sprint(n))
				a.drop("gone")
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for epoch := uint64(2); epoch <= 5; epoch++ {
		k.rotateTo(epoch, k.dial(nil))
		if out := run(t, k.reencryption(nil)); out.Failed != 0 || out.Strange != 0 {
			t.Errorf("to %d: %+v", epoch, out)
		}
	}
	close(stop)
	wg.Wait()
	run(t, k.reencryption(nil))
	for i, a := range people {
		a.has("kept", fmt.Sprint(last[i]))
		a.has("still", fmt.Sprint("still ", i))
		a.refused("gone", apierr.NotFound)
		if k.under(a.key("still")) != 5 || k.under(a.key("kept")) != 5 {
			t.Error("something stayed under an old epoch")
		}
	}
	c := must[keeper.Census](t)(keeper.Count(t.Context(), []keeper.Bucket{k.bucket(nil)}, omni.Actor{}, nil))
	if c.Total != 2*len(people) || c.Objects[5] != c.Total || c.Strange != 0 {
		t.Errorf("%+v", c)
	}
}
