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
//   - Several endpoints must agree: all of them, or k of n >= 3 with k > n/2.
//     While fewer than k lie, nothing that they invent is believed. No answer
//     abstains. Different answers to one question (the hash at a height, what
//     the contracts say at a hash) empty the cache; where none can have k,
//     nothing is answered.
//   - The head is the newest block that k endpoints show with the same header,
//     so that one which lags holds up nobody who is not needed. It never goes
//     back.
//   - Nothing that changes the chain is sent twice. Questions are repeated, a
//     bounded number of times.
//
// What it does not do: it does not decide who may do what (package authority
// does, from a Pair), it does not retry a transaction, and whoever signs or
// sends (Client, Transactor) uses the first endpoint alone: what it shows is
// decided upon by others, who ask them all. Where all must agree, an endpoint
// that holds back the newest blocks looks like one that lags: the bound on the
// head's age is what ends that.
package chain
