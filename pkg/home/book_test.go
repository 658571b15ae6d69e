package home_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
)

func agent(name string, n byte) home.Entry {
	a := profile.Address{0: n}
	return home.Entry{
		Name: name, Kind: home.KindAgent, Operator: omni.OperatorOfWallet([20]byte{1}), Actor: omni.ActorOfWallet(a),
		Device: omni.DeviceKeyOfAddress(a), Address: a,
	}
}

func operator(name string, n byte) home.Entry {
	a := profile.Address{0: n}
	o := omni.OperatorOfWallet(a)
	return home.Entry{Name: name, Kind: home.KindOperator, Operator: o, Actor: omni.Self(o), Device: omni.DeviceKeyOfAddress(a), Address: a}
}

func book(t *testing.T, d *home.Dir) *home.Book {
	t.Helper()
	b, err := d.Book()
	must(t, err)
	return b
}

func TestRecordAndResolve(t *testing.T) {
	d, _ := open(t)
	acme, build, deploy := operator("acme", 1), agent("build-bot", 2), agent("deploy-bot", 3)
	phone := home.Entry{Name: "phone", Kind: home.KindDevice, Device: omni.DeviceKeyOfAddress([20]byte{9}), Operator: acme.Operator}
	for _, e := range []home.Entry{build, acme, deploy, phone, build} {
		must(t, d.Record(e))
	}
	local := create(t, d, "local-bot", home.KindAgent)
	b := book(t, d)
	for q, want := range map[string]string{
		"build-bot": "build-bot", build.Actor.String(): "build-bot", build.Address.String(): "build-bot", build.Device.String(): "build-bot",
		strings.ToLower(build.Address.String()): "build-bot",
		"acme":                                  "acme", acme.Operator.String(): "acme", // not its agents, although they carry it
		"phone": "phone", phone.Device.String(): "phone",
		"local-bot": "local-bot", local.Actor.String(): "local-bot", local.Address.String(): "local-bot",
	} {
		if e, err := b.Resolve(q); err != nil || e.Name != want {
			t.Errorf("%s: %v %v", q, e.Name, err)
		}
	}
	if e, err := b.Resolve("build-bot", home.KindAgent, home.KindOperator); err != nil || e != build {
		t.Errorf("%v %+v", err, e)
	}
	if got := b.Entries(home.KindAgent); len(got) != 3 || got[0] != build {
		t.Errorf("%+v", got)
	}
	if n := b.NameOfActor(build.Actor) + b.NameOfOperator(acme.Operator) + b.NameOfDevice(phone.Device) + b.NameOfAddress(deploy.Address); n != "build-botacmephonedeploy-bot" {
		t.Error(n)
	}
	if n := b.NameOfActor(omni.Actor{}) + b.NameOfOperator(omni.Operator{}) + b.NameOfDevice(omni.DeviceKey{}) + b.NameOfAddress(profile.Address{}); n != "" {
		t.Error("absent has a name:", n)
	}
	if b.NameOfActor(omni.Self(acme.Operator)) != "acme" {
		t.Error("an operator is an actor of its own")
	}
}

