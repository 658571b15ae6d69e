package memory_test

import (
	"context"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
	"github.com/litentry/agentkeys/pkg/worker/workertest"
	"github.com/litentry/agentkeys/roles/memory"
)

func TestConfig(t *testing.T) {
	workertest.Config(t, workertest.Subject{
		Kind: worker.Kind{Role: "memory", Class: service.Memory, CapKeysFlag: "memory-cap-keys"},
		Now:  time.Now,
		Open: func(ctx context.Context, c worker.Config, e role.Env) (role.Service, error) {
			own := memory.Config(c)
			return own.Open(ctx, e)
		},
	})
}
