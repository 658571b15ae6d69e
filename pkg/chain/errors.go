package chain

import (
	"errors"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Unavailable is the error of a chain that could not be asked or that answered
// nonsense. An error that has a code already keeps it.
func Unavailable(cause error, format string, args ...any) error {
	var e *apierr.Error
	if errors.As(cause, &e) {
		return cause
	}
	return apierr.Wrap(apierr.ChainUnavailable, cause, format+"; nothing is allowed until the chain answers: check the RPC endpoint of the profile", args...)
}

// Stale is the error of a chain whose newest block is too old to act on.
func Stale(format string, args ...any) error {
	return apierr.New(apierr.ChainStale, format+"; nothing is allowed on an old head: check that the RPC endpoint follows the chain and that this machine's clock is right", args...)
}

// Refusals are the codes of a view that gave no answer.
func Refusals() []apierr.Code { return []apierr.Code{apierr.ChainStale, apierr.ChainUnavailable} }
