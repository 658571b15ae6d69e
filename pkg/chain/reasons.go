package chain

import (
	"strings"

	"github.com/litentry/agentkeys/solidity"
)

// sentence is what the contracts' source says of a custom error: what people
// read is the NatSpec that stands there. It is empty for an error of nobody's.
func sentence(name string) string {
	notices, err := solidity.Notices()
	if err != nil {
		return ""
	}
	s := strings.TrimSuffix(strings.TrimSpace(notices[name]), ".")
	if s == "" {
		return ""
	}
	// It goes on after a colon.
	return strings.ToLower(s[:1]) + s[1:]
}

// fix is what to type about a custom error; empty where nothing helps.
func fix(name string) string { return fixes()[name] }

func fixes() map[string]string {
	return map[string]string{
		"DeadlinePassed":           "sign again; an agent's consent: agentkeys agent request",
		"StaleNonce":               "look at what changed, then repeat the command: agentkeys device list",
		"SenderNotWallet":          "agentkeys whoami",
		"OperatorIsFrozen":         "agentkeys unfreeze",
		"DeviceUnknown":            "agentkeys device list",
		"DeviceIsRevoked":          "agentkeys device list",
		"DeviceOfOtherOperator":    "agentkeys device list",
		"DeviceAlreadyRegistered":  "use a new key",
		"PasskeyAlreadyRegistered": "enroll another: agentkeys device add --name NEW",
		"NotMasterDevice":          "agentkeys device list",
		"NotAgentDevice":           "agentkeys device list",
		"RoleMissing":              "sign with another master: agentkeys device list",
		"PasskeyMissing":           "sign with another master: agentkeys device list",
		"NotRevoker":               "agentkeys whoami",
		"ConsentNotByAgent":        "agentkeys agent request",
		"SignCountNotIncreased":    "look at who has it; revoke it with another master: agentkeys device revoke NAME",
		"QuorumTooSmall":           "agentkeys device list",
		"RecoveryNotMature":        "agentkeys device list",
		"TooFewRecoveryMasters":    "add a master first: agentkeys device add",
		"ThresholdInvalid":         "agentkeys device list",
		"TargetIsWallet":           "agentkeys wallet rotate --revoke-passkey --name NEW",
		"NewcomerMaturing":         "agentkeys device list",
		"NotMaturing":              "agentkeys device revoke NAME",
		"TargetMayNotVote":         "sign with another master: agentkeys device list",
		"RotationPending":          "agentkeys wallet cancel",
		"ProposalRefused":          "agentkeys wallet rotate --name NEW",
		"DigestSpent":              "repeat the command: it signs a new one",
		"NoRotationPending":        "agentkeys device list",
		"RotationNotDue":           "repeat the command later",
		"RegistryMismatch":         "agentkeys contracts status",
		"ActorNotOwned":            "agentkeys agent list",
		"NoGrants":                 "agentkeys scope revoke --agent NAME",
		"NotGovernance":            "agentkeys contracts status",
		"NotPendingGovernance":     "agentkeys contracts status",
		"EpochMismatch":            "look at the epoch, then repeat the command: agentkeys contracts status",
		"SenderNotActiveDevice":    "agentkeys whoami",
		"NotAnchorer":              "agentkeys whoami",
		"BatchIndexMismatch":       "look at what is anchored, then repeat the command: agentkeys audit list",
		"VerifierMissing":          "agentkeys contracts status",
		"P256HasNoCode":            "agentkeys contracts status",
		"VerifierHasNoCode":        "agentkeys contracts status",
		"VerifierUnavailable":      "agentkeys contracts status",
		"UserNotVerified":          "use a passkey with PIN or biometrics",
		"P256Unavailable":          "agentkeys contracts status",
	}
}
