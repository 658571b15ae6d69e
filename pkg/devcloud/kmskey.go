package devcloud

import (
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The bounds of KMS for a symmetric key, in bytes.
const (
	maxPlaintext  = 4096
	maxCiphertext = 6144
	maxContext    = 8192
)

var kmsKeyID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

const kmsAlgorithm = "SYMMETRIC_DEFAULT"

// kmsKey is the one key of a cloud.
type kmsKey struct {
	id, arn string
	aead    cipher.AEAD
}

// KeyARN is the resource name of a KMS key of an account.
func KeyARN(region, accountID, keyID string) string {
	return "arn:" + partitionOf(region) + ":kms:" + region + ":" + accountID + ":key/" + keyID
}

// partitionOf is the part of AWS in which a region lies.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// openKMS opens the key that the configuration names, nil when it names none.
func openKMS(c Config) (*kmsKey, error) {
	if c.KMSKeyID == "" {
		return nil, nil
	}
	if !kmsKeyID.MatchString(c.KMSKeyID) {
		return nil, fmt.Errorf("KMS key id %q is not a lower-case UUID", c.KMSKeyID)
	}
	aead, err := openSeal(filepath.Join(c.Dir, "kms.key"), "key of the KMS")
	if err != nil {
		return nil, err
	}
	return &kmsKey{c.KMSKeyID, KeyARN(c.Region, c.AccountID, c.KMSKeyID), aead}, nil
}

// key finds the key that a request names by id or ARN.
func (c *Cloud) key(name string) (*kmsKey, error) {
	switch {
	case name == "" || len(name) > 2048:
		return nil, kmsValidation
	case c.kms != nil && (name == c.kms.id || name == c.kms.arn):
		return c.kms, nil
	case strings.HasPrefix(name, "arn:") && !strings.HasPrefix(name, strings.TrimSuffix(KeyARN(c.region, c.account, "x"), "key/x")):
		return nil, kmsAccessDenied // as KMS: what others have is not told
	}
	return nil, kmsNotFound
}

func (c *Cloud) encrypt(in encryptRequest) (*encryptAnswer, error) {
	k, err := c.key(in.KeyID)
	if err != nil {
		return nil, err
	}
	if len(in.Plaintext) == 0 || len(in.Plaintext) > maxPlaintext {
		return nil, kmsValidation
	}
	aad, err := k.aad(in.Context)
	if err != nil {
		return nil, err
	}
	return &encryptAnswer{k.aead.Seal(nil, nil, in.Plaintext, aad), kmsAlgorithm, k.arn}, nil
}

func (c *Cloud) decrypt(in decryptRequest) (*decryptAnswer, error) {
	k, err := c.key(in.KeyID)
	if err != nil {
		return nil, err
	}
	if len(in.CiphertextBlob) == 0 || len(in.CiphertextBlob) > maxCiphertext {
		return nil, kmsValidation
	}
	aad, err := k.aad(in.Context)
	if err != nil {
		return nil, err
	}
	plain, err := k.aead.Open(nil, nil, in.CiphertextBlob, aad)
	if err != nil {
		return nil, kmsInvalid
	}
	return &decryptAnswer{plain, kmsAlgorithm, k.arn}, nil
}

// aad binds a ciphertext to the key and to the encryption context: each part
// with its length before it, the context in the order of its names.
func (k *kmsKey) aad(context map[string]string) ([]byte, error) {
	out := []byte("agentkeys development cloud: KMS, version 1")
	size := 0
	add := func(s string) {
		size += len(s)
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(s))), s...)
	}
	add(k.arn)
	size = 0
	for _, name := range slices.Sorted(maps.Keys(context)) {
		if name == "" {
			return nil, kmsValidation
		}
		add(name)
		add(context[name])
	}
	if size > maxContext {
		return nil, kmsValidation
	}
	return out, nil
}
