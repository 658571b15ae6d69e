// Package maintenance is the session under which a maintainer has data keys
// re-wrapped: the maintainer's wallet, an EOA that governance names on chain,
// signs once, off chain, for a fresh key of the process that does the work.
//
// What the wallet signs is an ERC-4361 text (package siwe) whose statement names
// the RFC 7638 thumbprint of the session key. Text and signature make one
// token, base64url(text) "." 130 hex characters, which every request presents
// together with a DPoP proof (package dpop) by the session key over method, URL,
// token and body.
//
// The laws that hold here:
//
//   - Only [Verifier.Verify] yields a [Signed].
//   - A token is good for the one signer whose public origin and chain id it
//     names, for at most [MaxLife], and only for who has the session key.
//   - Its statement is its own: no sign-in is a maintenance session, nor the
//     reverse, and it reads as what it is in the wallet.
//   - There is one token for one text and signature.
//   - The wallet's key is used once and need not be in this process; the session
//     key never leaves it.
//
// It does not know who the maintainer is: whoever verifies asks the chain, in
// [Config.Admit]. It keeps no list of sessions: the nonce of the text makes
// texts differ and is not consumed, single use is the proofs'. A session cannot
// be revoked but by naming another maintainer on chain.
package maintenance

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/siwe"
)

const (
	// MaxLife is how long a session lasts, from the second in which it was
	// signed.
	MaxLife = siwe.MaxLife
	// Leeway is how far in the future a session may have been signed.
	Leeway = 5 * time.Second
	// MaxToken bounds a token, in bytes; the longest host name makes 1.5 KiB.
	MaxToken = 2 << 10

	statementPrefix = "Maintain AgentKeys data keys with session key "
	signatureDigits = 130 // r || s || v
)

// statement is what the wallet shows.
func statement(thumbprint string) string { return statementPrefix + thumbprint }

// sessionKey is the thumbprint that a statement names.
func sessionKey(statement string) (string, error) {
	t, ok := strings.CutPrefix(statement, statementPrefix)
	if !ok || !jose.IsThumbprint(t) {
		return "", errors.New("the statement is not that of a maintenance session")
	}
	return t, nil
}

// domain is the host and port of a signer's public origin, scheme://host[:port]
// and nothing else.
func domain(origin string) (string, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme+"://"+u.Host != origin || u.Host == "" {
		return "", errors.New("the signer's URL must be its public origin, scheme://host[:port]")
	}
	return u.Host, nil
}

func formatToken(text string, signature [65]byte) string {
	return jose.EncodeSegment([]byte(text)) + "." + hex.EncodeToString(signature[:])
}

// parseToken splits a token. The signature is returned as package siwe reads it.
func parseToken(token string) (text, signature string, err error) {
	if len(token) > MaxToken {
		return "", "", fmt.Errorf("the token is longer than %d bytes", MaxToken)
	}
	segment, digits, ok := strings.Cut(token, ".")
	if !ok || len(digits) != signatureDigits || strings.Trim(digits, "0123456789abcdef") != "" {
		return "", "", errors.New("the token is not a text and 130 lower-case hex characters")
	}
	b, err := jose.DecodeSegment(segment)
	if err != nil {
		return "", "", fmt.Errorf("the token's text: %w", err)
	}
	return string(b), "0x" + digits, nil
}
