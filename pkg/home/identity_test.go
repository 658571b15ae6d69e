package home_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
)

func TestCreateLayout(t *testing.T) {
	d, _ := open(t)
	id, k, err := d.Create("build-bot", home.KindAgent, home.KeySource{})
	must(t, err)
	defer k.Close()
	if id.Name != "build-bot" || id.Kind != home.KindAgent || !id.Operator.IsZero() || id.Address != k.Address() ||
		id.Actor != omni.ActorOfWallet(k.Address()) || id.Device != omni.DeviceKeyOfAddress(k.Address()) || id.Device != k.Device() {
		t.Errorf("%+v", id)
	}
	dir := filepath.Join(d.Root(), "identities", "build-bot")
	var names []string
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
		if st, err := e.Info(); err != nil || st.Mode() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), err, st.Mode())
		}
	}
	if want := []string{"identity.json", "k10.json", "k10.pass"}; !reflect.DeepEqual(names, want) {
		t.Error(names)
	}
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o700 {
		t.Error(st.Mode(), err)
	}
	if got, err := d.Identity("build-bot"); err != nil || got != id {
		t.Errorf("%v %+v", err, got)
	}
	if op := create(t, d, "acme", home.KindOperator); op.Operator != omni.OperatorOfWallet(op.Address) || op.Actor != omni.Self(op.Operator) {
		t.Errorf("%+v", op)
	}
	all, err := d.Identities()
	if err != nil || len(all) != 2 || all[0].Name != "acme" || all[1] != id {
		t.Errorf("%v %+v", err, all)
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	d, _ := open(t)
	first := create(t, d, "acme", home.KindOperator)
	path := filepath.Join(d.Root(), "identities", "acme", "k10.json")
	before := read(t, path)
	for _, kind := range []home.Kind{home.KindOperator, home.KindAgent} {
		if _, k, err := d.Create("acme", kind, home.KeySource{}); !errors.Is(err, home.ErrExists) || k != nil {
			t.Error(err)
		}
	}
	if again, err := d.Identity("acme"); err != nil || again != first || read(t, path) != before {
		t.Error("changed", err)
	}
}

func TestCreateRacesHaveOneWinner(t *testing.T) {
	d, c := open(t)
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex // guards won
		won  []home.Identity
		many = 16
	)
	for range many {
		wg.Go(func() {
			// Another Dir on the same path stands for another process.
			other, err := home.Open(d.Root(), c.now)
			if err != nil {
				t.Error(err)
				return
			}
			id, k, err := other.Create("acme", home.KindOperator, home.KeySource{})
			if err != nil {
				if !errors.Is(err, home.ErrExists) {
					t.Error(err)
				}
				return
			}
			k.Close()
			mu.Lock()
			defer mu.Unlock()
			won = append(won, id)
		})
	}
	wg.Wait()
	got, err := d.Identity("acme")
	if err != nil || len(won) != 1 || won[0] != got {
		t.Fatalf("%v %d winners", err, len(won))
	}
	k, err := d.OpenKey("acme", secret.Secret{})
	must(t, err)
	k.Close()
}

