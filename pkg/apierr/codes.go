package apierr

import "net/http"

// Code is the stable, snake_case name of one reason. Codes are never renamed.
type Code string

// Layer says which part of the system refused.
type Layer string

// The layers.
const (
	LayerRequest Layer = "request" // before anybody was asked: shape, size, rate
	LayerMint    Layer = "mint"    // the broker
	LayerWorker  Layer = "worker"  // a worker's own verification
	LayerSigner  Layer = "signer"  // data keys
	LayerChain   Layer = "chain"   // the chain could not be asked
	LayerStorage Layer = "storage" // cloud IAM and buckets
	LayerAudit   Layer = "audit"
	LayerMail    Layer = "mail"
	LayerClient  Layer = "client" // the caller's own program, which no host knows of
	// LayerAnswering stands in the table for codes that several roles answer:
	// the layer is the answering role's own.
	LayerAnswering Layer = ""
)

// Every code that the system can answer.
const (
	InvalidInput          Code = "invalid_input"
	Unauthorized          Code = "unauthorized"
	SessionExpired        Code = "session_expired"
	ProofInvalid          Code = "proof_invalid"
	ProofReplayed         Code = "proof_replayed"
	STSHeadersIncomplete  Code = "sts_headers_incomplete"
	CapInvalid            Code = "cap_invalid"
	CapExpired            Code = "cap_expired"
	CapUsed               Code = "cap_used"
	OperatorMismatch      Code = "operator_mismatch"
	OperatorNotServed     Code = "operator_not_served"
	DeviceNotActive       Code = "device_not_active"
	DeviceRevoked         Code = "device_revoked"
	DeviceBindingMismatch Code = "device_binding_mismatch"
	DeviceRoleMissing     Code = "device_role_missing"
	OperatorFrozen        Code = "operator_frozen"
	WalletRetired         Code = "wallet_retired"
	ServiceNotInScope     Code = "service_not_in_scope"
	ScopeLimitReached     Code = "scope_limit_reached"
	CapEpochAhead         Code = "cap_epoch_ahead"
	ProofObjectMismatch   Code = "proof_object_mismatch"
	WorkerNotListed       Code = "worker_not_listed"
	CapOpMismatch         Code = "cap_op_mismatch"
	CapDataClassMismatch  Code = "cap_data_class_mismatch"
	StorageDenied         Code = "storage_denied"
	MaintainerRequired    Code = "maintainer_required"
	NotFound              Code = "not_found"
	MethodNotAllowed      Code = "method_not_allowed"
	EpochConflict         Code = "epoch_conflict"
	PreconditionFailed    Code = "precondition_failed"
	BodyTooLarge          Code = "body_too_large"
	RateLimited           Code = "rate_limited"
	EnvelopeInvalid       Code = "envelope_invalid"
	InternalError         Code = "internal_error"
	ChainStale            Code = "chain_stale"
	ChainUnavailable      Code = "chain_unavailable"
	StorageUnavailable    Code = "storage_unavailable"
	StoreUnavailable      Code = "store_unavailable"
	SignerUnavailable     Code = "signer_unavailable"
	AuditUnavailable      Code = "audit_unavailable"
	EmitterNotListed      Code = "emitter_not_listed"
	ReceiptInvalid        Code = "receipt_invalid"
	EventConflict         Code = "event_conflict"
	EventNotBatched       Code = "event_not_batched"
	JournalDamaged        Code = "journal_damaged"
)

// Codes that no host answers: the caller's own program refuses by what it remembers.
const (
	MemoryRolledBack Code = "memory_rolled_back"
	MemoryGone       Code = "memory_gone"
)

// Def is one row of the table.
type Def struct {
	Code      Code
	Status    int
	Layer     Layer
	Retryable bool
	// Title is the sentence for people, without the particulars.
	Title string
}

