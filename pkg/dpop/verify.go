package dpop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Expect is the call as the server sees it, and the key that must have signed.
type Expect struct {
	Method string
	// URL is the configured public URL of the role plus the path; it never
	// comes from the Host header.
	URL   string
	Token string
	// Body is the exact body; empty means none.
	Body []byte
	// BodyHash is the SHA-256 of the exact body, 32 bytes, for a verifier that
	// must not see the body itself. Not both may be given; a call without a
	// body has neither.
	BodyHash []byte
	// Objects are those that the call is about, or nil.
	Objects []string
	// WantThumbprint and WantDevice name the key. At least one must be given;
	// both must fit when both are.
	WantThumbprint string
	WantDevice     omni.DeviceKey
}

// Verifier checks proofs. It is safe for concurrent use.
type Verifier struct {
	guard Guard
	now   func() time.Time
}

// NewVerifier remembers used proofs in guard.
func NewVerifier(guard Guard, now func() time.Time) (*Verifier, error) {
	if guard == nil || now == nil {
		return nil, errors.New("proof verifier: replay guard and clock are required")
	}
	return &Verifier{guard: guard, now: now}, nil
}

// Verify checks the value of a DPoP header against the call, and uses the
// proof up. Whatever does not fit is proof_invalid; a proof that fits in all
// but the objects that it names, proof_object_mismatch, and it is not used up;
// a proof that was used before, proof_replayed; one more than the guard can
// remember, of this key or at all, rate_limited.
func (v *Verifier) Verify(ctx context.Context, proof string, e Expect) (Proof, error) {
	p, c, err := open(proof, e)
	if err == nil {
		err = c.fit(e)
	}
	if err == nil {
		err = c.timely(v.now())
	}
	if err != nil {
		return Proof{}, apierr.Wrap(apierr.ProofInvalid, err, "the DPoP proof does not fit this call: %s", err)
	}
	if !slices.Equal(c.Objects, e.Objects) {
		return Proof{}, apierr.New(apierr.ProofObjectMismatch, "obj of the DPoP proof must name the %d objects of this call, in their order", len(e.Objects))
	}
	if err := v.use(ctx, p, c); err != nil {
		return Proof{}, err
	}
	return p, nil
}

// open parses the proof, matches its key with the expected one, and verifies
// its signature.
func open(proof string, e Expect) (Proof, claims, error) {
	t, err := jose.Split(proof)
	if err != nil {
		return Proof{}, claims{}, err
	}
	var h header
	if err := strictjson.Decode(t.Header, &h); err != nil {
		return Proof{}, claims{}, fmt.Errorf("header: %w", err)
	}
	if h.Typ != typ || h.Alg != alg {
		return Proof{}, claims{}, fmt.Errorf("header: typ must be %s and alg %s", typ, alg)
	}
	p, key, err := h.JWK.open()
	if err != nil {
		return Proof{}, claims{}, err
	}
	if err := p.by(e); err != nil {
		return Proof{}, claims{}, err
	}
	if !verifySignature(key, sha256.Sum256([]byte(t.Input)), t.Signature) {
		return Proof{}, claims{}, errors.New("the signature does not verify")
	}
	var c claims
	if err := strictjson.Decode(t.Payload, &c); err != nil {
		return Proof{}, claims{}, fmt.Errorf("claims: %w", err)
	}
	if p.issued, err = jose.Date(c.IssuedAt); err != nil {
		return Proof{}, claims{}, fmt.Errorf("iat: %w", err)
	}
	return p, c, nil
}

// verifySignature checks r || s; go-ethereum refuses every other length and
// the upper half of s.
func verifySignature(key []byte, digest [sha256.Size]byte, sig []byte) bool {
	return crypto.VerifySignature(key, digest[:], sig)
}

// open reads a secp256k1 key and returns it as 04 || x || y too.
func (j jwk) open() (Proof, []byte, error) {
	if j.Kty != kty || j.Crv != crv {
		return Proof{}, nil, fmt.Errorf("jwk: kty must be %s and crv %s", kty, crv)
	}
	x, err := jose.DecodeCoordinate(j.X)
	if err != nil {
		return Proof{}, nil, fmt.Errorf("jwk: %w", err)
	}
	y, err := jose.DecodeCoordinate(j.Y)
	if err != nil {
		return Proof{}, nil, fmt.Errorf("jwk: %w", err)
	}
	raw := slices.Concat([]byte{4}, x[:], y[:])
	key, err := crypto.UnmarshalPubkey(raw)
	if err != nil {
		return Proof{}, nil, errors.New("jwk: not a point of secp256k1")
	}
	return Proof{address: crypto.PubkeyToAddress(*key), thumbprint: jose.Thumbprint(crv, x, y)}, raw, nil
}

