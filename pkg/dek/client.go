package dek

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Post sends a JSON body to a path of the signer and returns the answer's
// bytes. A refusal carries its code (apierr); any error without one means that
// the signer gave no answer.
type Post func(ctx context.Context, path string, body []byte) ([]byte, error)

// ClientConfig is what a worker asks with.
type ClientConfig struct {
	Class    service.Class
	Identity jose.PrivateKey
	Signers  jose.KeySet // pinned
	Post     Post
	Now      func() time.Time
}

// Client is the keys.DataKeys of a worker: it has the signer decide and holds
// no key but that of its session. It is safe for concurrent use.
type Client struct {
	c ClientConfig

	mu      sync.Mutex // guards session
	session *Session
}

var _ keys.DataKeys = (*Client)(nil)

// NewClient checks the configuration; it does not ask the signer anything.
func NewClient(c ClientConfig) (*Client, error) {
	if c.Class == "" || c.Post == nil || c.Now == nil || len(c.Signers.Thumbprints()) == 0 {
		return nil, errors.New("data key client: class, pinned signers, transport and clock are required")
	}
	return &Client{c: c}, nil
}

// New implements keys.DataKeys.
func (c *Client) New(ctx context.Context, r keys.Request) (keys.DEK, keys.Wrapped, error) {
	return c.ask(ctx, PathNew, r, nil)
}

// Unwrap implements keys.DataKeys.
func (c *Client) Unwrap(ctx context.Context, r keys.Request, w keys.Wrapped) (keys.DEK, error) {
	wrap := PackWrap(w)
	dek, _, err := c.ask(ctx, PathUnwrap, r, &wrap)
	return dek, err
}

// ask sends one request and opens its answer.
func (c *Client) ask(ctx context.Context, path string, r keys.Request, w *Wrap) (keys.DEK, keys.Wrapped, error) {
	s, err := c.alive()
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, err
	}
	body, err := strictjson.Encode(request(s, r, w))
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, err
	}
	raw, err := c.c.Post(ctx, path, body)
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, unanswered(err)
	}
	dek, wrapped, err := c.open(s, path, body, raw, w == nil)
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, apierr.Wrap(apierr.SignerUnavailable, err, "what answered is not the signer that this worker pins")
	}
	return dek, wrapped, nil
}

// unanswered keeps a signer's refusal, and says of everything else that there is no
// key. A signer has both paths: a host that does not is none, and the caller must not
// take its not_found for that of an object.
func unanswered(err error) error {
	switch apierr.CodeOf(err) {
	case "":
		return apierr.Wrap(apierr.SignerUnavailable, err, "the signer gives no answer; try again")
	case apierr.NotFound, apierr.MethodNotAllowed:
		return apierr.Wrap(apierr.SignerUnavailable, err, "what answers at the signer's address is no signer")
	}
	return err
}

func request(s *Session, r keys.Request, w *Wrap) Request {
	e := r.Evidence
	out := Request{
		Worker: s.token, Capability: e.Capability, Proof: e.Proof, Method: e.Method, URL: e.URL,
		Object: Object{Key: r.Binding.Key, Version: r.Binding.Version}, Wrap: w,
	}
	if e.BodyHash != nil {
		out.BodyHash = jose.EncodeSegment(e.BodyHash)
	}
	return out
}

// open verifies the answer and opens the key in it. A fresh key comes with its
// wrap; an unwrapped one has it already.
func (c *Client) open(s *Session, path string, body, raw []byte, fresh bool) (keys.DEK, keys.Wrapped, error) {
	var signed Signed
	if err := strictjson.DecodeAnswer(raw, &signed); err != nil {
		return keys.DEK{}, keys.Wrapped{}, errors.Join(ErrAnswer, err)
	}
	hash := RequestHash(path, body, "")
	var k Key
	if err := signed.Open(c.c.Signers, hash, &k); err != nil {
		return keys.DEK{}, keys.Wrapped{}, err
	}
	var wrapped keys.Wrapped
	var err error
	if fresh {
		if k.Wrap == nil {
			return keys.DEK{}, keys.Wrapped{}, fmt.Errorf("%w: a fresh key without its wrap", ErrAnswer)
		}
		if wrapped, err = k.Wrap.Unpack(); err != nil {
			return keys.DEK{}, keys.Wrapped{}, errors.Join(ErrAnswer, err)
		}
	}
	plain, err := s.OpenKey(hash, k.Sealed)
	if err != nil {
		return keys.DEK{}, keys.Wrapped{}, err
	}
	defer plain.Destroy()
	dek, err := keys.NewDEK(plain.Reveal())
	return dek, wrapped, err
}

// margin is how long before its end a session is replaced: a request must
// arrive within it.
const margin = time.Minute

// alive is a session with time left.
func (c *Client) alive() (*Session, error) {
	now := c.c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	// A clock that was set back makes a session from the future.
	if s := c.session; s != nil && now.Before(s.expires.Add(-margin)) && now.After(s.expires.Add(-SessionLife-Leeway)) {
		return s, nil
	}
	s, err := NewSession(c.c.Identity, string(c.c.Class), now)
	if err != nil {
		return nil, apierr.Wrap(apierr.SignerUnavailable, err, "this worker cannot show the signer who it is")
	}
	c.session = s
	return s, nil
}

// Refusals are the codes with which a signer that is asked for a data key refuses
// the worker itself, or has no key to give. What it refuses of the capability and its
// proof, and by the chain, are those of whoever verifies them.
func Refusals() []apierr.Code {
	return []apierr.Code{apierr.Unauthorized, apierr.WorkerNotListed, apierr.SignerUnavailable}
}
