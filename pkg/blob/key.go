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

// MemoryKey is bots/<actor>/memory/<namespace>/<key>.enc for the service
// memory:<namespace>. An absent actor or key, or a service that is not of the class
// memory, yields the zero Key.
func MemoryKey(actor omni.Actor, s service.Name, k service.MemoryKey) Key {
	if actor.IsZero() || s.IsZero() || s.Class() != service.Memory || k.IsZero() {
		return Key{}
	}
	return Key{namespace(actor, s) + k.String() + suffix}
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

// namespace is the folder of one namespace of an actor's memory.
func namespace(actor omni.Actor, s service.Name) string {
	return folder(actor, service.Memory) + s.Namespace() + "/"
}

// memoryOf reads the memory key back from an object's name below a namespace's
// folder.
func memoryOf(namespace, key string) (service.MemoryKey, bool) {
	rest, below := strings.CutPrefix(key, namespace)
	name, named := strings.CutSuffix(rest, suffix)
	if !below || !named {
		return service.MemoryKey{}, false
	}
	k, err := service.ParseMemoryKey(name)
	return k, err == nil
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

// Named is what the name of an object says.
type Named struct {
	Key     Key
	Actor   omni.Actor
	Service service.Name
	// Memory is the key within a namespace; zero for a credential.
	Memory service.MemoryKey
}

// KeyOf reads an object's name back into its key and parts. It accepts exactly the
// names that this package builds: what it returns makes that name again. Anything
// else is false.
func KeyOf(text string) (Named, bool) {
	below, ok := strings.CutPrefix(text, root)
	who, below, cut := strings.Cut(below, "/")
	class, below, named := strings.Cut(below, "/")
	if !ok || !cut || !named {
		return Named{}, false
	}
	actor, err := omni.ParseActor("0x" + who)
	if err != nil {
		return Named{}, false
	}
	n := Named{Actor: actor}
	// Each class has a grammar of its own below its folder.
	switch service.Class(class) {
	case service.Credentials:
		if n.Service, ok = serviceOf(folder(actor, service.Credentials), text); ok {
			n.Key = CredentialKey(actor, n.Service)
		}
	case service.Memory:
		space, _, _ := strings.Cut(below, "/")
		if n.Service, err = service.MemoryNamespace(space); err != nil {
			break
		}
		if n.Memory, ok = memoryOf(namespace(actor, n.Service), text); ok {
			n.Key = MemoryKey(actor, n.Service, n.Memory)
		}
	}
	if n.Key.IsZero() || n.Key.text != text {
		return Named{}, false
	}
	return n, true
}
