package passkey

import (
	"crypto/elliptic"
	"math/big"
)

// order returns a copy of n, the order of the P-256 group.
func order() *big.Int { return new(big.Int).Set(elliptic.P256().Params().N) }

// halfOrder is the largest s this system accepts: floor(n/2).
func halfOrder(n *big.Int) *big.Int { return new(big.Int).Rsh(n, 1) }
