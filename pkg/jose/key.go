package jose

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"time"
)

// PrivateKey is a P-256 key that signs tokens. The zero value signs nothing.
type PrivateKey struct {
	// reveal hides the key from reflection and every formatter.
	reveal func() *ecdsa.PrivateKey
	public PublicKey
}

// GenerateKey draws a new key.
func GenerateKey() (PrivateKey, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("generating a key: %w", err)
	}
	return newPrivateKey(k)
}

func newPrivateKey(k *ecdsa.PrivateKey) (PrivateKey, error) {
	public, err := NewPublicKey(&k.PublicKey)
	if err != nil {
		return PrivateKey{}, err
	}
	return PrivateKey{reveal: func() *ecdsa.PrivateKey { return k }, public: public}, nil
}

// Public is the half that may be shown.
func (k PrivateKey) Public() PublicKey { return k.public }

// Format implements fmt.Formatter and names the key without showing it.
func (k PrivateKey) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "[redacted ES256 key "+k.public.kid+"]")
}

// MarshalJSON implements json.Marshaler and always fails.
func (k PrivateKey) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("%w: a private key is never encoded", ErrKey)
}

// certificateLife is long because nothing checks it: what counts is whether
// the key set still publishes the key.
const certificateLife = 10 * 365 * 24 * time.Hour

// WithCertificate returns the key with a self-signed certificate that key sets
// publish as x5c. One implementation of S3 and STS takes keys in no other way.
func (k PrivateKey) WithCertificate(name string, now time.Time) (PrivateKey, error) {
	if k.reveal == nil {
		return PrivateKey{}, fmt.Errorf("%w: no key to certify", ErrKey)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return PrivateKey{}, fmt.Errorf("drawing a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.public.key, k.reveal())
	if err != nil {
		return PrivateKey{}, fmt.Errorf("certifying the key: %w", err)
	}
	k.public.certificate = der
	return k, nil
}

// PublicKey is a P-256 key that verifies tokens, with its thumbprint.
type PublicKey struct {
	key         *ecdsa.PublicKey
	kid         string
	certificate []byte // DER, or nil
}

// NewPublicKey refuses every curve but P-256 and points off it.
func NewPublicKey(k *ecdsa.PublicKey) (PublicKey, error) {
	if k == nil || k.Curve != elliptic.P256() {
		return PublicKey{}, fmt.Errorf("%w: not on P-256", ErrKey)
	}
	raw, err := k.Bytes()
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return PublicKey{key: k, kid: Thumbprint(crv, [32]byte(raw[1:33]), [32]byte(raw[33:]))}, nil
}

// Thumbprint is the key's kid: its RFC 7638 SHA-256 thumbprint.
func (k PublicKey) Thumbprint() string { return k.kid }

// Certificate is the DER form of the self-signed certificate, or nil.
func (k PublicKey) Certificate() []byte { return append([]byte(nil), k.certificate...) }

// withCertificate attaches a certificate that certifies exactly this key.
func (k PublicKey) withCertificate(der []byte) (PublicKey, error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: certificate: %w", ErrKey, err)
	}
	if !k.key.Equal(c.PublicKey) {
		return PublicKey{}, fmt.Errorf("%w: the certificate is another key's", ErrKey)
	}
	k.certificate = append([]byte(nil), der...)
	return k, nil
}
