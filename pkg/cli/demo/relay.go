package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// relayed is the worker's relay: the operator names the audit role's account, two
// events are flushed, and the role puts their root on chain by itself.
func relayed(ctx context.Context, command func(ctx context.Context, into any, args ...string) error, c *chain.Client, o omni.Operator) (string, error) {
	var st api.AuditStatus
	if err := command(ctx, &st, "audit", "status", "--as", operatorName); err != nil {
		return "", err
	}
	if st.Relayer == "" {
		return "", errors.New("the audit role has no account to anchor with")
	}
	if err := command(ctx, nil, "audit", "relayer", st.Relayer, "--as", operatorName); err != nil {
		return "", err
	}
	for i := range 2 {
		if err := command(ctx, nil, "audit", "append", fmt.Sprintf("event %d of the relay", i+1), "--op", "relay", "--as", operatorName); err != nil {
			return "", err
		}
	}
	var out struct {
		Batch *api.AuditBatch `json:"batch"`
	}
	if err := command(ctx, &out, "audit", "flush", "--as", operatorName); err != nil {
		return "", err
	}
	if out.Batch == nil || out.Batch.Count < 2 {
		return "", errors.New("the two events are in no batch")
	}
	b := *out.Batch
	var root chain.AuditRoot
	err := until(ctx, "the root is on chain", func() (there bool, err error) {
		root, there, err = c.Root(ctx, o, b.Index)
		return there, err
	})
	if err != nil {
		return "", err
	}
	n, err := c.Roots(ctx, o)
	if err != nil {
		return "", err
	}
	if n != b.Index+1 || journal.Hash(root.Root) != b.Root || root.Count != b.Count {
		return "", fmt.Errorf("the chain has %d roots, and at %d %s over %d events; the journal has %s over %d", n, b.Index, journal.Hash(root.Root), root.Count, b.Root, b.Count)
	}
	return fmt.Sprintf("2 events -> flush -> appendRoot by %s…: rootCount %d, getRoot(%d) = %s over %d events match", st.Relayer[:10], n, b.Index, short(b.Root), b.Count), nil
}
