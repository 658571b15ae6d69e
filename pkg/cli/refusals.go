package cli

import (
	"errors"
	"strings"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/solidity"
)

// refused is an error whose contract's refusal is told in a sentence.
type refused struct {
	error
	text string
}

func (r *refused) Error() string { return r.text }
func (r *refused) Unwrap() error { return r.error }

// inSentence replaces the name of a custom error by what the contract's source
// says of it, and by what to do where something helps. The name and its values
// stay, for whoever looks them up.
func inSentence(err error) error {
	var rev *chain.RevertError
	if !errors.As(err, &rev) || rev.Name == "" {
		return err
	}
	notices, nerr := solidity.Notices()
	notice := strings.TrimSuffix(strings.TrimSpace(notices[rev.Name]), ".")
	if nerr != nil || notice == "" {
		return err
	}
	notice = strings.ToLower(notice[:1]) + notice[1:] // it goes on after a colon
	if hint := hints()[rev.Name]; hint != "" {
		notice += "; " + hint
	}
	before, after, found := strings.Cut(err.Error(), rev.Error())
	if !found {
		return err
	}
	said := strings.TrimPrefix(rev.Error(), "the contract refused: ")
	return &refused{err, before + "the contract refused: " + notice + " [" + said + "]" + after}
}

// hints say what helps against a refusal, where that is not plain from it.
func hints() map[string]string {
	const again = "run the same command again"
	return map[string]string{
		"StaleNonce":              again,
		"DeadlinePassed":          again + ", and check this machine's clock",
		"P256Unavailable":         again,
		"VerifierUnavailable":     again,
		"RegistryMismatch":        "the wallet sent something in between: run `agentkeys contracts deploy` again",
		"SenderNotWallet":         "act as the operator whose wallet it is, with --as",
		"NotRevoker":              "act as its operator, with --as",
		"NotGovernance":           "`agentkeys contracts status` says who governs",
		"EpochMismatch":           "`agentkeys contracts status` says which epoch it is",
		"DeviceAlreadyRegistered": "take a new key",
		"DeviceIsRevoked":         "a revoked key never returns: take a new one",
		"SignCountNotIncreased":   "revoke that passkey with another master",
	}
}
