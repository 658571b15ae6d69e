package memory_test

import (
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
		As:   configured,
	})
}

// configured is the configuration of this worker.
func configured(c worker.Config) role.Config { return (*memory.Config)(&c) }
