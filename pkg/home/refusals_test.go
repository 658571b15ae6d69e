package home_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/home"
)

func refusal(n int) home.Refusal {
	return home.Refusal{
		RequestID: fmt.Sprintf("R%d", n), Time: time.Unix(1_800_000_000, 0).UTC(), Command: "cred fetch", As: "build-bot", Code: apierr.ServiceNotInScope,
		Layer: apierr.LayerMint, Why: "no grant", Fix: "agentkeys scope set", Layers: apierr.Layers{Mint: apierr.Decided}, Check: apierr.CheckGrant,
	}
}

// TestRefusalsAreRemembered: the last 20, each once, the newest last, for nobody
// else to read.
func TestRefusalsAreRemembered(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "home")
	d, err := home.Open(root, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Refusals(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	for i := range 23 {
		if err := d.Remember(refusal(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Remember(refusal(10)); err != nil {
		t.Fatal(err)
	}
	got := d.Refusals()
	if len(got) != 20 || got[0] != refusal(3) || got[18] != refusal(22) || got[19] != refusal(10) {
		t.Errorf("%d: %+v", len(got), got)
	}
	if st, err := os.Stat(filepath.Join(root, "refusals.json")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
}

func TestRefusalsForgetWhatIsDamaged(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "home")
	d, err := home.Open(root, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "refusals.json")
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		want int
	}{
		"sound":           {`{"version":1,"refusals":[{"request_id":"R","time":"2027-01-15T08:00:00Z","command":"login","code":"unauthorized","why":"x"}]}`, 0o600, 1},
		"open to others":  {`{"version":1,"refusals":[{"request_id":"R","time":"2027-01-15T08:00:00Z","command":"login","code":"unauthorized","why":"x"}]}`, 0o644, 0},
		"another version": {`{"version":2,"refusals":[]}`, 0o600, 0},
		"a member more":   {`{"version":1,"refusals":[],"x":1}`, 0o600, 0},
		"cut":             {`{"version":1,"refusals":[`, 0o600, 0},
		"too many":        {`{"version":1,"refusals":[` + strings.TrimSuffix(strings.Repeat(`{"request_id":"R","time":"2027-01-15T08:00:00Z","command":"login","code":"unauthorized","why":"x"},`, 21), ",") + `]}`, 0o600, 0},
	} {
		_ = os.Remove(path)
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		if got := d.Refusals(); len(got) != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Remember(refusal(1)); err != nil || len(d.Refusals()) != 1 {
		t.Errorf("nothing is remembered over a damaged file: %v", err)
	}
	long := refusal(2)
	long.Why = strings.Repeat("x", 1025)
	if err := d.Remember(long); err == nil || len(d.Refusals()) != 1 {
		t.Errorf("a text without bound: %v", err)
	}
	// How far it came is the host's word, too.
	odd := refusal(3)
	odd.Layers.IAM = apierr.Reach(strings.Repeat("x", 1<<20))
	want := refusal(3)
	want.Layers.IAM = apierr.NotReached
	if err := d.Remember(odd); err != nil || len(d.Refusals()) != 2 || d.Refusals()[1] != want {
		t.Errorf("a reach without bound: %v, %d", err, len(d.Refusals()))
	}
}
