package home

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Entry is a name and what it stands for. What is not known is zero.
type Entry struct {
	Name     string
	Kind     Kind
	Operator omni.Operator
	Actor    omni.Actor
	Device   omni.DeviceKey
	Address  profile.Address
}

type entryJSON struct {
	Kind     Kind            `json:"kind"`
	Operator omni.Operator   `json:"operator_omni,omitzero"`
	Actor    omni.Actor      `json:"actor_omni,omitzero"`
	Device   omni.DeviceKey  `json:"device_key_hash,omitzero"`
	Address  profile.Address `json:"address,omitzero"`
}

type namesJSON struct {
	Version int                  `json:"version"`
	Names   map[string]entryJSON `json:"names"`
}

// Book is everything that has a name: the recorded entries and the identities
// of this machine, read once. It does not change.
type Book struct{ entries []Entry } // sorted by name

// Book reads the address book.
func (d *Dir) Book() (*Book, error) {
	all, err := d.readNames()
	if err != nil {
		return nil, err
	}
	ids, err := d.Identities()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if e, ok := all[id.Name]; ok && e.Device != id.Device && !e.Device.IsZero() {
			// Neither Create nor Record lets this come about.
			return nil, fmt.Errorf("%w: %s names %s, and identity %s has another key; remove one of the two", ErrDamaged, d.path(namesFile), id.Name, id.Name)
		}
		all[id.Name] = id.entry()
	}
	b := &Book{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.entries = append(b.entries, all[name])
	}
	return b, nil
}

// Entries returns every entry of the given kinds (all when none is given), by
// name.
func (b *Book) Entries(kinds ...Kind) []Entry {
	var out []Entry
	for _, e := range b.entries {
		if wanted(e.Kind, kinds) {
			out = append(out, e)
		}
	}
	return out
}