func TestResolveRefuses(t *testing.T) {
	d, _ := open(t)
	one, two := agent("build-bot", 2), agent("build-bot-2", 3)
	two.Actor = one.Actor // a second device of one actor
	for _, e := range []home.Entry{operator("acme", 1), one, two} {
		must(t, d.Record(e))
	}
	b := book(t, d)
	for _, c := range []struct {
		q      string
		kinds  []home.Kind
		reason error
		text   string
	}{
		{"buildbot", nil, home.ErrUnknownName, "there is no entry buildbot; did you mean build-bot?"},
		{"Build-Bot", nil, home.ErrUnknownName, "there is no entry Build-Bot; did you mean build-bot or build-bot-2?"},
		{"bot", nil, home.ErrUnknownName, "there is no entry bot; did you mean build-bot or build-bot-2?"},
		{"build-bot-at-the-office", nil, home.ErrUnknownName, "there is no entry build-bot-at-the-office; did you mean build-bot?"},
		{"build-bit-2", nil, home.ErrUnknownName, "there is no entry build-bit-2; did you mean build-bot-2 or build-bot?"},
		{"amce", []home.Kind{home.KindOperator}, home.ErrUnknownName, "there is no operator amce; did you mean acme?"},
		{"amce", []home.Kind{home.KindAgent}, home.ErrUnknownName, "there is no agent amce"},
		{"zzzzzz", nil, home.ErrUnknownName, "there is no entry zzzzzz"},
		{"acme", []home.Kind{home.KindAgent}, home.ErrWrongKind, "acme is an operator, not an agent"},
		{"build-bot", []home.Kind{home.KindOperator, home.KindDevice}, home.ErrWrongKind, "build-bot is an agent, not an operator or device"},
		{operator("", 1).Operator.String(), []home.Kind{home.KindAgent}, home.ErrWrongKind, "acme is an operator, not an agent"},
		{one.Actor.String(), nil, home.ErrAmbiguousName, one.Actor.String() + " stands for more than one entry: build-bot, build-bot-2; use the name"},
		{agent("", 7).Actor.String(), nil, home.ErrUnknownName, "there is no entry " + agent("", 7).Actor.String()},
		{"0x1234", nil, home.ErrInvalidName, ""},
		{"0x" + strings.Repeat("0", 64), nil, home.ErrInvalidName, ""},
		{"0x" + strings.Repeat("A", 64), nil, home.ErrInvalidName, ""},
		{one.Address.String()[:41] + "g", nil, home.ErrInvalidName, ""},
		{"", nil, home.ErrInvalidName, ""},
		{"../x", nil, home.ErrInvalidName, ""},
		{strings.Repeat("x", 5000), nil, home.ErrInvalidName, ""},
	} {
		e, err := b.Resolve(c.q, c.kinds...)
		if !errors.Is(err, c.reason) || e != (home.Entry{}) || c.text != "" && err.Error() != c.text || len(err.Error()) > 300 {
			t.Errorf("%q %v: %v", c.q, c.kinds, err)
		}
	}
}

func TestNamesDoNotChangeHands(t *testing.T) {
	d, _ := open(t)
	bot := agent("bot", 2)
	bare := home.Entry{Name: "bot", Kind: home.KindAgent, Actor: bot.Actor}
	must(t, d.Record(bare))
	must(t, d.Record(bot)) // completes it
	must(t, d.Record(bare))
	if e, err := book(t, d).Resolve("bot"); err != nil || e != bot {
		t.Errorf("%v %+v", err, e)
	}
	for what, edit := range map[string]func(e *home.Entry){
		"kind":     func(e *home.Entry) { *e = operator("bot", 2) },
		"actor":    func(e *home.Entry) { e.Actor = agent("", 3).Actor },
		"operator": func(e *home.Entry) { e.Operator = operator("", 5).Operator },
		"device":   func(e *home.Entry) { e.Device, e.Address = agent("", 3).Device, profile.Address{} },
		"address":  func(e *home.Entry) { e.Device, e.Address = omni.DeviceKey{}, agent("", 3).Address },
	} {
		e := bot
		edit(&e)
		if err := d.Record(e); !errors.Is(err, home.ErrNameTaken) {
			t.Errorf("%s: %v", what, err)
		}
	}
	acme := operator("acme", 1)
	phone := home.Entry{Name: "phone", Kind: home.KindDevice, Device: acme.Device}
	for _, e := range []home.Entry{acme, phone} {
		must(t, d.Record(e))
	}
	for name, short := range map[string]string{
		"bot": "agent " + bot.Actor.Short(), "acme": "operator " + acme.Operator.Short(), "phone": "device " + acme.Device.Short(),
	} {
		e := agent(name, 8)
		if err := d.Record(e); err == nil || !strings.Contains(err.Error(), name+" is "+short+" already") {
			t.Error(err)
		}
	}
	must(t, d.Forget("bot"))
	must(t, d.Forget("bot"))
	must(t, d.Record(agent("bot", 3)))
}

