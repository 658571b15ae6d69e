package audit

import (
	"context"

	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Emit is the handler behind genuine entries, within ctx.
func Emit(ctx context.Context, j *journal.Journal, entries ...journal.Entry) error {
	a := &Audit{p: Parts{Journal: j}}
	_, err := a.emit(ctx, genuine{entries}, httpd.Seen{})
	return err
}

// Count is how many keys are listed.
func (e Emitters) Count() int { return len(e.roles) }
