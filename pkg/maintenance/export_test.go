package maintenance

import (
	"time"

	"github.com/litentry/agentkeys/pkg/dpop"
)

// ProofWithoutToken is a proof by the session key that has no ath.
func ProofWithoutToken(s *Session, method, url string, body []byte, now time.Time) (string, error) {
	return s.sign(dpop.Request{Method: method, URL: url, Body: body, Now: now})
}
