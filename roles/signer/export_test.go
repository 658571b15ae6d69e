package signer

import (
	"context"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/service"
)

// Look is one turn of the watch, which the clock drives otherwise.
func Look(ctx context.Context, s *Signer) error { return s.epochs.look(ctx) }

// Listeners is the number of streams that wait for the epoch to move.
func Listeners(s *Signer) int {
	s.epochs.mu.Lock()
	defer s.epochs.mu.Unlock()
	return len(s.epochs.subs)
}

// Ops are those of the signer's own events.
func Ops() map[string]service.Op {
	return map[string]service.Op{
		api.PathDEKRewrap: opRewrap, api.PathEpochPrepare: opPrepare, api.PathEpochExport: opExport,
		api.PathEpochImport: opImport, api.PathEpochDestroy: opDestroy, dek.PathNew: service.OpStore, dek.PathUnwrap: service.OpFetch,
	}
}

// Admit asks whether an account holds an office.
func Admit(ctx context.Context, s *Signer, name string, a [20]byte) error {
	for _, o := range offices() {
		if o.name == name {
			return s.admit(o)(ctx, a)
		}
	}
	panic("no such office: " + name)
}

// Listed are the workers by identity key: class and addresses.
func Listed(w Workers) map[string][]string {
	out := map[string][]string{}
	for k, v := range w.by {
		out[k] = append([]string{string(v.class)}, v.urls...)
	}
	return out
}