// Table is every code with its meaning, in the order of the documentation.
// A code that is not here cannot be answered.
var table = []Def{
	{InvalidInput, http.StatusBadRequest, LayerRequest, false, "The request is malformed."},
	{Unauthorized, http.StatusUnauthorized, LayerAnswering, false, "No valid session was presented."},
	{SessionExpired, http.StatusUnauthorized, LayerAnswering, true, "The session has expired."},
	{ProofInvalid, http.StatusUnauthorized, LayerAnswering, false, "The DPoP proof does not fit this request."},
	{ProofReplayed, http.StatusUnauthorized, LayerAnswering, true, "The DPoP proof was used before."},
	{STSHeadersIncomplete, http.StatusUnauthorized, LayerWorker, false, "The three X-Aws-* session headers are not all there, once each."},
	{CapInvalid, http.StatusUnauthorized, LayerAnswering, false, "The capability token is not genuine."},
	{CapExpired, http.StatusUnauthorized, LayerAnswering, true, "The capability token is outside its lifetime."},
	{CapUsed, http.StatusUnauthorized, LayerAnswering, true, "The capability token has no uses left."},
	{ReceiptInvalid, http.StatusUnauthorized, LayerAudit, false, "The event is not what its emitter signed."},
	{OperatorMismatch, http.StatusForbidden, LayerAnswering, false, "The session belongs to another operator or actor."},
	{OperatorNotServed, http.StatusForbidden, LayerAnswering, false, "This host does not serve that operator."},
	{DeviceNotActive, http.StatusForbidden, LayerAnswering, false, "The device is not registered."},
	{DeviceRevoked, http.StatusForbidden, LayerAnswering, false, "The device was revoked."},
	{DeviceBindingMismatch, http.StatusForbidden, LayerAnswering, false, "The device is bound to another operator or actor."},
	{DeviceRoleMissing, http.StatusForbidden, LayerAnswering, false, "The device lacks the role for this."},
	{OperatorFrozen, http.StatusForbidden, LayerAnswering, false, "The operator is frozen: none of its agents may act."},
	{WalletRetired, http.StatusForbidden, LayerAnswering, false, "The operator has moved to another wallet; this one is retired for ever."},
	{ServiceNotInScope, http.StatusForbidden, LayerAnswering, false, "No live grant covers this service and op."},
	{ScopeLimitReached, http.StatusForbidden, LayerAnswering, false, "A limit of the grant is used up."},
	{CapEpochAhead, http.StatusForbidden, LayerAnswering, false, "The capability names a key epoch that the chain has not reached."},
	{ProofObjectMismatch, http.StatusForbidden, LayerAnswering, false, "The proof names other objects than this request."},
	{WorkerNotListed, http.StatusForbidden, LayerSigner, false, "This worker is not listed at the signer for that class."},
	{CapOpMismatch, http.StatusForbidden, LayerAnswering, false, "The capability allows another op."},
	{CapDataClassMismatch, http.StatusForbidden, LayerAnswering, false, "The capability belongs to another data class."},
	{EmitterNotListed, http.StatusForbidden, LayerAudit, false, "The emitter's identity key is not listed at the audit role."},
	{MaintainerRequired, http.StatusForbidden, LayerSigner, false, "The account is not the one that the chain names for this."},
	{StorageDenied, http.StatusForbidden, LayerStorage, false, "Storage refused the session."},
	{NotFound, http.StatusNotFound, LayerAnswering, false, "There is nothing there."},
	{MethodNotAllowed, http.StatusMethodNotAllowed, LayerRequest, false, "The path exists, with another method."},
	{EpochConflict, http.StatusConflict, LayerSigner, false, "The key epoch is not in the state that this needs."},
	{EventConflict, http.StatusConflict, LayerAudit, false, "Another event has this identifier."},
	{EventNotBatched, http.StatusConflict, LayerAudit, true, "The event is in the journal, but in no batch yet."},
	{PreconditionFailed, http.StatusPreconditionFailed, LayerStorage, false, "The stored object is another version than expected."},
	{BodyTooLarge, http.StatusRequestEntityTooLarge, LayerRequest, false, "The body is larger than the limit."},
	{RateLimited, http.StatusTooManyRequests, LayerRequest, true, "Too many requests."},
	{EnvelopeInvalid, http.StatusInternalServerError, LayerAnswering, false, "The stored object does not open: it is damaged, moved or not genuine."},
	{JournalDamaged, http.StatusInternalServerError, LayerAudit, false, "The journal is not what was written; the detail names the first bad entry."},
	{InternalError, http.StatusInternalServerError, LayerAnswering, false, "An unexpected fault; the log has the cause under the request id."},
	{ChainStale, http.StatusServiceUnavailable, LayerChain, true, "The newest known block is too old to decide on."},
	{ChainUnavailable, http.StatusServiceUnavailable, LayerChain, true, "The chain could not be asked."},
	{StorageUnavailable, http.StatusServiceUnavailable, LayerStorage, true, "Storage could not be asked."},
	{StoreUnavailable, http.StatusServiceUnavailable, LayerAnswering, true, "The store of uses, limits, nonces and proofs could not be written."},
	{SignerUnavailable, http.StatusServiceUnavailable, LayerSigner, true, "Data keys could not be had."},
	{AuditUnavailable, http.StatusServiceUnavailable, LayerAudit, true, "The audit log cannot take the event; nothing was released."},
}

// own are the codes of LayerClient. They have no status, and a host that answers one
// is not believed to know it: Lookup has none of them.
var own = []Def{
	{MemoryRolledBack, 0, LayerClient, false, "Storage holds an older version of the memory than this identity has seen."},
	{MemoryGone, 0, LayerClient, false, "Storage no longer holds a memory that this identity has seen and did not remove."},
}

// Own returns a copy of the table of codes that no host answers.
func Own() []Def { return append([]Def(nil), own...) }

// Describe returns the row of a code, also of one that no host answers.
func Describe(c Code) (Def, bool) {
	for _, d := range own {
		if d.Code == c {
			return d, true
		}
	}
	return Lookup(c)
}

// Table returns a copy of the table, for documentation and tests.
func Table() []Def { return append([]Def(nil), table...) }

// Lookup returns the row of a code that a host answers.
func Lookup(c Code) (Def, bool) {
	for _, d := range table {
		if d.Code == c {
			return d, true
		}
	}
	return Def{}, false
}
