package home

import "crypto/ecdsa"

// WipeKey overwrites a key that was parsed for import and is no longer needed.
func WipeKey(k *ecdsa.PrivateKey) { newKey(k).Close() }