func TestCreateRefuses(t *testing.T) {
	d, _ := open(t)
	for _, name := range []string{"", "A", "-a", ".", "..", "a/b", "a.b", "a_b", "0xabc", strings.Repeat("a", 33), "a\n", "ä", ".new-1"} {
		if _, _, err := d.Create(name, home.KindAgent, home.KeySource{}); !errors.Is(err, home.ErrInvalidName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, kind := range []home.Kind{"", "device", "Agent"} {
		if _, _, err := d.Create("a", kind, home.KeySource{}); err == nil {
			t.Errorf("kind %q accepted", kind)
		}
	}
	if _, _, err := d.Create("a", home.KindAgent, home.KeySource{Passphrase: secret.New([]byte("1234567"))}); err == nil {
		t.Error("short passphrase accepted")
	}
	if entries, _ := os.ReadDir(filepath.Join(d.Root(), "identities")); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
	create(t, d, strings.Repeat("a", 32), home.KindAgent)
}

func TestImport(t *testing.T) {
	d, _ := open(t)
	given, err := crypto.GenerateKey()
	must(t, err)
	id, k, err := d.Create("acme", home.KindOperator, home.KeySource{Import: given})
	must(t, err)
	if crypto.PubkeyToAddress(given.PublicKey) != id.Address.Common() || !k.Private().Equal(given) {
		t.Error("another key")
	}
	k.Close()
	//lint:ignore SA1019 the test looks whether the caller's key is still there
	if given.D.Sign() == 0 {
		t.Error("closing the identity's key destroyed the caller's")
	}
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	if _, _, err := d.Create("other", home.KindOperator, home.KeySource{Import: foreign}); err == nil || !strings.Contains(err.Error(), "secp256k1") {
		t.Error(err)
	}
}

func TestAnUnfinishedIdentityIsNone(t *testing.T) {
	d, _ := open(t)
	create(t, d, "acme", home.KindOperator)
	left := filepath.Join(d.Root(), "identities", ".new-123")
	must(t, os.Mkdir(left, 0o700))
	write(t, filepath.Join(left, "k10.json"), "{")
	if all, err := d.Identities(); err != nil || len(all) != 1 {
		t.Errorf("%v %v", err, all)
	}
	create(t, d, "bot", home.KindAgent)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Error("not swept away")
	}
}

func TestDamagedIdentityIsNamedAndKept(t *testing.T) {
	d, _ := open(t)
	id := create(t, d, "acme", home.KindOperator)
	other := create(t, d, "globex", home.KindOperator)
	path := filepath.Join(d.Root(), "identities", "acme", "identity.json")
	good := read(t, path)
	for what, bad := range map[string]string{
		"not JSON":          "{",
		"unknown member":    strings.Replace(good, `"kind"`, `"x":1,"kind"`, 1),
		"version":           strings.Replace(good, `"version":1`, `"version":2`, 1),
		"kind":              strings.Replace(good, `"operator"`, `"device"`, 1),
		"no address":        strings.Replace(good, `"address":"`+id.Address.String()+`",`, "", 1),
		"no actor":          strings.Replace(good, `"actor_omni":"`+id.Actor.String()+`",`, "", 1),
		"another's device":  strings.Replace(good, id.Device.String(), other.Device.String(), 1),
		"another's actor":   strings.Replace(good, `"actor_omni":"`+id.Actor.String(), `"actor_omni":"`+other.Actor.String(), 1),
		"another's address": strings.Replace(good, id.Address.String(), other.Address.String(), 1),
	} {
		if bad == good {
			t.Fatal(what, "changes nothing")
		}
		write(t, path, bad)
		if _, err := d.Identity("acme"); !errors.Is(err, home.ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := d.Identities(); !errors.Is(err, home.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
		if err := d.Record(operator("acme", 1)); !errors.Is(err, home.ErrDamaged) {
			t.Errorf("%s: recorded over it: %v", what, err)
		}
		if read(t, path) != bad {
			t.Error("touched")
		}
	}
	write(t, path, good)
	if got, err := d.Identity("acme"); err != nil || got != id {
		t.Error(err)
	}
	must(t, os.Chmod(path, 0o644))
	if _, err := d.Identity("acme"); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

func TestBind(t *testing.T) {
	d, _ := open(t)
	op, agent := create(t, d, "acme", home.KindOperator), create(t, d, "bot", home.KindAgent)
	got, err := d.Bind("bot", op.Operator, agent.Actor)
	must(t, err)
	agent.Operator = op.Operator
	if again, err := d.Identity("bot"); err != nil || got != agent || again != agent {
		t.Errorf("%v %+v", err, again)
	}
	if _, err := d.Bind("bot", omni.Operator{}, agent.Actor); err == nil {
		t.Error("zero operator")
	}
	if _, err := d.Bind("bot", op.Operator, omni.Actor{}); err == nil {
		t.Error("zero actor")
	}
	if _, err := d.Bind("acme", op.Operator, agent.Actor); err == nil {
		t.Error("an operator acting as another")
	}
	if _, err := d.Bind("bott", op.Operator, agent.Actor); !errors.Is(err, home.ErrUnknownName) {
		t.Error(err)
	}
	k, err := d.OpenKey("bot", secret.Secret{})
	must(t, err)
	k.Close()
}

func TestChoose(t *testing.T) {
	d, _ := open(t)
	if _, err := d.Choose(""); !errors.Is(err, home.ErrUnknownName) || err.Error() != "there is no identity on this machine" {
		t.Error(err)
	}
	op := create(t, d, "acme", home.KindOperator)
	bot := create(t, d, "build-bot", home.KindAgent)
	if id, err := d.Choose("", home.KindAgent); err != nil || id != bot {
		t.Error(id, err)
	}
	if id, err := d.Choose("acme"); err != nil || id != op {
		t.Error(id, err)
	}
	for _, c := range []struct {
		name   string
		kinds  []home.Kind
		reason error
		text   string
	}{
		{"", nil, home.ErrAmbiguousName, "there is more than one identity on this machine (acme, build-bot): name the one you mean"},
		{"acme", []home.Kind{home.KindAgent}, home.ErrWrongKind, "acme is an operator, not an agent on this machine"},
		{"buildbot", []home.Kind{home.KindAgent}, home.ErrUnknownName, "there is no identity on this machine buildbot; did you mean build-bot?"},
	} {
		_, err := d.Choose(c.name, c.kinds...)
		if !errors.Is(err, c.reason) || err.Error() != c.text {
			t.Errorf("%q: %v", c.name, err)
		}
	}
}
