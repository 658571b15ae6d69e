package isolation_test

import (
	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/service"
)

// class is what the rows know of one data class. A class with a worker gets all
// rows by an entry here.
type class struct {
	class service.Class
	// service and spare are granted to everybody; what is under spare is torn
	// down and never read.
	service, spare string
	// worker is the role that serves it; empty: there is none yet.
	worker string
	// access is what a session may be, with a role of its own.
	access []string
	// routes are the worker's, by op.
	routes map[service.Op]string
	// object is the key that the path ends with and the proof names; empty where
	// objects have none.
	object string
	// versioned: the envelope tells a version, which opens it.
	versioned bool
}

func classes() []class {
	return []class{
		{
			class: service.Credentials, service: "github", spare: "gitlab", worker: "cred", access: []string{"read", "write", "provision"},
			routes: map[service.Op]string{
				service.OpStore: api.PathCredStore, service.OpFetch: api.PathCredFetch, service.OpList: api.PathCredList, service.OpTeardown: api.PathCredTeardown,
			},
		},
		{
			class: service.Memory, service: "memory:notes", spare: "memory:spare", worker: "memory", access: []string{"read", "write"}, object: "plan.md", versioned: true,
			routes: map[service.Op]string{
				service.OpStore: api.PathMemoryPut, service.OpFetch: api.PathMemoryGet, service.OpList: api.PathMemoryList, service.OpTeardown: api.PathMemoryTeardown,
			},
		},
	}
}

// actions are those for which the broker mints.
func actions() []service.Action {
	return []service.Action{
		service.CredStore, service.CredFetch, service.CredList, service.CredTeardown,
		service.MemoryPut, service.MemoryGet, service.MemoryList, service.MemoryTeardown,
	}
}

// classOf is the entry of a class.
func classOf(c service.Class) class {
	for _, have := range classes() {
		if have.class == c {
			return have
		}
	}
	panic("no entry for class " + c)
}

// action is that of a route.
func action(c service.Class, op service.Op) service.Action {
	for _, a := range actions() {
		if a.Class == c && a.Op == op {
			return a
		}
	}
	panic("no action " + string(c) + " " + string(op))
}

// target is the service for which somebody uses an action.
func target(a service.Action) string {
	c := classOf(a.Class)
	switch {
	case a.ListsClass():
		return service.Any
	case a.Op == service.OpTeardown:
		return c.spare
	}
	return c.service
}
