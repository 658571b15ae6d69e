package isolation_test

import (
	"bytes"
	"crypto/ecdsa"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	sessions "github.com/litentry/agentkeys/pkg/session"
)

// thief is who took K1, K2, the identity key and the database of the broker's host.
// It is an agent of its own besides (stranger), so that some of its proofs are of a
// device that the chain knows.
type thief struct {
	*world
	t   *testing.T
	key *ecdsa.PrivateKey // of nobody
}

func newThief(t *testing.T) *thief {
	w := newWorld(t)
	w.seed()
	return &thief{w, t, must[*ecdsa.PrivateKey](t)(crypto.GenerateKey())}
}

// TestBrokerKeysYieldNoPlaintext: at no route of a worker, and at no route of the
// signer, whatever K1 signs.
func TestBrokerKeysYieldNoPlaintext(t *testing.T) {
	th := newThief(t)
	jkt := dpop.Thumbprint(&th.key.PublicKey)
	for _, cl := range classes() {
		for op := range cl.routes {
			a := action(cl.class, op)
			for name, try := range map[string]struct {
				want   apierr.Code
				prover *ecdsa.PrivateKey
				edit   func(*captoken.Request)
			}{
				"the victim's device, a key of nobody": {apierr.ProofInvalid, th.key, func(c *captoken.Request) { c.JKT = jkt }},
				"a device of nobody": {apierr.DeviceNotActive, th.key, func(c *captoken.Request) {
					c.JKT, c.Device = jkt, omni.DeviceKeyOfAddress(crypto.PubkeyToAddress(th.key.PublicKey))
				}},
				"a device of another operator": {apierr.DeviceBindingMismatch, th.stranger.key, func(c *captoken.Request) {
					c.JKT, c.Device = dpop.Thumbprint(&th.stranger.key.PublicKey), th.stranger.device
				}},
				"a device of another agent of the operator": {apierr.DeviceBindingMismatch, th.sibling.key, func(c *captoken.Request) {
					c.JKT, c.Device = dpop.Thumbprint(&th.sibling.key.PublicKey), th.sibling.device
				}},
				"the capability of the victim, unproven": {apierr.ProofInvalid, th.key, func(*captoken.Request) {}},
			} {
				c := th.use(th.own, a, storage{th.own, cl.class, "write"}) // K2: the victim's own storage session
				c.token, c.prover = th.capability(th.own, a, try.edit), try.prover
				if got := th.send(c).verdict; got != by(apierr.LayerWorker, try.want) {
					t.Errorf("%s %s, %s: %s, want %s", cl.class, op, name, got, try.want)
				}
			}
			c := th.use(th.own, a, storage{th.own, cl.class, "write"})
			if a := th.send(c); a.code != "" {
				t.Errorf("%s %s by the victim itself: %s", cl.class, op, a.verdict)
			}
		}
	}
}

