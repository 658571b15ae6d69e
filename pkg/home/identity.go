package home

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Kind is what an identity or an entry of the address book is.
type Kind string

// The kinds. A device (a companion's passkey, for one) is never an identity.
const (
	KindOperator Kind = "operator"
	KindAgent    Kind = "agent"
	KindDevice   Kind = "device"
)

// ErrDamaged marks a file of the state directory that does not read as what it
// should be. Nothing is ever deleted or replaced for it, sessions excepted.
var ErrDamaged = errors.New("damaged file")

// Identity is who one K10 on this machine is. Operator is zero for an agent
// that does not know its operator yet.
type Identity struct {
	Name     string
	Kind     Kind
	Address  profile.Address
	Operator omni.Operator
	Actor    omni.Actor
	Device   omni.DeviceKey
	// Retired: the operator moved to another wallet. The identity stays, for its
	// passkeys and for whoever asks; nobody acts as it unless it is named.
	Retired bool
}

type identityJSON struct {
	Version  int             `json:"version"`
	Kind     Kind            `json:"kind"`
	Address  profile.Address `json:"address"`
	Operator omni.Operator   `json:"operator_omni,omitzero"`
	Actor    omni.Actor      `json:"actor_omni"`
	Device   omni.DeviceKey  `json:"device_key_hash"`
	Retired  bool            `json:"retired,omitzero"`
}

// Identity reads one identity by its exact name; one that is not there is a
// [LookupError] with near misses.
func (d *Dir) Identity(name string) (Identity, error) {
	if err := CheckName(name); err != nil {
		return Identity{}, err
	}
	id, err := d.readIdentity(name)
	if errors.Is(err, fs.ErrNotExist) {
		known, listErr := d.names()
		if listErr != nil {
			return Identity{}, listErr
		}
		return Identity{}, &LookupError{Query: name, What: "identity on this machine", Reason: ErrUnknownName, Candidates: nearest(name, known)}
	}
	return id, err
}

