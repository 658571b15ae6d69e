package devcloud

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// session is what a session token holds. Nobody but this cloud can open or
// make one.
type session struct {
	AccessKeyID string            `json:"access_key_id"`
	Secret      string            `json:"secret"`
	Role        string            `json:"role"`
	Tags        map[string]string `json:"tags"`
	Expires     int64             `json:"expires"`
}

// sealAAD separates session tokens from anything else under that key.
const sealAAD = "agentkeys development cloud: session token, version 1"

// openSeal reads the AES-256 key at path, or makes it. what names it in errors.
func openSeal(path, what string) (cipher.AEAD, error) {
	s, err := files.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails (Go 1.24)
		if err = files.Create(path, key); err == nil {
			s, err = files.Read(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if s.Len() != 32 {
		return nil, fmt.Errorf("%s: %s holds %d bytes, not 32", what, path, s.Len())
	}
	block, err := aes.NewCipher(s.Reveal())
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// newSession makes a session that lives for life, and its token.
func (c *Cloud) newSession(role string, tags map[string]string, life time.Duration) (s session, token string, err error) {
	id, secret := make([]byte, 10), make([]byte, 30)
	_, _ = rand.Read(id)
	_, _ = rand.Read(secret)
	s = session{
		AccessKeyID: "ASIA" + base32.StdEncoding.EncodeToString(id), Secret: base64.StdEncoding.EncodeToString(secret),
		Role: role, Tags: tags, Expires: c.now().Add(life).Unix(),
	}
	plain, err := strictjson.Encode(s)
	if err != nil {
		return s, "", err
	}
	return s, base64.StdEncoding.EncodeToString(c.seal.Seal(nil, nil, plain, []byte(sealAAD))), nil
}

// openSession opens a token that must belong to that access key and be alive.
func (c *Cloud) openSession(token, accessKeyID string) (session, error) {
	sealed, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil {
		return session{}, faultInvalidToken
	}
	plain, err := c.seal.Open(nil, nil, sealed, []byte(sealAAD))
	if err != nil {
		return session{}, faultInvalidToken
	}
	var s session
	if err := strictjson.Decode(plain, &s); err != nil {
		return session{}, faultInvalidToken
	}
	switch {
	case s.AccessKeyID != accessKeyID:
		return session{}, faultInvalidToken
	case !c.now().Before(time.Unix(s.Expires, 0)):
		return session{}, faultExpiredToken
	}
	return s, nil
}