func TestIdentitiesAndRecordsShareOneNameSpace(t *testing.T) {
	d, _ := open(t)
	must(t, d.Record(agent("bot", 2)))
	if _, _, err := d.Create("bot", home.KindAgent, home.KeySource{}); !errors.Is(err, home.ErrNameTaken) {
		t.Error(err)
	}
	id := create(t, d, "acme", home.KindOperator)
	if err := d.Record(operator("acme", 1)); !errors.Is(err, home.ErrNameTaken) {
		t.Error(err)
	}
	same := home.Entry{Name: "acme", Kind: home.KindOperator, Operator: id.Operator}
	must(t, d.Record(same))
	if _, err := os.Stat(filepath.Join(d.Root(), "identities", "acme")); err != nil {
		t.Error(err)
	}
	// What only a hand in the files can bring about.
	path := filepath.Join(d.Root(), "names.json")
	write(t, path, strings.Replace(read(t, path), `"bot"`, `"acme"`, 1))
	if _, err := d.Book(); !errors.Is(err, home.ErrDamaged) || !strings.Contains(err.Error(), "another key") {
		t.Error(err)
	}
}

func TestRecordRefuses(t *testing.T) {
	d, _ := open(t)
	must(t, d.Forget("nobody"))
	for what, e := range map[string]home.Entry{
		"name":         agent("Bot", 2),
		"no kind":      {Name: "x", Actor: agent("", 2).Actor},
		"no operator":  {Name: "x", Kind: home.KindOperator},
		"no actor":     {Name: "x", Kind: home.KindAgent},
		"no device":    {Name: "x", Kind: home.KindDevice},
		"two accounts": {Name: "x", Kind: home.KindDevice, Device: agent("", 2).Device, Address: agent("", 3).Address},
		"not itself":   {Name: "x", Kind: home.KindOperator, Operator: operator("", 1).Operator, Actor: agent("", 2).Actor},
	} {
		if err := d.Record(e); err == nil {
			t.Errorf("%s accepted", what)
		}
	}
	if _, err := os.Stat(filepath.Join(d.Root(), "names.json")); err == nil {
		t.Error("written")
	}
}

func TestDamagedBookIsNamedAndKept(t *testing.T) {
	d, _ := open(t)
	must(t, d.Record(agent("bot", 2)))
	path := filepath.Join(d.Root(), "names.json")
	good := read(t, path)
	for what, bad := range map[string]string{
		"cut":     good[:len(good)/2],
		"version": strings.Replace(good, `"version":1`, `"version":9`, 1),
		"name":    strings.Replace(good, `"bot"`, `"../bot"`, 1),
		"kind":    strings.Replace(good, `"agent"`, `"agents"`, 1),
		"twice":   strings.Replace(good, `{"bot"`, `{"bot":{"kind":"agent"},"bot"`, 1),
	} {
		if bad == good {
			t.Fatal(what)
		}
		write(t, path, bad)
		if _, err := d.Book(); !errors.Is(err, home.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
		if err := d.Record(agent("other", 3)); !errors.Is(err, home.ErrDamaged) || read(t, path) != bad {
			t.Errorf("%s: overwritten: %v", what, err)
		}
	}
	write(t, path, good)
	must(t, os.Chmod(path, 0o666))
	if _, err := d.Book(); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

func TestConcurrentRecordsLoseNothing(t *testing.T) {
	d, c := open(t)
	var wg sync.WaitGroup
	const many = 24
	for i := range many {
		wg.Go(func() {
			other, err := home.Open(d.Root(), c.now)
			if err == nil {
				err = other.Record(agent(fmt.Sprintf("bot-%d", i), byte(i+2)))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(book(t, d).Entries()); n != many {
		t.Errorf("%d of %d", n, many)
	}
}

func FuzzResolve(f *testing.F) {
	root := f.TempDir()
	if err := os.Chmod(root, 0o700); err != nil {
		f.Fatal(err)
	}
	d, err := home.Open(root, newClock().now)
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range []home.Entry{operator("acme", 1), agent("build-bot", 2)} {
		if err := d.Record(e); err != nil {
			f.Fatal(err)
		}
		f.Add(e.Name)
		f.Add(e.Actor.String())
		f.Add(e.Address.String())
	}
	b, err := d.Book()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q string) {
		e, err := b.Resolve(q)
		if err == nil && q != e.Name && q != e.Actor.String() && q != e.Device.String() && !strings.EqualFold(q, e.Address.String()) {
			t.Fatalf("%q gave %s", q, e.Name)
		}
		if err != nil && len(err.Error()) > 600 {
			t.Fatalf("%d bytes of error", len(err.Error()))
		}
	})
}
