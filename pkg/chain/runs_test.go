//go:build !race

package chain_test

// runs of the property.
const runs = 10_000
