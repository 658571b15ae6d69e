package chain

// reason is what a custom error means to a person, and what to type then.
type reason struct{ why, fix string }

// reasons has a sentence for every custom error of the contracts; a test holds
// it to their ABIs.
func reasons(name string) (reason, bool) {
	r, ok := map[string]reason{
		// Operations (IOperationErrors).
		"DeadlinePassed":   {"the signed operation, or the agent's consent, is too old", "sign again; an agent's consent: agentkeys agent request"},
		"StaleNonce":       {"something else was executed since this was signed", "look at what changed, then repeat the command: agentkeys device list"},
		"SenderNotWallet":  {"the transaction has to come from the operator's wallet", "agentkeys whoami"},
		"OperatorIsFrozen": {"the operator is frozen: only quorum operations, cancellations and revocations work", "agentkeys unfreeze"},

		// Devices.
		"DeviceUnknown":            {"the registry does not know this device", "agentkeys device list"},
		"DeviceIsRevoked":          {"the device is revoked; a device that an operation revokes has no vote in it", "agentkeys device list"},
		"DeviceOfOtherOperator":    {"the device belongs to another operator", "agentkeys device list"},
		"DeviceAlreadyRegistered":  {"the key was registered before, and is never registered twice", "use a new key"},
		"PasskeyAlreadyRegistered": {"the passkey was registered before, and is never registered twice", "enroll another: agentkeys device add --name NEW"},
		"NotMasterDevice":          {"the device is an agent, not a master", "agentkeys device list"},
		"NotAgentDevice":           {"the device is a master, not an agent", "agentkeys device list"},
		"RoleMissing":              {"the master lacks a role that this needs; nobody passes on a role that he lacks", "sign with another master: agentkeys device list"},
		"RolesInvalid":             {"a master has at least one of the roles CAP_MINT, RECOVERY and SCOPE_MGMT, and no other", ""},
		"CredentialIdMissing":      {"the passkey has no credential id", ""},
		"PasskeyMissing":           {"the wallet has no passkey any more: it was revoked when the wallet moved", "sign with another master: agentkeys device list"},
		"OmniMismatch":             {"the omni does not belong to the address", ""},
		"ActorOfOtherOperator":     {"the actor belongs to another operator", ""},
		"ActorIsOperator":          {"an operator's own actor is the master's alone", ""},
		"NotRevoker":               {"only the agent itself, its operator's wallet or a master revokes an agent", "agentkeys whoami"},

		// Signatures.
		"K10SignatureSTooHigh":   {"the device key's signature is in its malleable form", ""},
		"K10SignatureVInvalid":   {"the device key's signature is malformed", ""},
		"K10SignatureInvalid":    {"the device key's signature is nobody's", ""},
		"ConsentNotByAgent":      {"the agent's own key did not sign this consent", "agentkeys agent request"},
		"RotationNotByNewWallet": {"the new wallet did not sign this move", ""},
		"SignCountNotIncreased":  {"the passkey's counter went back: the passkey may have been copied", "look at who has it; revoke it with another master: agentkeys device revoke NAME"},
		"NotConsumer":            {"only the scope and audit contracts have assertions consumed", ""},

		// Quorums.
		"QuorumTooSmall":        {"too few masters signed", "agentkeys device list"},
		"VoteDuplicate":         {"one master signed twice", ""},
		"VotesUnordered":        {"the votes are not in the order of their device keys", ""},
		"RecoveryNotMature":     {"the master was added by one vote, and its own vote does not count yet", "agentkeys device list"},
		"TooFewRecoveryMasters": {"fewer recovery masters would be left than a quorum takes", "add a master first: agentkeys device add"},
		"ThresholdInvalid":      {"a threshold is between 1 and the number of recovery masters", "agentkeys device list"},
		"TargetIsWallet":        {"the wallet's own master leaves only with its wallet", "agentkeys wallet rotate --revoke-passkey --name NEW"},
		"NewcomerMaturing":      {"another new master is maturing, one at a time", "agentkeys device list"},
		"NotMaturing":           {"the master is not maturing: established masters are revoked by a quorum", "agentkeys device revoke NAME"},
		"TargetMayNotVote":      {"a passkey has no vote in its own revocation", "sign with another master: agentkeys device list"},
		"NotFrozen":             {"the operator is not frozen", ""},
		"RotationPending":       {"another move is proposed", "agentkeys wallet cancel"},
		"ProposalRefused":       {"only at threshold 1 does one master propose a move; otherwise a quorum decides it", "agentkeys wallet rotate --name NEW"},
		"DigestSpent":           {"this very proposal or cancellation was executed before, and counts once", "repeat the command: it signs a new one"},
		"NoRotationPending":     {"no such move is proposed, or a quorum decided something else since", "agentkeys device list"},
		"RotationNotDue":        {"the recovery delay is not over", "repeat the command later"},

		// Scope.
		"RegistryMismatch":     {"the contracts do not name each other", "agentkeys contracts status"},
		"ActorNotOwned":        {"the agent does not belong to this operator", "agentkeys agent list"},
		"NoGrants":             {"a scope without grants is revoked, not set", "agentkeys scope revoke --agent NAME"},
		"TooManyGrants":        {"a scope holds at most 64 grants", ""},
		"ServiceLengthInvalid": {"a service name is empty or too long", ""},
		"ServiceDuplicate":     {"two grants name the same service", ""},
		"OpsInvalid":           {"a grant allows nothing, or something that has no meaning", ""},
		"PeriodInvalid":        {"a limit per period needs a period, and the other way round", ""},

		// Epoch counter.
		"GovernanceMissing":    {"the epoch counter needs a governance account", ""},
		"NotGovernance":        {"only the governance account does that", "agentkeys contracts status"},
		"NotPendingGovernance": {"governance was not offered to this account", "agentkeys contracts status"},
		"EpochMismatch":        {"somebody else advanced the epoch", ""},

		// Audit.
		"SenderNotActiveDevice": {"only the operator's wallet and its active devices append audit entries", "agentkeys whoami"},
		"NotAnchorer":           {"only the operator's wallet or its relayer anchors a batch", "agentkeys whoami"},
		"BatchIndexMismatch":    {"the batch is not the next one: it was anchored already, or one before it was not", ""},
		"BatchEmpty":            {"a batch has a root and at least one entry", ""},

		// Deployment.
		"VerifierMissing":      {"there is no passkey verifier at the address given", "agentkeys contracts status"},
		"ScopeMissing":         {"the registry was given no scope contract", ""},
		"AuditMissing":         {"the registry was given no audit contract", ""},
		"RecoveryDelayInvalid": {"a recovery delay is between one second and 30 days", ""},
		"P256HasNoCode":        {"there is no P-256 router at the address given", "agentkeys contracts status"},
		"VerifierHasNoCode":    {"there is no P-256 verifier at the address given", "agentkeys contracts status"},
		"VerifierUnavailable":  {"the P-256 verifier gave no answer", "agentkeys contracts status"},

		// Passkey assertions (IK11Errors).
		"AuthenticatorDataTooShort": {"the passkey's answer is malformed: authenticator data", ""},
		"RpIdHashMismatch":          {"the passkey answered for another relying party", ""},
		"UserNotPresent":            {"nobody touched the passkey", ""},
		"UserNotVerified":           {"the passkey did not verify its user", "use a passkey with PIN or biometrics"},
		"ClientDataTooShort":        {"the passkey's answer is malformed: client data is too short", ""},
		"ClientDataTooLong":         {"the passkey's answer is malformed: client data is too long", ""},
		"ClientDataTypeMismatch":    {"the passkey's answer is not an assertion", ""},
		"ChallengeMismatch":         {"the passkey signed something else", ""},
		"OriginMalformed":           {"the passkey's answer is malformed: origin", ""},
		"OriginMismatch":            {"the passkey answered for another origin", ""},
		"CrossOriginRefused":        {"the passkey answered across origins", ""},
		"ClientDataTailRefused":     {"the passkey's answer carries members that are refused", ""},
		"SignatureMalleable":        {"the passkey's signature is in its malleable form", ""},
		"SignatureInvalid":          {"the passkey's signature is not valid", ""},
		"P256Unavailable":           {"the P-256 router gave no answer", "agentkeys contracts status"},
	}[name]
	return r, ok
}
