package memory

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
)

// Config is the worker's own configuration. Paths that are empty lie below
// the state directory.
type Config worker.Config

func kind() worker.Kind {
	return worker.Kind{Role: name, Class: service.Memory, CapKeysFlag: "memory-cap-keys"}
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag { return (*worker.Config)(c).Flags(kind()) }

// Look implements role.Config.
func (c *Config) Look(ctx context.Context, e role.Env) error {
	return worker.Look(ctx, e, kind(), worker.Config(*c))
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	w, err := worker.Open(ctx, e, kind(), worker.Config(*c))
	if err != nil {
		return nil, err
	}
	return &Worker{w}, nil
}
