package keys

import "errors"

// The refusals of a keyring. What a caller of the signer is told is the
// signer's business; these are for its operator.
var (
	// ErrKeyringInvalid is wrapped by every refusal of a document's content.
	ErrKeyringInvalid = errors.New("keyring is not valid")
	// ErrKeyringRolledBack says that an older keyring (or mark) was put back.
	ErrKeyringRolledBack = errors.New("keyring was rolled back")
	// ErrKeyringSwapped says that the file is another keyring: of another
	// deployment, or not the one that its mark belongs to.
	ErrKeyringSwapped = errors.New("keyring is another one")
	// ErrKeyringLost says that there is a mark and no keyring beside it.
	ErrKeyringLost = errors.New("keyring is gone")
	// ErrBackupIncomplete says that a backup lacks an epoch that was in use
	// here.
	ErrBackupIncomplete = errors.New("backup is older than the keyring that was here")

	// ErrEpochMissing names epochs up to the chain's that have no key here. A
	// missing key is never made again: what it sealed would be lost for good.
	ErrEpochMissing = errors.New("key epochs are missing")
	// ErrEpochDestroyed says that the key of this epoch was destroyed.
	ErrEpochDestroyed = errors.New("the key of this epoch was destroyed")
	// ErrEpochConflict says that another key is there already.
	ErrEpochConflict = errors.New("another key is there")
	// ErrEpochInUse says that the epoch is current, or the newest used.
	ErrEpochInUse = errors.New("the key epoch is in use")
	// ErrTooFarAhead says that an epoch is more than one above the chain's.
	ErrTooFarAhead = errors.New("the key epoch is too far ahead of the chain")
	// ErrOtherRing says that a key comes from a keyring that is no copy of this
	// one.
	ErrOtherRing = errors.New("the key is of another ring")
	// ErrCheckValue says that a key does not fit the check value that came
	// with it.
	ErrCheckValue = errors.New("the key does not fit its check value")
	// ErrClosed is answered by a keyring that was closed.
	ErrClosed = errors.New("the keyring is closed")
)
