package crashtest_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
)

// dice is a stream of numbers that follows from a seed, so that what was done to
// the processes of a run can be done again.
type dice struct {
	seed  [32]byte
	count uint64
}

// newDice takes AGENTKEYS_TEST_SEED, or draws a seed, and prints it.
func newDice(t testing.TB) *dice {
	t.Helper()
	seed := os.Getenv("AGENTKEYS_TEST_SEED")
	if seed == "" {
		seed = rand.Text()
	}
	t.Logf("AGENTKEYS_TEST_SEED=%s", seed)
	return &dice{seed: sha256.Sum256([]byte(seed))}
}

// fork is a stream of its own: whoever takes from it changes no other.
func (d *dice) fork(name string) *dice {
	return &dice{seed: sha256.Sum256(append(d.seed[:], name...))}
}

func (d *dice) bytes() [32]byte {
	d.count++
	return sha256.Sum256(binary.BigEndian.AppendUint64(d.seed[:], d.count))
}

// below is a number from 0 to n-1.
func (d *dice) below(n int) int {
	b := d.bytes()
	return int(binary.BigEndian.Uint64(b[:8]) % uint64(n))
}

// id is an event's identifier.
func (d *dice) id() string {
	b := d.bytes()
	return jose.EncodeSegment(b[:16])
}
