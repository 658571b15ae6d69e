package jose

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"

	"github.com/litentry/agentkeys/pkg/files"
)

const (
	keyBlock         = "PRIVATE KEY" // PKCS #8
	certificateBlock = "CERTIFICATE"
)

// SaveKey writes a new key file, mode 0600: PKCS #8 in PEM, and the certificate
// when the key has one. A file that exists is never touched (fs.ErrExist).
func SaveKey(path string, k PrivateKey) error {
	if k.reveal == nil {
		return fmt.Errorf("%w: no key to save", ErrKey)
	}
	der, err := x509.MarshalPKCS8PrivateKey(k.reveal())
	if err != nil {
		return fmt.Errorf("encoding the key: %w", err)
	}
	defer clear(der)
	text := pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der})
	defer func() { clear(text) }()
	if c := k.public.certificate; c != nil {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: c})...)
	}
	return files.Create(path, text)
}

// LoadKey reads a key file that SaveKey wrote. A file that others may read, a
// symbolic link and anything else in the file are refused.
func LoadKey(path string) (PrivateKey, error) {
	s, err := files.Read(path)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("reading a signing key: %w", err)
	}
	defer s.Destroy()
	k, err := decodeKey(s.Reveal())
	if err != nil {
		return PrivateKey{}, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// OpenKey loads a key file. When there is none and generate is not nil, it
// makes the key and saves it. Of several processes that do so at once one
// saves, and all load the same key.
func OpenKey(path string, generate func() (PrivateKey, error)) (PrivateKey, error) {
	k, err := LoadKey(path)
	if !errors.Is(err, fs.ErrNotExist) || generate == nil {
		return k, err
	}
	fresh, err := generate()
	if err != nil {
		return PrivateKey{}, err
	}
	if err := SaveKey(path, fresh); err != nil && !errors.Is(err, fs.ErrExist) {
		return PrivateKey{}, fmt.Errorf("saving a new signing key: %w", err)
	}
	return LoadKey(path)
}

// decodeKey reads one PRIVATE KEY block and at most one CERTIFICATE of it.
func decodeKey(text []byte) (PrivateKey, error) {
	block, rest := pem.Decode(text)
	// The decoder skips whatever stands before the first block.
	if block == nil || !bytes.HasPrefix(text, []byte("-----BEGIN "+keyBlock+"-----\n")) {
		return PrivateKey{}, fmt.Errorf("%w: the file does not begin with a PEM block %s", ErrKey, keyBlock)
	}
	defer clear(block.Bytes)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("%w: not PKCS #8", ErrKey)
	}
	raw, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return PrivateKey{}, fmt.Errorf("%w: not on P-256", ErrKey)
	}
	k, err := newPrivateKey(raw)
	if err != nil {
		return PrivateKey{}, err
	}
	if cert, after := pem.Decode(rest); cert != nil && cert.Type == certificateBlock {
		if k.public, err = k.public.withCertificate(cert.Bytes); err != nil {
			return PrivateKey{}, err
		}
		rest = after
	}
	if len(bytes.TrimSpace(rest)) != 0 {
		return PrivateKey{}, fmt.Errorf("%w: the file holds more than a key and its certificate", ErrKey)
	}
	return k, nil
}
