//go:build race

package chain_test

// runs of the property: under the race detector each is many times dearer, and
// what is looked for are races.
const runs = 1_000