// Identities lists every identity, by name.
func (d *Dir) Identities() ([]Identity, error) {
	names, err := d.names()
	if err != nil {
		return nil, err
	}
	ids := make([]Identity, 0, len(names))
	for _, n := range names {
		id, err := d.readIdentity(n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Choose returns the identity to act as: the one named, else the only one of
// the given kinds (of any kind when none is given).
func (d *Dir) Choose(name string, kinds ...Kind) (Identity, error) {
	what := describe(kinds, "identity") + " on this machine"
	if name != "" {
		id, err := d.Identity(name)
		if err != nil {
			return Identity{}, err
		}
		if !wanted(id.Kind, kinds) {
			return Identity{}, &LookupError{Query: name, What: what, Reason: ErrWrongKind, Is: id.Kind}
		}
		return id, nil
	}
	all, err := d.Identities()
	if err != nil {
		return Identity{}, err
	}
	fit := slices.DeleteFunc(all, func(id Identity) bool { return id.Retired || !wanted(id.Kind, kinds) })
	switch len(fit) {
	case 1:
		return fit[0], nil
	case 0:
		return Identity{}, &LookupError{What: what, Reason: ErrUnknownName}
	}
	var names []string
	for _, id := range fit {
		names = append(names, id.Name)
	}
	return Identity{}, &LookupError{What: what, Reason: ErrAmbiguousName, Candidates: names}
}

// Bind writes down which operator and actor the registry (or the operator's
// answer to a request) says the identity's key belongs to. It decides nothing:
// every mint asks the chain again.
func (d *Dir) Bind(name string, op omni.Operator, actor omni.Actor) (Identity, error) {
	if op.IsZero() || actor.IsZero() {
		return Identity{}, fmt.Errorf("binding %s: operator and actor must be given", clip(name))
	}
	return d.change(name, "binding", func(id *Identity) { id.Operator, id.Actor = op, actor })
}

// Retire writes down that the chain retired an operator's wallet.
func (d *Dir) Retire(name string) (Identity, error) {
	return d.change(name, "retiring", func(id *Identity) { id.Retired = true })
}

func (d *Dir) change(name, what string, edit func(*Identity)) (Identity, error) {
	var id Identity
	err := d.locked(func() error {
		var err error
		if id, err = d.Identity(name); err != nil {
			return err
		}
		edit(&id)
		if err := id.check(); err != nil {
			return fmt.Errorf("%s %s: %w", what, name, err)
		}
		data, err := id.encode()
		if err != nil {
			return err
		}
		return files.Replace(d.path(identityDir, name, identityFile), data)
	})
	if err != nil {
		return Identity{}, err
	}
	return id, nil
}

// names lists the identities that are there, sorted. What does not bear a
// name, such as an identity that was never finished, is none.
func (d *Dir) names() ([]string, error) {
	entries, err := os.ReadDir(d.path(identityDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing identities: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && CheckName(e.Name()) == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (d *Dir) readIdentity(name string) (Identity, error) {
	path := d.path(identityDir, name, identityFile)
	data, err := files.Read(path)
	if err != nil {
		return Identity{}, fmt.Errorf("identity %s: %w", name, err)
	}
	var f identityJSON
	if err := strictjson.Decode(data.Reveal(), &f); err != nil {
		return Identity{}, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	id := Identity{Name: name, Kind: f.Kind, Address: f.Address, Operator: f.Operator, Actor: f.Actor, Device: f.Device, Retired: f.Retired}
	if f.Version != fileVersion {
		return Identity{}, fmt.Errorf("%w: %s has version %d, this program reads %d", ErrDamaged, path, f.Version, fileVersion)
	}
	if err := id.check(); err != nil {
		return Identity{}, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return id, nil
}

// check refuses an identity whose parts contradict each other.
func (i Identity) check() error {
	switch {
	case i.Kind != KindOperator && i.Kind != KindAgent:
		return fmt.Errorf("kind must be %s or %s", KindOperator, KindAgent)
	case i.Address.IsZero():
		return errors.New("address is missing")
	case i.Actor.IsZero():
		return errors.New("actor_omni is missing")
	case i.Device != omni.DeviceKeyOfAddress(i.Address):
		return errors.New("device_key_hash is not that of the address")
	case i.Retired && i.Kind != KindOperator:
		return errors.New("only an operator's wallet is retired")
	case i.Kind == KindOperator && i.Actor != omni.Self(i.Operator):
		return errors.New("an operator acts as itself: actor_omni must equal operator_omni")
	}
	return nil
}

func (i Identity) encode() ([]byte, error) {
	data, err := strictjson.Encode(identityJSON{
		Version: fileVersion, Kind: i.Kind, Address: i.Address, Operator: i.Operator, Actor: i.Actor, Device: i.Device, Retired: i.Retired,
	})
	if err != nil {
		return nil, fmt.Errorf("encoding an identity: %w", err)
	}
	return append(data, '\n'), nil
}

// entry is the identity as the address book shows it.
func (i Identity) entry() Entry {
	return Entry{Name: i.Name, Kind: i.Kind, Address: i.Address, Operator: i.Operator, Actor: i.Actor, Device: i.Device}
}

// sweep removes what a process that died left of an unfinished identity. The
// key in it was never announced to anybody. Called under the lock.
func (d *Dir) sweep() error {
	left, err := filepath.Glob(d.path(identityDir, stagingPrefix+"*"))
	if err != nil {
		return fmt.Errorf("unfinished identities: %w", err)
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("unfinished identities: %w", err)
		}
	}
	return nil
}

func wanted(k Kind, kinds []Kind) bool { return len(kinds) == 0 || slices.Contains(kinds, k) }

func describe(kinds []Kind, any string) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	if len(words) == 0 {
		return any
	}
	return strings.Join(words, " or ")
}
