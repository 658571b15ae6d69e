// Package crashtest holds the tests that kill and starve the audit role: the
// real program as a process of its own, over a chain with the real contracts.
// There is nothing in it but tests.
//
// What they hold: what the role acknowledged is there, once, in its emitter's
// order, in one batch, and that batch on chain once, by one transaction, after
// SIGKILL at random points under load, and after EIO, ENOSPC and SIGKILL at each
// call that an append, a flush, an anchoring, a list, a checkpoint and a start
// make to the file system; what could not be written is refused with
// audit_unavailable, and is taken again without a restart as soon as the disk
// allows it.
//
// Variables of the environment, as in the other suites:
//
//   - AGENTKEYS_TEST_KILLS: how often the kill suite kills.
//   - AGENTKEYS_TEST_SEED: replays the points of an earlier run, which every run
//     prints. The processes are not deterministic, only what is done to them.
//   - AGENTKEYS_TEST_FAULTS=all: every call of every kind fails once, not some.
//   - AGENTKEYS_TEST_STRACE: the program strace, with which a trace shows the
//     sync of the disk before each reply.
//   - AGENTKEYS_TEST_SMALL_DISK: a directory on a file system of its own of 8 to
//     64 MiB, which is filled.
//   - AGENTKEYS_TEST_RECOVERY: how many events the benchmark of the recovery
//     starts with.
//
// A loss of power is not among what they do: no test of a process can.
package crashtest
