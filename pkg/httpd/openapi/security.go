package openapi

import "strings"

// securityOf says what a policy wants to be shown, and in words what it checks; the
// last result is false for a policy that nobody described.
func securityOf(policy string) (security []map[string][]string, shows string, known bool) {
	policy, limited, _ := strings.Cut(policy, ", ")
	with := func(names ...string) []map[string][]string {
		all := map[string][]string{}
		for _, n := range names {
			all[n] = []string{}
		}
		return []map[string][]string{all}
	}
	known = limited == "" || limited == "rate limited"
	security = []map[string][]string{}
	switch policy {
	case "public":
		shows = "Open to everybody."
	case "session+proof":
		security, shows = with("session", "proof"), "Session and its proof first; then whether operator and actor are the session's own; then the chain."
	case "session+proof+chain":
		security, shows = with("session", "proof"), "Session and its proof first; then whether this host serves the operator; then the chain."
	case "capability+proof+sts":
		security = with("capability", "proof", "storageKey", "storageSecret", "storageToken")
		shows = "Storage session, capability, proof, class, op, chain, use, audit event, in this order."
	case "worker+capability+proof":
		shows = "The worker's session, the capability and the proof stand in the body."
	case "receipts":
		shows = "Each entry carries the receipt that its emitter signed."
	case "maintainer+proof", "governance+proof", "maintainer or governance+proof":
		security, shows = with("maintenance", "proof"), "A maintenance session, signed for by the account that the chain names, and its proof."
	default:
		known = false
	}
	if limited != "" {
		shows += " Limited by the caller's address."
	}
	return security, shows, known
}

func schemes() map[string]SecurityScheme {
	header := func(name, what string) SecurityScheme {
		return SecurityScheme{Type: "apiKey", In: "header", Name: name, Description: what}
	}
	dpop := func(what string) SecurityScheme {
		return SecurityScheme{Type: "http", Scheme: "DPoP", Description: what}
	}
	return map[string]SecurityScheme{
		"session":       dpop("Authorization: DPoP <session>, of POST /v1/auth/wallet/verify (RFC 9449 section 7.1)."),
		"capability":    dpop("Authorization: DPoP <capability>, of POST /v1/cap/… (RFC 9449 section 7.1)."),
		"maintenance":   dpop("Authorization: DPoP <maintenance session>, signed off chain by the maintainer's or governance's wallet."),
		"proof":         header("DPoP", "A proof by the caller's own key K10 (RFC 9449, alg ES256K) over method, URL, token hash and time; with a body also bh, the base64url SHA-256 of its bytes. Once."),
		"storageKey":    header("X-Aws-Access-Key-Id", "Of the agent's own STS session; all three, once each."),
		"storageSecret": header("X-Aws-Secret-Access-Key", "Of the agent's own STS session."),
		"storageToken":  header("X-Aws-Session-Token", "Of the agent's own STS session."),
	}
}

func headers() map[string]Header {
	h := func(what string) Header { return Header{Description: what, Schema: &Schema{Type: "string"}} }
	return map[string]Header{
		"X-Request-Id":      h("Names the request in the log, in problem details and in events: agentkeys explain REQUEST."),
		"Agentkeys-Receipt": h("What the emitter signed for the decision's event, where there is one."),
		"WWW-Authenticate":  h("The algorithms that proofs may use (RFC 9449 section 7.1)."),
		"Retry-After":       h("Seconds to wait at least."),
	}
}
