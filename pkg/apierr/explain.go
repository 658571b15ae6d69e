package apierr

import "slices"

// Asked is an answer that is to be explained.
type Asked struct {
	// Answering is the layer of the role that answered: LayerMint, LayerWorker,
	// LayerSigner, LayerAudit, or LayerRequest where no role did.
	Answering Layer
	// Op is the op of the route or of the event, such as "fetch"; empty without one.
	Op string
	// Code is why; empty for what was allowed.
	Code Code
	// By is the layer that the answer names: that of the signer where a worker
	// passes its refusal on. Empty: the answering role's own.
	By Layer
	// After: it had been allowed, and this, or with an empty code its success, is
	// what became of it.
	After bool
}

// Checked is one check and how far it came.
type Checked struct {
	Check Check `json:"check"`
	Reach Reach `json:"state"`
	// By is LayerSigner for the checks that a worker's signer made.
	By Layer `json:"by,omitzero"`
}

// Explanation is what is known of an answer.
type Explanation struct {
	Layers Layers
	// Check is the one that ended the request; empty where that is not known, or
	// nothing did.
	Check Check
	// Checks stand in their fixed order; none where the role has none, or where it
	// is not known how far an internal fault let the request come. The signer's is
	// left out where nobody knows whether it was asked.
	Checks []Checked
	// Told reports whether such an answer leaves an event in the journal of the
	// caller's operator.
	Told bool
}

// decides says which check of which role answers a code. Where several may, it is
// the earliest. An empty one: that role does not answer it.
type decides struct{ mint, worker, signer, audit Check }

// everywhere is a check that all roles share.
func everywhere(c Check) decides { return decides{c, c, c, c} }

// deciding is the one table from code to check.
var deciding = map[Code]decides{
	InvalidInput:          everywhere(CheckRequest),
	MethodNotAllowed:      everywhere(CheckRequest),
	BodyTooLarge:          everywhere(CheckRequest),
	RateLimited:           everywhere(CheckRequest),
	Unauthorized:          {mint: CheckSession, signer: CheckWorker, audit: CheckSession},
	SessionExpired:        {mint: CheckSession, signer: CheckSession, audit: CheckSession},
	ProofInvalid:          everywhere(CheckProof),
	ProofReplayed:         everywhere(CheckProof),
	ProofObjectMismatch:   everywhere(CheckProof),
	STSHeadersIncomplete:  {worker: CheckHeaders},
	CapInvalid:            {worker: CheckCapability, signer: CheckCapability},
	CapExpired:            {worker: CheckLifetime, signer: CheckLifetime},
	CapDataClassMismatch:  {worker: CheckClass, signer: CheckClass},
	CapOpMismatch:         {worker: CheckOp, signer: CheckOp},
	CapEpochAhead:         {worker: CheckEpoch, signer: CheckEpoch},
	CapUsed:               {worker: CheckUse},
	OperatorMismatch:      {mint: CheckOwner, audit: CheckAllowed},
	OperatorNotServed:     {mint: CheckOperator, audit: CheckOperator},
	DeviceNotActive:       everywhere(CheckDevice),
	DeviceRevoked:         everywhere(CheckDevice),
	DeviceBindingMismatch: everywhere(CheckDevice),
	DeviceRoleMissing:     everywhere(CheckDevice),
	OperatorFrozen:        everywhere(CheckDevice),
	WalletRetired:         everywhere(CheckDevice),
	ChainStale:            everywhere(CheckDevice),
	ChainUnavailable:      everywhere(CheckDevice),
	ServiceNotInScope:     {mint: CheckGrant, worker: CheckGrant, signer: CheckGrant},
	ScopeLimitReached:     {mint: CheckLimit},
	WorkerNotListed:       {signer: CheckWorker},
	SignerUnavailable:     {worker: CheckSigner, signer: CheckKey},
	StorageUnavailable:    {worker: CheckStorage},
	StorageDenied:         {worker: CheckRights},
	NotFound:              {mint: CheckRequest, worker: CheckObject, signer: CheckRequest, audit: CheckJournal},
	PreconditionFailed:    {worker: CheckObject},
	EnvelopeInvalid:       {worker: CheckEnvelope, signer: CheckKey},
	MaintainerRequired:    {signer: CheckOffice},
	EpochConflict:         {signer: CheckOffice},
	StoreUnavailable:      everywhere(CheckProof),
	AuditUnavailable:      {mint: CheckAudit, worker: CheckAudit, signer: CheckAudit, audit: CheckJournal},
	EmitterNotListed:      {audit: CheckReceipt},
	ReceiptInvalid:        {audit: CheckReceipt},
	EventConflict:         {audit: CheckJournal},
	EventNotBatched:       {audit: CheckJournal},
	JournalDamaged:        {audit: CheckJournal},
	// Nobody knows how far it came.
	InternalError: {},
}

