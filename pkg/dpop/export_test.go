package dpop

// VerifySignature is the check of a signature alone, for vectors that are not
// proofs.
var VerifySignature = verifySignature

// Keys is the number of keys that the guard counts.
func (m *Memory) Keys() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.holders)
}
