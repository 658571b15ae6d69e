package main_test

import (
	"bytes"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles"
)

// keep runs one command of whoever keeps the keys, who takes the maintenance roles
// with the keys that the stack left beside its profile.
func (w *storageWorld) keep(t *testing.T, home string, want int, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), cli.Process{
		Args: append([]string{"agentkeys", "--home", home, "--profile", w.ProfilePath, "k3"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Now: time.Now, Roles: roles.All(),
	})
	if code != want {
		t.Fatalf("k3 %s: exit code %d, not %d: %s", strings.Join(args, " "), code, want, &errs)
	}
	return out.Bytes()
}

// epochs are how many objects storage holds by epoch, as maintenance counts them.
func (w *storageWorld) epochs(t *testing.T, home string) map[int]int {
	t.Helper()
	var st struct {
		Epochs []struct {
			Epoch   int `json:"epoch"`
			Objects int `json:"objects"`
		} `json:"epochs"`
	}
	if err := strictjson.DecodeAnswer(w.keep(t, home, 0, "status", "--objects", "-o", "json"), &st); err != nil {
		t.Fatal(err)
	}
	out := map[int]int{}
	for _, e := range st.Epochs {
		if e.Objects > 0 {
			out[e.Epoch] = e.Objects
		}
	}
	return out
}

// reencrypted: K3 is rotated, what was stored is moved to its new epoch in both
// classes, and the old key is destroyed; everybody has what they had.
func (w *storageWorld) reencrypted(t *testing.T) {
	ctx, home, note := t.Context(), filepath.Join(t.TempDir(), "home"), memoryKey(t, "kept")
	people := map[string]actor{"own": w.own, "sibling": w.sibling, "stranger": w.stranger}
	services := []service.Name{w.github, w.gitlab}
	for name, a := range people {
		for _, s := range services {
			if _, err := a.StoreCredential(ctx, omni.Actor{}, s, secret.New([]byte(s.String()+" of "+name))); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.PutMemory(ctx, w.notes, note, secret.New([]byte("note of "+name)), client.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	before := w.epochs(t, home)
	if len(before) != 1 || before[1] < 3*3 {
		t.Fatalf("objects by epoch: %v", before)
	}
	w.keep(t, home, 0, "rotate")
	w.keep(t, home, 0, "maintainer", w.governance(t))
	w.keep(t, home, 1, "destroy", "--epoch", "1", "--yes") // everything needs it
	var done struct {
		Moved   int `json:"moved"`
		Failed  int `json:"failed"`
		Strange int `json:"strange"`
	}
	if err := strictjson.DecodeAnswer(w.keep(t, home, 0, "reencrypt", "-o", "json"), &done); err != nil {
		t.Fatal(err)
	}
	if after := w.epochs(t, home); done.Moved != before[1] || done.Failed+done.Strange != 0 || !maps.Equal(after, map[int]int{2: before[1]}) {
		t.Errorf("%+v; by epoch %v, before %v", done, after, before)
	}
	w.keep(t, home, 0, "destroy", "--epoch", "1", "--yes")
	for name, a := range people {
		for _, s := range services {
			if got, err := a.FetchCredential(ctx, omni.Actor{}, s); err != nil || string(got.Reveal()) != s.String()+" of "+name {
				t.Errorf("%s of %s: %v, or other bytes", s, name, err)
			}
		}
		if got, _, err := a.GetMemory(ctx, w.notes, note, client.GetOptions{}); err != nil || string(got.Reveal()) != "note of "+name {
			t.Errorf("the note of %s: %v, or other bytes", name, err)
		}
	}
}

// governance is who the chain lets rotate, and who names itself maintainer here.
func (w *storageWorld) governance(t *testing.T) string {
	t.Helper()
	c, err := chain.NewClient(w.Profile.ChainProfile())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	counter, err := c.Counter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counter.Governance.Hex()
}
