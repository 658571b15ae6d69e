package client

import "github.com/litentry/agentkeys/pkg/service"

// Known is what one identity knows of a memory. The zero Known is nothing.
type Known struct {
	// Version is the greatest that was seen; after a removal the least that may come.
	Version uint64
	// Removed: this identity removed it, or accepted that it is gone. That it is not
	// there is then no news.
	Removed bool
}

// There tells that it was seen and should be there.
func (k Known) There() bool { return k.Version != 0 && !k.Removed }

// Versions remembers, for one identity, the greatest version of each memory that it
// wrote or read. It is how an older object that was put back, or one that was taken
// away, is seen without anybody naming a version. What it forgets is not seen: it
// never fails.
type Versions interface {
	// Seen is what is known of one memory.
	Seen(space service.Name, k service.MemoryKey) Known
	// All is what is known of the memories of a namespace. The map is the caller's.
	All(space service.Name) map[service.MemoryKey]Known
	// Saw remembers that a version is there, unless a greater one is known: of two that
	// saw at the same time, the one who is late takes nothing back.
	Saw(space service.Name, k service.MemoryKey, version uint64)
	// Accept remembers a version in the place of what is known, also of a greater one.
	Accept(space service.Name, k service.MemoryKey, version uint64)
	// Removed remembers that the memory may be gone, and that whatever is there next
	// has version next at least. A greater version that is known stays; of what is not
	// known, 0 is not remembered.
	Removed(space service.Name, k service.MemoryKey, next uint64)
}

func (c *Caller) seen(space service.Name, k service.MemoryKey) Known {
	if c.Versions == nil {
		return Known{}
	}
	return c.Versions.Seen(space, k)
}

func (c *Caller) all(space service.Name) map[service.MemoryKey]Known {
	if c.Versions == nil {
		return nil
	}
	return c.Versions.All(space)
}

func (c *Caller) saw(space service.Name, k service.MemoryKey, version uint64, older bool) {
	switch {
	case c.Versions == nil:
	case older:
		c.Versions.Accept(space, k, version)
	default:
		c.Versions.Saw(space, k, version)
	}
}