// Record puts a name into the address book, or completes what is known of it.
// A name that stands for somebody else is ErrNameTaken: [Dir.Forget] comes
// first, so that nobody's name changes hands by a repeated command.
func (d *Dir) Record(e Entry) error {
	if err := CheckName(e.Name); err != nil {
		return err
	}
	if err := e.check(); err != nil {
		return fmt.Errorf("address book: %s: %w", e.Name, err)
	}
	return d.locked(func() error {
		all, err := d.readNames()
		if err != nil {
			return err
		}
		old, known := all[e.Name]
		switch id, err := d.readIdentity(e.Name); {
		case err == nil:
			if _, ok := id.entry().merge(e); !ok {
				return takenBy(e.Name, id.entry())
			}
			return nil // the identity itself is the record
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
		if known {
			merged, ok := old.merge(e)
			if !ok {
				return takenBy(e.Name, old)
			}
			e = merged
		}
		all[e.Name] = e
		return d.writeNames(all)
	})
}

// Forget removes a recorded name; one that is not there is no error. It never
// touches an identity.
func (d *Dir) Forget(name string) error {
	return d.locked(func() error {
		all, err := d.readNames()
		if err != nil {
			return err
		}
		if _, known := all[name]; !known {
			return nil
		}
		delete(all, name)
		return d.writeNames(all)
	})
}

// NameOfOperator is the operator's name, or empty.
func (b *Book) NameOfOperator(o omni.Operator) string {
	return b.first(func(e Entry) bool { return !o.IsZero() && e.Kind == KindOperator && e.Operator == o })
}

// NameOfActor is the name of an agent, or of an operator that acts for itself,
// or empty.
func (b *Book) NameOfActor(a omni.Actor) string {
	return b.first(func(e Entry) bool { return !a.IsZero() && e.Kind != KindDevice && e.Actor == a })
}

// NameOfDevice is the name of whoever holds the device key, or empty.
func (b *Book) NameOfDevice(k omni.DeviceKey) string {
	return b.first(func(e Entry) bool { return !k.IsZero() && e.Device == k })
}

// NameOfAddress is the name of whoever has the account, or empty.
func (b *Book) NameOfAddress(a profile.Address) string {
	return b.first(func(e Entry) bool { return !a.IsZero() && e.Address == a })
}

func (b *Book) first(fits func(Entry) bool) string {
	if i := slices.IndexFunc(b.entries, fits); i >= 0 {
		return b.entries[i].Name
	}
	return ""
}

// check wants what the kind cannot do without.
func (e Entry) check() error {
	if !e.Address.IsZero() && !e.Device.IsZero() && e.Device != omni.DeviceKeyOfAddress(e.Address) {
		return errors.New("device_key_hash is not that of the address")
	}
	switch {
	case e.Kind == KindOperator && e.Operator.IsZero():
		return errors.New("an operator needs operator_omni")
	case e.Kind == KindOperator && !e.Actor.IsZero() && e.Actor != omni.Self(e.Operator):
		return errors.New("an operator acts as itself: actor_omni must equal operator_omni")
	case e.Kind == KindAgent && e.Actor.IsZero():
		return errors.New("an agent needs actor_omni")
	case e.Kind == KindDevice && e.Device.IsZero():
		return errors.New("a device needs device_key_hash")
	case e.Kind != KindOperator && e.Kind != KindAgent && e.Kind != KindDevice:
		return errors.New("kind must be operator, agent or device")
	}
	return nil
}

// merge adds what n knows to e. It is refused when the two contradict each
// other anywhere: then they are not the same party.
func (e Entry) merge(n Entry) (Entry, bool) {
	ok := e.Kind == n.Kind
	e.Operator = agree(e.Operator, n.Operator, &ok)
	e.Actor = agree(e.Actor, n.Actor, &ok)
	e.Device = agree(e.Device, n.Device, &ok)
	e.Address = agree(e.Address, n.Address, &ok)
	return e, ok
}

func agree[T interface {
	comparable
	IsZero() bool
}](a, b T, ok *bool) T {
	switch {
	case a.IsZero():
		return b
	case !b.IsZero() && a != b:
		*ok = false
	}
	return a
}

// short is the shortest form that tells an entry from others.
func (e Entry) short() string {
	switch {
	case e.Kind == KindOperator:
		return e.Operator.Short()
	case e.Kind == KindAgent:
		return e.Actor.Short()
	}
	return e.Device.Short()
}

func takenBy(name string, e Entry) error {
	return fmt.Errorf("%w: %s is %s %s already", ErrNameTaken, name, e.Kind, e.short())
}

func (d *Dir) readNames() (map[string]Entry, error) {
	path := d.path(namesFile)
	data, err := files.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]Entry{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("address book: %w", err)
	}
	var f namesJSON
	if err := strictjson.Decode(data.Reveal(), &f); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	if f.Version != fileVersion {
		return nil, fmt.Errorf("%w: %s has version %d, this program reads %d", ErrDamaged, path, f.Version, fileVersion)
	}
	all := make(map[string]Entry, len(f.Names))
	for name, j := range f.Names {
		e := Entry{Name: name, Kind: j.Kind, Operator: j.Operator, Actor: j.Actor, Device: j.Device, Address: j.Address}
		err := CheckName(name)
		if err == nil {
			err = e.check()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %q: %w", ErrDamaged, path, clip(name), err)
		}
		all[name] = e
	}
	return all, nil
}

func (d *Dir) writeNames(all map[string]Entry) error {
	f := namesJSON{Version: fileVersion, Names: make(map[string]entryJSON, len(all))}
	for name, e := range all {
		f.Names[name] = entryJSON{Kind: e.Kind, Operator: e.Operator, Actor: e.Actor, Device: e.Device, Address: e.Address}
	}
	data, err := strictjson.Encode(f)
	if err != nil {
		return fmt.Errorf("address book: %w", err)
	}
	if err := files.Replace(d.path(namesFile), append(data, '\n')); err != nil {
		return fmt.Errorf("address book: %w", err)
	}
	return nil
}
