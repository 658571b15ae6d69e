package apierr

import "slices"

// Reach is how far one of the four layers, or one check, came for a request.
type Reach string

// How far something came. Decided is what ended the request: its answer was no, or
// it had none, which refuses all the same.
const (
	Passed     Reach = "passed"
	Decided    Reach = "decided"
	NotReached Reach = "not_reached"
)

// Layers is how far each of the four layers came that hold actor and data class
// apart (SPEC section 1). What cannot be known from the answer is not reached:
// nothing is said to have passed that may not have.
type Layers struct {
	// Mint is the broker, which mints for the session's own operator and actor.
	Mint Reach `json:"mint"`
	// Worker is a worker's own verification, with that of its signer.
	Worker Reach `json:"worker"`
	// IAM is the cloud's decision on the tags of the storage session.
	IAM Reach `json:"iam"`
	// Bucket is the one bucket and role of the data class. Storage gives one answer
	// for both: where it refused, IAM and Bucket are decided together.
	Bucket Reach `json:"bucket"`
}

// Check is one check in the fixed order of a role.
type Check string

// The checks.
const (
	CheckRequest    Check = "request"
	CheckSession    Check = "session"
	CheckProof      Check = "proof"
	CheckOwner      Check = "owner"
	CheckOperator   Check = "operator"
	CheckDevice     Check = "device"
	CheckGrant      Check = "grant"
	CheckLimit      Check = "limit"
	CheckAudit      Check = "audit"
	CheckHeaders    Check = "storage-session"
	CheckCapability Check = "capability"
	CheckLifetime   Check = "lifetime"
	CheckClass      Check = "class"
	CheckOp         Check = "op"
	CheckEpoch      Check = "epoch"
	CheckUse        Check = "use"
	CheckSigner     Check = "signer"
	CheckWorker     Check = "worker"
	CheckKey        Check = "data-key"
	CheckStorage    Check = "storage"
	CheckRights     Check = "storage-rights"
	CheckObject     Check = "object"
	CheckEnvelope   Check = "envelope"
	CheckAllowed    Check = "allowed"
	CheckReceipt    Check = "receipt"
	CheckJournal    Check = "journal"
	CheckOffice     Check = "office"
)

// What each check looks at, for people.
var asks = map[Check]string{
	CheckRequest:    "method, shape, size and rate of the request",
	CheckSession:    "the session is genuine and alive",
	CheckProof:      "the proof is by the caller's own key, for this request, once",
	CheckOwner:      "operator and actor are the session's own",
	CheckOperator:   "this host serves the operator",
	CheckDevice:     "chain: device registered, bound and able; operator not frozen",
	CheckGrant:      "chain: a live grant covers service and op",
	CheckLimit:      "the limits of the grant",
	CheckAudit:      "the decision is in the audit log first",
	CheckHeaders:    "the storage session came with the request",
	CheckCapability: "the capability is the broker's own",
	CheckLifetime:   "the capability is within its lifetime",
	CheckClass:      "the capability is for this data class",
	CheckOp:         "the capability is for this op",
	CheckEpoch:      "chain: the capability's key epoch",
	CheckUse:        "the capability has a use left",
	CheckSigner:     "the signer, which checks all of it again",
	CheckWorker:     "the signer lists this worker for the class",
	CheckKey:        "the key of the epoch",
	CheckStorage:    "storage answers",
	CheckRights:     "storage: the session's own actor, class and access",
	CheckObject:     "the object is there, and the version expected",
	CheckEnvelope:   "the object opens as what it should be",
	CheckAllowed:    "what is asked for is the caller's to ask",
	CheckReceipt:    "the receipt is by an emitter that is listed",
	CheckJournal:    "the journal",
	CheckOffice:     "the account holds the office that the chain names",
}

// Asks is what the check looks at, in words.
func (c Check) Asks() string { return asks[c] }

// layer names those of the four that a check belongs to; a bit each.
type layer uint8

const (
	ofMint layer = 1 << iota
	ofWorker
	ofIAM
	ofBucket
)

// step is a check in its place.
type step struct {
	check Check
	// in is the layer that the check belongs to: undecided while it is not passed.
	in layer
	// shows is the layer that is known to have passed once this check has.
	shows layer
}

// orderMint is the broker's (SPEC section 4).
func orderMint() []step {
	return []step{
		{check: CheckRequest},
		{check: CheckSession, in: ofMint},
		{check: CheckProof, in: ofMint},
		{check: CheckOwner, in: ofMint},
		{check: CheckOperator, in: ofMint},
		{check: CheckDevice, in: ofMint},
		{check: CheckGrant, in: ofMint},
		{check: CheckLimit, in: ofMint},
		{check: CheckAudit, in: ofMint, shows: ofMint},
	}
}

// orderWorker is a worker's. What is read is read before its key is asked for;
// what is written is sealed first. A genuine capability shows that the broker
// minted it; the data key, or without one the event, that the worker let it pass.
func orderWorker(op string) []step {
	steps := []step{
		{check: CheckRequest},
		{check: CheckHeaders, in: ofWorker},
		{check: CheckCapability, in: ofWorker, shows: ofMint},
		{check: CheckLifetime, in: ofWorker},
		{check: CheckProof, in: ofWorker},
		{check: CheckClass, in: ofWorker},
		{check: CheckOp, in: ofWorker},
		{check: CheckDevice, in: ofWorker},
		{check: CheckGrant, in: ofWorker},
		{check: CheckEpoch, in: ofWorker},
		{check: CheckUse, in: ofWorker},
		{check: CheckAudit, in: ofWorker, shows: ofWorker},
	}
	signer := step{check: CheckSigner, in: ofWorker, shows: ofWorker}
	storage := []step{{check: CheckStorage}, {check: CheckRights, in: ofIAM | ofBucket, shows: ofIAM | ofBucket}, {check: CheckObject}}
	switch op {
	case "fetch":
		return append(append(steps, storage...), signer, step{check: CheckEnvelope})
	case "list", "teardown":
		return append(steps, storage...)
	}
	return append(append(steps, signer), storage...)
}

// orderSigner is the signer's for a data key.
func orderSigner() []step {
	return []step{
		{check: CheckRequest},
		{check: CheckWorker, in: ofWorker},
		{check: CheckCapability, in: ofWorker, shows: ofMint},
		{check: CheckLifetime, in: ofWorker},
		{check: CheckClass, in: ofWorker},
		{check: CheckOp, in: ofWorker},
		{check: CheckProof, in: ofWorker},
		{check: CheckDevice, in: ofWorker},
		{check: CheckGrant, in: ofWorker},
		{check: CheckEpoch, in: ofWorker},
		{check: CheckAudit, in: ofWorker},
		{check: CheckKey, in: ofWorker, shows: ofWorker},
	}
}

// orderOffice is the signer's for whoever keeps its keys: none of the four layers.
func orderOffice() []step {
	return []step{{check: CheckRequest}, {check: CheckSession}, {check: CheckProof}, {check: CheckOffice}}
}

// orderAudit is the audit role's: none of the four layers.
func orderAudit() []step {
	return []step{
		{check: CheckRequest},
		{check: CheckReceipt},
		{check: CheckSession},
		{check: CheckProof},
		{check: CheckOperator},
		{check: CheckDevice},
		{check: CheckAllowed},
		{check: CheckJournal},
	}
}

// isWork reports whether op is one of a capability's.
func isWork(op string) bool {
	return slices.Contains([]string{"store", "fetch", "list", "teardown", "send", "manage"}, op)
}
