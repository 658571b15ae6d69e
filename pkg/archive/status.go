package archive

import (
	"errors"
	"fmt"
	"slices"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
)

// Reason is why a batch is not in the archive.
type Reason string

// The reasons.
const (
	// Unreachable: storage gave no answer; the batch may be there.
	Unreachable Reason = "unreachable"
	// Refused: storage answered, and will not take it.
	Refused Reason = "refused"
	// Credentials: the file with the keys is not there, not safe or not whole.
	Credentials Reason = "credentials"
	// Local: this machine cannot do it: the disk, the database.
	Local Reason = "local"
	// Unproven: storage took it and did not prove that it has what was sent.
	Unproven Reason = "unproven"
	// Occupied: something has its name, and the journal does not say that it was
	// sent by us as it is now.
	Occupied Reason = "occupied"
	// Damaged: the journal's entries are not those of the batch.
	Damaged Reason = "damaged"
	// TooLarge: the file is larger than storage takes in one piece.
	TooLarge Reason = "too_large"
)

// ofBatch reports whether the reason is the batch's own: no repetition heals it,
// and other operators' batches are not concerned.
func (r Reason) ofBatch() bool {
	return slices.Contains([]Reason{Unproven, Occupied, Damaged, TooLarge}, r)
}

// Problem is a batch that is not in the archive, and why.
type Problem struct {
	Operator omni.Operator
	Index    uint64
	Reason   Reason
	Err      error
}

// Error implements error.
func (p *Problem) Error() string {
	return fmt.Sprintf("batch %d of %s is not archived (%s): %v", p.Index, p.Operator, p.Reason, p.Err)
}

// Unwrap is the cause, with the code of the table that it carries.
func (p *Problem) Unwrap() error { return p.Err }

// maxHeld bounds how many batches a Status names.
const maxHeld = 100

// Status is how archiving stands.
type Status struct {
	// Stored and Found count the batches that this Archiver took there, by how
	// it knows: see journal.ArchiveStored and journal.ArchiveFound.
	Stored, Found uint64
	// Stopped is what ended the last pass before its time; nil when it did all
	// that could be done.
	Stopped error
	// Held are the batches that wait for a person, and all behind them of the
	// same operators: the first 100 in the order of operators, of Holding.
	Held    []*Problem
	Holding int
}

// Status is how archiving stands: the counts by now, the rest as of the end of the
// last pass.
func (a *Archiver) Status() Status {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.status
	s.Held = slices.Clone(s.Held)
	return s
}

// reasonOf names what a put or a file failed of.
func reasonOf(err error) Reason {
	var damage *journal.Damage
	switch {
	case errors.As(err, &damage):
		return Damaged
	case errors.Is(err, errTooLarge):
		return TooLarge
	case errors.Is(err, blob.ErrUnproven):
		return Unproven
	case errors.Is(err, blob.ErrThere):
		return Occupied
	case errors.Is(err, blob.ErrRefused):
		return Refused
	case apierr.CodeOf(err) == apierr.StorageUnavailable:
		return Unreachable
	case errors.Is(err, errUnsent):
		return Credentials
	}
	return Local
}