// by refuses a proof by another key than the expected one.
func (p Proof) by(e Expect) error {
	switch {
	case e.WantThumbprint == "" && e.WantDevice.IsZero():
		return errors.New("no key is expected to prove itself here")
	case e.WantThumbprint != "" && p.thumbprint != e.WantThumbprint:
		return errors.New("it is by another key than the token is bound to")
	case !e.WantDevice.IsZero() && p.Device() != e.WantDevice:
		return errors.New("it is by another device than the token names")
	}
	return nil
}

// jti follows RFC 9449 section 4.2 (at least 96 bits) and bounds what a guard
// must remember.
var jti = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// fit compares the claims with the call.
func (c claims) fit(e Expect) error {
	switch {
	case e.Method == "" || c.Method != e.Method:
		return fmt.Errorf("htm must be %s", e.Method)
	case e.URL == "" || c.URL != e.URL:
		return fmt.Errorf("htu must be %s", e.URL)
	case !fits(c.TokenHash, []byte(e.Token)):
		return errors.New("ath must be the hash of the token, and absent without one")
	case !c.fitsBody(e):
		return errors.New("bh must be the hash of the body, and absent without one")
	case len(c.Objects) > MaxObjects || c.Objects != nil && len(c.Objects) == 0:
		return fmt.Errorf("obj must name at most %d objects, and be absent without any", MaxObjects)
	case !jti.MatchString(c.ID):
		return errors.New("jti must be 16 to 64 base64url characters")
	}
	return nil
}

// fitsBody compares bh with the body, or with the hash that stands in its
// place: one of 32 bytes, and not that of an empty body, which has no bh.
func (c claims) fitsBody(e Expect) bool {
	if e.BodyHash == nil {
		return fits(c.BodyHash, e.Body)
	}
	empty := sha256.Sum256(nil)
	return len(e.Body) == 0 && len(e.BodyHash) == sha256.Size && !bytes.Equal(e.BodyHash, empty[:]) &&
		c.BodyHash != nil && *c.BodyHash == jose.EncodeSegment(e.BodyHash)
}

// fits: the claim is there exactly when there is something to hash.
func fits(claim *string, b []byte) bool {
	if claim == nil || len(b) == 0 {
		return claim == nil && len(b) == 0
	}
	return *claim == hash(b)
}

// timely accepts a proof from MaxAge after its making to Leeway before.
func (c claims) timely(now time.Time) error {
	made := time.Unix(c.IssuedAt, 0)
	switch {
	case made.After(now.Add(Leeway)):
		return errors.New("it was made in the future; compare the clocks")
	case now.After(made.Add(MaxAge)):
		return fmt.Errorf("it is older than %s; compare the clocks", MaxAge)
	}
	return nil
}

// use asks the guard. A guard that cannot tell lets nothing through.
func (v *Verifier) use(ctx context.Context, p Proof, c claims) error {
	err := v.guard.Use(ctx, p.thumbprint, c.ID, p.issued.Add(MaxAge))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrUsed):
		return apierr.Wrap(apierr.ProofReplayed, err, "the DPoP proof was used before; make a fresh one for every call")
	case errors.Is(err, ErrQuota):
		return apierr.Wrap(apierr.RateLimited, err, "this device key made too many calls within the last minute; wait and try again")
	case errors.Is(err, ErrFull):
		return apierr.Wrap(apierr.RateLimited, err, "too many calls within the last minute; wait and try again")
	}
	if apierr.CodeOf(err) != "" {
		return err
	}
	return apierr.Wrap(apierr.StoreUnavailable, err, "whether the DPoP proof is fresh cannot be told now; try again")
}

// Refusals are the codes of [Verifier.Verify].
func Refusals() []apierr.Code {
	return []apierr.Code{apierr.ProofInvalid, apierr.ProofReplayed, apierr.ProofObjectMismatch, apierr.RateLimited, apierr.StoreUnavailable}
}