// TestBrokerKeysSpeakForNobody: a session that K1 signed for the victim and a key of
// the thief's reads no journal and writes into none, and mints nothing.
func TestBrokerKeysSpeakForNobody(t *testing.T) {
	th := newThief(t)
	authority := must[*sessions.Authority](t)(sessions.New(th.k1, th.Profile.CapIssuer, th.now))
	forge := func(p *person, kind string, key *ecdsa.PrivateKey) string {
		token, _, err := authority.Issue(sessions.Subject{
			Kind: kind, Operator: p.operator, Actor: p.actor, Device: p.device, Address: crypto.PubkeyToAddress(p.key.PublicKey), Thumbprint: dpop.Thumbprint(&key.PublicKey),
		})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	for _, r := range routes(t) {
		if !strings.HasPrefix(r.Policy, "session+proof") {
			continue
		}
		p, kind := asker(th.world, r), sessions.KindAgent
		if p.master {
			kind = sessions.KindMaster
		}
		c := th.asks(r, p)
		c.token, c.prover = forge(p, kind, th.key), th.key
		if got := th.send(c).verdict; got != by(layerOf(r), apierr.ProofInvalid) {
			t.Errorf("%s: a forged session of %s: %s", r, p.name, got)
		}
		c = th.asks(r, p)
		c.token = forge(p, kind, p.key)
		if got := th.send(c).verdict; got != (verdict{}) {
			t.Errorf("%s: the same for the key of %s: %s", r, p.name, got)
		}
	}
}

// TestBrokerKeysPutNothingGenuine: with K2 anything can be put in the place of an
// object. Nothing opens but what its owner once stored there; and what is older is
// seen by who names a version.
func TestBrokerKeysPutNothingGenuine(t *testing.T) {
	th := newThief(t)
	for _, cl := range classes() {
		s, _ := th.Profile.Cloud.Storage(cl.class)
		store := th.s3(th.Profile.Cloud.S3Endpoint, th.storage(storage{th.own, cl.class, "write"}))
		key := th.objectOf(th.own, cl)
		read := func() []byte {
			out, err := store.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &s.Bucket, Key: &key})
			if err != nil {
				t.Fatal(err)
			}
			return must[[]byte](t)(io.ReadAll(out.Body))
		}
		put := func(b []byte) {
			if _, err := store.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.Bucket, Key: &key, Body: bytes.NewReader(b)}); err != nil {
				t.Fatal(err)
			}
		}
		fetch := func(condition string) answer {
			c := th.use(th.own, action(cl.class, service.OpFetch), storage{th.own, cl.class, "read"})
			if condition != "" {
				c.edit = ifMatch(condition)
			}
			return th.send(c)
		}
		older := read() // ciphertext can be read: it says nothing
		if bytes.Contains(older, valueOf(th.own, cl.class)) {
			t.Errorf("%s: storage holds the plaintext", cl.class)
		}
		was := fetch("")
		newer := th.use(th.own, action(cl.class, service.OpStore), storage{th.own, cl.class, "write"})
		newer.body = []byte("newer")
		if a := th.send(newer); a.code != "" {
			t.Fatalf("%s: %s", cl.class, a.verdict)
		}
		genuine, is := read(), fetch("")
		sibling := must[[]byte](t)(th.Cloud.RawObject(s.Bucket, th.objectOf(th.sibling, cl)))
		for name, b := range forgeries(genuine, older, sibling, cl) {
			put(b)
			if a := fetch(""); a.verdict != by(apierr.LayerWorker, apierr.EnvelopeInvalid) && a.verdict != by(apierr.LayerSigner, apierr.EnvelopeInvalid) {
				t.Errorf("%s: %s: %s", cl.class, name, a.verdict)
			}
		}
		// The residual: it can be removed, and an older one put back. Without an
		// expected version nobody sees that.
		put(older)
		if a := fetch(""); a.code != "" || !bytes.Equal(a.body, valueOf(th.own, cl.class)) {
			t.Errorf("%s: the older object: %s", cl.class, a.verdict)
		}
		if cl.versioned {
			if a := fetch(is.header.Get("ETag")); a.verdict != by(apierr.LayerStorage, apierr.PreconditionFailed) {
				t.Errorf("the older object, with the newer version expected: %s", a.verdict)
			}
			if a := fetch(was.header.Get("ETag")); a.code != "" {
				t.Errorf("the older object, with its own version expected: %s", a.verdict)
			}
		}
		put(genuine)
		if a := fetch(is.header.Get("ETag")); a.code != "" || string(a.body) != "newer" {
			t.Errorf("%s: the genuine object: %s", cl.class, a.verdict)
		}
		if _, err := store.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.Bucket, Key: aws.String(key)}); err != nil {
			t.Error(err)
		}
		if a := fetch(""); a.verdict != by(apierr.LayerWorker, apierr.NotFound) {
			t.Errorf("%s: removed: %s", cl.class, a.verdict)
		}
	}
}

// ifMatch expects a version.
func ifMatch(etag string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("If-Match", etag) }
}

// forgeries are what a thief can make of what it reads.
func forgeries(genuine, older, sibling []byte, cl class) map[string][]byte {
	flipped := bytes.Clone(genuine)
	flipped[len(flipped)-1] ^= 1
	epoch := bytes.Clone(genuine)
	epoch[13]++ // the last byte of the epoch
	out := map[string][]byte{
		"plaintext": []byte("evil"), "nothing": {}, "a flipped bit": flipped, "another epoch": epoch, "the sibling's object": sibling,
		"the older header with the newer data": append(bytes.Clone(older[:len(older)-32]), genuine[len(genuine)-32:]...), "cut": genuine[:len(genuine)-1],
	}
	if cl.versioned {
		const versionEnd = 6 + 8 + 60 + 8 // magic, format, suite, epoch, wrap, version
		newest := bytes.Clone(older)
		newest[versionEnd-1]++
		out["the older object as a newer version"] = newest
		copied := bytes.Clone(older)
		copy(copied[versionEnd-8:versionEnd], genuine[versionEnd-8:versionEnd])
		out["the older object as the newer version"] = copied
	}
	return out
}

// TestBrokersFilesHoldNoSecretOfAnybody: what lies on the broker's disk beside its
// keys are hashes, counters and what it decided.
func TestBrokersFilesHoldNoSecretOfAnybody(t *testing.T) {
	th := newThief(t)
	token := must[api.Capability](t)(th.own.caller.Mint(t.Context(), api.PathCapCredFetch, api.CapRequest{Service: "github"}))
	vault := th.storage(storage{th.own, service.Credentials, "read"})
	read := 0
	err := filepath.WalkDir(th.at("broker"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		read += len(b)
		for name, secret := range map[string][]byte{
			"the session": []byte(th.own.session), "a capability": []byte(token.Token), "a storage session": vault.SecretAccessKey.Reveal(),
			"the agent's key": crypto.FromECDSA(th.own.key), "the value": valueOf(th.own, service.Credentials),
		} {
			if bytes.Contains(b, secret) {
				t.Errorf("%s holds %s", path, name)
			}
		}
		return err
	})
	if err != nil || read < 1000 {
		t.Errorf("%d bytes read: %v", read, err)
	}
}
