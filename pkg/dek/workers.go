package dek

import (
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
)

// WorkersFormat names the layout of the file of workers.
const WorkersFormat = "agentkeys/workers/v1"

// WorkersFile says which identity keys may ask a signer for data keys of which
// class, and under which addresses those workers answer (--signer-workers).
type WorkersFile struct {
	Format  string       `json:"format"`
	Workers []WorkerFile `json:"workers"`
}

// WorkerFile is one worker, or several that share an address.
type WorkerFile struct {
	Class service.Class `json:"class"`
	// URLs are the origins to which agents make their proofs.
	URLs []string  `json:"urls"`
	Keys jose.JWKS `json:"keys"`
}
