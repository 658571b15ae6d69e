package auditproof

import "github.com/litentry/agentkeys/pkg/jose"

// identifiers is where each event stands. A receipt binds its event to no place:
// whoever keeps the journal could show what was decided once as often as it likes.
// It takes some 50 bytes for each entry.
type identifiers map[[16]byte]uint64

func (i identifiers) at(id string) (position uint64, known bool) {
	position, known = i[identifier(id)]
	return position, known
}

func (i identifiers) add(id string, position uint64) { i[identifier(id)] = position }

// identifier is the bytes of what a valid event has (jose.IsID).
func identifier(id string) (out [16]byte) {
	b, _ := jose.DecodeSegment(id)
	copy(out[:], b)
	return out
}
