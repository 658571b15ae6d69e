// Package emit carries what a role decided to the audit role, so that nothing is
// lost in between and nobody waits for it who need not.
//
// A [Spool] is the [audit.Sink] of a role whose journal is another role's: it
// numbers and signs each event, makes it durable on the local disk, and sends it
// on. A [Reporter] stands between a role and any sink: it knows what a decision
// must wait for, and makes a few events of many denials.
//
// The laws that hold here:
//
//   - What [Spool.Emit] acknowledged survives kill -9 and, with honest disks,
//     loss of power; it is sent until the audit role has it, in the order of its
//     numbers, and always as the very same entry. Callers that wait at the same
//     time share one sync of the disk, and one signature ([audit.SignGroup]).
//   - Numbers go from 1 without a gap and are given once, also over restarts. An
//     event that the disk refused is never sent, unless the process ended before the
//     disk could be asked again. One that was on its way to the disk when its caller
//     ran out of patience may be: then the journal has a decision that was not acted
//     upon, never the reverse.
//   - A spool that is damaged is an error when it is opened, never skipped; only
//     what was never acknowledged is cut from its end.
//   - Emit says no at once when the audit role said no; when it has not answered, or
//     said that it is behind (rate_limited), for as long as [Config.Grace], be it
//     because the backlog cannot be read; when the backlog is full, or when the disk
//     refuses; and yes again as soon as that has passed, without a restart. Nobody
//     waits longer than [Config.Patience].
//   - An entry that the audit role refuses for what it is blocks no other: it is set
//     aside, loudly, in the file "refused". One after the other only so many are.
//   - A denial waits for nothing but the local disk, and not long. However many
//     there are, the events that they become are bounded, and so is the memory.
//
// It does not verify, does not decide, and knows no transport: [Post] is the
// caller's. A spool that is put back to an older state gives numbers twice; the
// journal shows it. Each spool belongs to one process and one identity key.
package emit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Post hands entries to the audit role, in their order, and returns nil once it
// acknowledged all of them. A refusal carries its code (apierr); any error without
// one means that there was no answer. It is called by one goroutine at a time and
// must end when ctx does.
type Post func(ctx context.Context, entries []journal.Entry) error

// The defaults of Config.
const (
	DefaultGrace     = 30 * time.Second
	DefaultPatience  = journal.Patience // one for every disk
	DefaultLinger    = 100 * time.Millisecond
	DefaultMaxEvents = 50_000
	DefaultMaxBytes  = 96 << 20
)

// MaxBatch is how many entries one call of Post hands over at most.
const MaxBatch = 256

// Config of a Spool. Dir, Role, Identity, Post and Now are required.
type Config struct {
	// Dir is the spool's directory, which is made when it is not there: mode 0700,
	// nothing else in it.
	Dir string
	// Role is the emitter of every event.
	Role string
	// Identity signs the receipts; the audit role lists its public half.
	Identity jose.PrivateKey
	Post     Post
	Now      func() time.Time
	Log      zerolog.Logger

	// Grace is how old the oldest unsent event may be while the audit role gives
	// no answer, is behind or cannot be asked, and the longest that one call is waited for,
	// which is 10 s at most; 0: DefaultGrace.
	Grace time.Duration
	// Linger is how long events gather before they are sent, since a batch costs the
	// audit role little more than an event: from the first that comes when nothing was
	// left to send, and after each answer until the role is asked again. It is waited
	// out however many gather meanwhile; only behind a batch of MaxBatch the next goes
	// at once. What is unsent when the spool is opened does not wait, what was not
	// taken is sent again after a backoff of its own, and [Spool.Close] ends the
	// waiting. 0: DefaultLinger; negative: not at all.
	Linger time.Duration
	// Patience is how long a call waits for the disk; 0: DefaultPatience.
	Patience time.Duration
	// MaxEvents and MaxBytes bound what is unsent, and what lies on the disk; 0:
	// the defaults. MaxBytes is at least four segments.
	MaxEvents uint64
	MaxBytes  int64
	// SegmentBytes is after how many bytes a new file begins; 0: 1 MiB.
	SegmentBytes int64
}

const (
	defaultSegment = 1 << 20
	postTimeout    = 10 * time.Second
	minBackoff     = 50 * time.Millisecond
	maxBackoff     = 2 * time.Second
	endTime        = time.Second // how long Close waits for what should have ended
)

// complete fills in the defaults and refuses what cannot work.
func (c Config) complete() (Config, error) {
	set := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	set(&c.Grace, DefaultGrace)
	set(&c.Patience, DefaultPatience)
	set(&c.Linger, DefaultLinger)
	if c.MaxEvents == 0 {
		c.MaxEvents = DefaultMaxEvents
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.SegmentBytes == 0 {
		c.SegmentBytes = defaultSegment
	}
	switch {
	case c.Dir == "" || c.Role == "" || c.Post == nil || c.Now == nil || c.Identity.Public().Thumbprint() == "":
		return c, errors.New("directory, role, identity key, transport and clock are required")
	case c.Grace < 0 || c.Patience < 0 || c.SegmentBytes < 0 || c.MaxBytes < 4*c.SegmentBytes:
		return c, errors.New("bounds must be positive, and there must be room for four segments")
	}
	return c, nil
}

// maxAside is how many entries are set aside one after the other: when it takes none
// of so many, the trouble is the role's, and a refusal like any other.
const maxAside = 16

// poison reports whether the audit role will never take these entries, whatever
// else is mended: it understood them and refuses what they are. Refusals of who
// sends them, of the address or of the rate are not about the entries.
func poison(err error) bool {
	if apierr.CodeOf(err) == apierr.ReceiptInvalid {
		return true
	}
	d, known := apierr.Lookup(apierr.CodeOf(err))
	switch d.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge:
		return known
	}
	return false
}

var (
	errClosed = errors.New("the spool is closed")
	errFull   = errors.New("too many wait for the spool")
	errStuck  = errors.New("the disk of the spool does not answer")
)

// ErrVersion is wrapped when what a spool has still to send was written by another
// version of this program, whose receipts this one does not read: the audit role
// would take none of it. That version has to serve once more: whoever hears this must
// leave alone what it needs for that, such as the schema of its databases.
var ErrVersion = errors.New("what is unsent was written by another version of this program")

// ErrDamaged is wrapped when a spool is not what was written.
var ErrDamaged = errors.New("the spool is damaged")

func damaged(path, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrDamaged, path, fmt.Sprintf(format, args...))
}
