package passkey

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ErrOriginForm marks a relying party id or origin that is not in the one
// form this system accepts.
var ErrOriginForm = errors.New("invalid relying party id or origin")

// maxHost is the longest host name that DNS carries.
const maxHost = 253

// CheckOrigin accepts rpID and origin when a browser would let a page of that
// origin use that relying party id (WebAuthn section 5.1.3, step 8), and when
// both have their serialised form: lower-case LDH host, no path, no default
// port. Plain http is for localhost alone. The form leaves no character that
// JSON would escape, so the origin stands verbatim in clientDataJSON and its
// hash on chain is the hash of those bytes.
func CheckOrigin(rpID, origin string) error {
	if err := checkHost(rpID); err != nil {
		return fmt.Errorf("%w: relying party id: %w", ErrOriginForm, err)
	}
	scheme, rest, ok := strings.Cut(origin, "://")
	if !ok || (scheme != "https" && scheme != "http") {
		return fmt.Errorf("%w: origin must start with https:// or http://", ErrOriginForm)
	}
	host, port, hasPort := strings.Cut(rest, ":")
	if err := checkHost(host); err != nil {
		return fmt.Errorf("%w: origin: %w", ErrOriginForm, err)
	}
	if hasPort && !canonicalPort(scheme, port) {
		return fmt.Errorf("%w: origin has a port that its serialised form does not have", ErrOriginForm)
	}
	if scheme == "http" && !isLocalhost(host) {
		return fmt.Errorf("%w: plain http is for localhost alone", ErrOriginForm)
	}
	if host != rpID && !strings.HasSuffix(host, "."+rpID) {
		return fmt.Errorf("%w: the origin's host is not within the relying party id", ErrOriginForm)
	}
	// A second opinion on the same text: it must survive a URL parser.
	if u, err := url.Parse(origin); err != nil || u.Scheme+"://"+u.Host != origin {
		return fmt.Errorf("%w: origin is not a serialised origin", ErrOriginForm)
	}
	return nil
}

// checkHost accepts a lower-case LDH host name, never an address: WebAuthn
// knows no relying party id that is an IP address.
func checkHost(h string) error {
	if h == "" || len(h) > maxHost {
		return errors.New("host must have 1 to 253 characters")
	}
	if _, err := netip.ParseAddr(h); err == nil {
		return errors.New("host must be a name, not an address")
	}
	for label := range strings.SplitSeq(h, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return errors.New("host has an invalid label")
		}
		for i := range len(label) {
			c := label[i]
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return errors.New("host must be lower-case letters, digits and hyphens")
			}
		}
	}
	return nil
}

func canonicalPort(scheme, port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return false
	}
	return (scheme == "https" && n != 443) || (scheme == "http" && n != 80)
}

func isLocalhost(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
