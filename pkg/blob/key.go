package blob

import (
	"strings"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

const (
	root   = "bots/"
	suffix = ".enc"
)

// Key is the name of one object. It can only be built from parts that passed
// their grammars, so it holds no empty, dot or dot-dot segment, no escape and
// no wildcard. The zero Key names nothing and every operation refuses it.
type Key struct{ text string }

// CredentialKey is bots/<actor>/credentials/<service>.enc. An absent actor, or
// a service that is not of the class credentials, yields the zero Key.
func CredentialKey(actor omni.Actor, s service.Name) Key {
	if actor.IsZero() || s.IsZero() || s.Class() != service.Credentials {
		return Key{}
	}
	return Key{folder(actor, service.Credentials) + s.String() + suffix}
}

// String is the key as storage knows it.
func (k Key) String() string { return k.text }

// IsZero reports whether the key names nothing.
func (k Key) IsZero() bool { return k.text == "" }

// folder is the prefix under which everything of one actor and class lies: the
// one that the role policies allow.
func folder(actor omni.Actor, c service.Class) string {
	return root + actor.Key() + "/" + string(c) + "/"
}

// serviceOf reads the service back from a key below folder.
func serviceOf(folder, key string) (service.Name, bool) {
	rest, below := strings.CutPrefix(key, folder)
	name, named := strings.CutSuffix(rest, suffix)
	if !below || !named {
		return service.Name{}, false
	}
	s, err := service.Parse(name)
	return s, err == nil && s.Class() == service.Credentials
}

// KeyOf reads an object's name back into its key, actor and service. It accepts
// exactly the names that this package builds: what it returns makes that name
// again. Anything else is false.
func KeyOf(text string) (Key, omni.Actor, service.Name, bool) {
	none := func() (Key, omni.Actor, service.Name, bool) { return Key{}, omni.Actor{}, service.Name{}, false }
	below, ok := strings.CutPrefix(text, root)
	who, below, cut := strings.Cut(below, "/")
	class, _, named := strings.Cut(below, "/")
	if !ok || !cut || !named {
		return none()
	}
	actor, err := omni.ParseActor("0x" + who)
	if err != nil {
		return none()
	}
	// One class has names so far; each has a grammar of its own below its folder.
	switch service.Class(class) {
	case service.Credentials:
		s, ok := serviceOf(folder(actor, service.Credentials), text)
		if k := CredentialKey(actor, s); ok && k.text == text {
			return k, actor, s, true
		}
	}
	return none()
}
