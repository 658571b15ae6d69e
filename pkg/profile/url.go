package profile

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// checkURL refuses everything but a plain https URL; http only where the
// bytes do not leave the machine. One URL has one spelling here: issuers and
// the URIs in DPoP proofs are compared as text.
func checkURL(s string) (*url.URL, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("must be printable ASCII without spaces")
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("must be a URL such as https://broker.example.com")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("must begin with https://, or http:// on loopback")
	case u.User != nil:
		return nil, errors.New("must not carry a user name or password")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("must not carry a query")
	case strings.Contains(s, "#"):
		return nil, errors.New("must not carry a fragment")
	case strings.HasSuffix(s, "/"):
		return nil, errors.New("must not end with a slash")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("must be https: http is for loopback and names under .localhost only")
	case !isPort(u):
		return nil, errors.New("must carry a port from 1 to 65535, and not the scheme's own")
	case !isHost(u.Hostname()):
		return nil, errors.New("must name a lower-case host or an IP address")
	case u.Path != "" && !cleanPath.MatchString(u.EscapedPath()), u.String() != s:
		return nil, errors.New("must be written in its plain form")
	}
	return u, nil
}

// checkOrigin is checkURL for a role's host: routes begin at the root, and one
// virtual host serves one role, so there is no path.
func checkOrigin(s string) error {
	u, err := checkURL(s)
	if err == nil && u.Path != "" {
		return errors.New("must not carry a path: routes begin at the root of the host")
	}
	return err
}

var (
	cleanPath = regexp.MustCompile(`^(/[A-Za-z0-9_~-]([A-Za-z0-9._~-])*)+$`)
	ldhLabel  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	digits    = regexp.MustCompile(`^[0-9.]+$`)
)

func isPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.Atoi(u.Port())
	own := map[string]int{"http": 80, "https": 443}[u.Scheme]
	return err == nil && n >= 1 && n <= 65535 && n != own && strconv.Itoa(n) == u.Port()
}

func isHost(h string) bool {
	if a, err := netip.ParseAddr(h); err == nil {
		return a.Zone() == "" && a.String() == h && !a.Is4In6() && !a.IsUnspecified()
	}
	// 127.1 and 2130706433 are addresses to some resolvers and names to others.
	return isDomain(h) && !digits.MatchString(h)
}

func isDomain(d string) bool {
	if len(d) > 253 {
		return false
	}
	for _, l := range strings.Split(d, ".") {
		if !ldhLabel.MatchString(l) {
			return false
		}
	}
	return true
}

// isLoopback reports whether a URL's host cannot leave the machine: a loopback
// address, localhost, or a name under .localhost (RFC 6761 section 6.3).
func isLoopback(h string) bool {
	if ip := net.ParseIP(h); ip != nil {
		return ip.IsLoopback()
	}
	return h == "localhost" || strings.HasSuffix(h, ".localhost")
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