// Explain says how far a request came: each of the four layers, and below them
// the single checks of the role that answered.
func Explain(a Asked) Explanation {
	steps, at := a.order()
	none := Explanation{Layers: Layers{NotReached, NotReached, NotReached, NotReached}}
	if at < 0 {
		return none
	}
	out := Explanation{Layers: layersAt(steps, at)}
	for i, s := range steps {
		reach := NotReached
		switch {
		case i < at:
			reach = Passed
		case i == at:
			reach, out.Check = Decided, s.check
		}
		if s.check == CheckSigner && reach == Passed && at < len(steps) {
			// What storage or the object decided may have come first: a memory is looked
			// at before it is replaced, and its version before it is opened.
			continue
		}
		if s.check == CheckSigner && reach == Decided && a.By == LayerSigner {
			out.Checks = append(out.Checks, inner(a)...)
			continue
		}
		out.Checks = append(out.Checks, Checked{Check: s.check, Reach: reach})
	}
	out.Told = a.Answering != LayerAudit && out.Check != CheckOperator && isTold(a.Code, steps, at)
	return out
}

// isTold: nothing is told before the proof; then every refusal is, and what became
// of what was allowed. A fault of the host decides nothing.
func isTold(c Code, steps []step, at int) bool {
	proof, audit := indexOf(steps, CheckProof), indexOf(steps, CheckAudit)
	d, _ := Lookup(c)
	return proof >= 0 && at > proof && (d.Status < 500 || audit >= 0 && at > audit)
}

// inner are the checks of the signer whose refusal a worker passes on.
func inner(a Asked) []Checked {
	of := Explain(Asked{Answering: LayerSigner, Op: a.Op, Code: a.Code}).Checks
	for i := range of {
		of[i].By = LayerSigner
	}
	if of == nil {
		of = []Checked{{Check: CheckSigner, Reach: Decided}}
	}
	return of
}

// order is the checks of the answering role, and which of them ended the request:
// len of them where all passed, -1 where nobody knows.
func (a Asked) order() (steps []step, at int) {
	row := deciding[a.Code]
	var check Check
	switch a.Answering {
	case LayerMint:
		steps, check = orderMint(), row.mint
	case LayerWorker:
		steps, check = orderWorker(a.Op), row.worker
		if place := indexOf(steps, check); a.By == LayerSigner || a.After && a.Code != "" && place < indexOf(steps, CheckAudit) && row.signer != "" {
			check = CheckSigner
		}
	case LayerSigner:
		steps, check = orderOffice(), row.signer
		if isWork(a.Op) && (check == "" || isOf(orderSigner(), check)) {
			steps = orderSigner()
		} else if check == CheckWorker {
			check = CheckSession
		}
	case LayerAudit:
		steps, check = orderAudit(), row.audit
	}
	at, audit := indexOf(steps, check), indexOf(steps, CheckAudit)
	switch {
	case a.Code == "" && a.After:
		return steps, len(steps)
	case audit >= 0 && (a.Code == "" || a.After && at < 0):
		return steps[:audit+1], audit + 1
	case a.Code == "":
		return steps, len(steps)
	}
	return steps, at
}

func indexOf(steps []step, c Check) int {
	return slices.IndexFunc(steps, func(s step) bool { return s.check == c && c != "" })
}

// layersAt derives the layers from the place of the deciding check.
func layersAt(steps []step, at int) Layers {
	var shown, decided layer
	for _, s := range steps[:at] {
		shown |= s.shows
	}
	if at < len(steps) {
		decided = steps[at].in
	}
	reach := func(l layer) Reach {
		switch {
		case decided&l != 0:
			return Decided
		case shown&l != 0:
			return Passed
		}
		return NotReached
	}
	return Layers{reach(ofMint), reach(ofWorker), reach(ofIAM), reach(ofBucket)}
}

// Answers reports whether the role of a layer may answer a code on a route with this
// op: a fault that nobody foresaw everywhere, and every other one as the table says.
func Answers(answering Layer, op string, c Code) bool {
	if c == InternalError {
		return true
	}
	row := deciding[c]
	shared := row.mint == CheckRequest && row.worker == CheckRequest
	switch answering {
	case LayerMint:
		return row.mint != ""
	case LayerWorker:
		// What the signer refuses is passed on.
		return row.worker != "" || isOf(orderSigner(), row.signer) && isOf(orderWorker(op), CheckSigner)
	case LayerSigner:
		return row.signer != ""
	case LayerAudit:
		return row.audit != ""
	}
	return shared
}

func isOf(steps []step, c Check) bool { return indexOf(steps, c) >= 0 }
