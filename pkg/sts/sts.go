// Package sts is how a web-identity token becomes a storage session
// (AssumeRoleWithWebIdentity), how an operator's own keys become one for
// maintenance (AssumeRole), and how a session travels from an agent to a
// worker: in three headers.
//
// The laws that hold here:
//
//   - A session is whole or it is nothing: [ParseHeaders] wants access key,
//     secret key and session token, each exactly once. There is no mode in
//     which fewer are enough, and no identity to fall back to.
//   - Keys of an operator are given with each call and are in no client.
//   - Nothing of the surroundings is used: no environment, no shared
//     configuration file, no instance metadata, no proxy from the environment,
//     no redirect. Endpoint and region come from the caller's configuration.
//   - "Refused" ([apierr.StorageDenied]) and "no answer"
//     ([apierr.StorageUnavailable]) are different errors.
//
// It does not cache and does not renew: that is the client's business.
package sts

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/litentry/agentkeys/pkg/secret"
)

// Life is how long a session is asked for when the caller does not say.
const Life = 900 * time.Second

// Credentials are one storage session. They print nowhere but for the access
// key id, which is a name and not a secret.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey secret.Secret
	SessionToken    secret.Secret
	// Expires is when the session ends; zero where it is not known, which
	// is so for a session that came in headers.
	Expires time.Time
}

// The grammar of the three parts. They are wider than what AWS documents for
// the first two (20 and 40 characters) and bound what a header may hold.
var (
	accessKeyID  = regexp.MustCompile(`^[A-Za-z0-9_]{16,128}$`)
	secretKey    = regexp.MustCompile(`^[A-Za-z0-9/+=]{16,128}$`)
	sessionToken = regexp.MustCompile(`^[A-Za-z0-9/+=_.-]{16,}$`)
)

// maxToken bounds a session token. AWS states no limit; what it issues with
// session tags stays below 2 KiB.
const maxToken = 8 << 10

// check judges the form of a session and names the part that is wrong, never
// its value.
func (c Credentials) check() error {
	if err := checkPair(c.AccessKeyID, c.SecretAccessKey); err != nil {
		return err
	}
	return checkToken(c.SessionToken)
}

func checkPair(id string, s secret.Secret) error {
	switch {
	case !accessKeyID.MatchString(id):
		return errors.New("the access key id is not 16 to 128 letters and digits")
	case !secretKey.Match(s.Reveal()):
		return errors.New("the secret access key is not 16 to 128 characters of base64")
	}
	return nil
}

func checkToken(s secret.Secret) error {
	if s.Len() > maxToken || !sessionToken.Match(s.Reveal()) {
		return fmt.Errorf("the session token is not 16 to %d characters of base64", maxToken)
	}
	return nil
}
