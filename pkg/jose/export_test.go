package jose

// VerifyInput is the check of a signature alone, for vectors whose headers are
// not of our form.
func (k PublicKey) VerifyInput(input string, sig []byte) error { return k.verify(input, sig) }
