package journal

import (
	"context"
	"database/sql"
	"time"

	"github.com/litentry/agentkeys/pkg/omni"
)

// backend is what the SQL of this package leaves to one database.
type backend struct {
	// bind writes the placeholders as the database knows them.
	bind func(string) string
	// own are statements that this backend alone runs in groups.
	own []string
	// lock keeps other processes away from these operators' journals until the
	// transaction ends. What is read behind it is what they committed.
	lock func(context.Context, *group, []omni.Operator) error
	// known is an empty map where entries of a group are taken together, for the
	// sake of round trips: look fills it and the ends of the journals, flush writes
	// what waits, or answers errTogether. It is nil where they are not.
	known func() map[string]*found
	look  func(context.Context, *group, []*job) error
	flush func(context.Context, *group) error
	// check refuses a database that would not keep what it acknowledges.
	check func(context.Context, *sql.Tx) error
	// again reports whether a transaction was undone only because of others
	// beside it, so that it may be repeated.
	again func(error) bool
	// patience bounds a group and its repetitions; zero where nothing but the disk
	// can hold one up.
	patience time.Duration
}

// bound is the context of a group.
func (b backend) bound() (context.Context, context.CancelFunc) {
	if b.patience == 0 {
		return context.Background(), func() {}
	}
	return context.WithTimeout(context.Background(), b.patience)
}

// reader reads beside the writer.
type reader struct {
	*sql.DB
	bind func(string) string
}

// QueryContext is that of sql.DB, for the SQL of this package.
func (r reader) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return r.DB.QueryContext(ctx, r.bind(text), args...)
}

// QueryRowContext is that of sql.DB, for the SQL of this package.
func (r reader) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return r.DB.QueryRowContext(ctx, r.bind(text), args...)
}
