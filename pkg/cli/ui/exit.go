package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// Exit codes (SPEC section 6).
const (
	ExitOK       = 0
	ExitLocal    = 1 // usage, or a fault of this machine
	ExitRemote   = 2 // a host, or what stands between
	ExitDenied   = 3
	ExitApproval = 4 // a person must touch a passkey first
	ExitChain    = 5 // the chain is stale or unreachable
)

// ErrApprovalNeeded is wrapped by errors that end once a person approves:
// nobody is there to prompt, or a request waits for its operator.
var ErrApprovalNeeded = errors.New("approval needed")

// ChildExit ends the program with the exit code of the child that it ran, in
// silence: the child has said what there was to say.
type ChildExit struct{ Code int }

// Error implements error.
func (e *ChildExit) Error() string { return fmt.Sprintf("the command ended with %d", e.Code) }

// WithExit fixes the exit code of err. It is nil for nil.
func WithExit(err error, code int) error {
	if err == nil {
		return nil
	}
	return &exits{err, code}
}

type exits struct {
	error
	code int
}

func (e *exits) Unwrap() error { return e.error }

// ExitCode is the code with which a command that returned err ends. A refusal
// is 3 whoever spoke it; a fault with a code is 2 when a host answered it and 1
// when it arose here.
func ExitCode(err error) int {
	var (
		child       *ChildExit
		set         *exits
		remote      *api.RemoteError
		unreachable *api.Unreachable
		revert      *chain.RevertError
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &child):
		return child.Code
	case errors.As(err, &set):
		return set.code
	case errors.Is(err, ErrApprovalNeeded):
		return ExitApproval
	case errors.As(err, &revert):
		return ExitDenied
	}
	answered := errors.As(err, &remote)
	if code := apierr.CodeOf(err); code != "" {
		return exitOf(code, answered)
	}
	if answered || errors.As(err, &unreachable) || errors.Is(err, context.DeadlineExceeded) {
		return ExitRemote
	}
	return ExitLocal
}

func exitOf(code apierr.Code, answered bool) int {
	def, known := apierr.Describe(code)
	switch {
	case def.Layer == apierr.LayerClient && !answered:
		return ExitDenied
	case code == apierr.ChainStale || code == apierr.ChainUnavailable:
		return ExitChain
	case known && (def.Status == http.StatusUnauthorized || def.Status == http.StatusForbidden):
		return ExitDenied
	case answered || known && def.Status >= http.StatusInternalServerError && code != apierr.InternalError:
		return ExitRemote
	}
	return ExitLocal
}
