// Package roles is the one list of roles that this binary can serve.
package roles

import (
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/roles/audit"
	"github.com/litentry/agentkeys/roles/broker"
	"github.com/litentry/agentkeys/roles/cred"
	"github.com/litentry/agentkeys/roles/memory"
	"github.com/litentry/agentkeys/roles/signer"
)

// All returns the roles, in the order in which help texts name them.
func All() []role.Role {
	return []role.Role{
		{
			Name: "broker", Port: 8091, Layer: apierr.LayerMint, New: func() role.Config { return new(broker.Config) },
			Summary: "signs agents in and mints capability and web-identity tokens",
		},
		{
			Name: "signer", Port: 8092, Layer: apierr.LayerSigner, Secrets: true, New: func() role.Config { return new(signer.Config) },
			Summary: "holds the key of every epoch and gives out the data key of one object for one proven request",
		},
		{
			Name: "audit", Port: 9092, Layer: apierr.LayerAudit, New: func() role.Config { return new(audit.Config) },
			Summary: "keeps the journal of every decision, and puts its roots on chain",
		},
		{
			Name: "cred", Port: 9094, Layer: apierr.LayerWorker, Secrets: true, New: func() role.Config { return new(cred.Config) },
			Summary: "stores and fetches credentials with the caller's own storage session",
		},
		{
			Name: "memory", Port: 9095, Layer: apierr.LayerWorker, Secrets: true, New: func() role.Config { return new(memory.Config) },
			Summary: "keeps what an agent writes for itself, by namespace, key and version, with the caller's own storage session",
		},
	}
}
