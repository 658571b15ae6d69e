package sts

import (
	"fmt"

	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ProcessCredentials is the form in which the AWS tools' credential_process
// prints credentials, and in which operators hand them to us: a file of it is
// secret.
type ProcessCredentials struct {
	Version         int    `json:"Version"`
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string `json:"SecretAccessKey"`
	SessionToken    string `json:"SessionToken,omitzero"`
	Expiration      string `json:"Expiration,omitzero"`
}

// ParseProcessCredentials reads that form.
func ParseProcessCredentials(b []byte) (StaticKeys, error) {
	var c ProcessCredentials
	if err := strictjson.Decode(b, &c); err != nil {
		return StaticKeys{}, fmt.Errorf("credentials are not in the form of credential_process: %w", err)
	}
	if c.Version != 1 {
		return StaticKeys{}, fmt.Errorf("credentials in the form of credential_process have Version 1, not %d", c.Version)
	}
	k := StaticKeys{AccessKeyID: c.AccessKeyID, SecretAccessKey: secret.New([]byte(c.SecretAccessKey))}
	if c.SessionToken != "" {
		k.SessionToken = secret.New([]byte(c.SessionToken))
	}
	return k, k.Check()
}
