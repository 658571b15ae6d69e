package worker

import (
	"slices"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/dek"
)

// Touches are the codes of a handler that only asks storage; more are those of what
// it asks for.
func Touches(more ...apierr.Code) []apierr.Code { return slices.Concat(blob.Refusals(), more) }

// Seals are the codes of a handler that has a data key made and stores what it seals.
// What the signer refuses is passed on; what it verifies again stands in the policy.
func Seals(more ...apierr.Code) []apierr.Code { return slices.Concat(Touches(), dek.Refusals(), more) }

// Opens are the codes of a handler that reads an object and opens it.
func Opens(more ...apierr.Code) []apierr.Code {
	return Seals(slices.Concat([]apierr.Code{apierr.NotFound, apierr.EnvelopeInvalid}, more)...)
}
