package seal

// IsGenerated is isGenerated, for the tests.
func IsGenerated(p []byte) bool { return isGenerated(p) }
