package keeper_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/omni"
)

// held tells which epochs the stack's signer holds a key of.
func (k *kit) held() (alive, gone []uint64) {
	k.t.Helper()
	st, err := k.dial(nil).Status(k.t.Context())
	check(k.t, err)
	for _, e := range st.Epochs {
		if e.Destroyed.IsZero() {
			alive = append(alive, e.Epoch)
		} else {
			gone = append(gone, e.Epoch)
		}
	}
	return alive, gone
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.maintain()
	a := k.agent(k.operator(), "github", "slack")
	a.put("github", "old")
	old := k.raw(a.key("github").String())
	k.rotateTo(2, k.dial(nil))
	a.put("slack", "new")
	destroy := func(epoch uint64) (keeper.Census, error) {
		t.Helper()
		d := keeper.Destruction{Signers: []*keeper.Signer{k.dial(nil)}, Buckets: k.buckets()}
		return d.Run(t.Context(), epoch)
	}
	untouched := func(what string) {
		t.Helper()
		if _, gone := k.held(); len(gone) != 0 {
			t.Fatalf("%s: the keys of %v were destroyed", what, gone)
		}
	}

	for _, dry := range []bool{true, false} {
		blind := keeper.Destruction{Signers: []*keeper.Signer{k.dial(nil)}, DryRun: dry}
		if _, err := blind.Run(t.Context(), 1); !errors.Is(err, keeper.ErrUncovered) {
			t.Errorf("dry %t: nobody looked at what the signer serves: %v", dry, err)
		}
		untouched("nobody looked")
	}
	c, err := destroy(1)
	if !errors.Is(err, keeper.ErrNeeded) || c.Objects[1] != 1 || c.Objects[2] != 1 || c.Total != 2 {
		t.Errorf("an object needs it: %+v %v", c, err)
	}
	untouched("an object needs it")
	run(t, k.reencryption(nil))

	strange := map[string]string{
		"bots/" + a.actor.Key() + "/credentials/Odd.enc": "a name that nobody writes",
		a.key("gcp").String():                            "no envelope",
	}
	for name := range strange {
		k.write(name, []byte("what is this"))
		c, err := destroy(1)
		if !errors.Is(err, keeper.ErrStrange) || c.Strange != 1 {
			t.Errorf("%s: %+v %v", strange[name], c, err)
		}
		if named := len(c.Names) == 1 && c.Names[0] == name; named != strings.HasSuffix(name, "/gcp.enc") {
			t.Errorf("%s is named %v", name, c.Names)
		}
		untouched(strange[name])
		k.write(name, k.raw(a.key("slack").String()))
		if strings.HasSuffix(name, "Odd.enc") {
			k.remove(a, name)
		}
	}

	// What is in use is the signer's to refuse: no object need be under it.
	if _, err := destroy(3); apierr.CodeOf(err) != apierr.EpochConflict {
		t.Errorf("an epoch to come: %v", err)
	}
	k.remove(a, a.key("gcp").String())
	a.drop("slack")
	a.drop("github")
	if _, err := destroy(2); apierr.CodeOf(err) != apierr.EpochConflict {
		t.Errorf("the epoch in use: %v", err)
	}
	untouched("in use")
	a.put("github", "kept")

	dry := keeper.Destruction{Signers: []*keeper.Signer{k.dial(nil)}, Buckets: k.buckets(), DryRun: true}
	if c, err := dry.Run(t.Context(), 1); err != nil || c.Total != 1 {
		t.Errorf("a dry run: %+v %v", c, err)
	}
	untouched("a dry run")

	for range 2 { // it can be repeated
		if c, err := destroy(1); err != nil || c.Total != 1 || c.Objects[2] != 1 {
			t.Errorf("%+v %v", c, err)
		}
	}
	if alive, gone := k.held(); len(alive) != 1 || alive[0] != 2 || len(gone) != 1 || gone[0] != 1 {
		t.Errorf("alive %v, gone %v", alive, gone)
	}
	a.has("github", "kept")
	k.write(a.key("github").String(), old)
	a.refused("github", apierr.EnvelopeInvalid)
	if out := run(t, k.reencryption(nil)); out.Failed != 1 || out.Moved != 0 {
		t.Errorf("re-encrypting a copy whose key is gone: %+v", out)
	}
	// It goes on from a destroyed epoch as from any other.
	k.rotateTo(3, k.dial(nil))
	a.put("github", "next")
	a.has("github", "next")
}

// TestCount looks at every object and tells how far it is.
func TestCount(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	o := k.operator()
	one, two := k.agent(o, "github", "slack"), k.agent(o, "github")
	one.put("github", "a")
	k.rotateTo(2, k.dial(nil))
	one.put("slack", "b")
	two.put("github", "c")
	buckets := k.buckets()
	told := 0
	c, err := keeper.Count(t.Context(), buckets, omni.Actor{}, func(n int) { told = n })
	if err != nil || c.Total != 3 || c.Objects[1] != 1 || c.Objects[2] != 2 || c.Strange != 0 || told != 3 {
		t.Errorf("%+v, told %d: %v", c, told, err)
	}
	if c, err = keeper.Count(t.Context(), buckets, two.actor, nil); err != nil || c.Total != 1 || c.Objects[2] != 1 {
		t.Errorf("one actor: %+v %v", c, err)
	}
	if n, err := keeper.Total(t.Context(), buckets, one.actor, nil); n != 2 || err != nil {
		t.Errorf("%d %v", n, err)
	}
}

// TestDestroyAtTwo: destroying that failed on the way is run again.
func TestDestroyAtTwo(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	hosts := k.hosts(2)
	signers := must[[]*keeper.Signer](t)(k.dialAll(t.Context(), nil, hosts...))
	k.rotateTo(2, signers...)
	r, object := sealed(t, hosts[0])
	s := &strike{at: 3, cancel: func() {}}
	broken := must[[]*keeper.Signer](t)(k.dialAll(t.Context(), s.web(posts), hosts[1])) // moment 1 is the dial, 2 the status
	d := keeper.Destruction{Signers: []*keeper.Signer{signers[0], broken[0]}, Buckets: k.buckets()}
	if _, err := d.Run(t.Context(), 1); err == nil || !strings.Contains(err.Error(), hosts[1].url) {
		t.Errorf("a signer that does not answer: %v", err)
	}
	gone := func(h *host) bool {
		check(t, h.keyring.Refresh(t.Context()))
		return !h.keyring.Status().Epochs[0].Destroyed.IsZero()
	}
	if !gone(hosts[0]) || gone(hosts[1]) {
		t.Error("not half done")
	}
	d.Signers = signers
	if _, err := d.Run(t.Context(), 1); err != nil || !gone(hosts[0]) || !gone(hosts[1]) {
		t.Errorf("again: %v", err)
	}
	for _, h := range hosts {
		opens(t, h, r, object)
	}
	k.rotateTo(3, signers...) // two that agree on a tombstone agree
}
