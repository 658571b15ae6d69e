// Package chain is the typed view of the contracts: what they say (State,
// Identity), how it is read and remembered (Reader, Cache), and how it is
// changed (Transactor, Deploy, Operations).
//
// Laws.
//   - "No answer" and "the answer is no" are different errors. A fault of the
//     RPC endpoint is chain_unavailable; it never reads as "no code", "not
//     registered" or "not active".
//   - Everything that one State says was read at one block, named by its hash
//     (EIP-1898). Something is allowed only if it is allowed at the confirmed
//     block AND at the newest head; a Pair carries both.
//   - A head older than the profile's bound is chain_stale. Nothing is
//     answered from a cache whose head is not known to be recent.
//   - ABI words are packed and unpacked by the generated bindings alone.
//
// What it does not do: it does not decide who may do what (package authority
// does, from a Pair), it does not retry a transaction, and it trusts its
// endpoint within the bounds above: comparing several endpoints is a layer of
// its own.
package chain
