package audit

import (
	"github.com/google/uuid"

	"github.com/litentry/agentkeys/pkg/jose"
)

// NewID draws an event's identifier: a UUID of version 7 (RFC 9562, 5.7) as 22
// base64url characters. It begins with the time, so that events which are written
// after each other stand beside each other in every index, and 62 bits of it at least
// are random: nobody takes another's beforehand.
func NewID() string {
	id := uuid.Must(uuid.NewV7()) // never fails: crypto/rand ends the process instead
	return jose.EncodeSegment(id[:])
}
