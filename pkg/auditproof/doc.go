// Package auditproof decides whether an event of the audit log is genuine, with
// no trust in whoever keeps the log.
//
// The laws that hold here:
//
//   - An entry counts only in its one encoding, at its own position, in its own
//     operator's journal, under a root that the chain has for that operator and
//     index. Nothing of what a file or a host says is believed beyond that.
//   - What a role decided carries the receipt that the role signed; a note
//     carries none.
//   - A journal is genuine when its entries follow each other by position and
//     hash from the beginning, no event stands in it twice, its batches cover them
//     without a gap, and every root on chain is one of its batches. What is wrong
//     first is named.
//   - "Not genuine" ([ErrNotGenuine]) and "could not be asked" are different
//     errors.
//
// What is in no anchored batch yet is held together by the hashes and receipts
// alone: whoever keeps the log and invents its emitters can still rewrite it. It
// asks no role and reads no files but those that it is handed.
package auditproof
