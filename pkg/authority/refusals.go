package authority

import (
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// JournalRefusals are the codes of [DecideJournal] behind a view.
func JournalRefusals() []apierr.Code {
	return append(chain.Refusals(), apierr.DeviceNotActive, apierr.DeviceRevoked, apierr.WalletRetired, apierr.DeviceBindingMismatch, apierr.OperatorFrozen)
}

// Refusals are the codes of [Decide] and [DecideClass] behind a view.
func Refusals() []apierr.Code {
	return append(JournalRefusals(), apierr.DeviceRoleMissing, apierr.ServiceNotInScope)
}

// CapabilityRefusals are the codes of [AuthorizeCapability].
func CapabilityRefusals() []apierr.Code { return append(Refusals(), apierr.CapEpochAhead) }
