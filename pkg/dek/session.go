package dek

import (
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	// SessionType is the JOSE type of a session.
	SessionType = "agentkeys-session+jwt"
	// SessionLife is how long a session is used. Its HPKE key is forgotten when
	// another takes its place, or once it was used by a signer: what was sealed
	// to it can then be opened by nobody.
	SessionLife = 5 * time.Minute
	// Leeway is how far in the future a session may have been made.
	Leeway = 5 * time.Second
	// SignerClass stands in place of a data class in the session of a signer that
	// imports the key of an epoch.
	SignerClass = "signer"

	infoKey   = "agentkeys/dek/v1"
	infoEpoch = "agentkeys/epoch-key/v1"
)

// sessionClaims is the whole payload of a session.
type sessionClaims struct {
	Class    string `json:"class"`
	Key      string `json:"key"` // X25519, base64url
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// Session is one side's short-lived HPKE key, and the token that shows it.
type Session struct {
	private hpke.PrivateKey
	token   string
	expires time.Time
}

// NewSession draws an HPKE key for a class and has the identity key sign for it.
func NewSession(identity jose.PrivateKey, class string, now time.Time) (*Session, error) {
	k, err := kem().GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("drawing a session key: %w", err)
	}
	s := &Session{private: k, expires: now.Add(SessionLife)}
	payload, err := strictjson.Encode(sessionClaims{
		Class: class, Key: jose.EncodeSegment(k.PublicKey().Bytes()), IssuedAt: now.Unix(), Expires: s.expires.Unix(),
	})
	if err != nil {
		return nil, fmt.Errorf("encoding a session: %w", err)
	}
	s.token, err = jose.Sign(identity, SessionType, payload)
	return s, err
}

// Token is what goes with a request.
func (s *Session) Token() string { return s.token }

// Ended reports whether the session is over at that time.
func (s *Session) Ended(now time.Time) bool { return !now.Before(s.expires) }

// OpenKey opens a data key that answers the request with this hash.
func (s *Session) OpenKey(hash [sha256.Size]byte, sealed string) (secret.Secret, error) {
	return openWith(s.private, infoKey, hash, sealed)
}

// OpenEpoch opens the key of an epoch that another signer sealed; see
// [Peer.SealEpoch].
func (s *Session) OpenEpoch(context [sha256.Size]byte, sealed string) (secret.Secret, error) {
	return openWith(s.private, infoEpoch, context, sealed)
}

// Peer is a session that was verified: whose it is, and what to seal to.
type Peer struct {
	// Identity is the thumbprint of the key that signed.
	Identity string
	Class    string
	public   []byte
	expires  time.Time
}

// SealKey seals a data key to the peer, bound to the request with this hash.
func (p Peer) SealKey(hash [sha256.Size]byte, s secret.Secret) (string, error) {
	return sealTo(p.public, infoKey, hash, s)
}

// SealEpoch seals the key of an epoch to the peer, bound to a context.
func (p Peer) SealEpoch(context [sha256.Size]byte, s secret.Secret) (string, error) {
	return sealTo(p.public, infoEpoch, context, s)
}

// ErrUnlisted: the identity key that a session names is not known here.
var ErrUnlisted = errors.New("the identity key is not listed")

// ErrSession is wrapped by every refusal of a session by a key that is known.
var ErrSession = errors.New("the session is not genuine or not alive")

// maxSessions bounds what a Verifier remembers.
const maxSessions = 1024

// Verifier checks sessions against listed identity keys. A session is verified
// once and then remembered until it ends. It is safe for concurrent use.
type Verifier struct {
	keys jose.KeySet
	now  func() time.Time

	mu   sync.Mutex // guards what follows
	seen map[string]Peer
}

// NewVerifier trusts the identity keys of a set.
func NewVerifier(keys jose.KeySet, now func() time.Time) *Verifier {
	return &Verifier{keys: keys, now: now, seen: map[string]Peer{}}
}

// Verify answers whose session it is: ErrUnlisted for a key that is not
// listed, ErrSession for what a listed key did not sign or what has ended.
func (v *Verifier) Verify(token string) (Peer, error) {
	now := v.now()
	v.mu.Lock()
	p, ok := v.seen[token]
	v.mu.Unlock()
	if ok && now.Before(p.expires) {
		return p, nil
	}
	p, err := v.verify(token, now)
	if err != nil {
		return Peer{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) >= maxSessions {
		clear(v.seen)
	}
	v.seen[token] = p
	return p, nil
}

func (v *Verifier) verify(token string, now time.Time) (Peer, error) {
	payload, by, err := v.keys.VerifyBy(token, SessionType)
	switch {
	case errors.Is(err, jose.ErrUnknownKey):
		return Peer{}, fmt.Errorf("%w: %w", ErrUnlisted, err)
	case err != nil:
		return Peer{}, fmt.Errorf("%w: %w", ErrSession, err)
	}
	var c sessionClaims
	if err := strictjson.Decode(payload, &c); err != nil {
		return Peer{}, fmt.Errorf("%w: %w", ErrSession, err)
	}
	public, err := jose.DecodeSegment(c.Key)
	if err != nil || len(public) != publicSize {
		return Peer{}, fmt.Errorf("%w: its key is not 32 bytes", ErrSession)
	}
	issued, expires := time.Unix(c.IssuedAt, 0), time.Unix(c.Expires, 0)
	switch {
	case issued.After(now.Add(Leeway)):
		return Peer{}, fmt.Errorf("%w: it was made in the future; compare the clocks", ErrSession)
	case expires.Sub(issued) > SessionLife:
		return Peer{}, fmt.Errorf("%w: it lives longer than %s", ErrSession, SessionLife)
	case !now.Before(expires):
		return Peer{}, fmt.Errorf("%w: it has ended", ErrSession)
	}
	return Peer{Identity: by, Class: c.Class, public: public, expires: expires}, nil
}
