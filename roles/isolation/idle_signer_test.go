package isolation_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/seal"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
)

// found are the secrets that are in what was read, in the forms in which a program
// could hold them.
func found(read []byte, secrets map[string][]byte) []string {
	type text struct {
		name  string
		bytes []byte
	}
	begin := map[[2]byte][]text{} // by the first two bytes: what is read is large, and secrets are many
	for name, s := range secrets {
		for form, b := range map[string][]byte{
			"raw": s, "hex": []byte(hex.EncodeToString(s)), "base64": []byte(base64.RawStdEncoding.EncodeToString(s)), "base64url": []byte(base64.RawURLEncoding.EncodeToString(s)),
		} {
			begin[[2]byte(b)] = append(begin[[2]byte(b)], text{name + ", " + form, b})
		}
	}
	var likely [1 << 16]bool
	for b := range begin {
		likely[binary.BigEndian.Uint16(b[:])] = true
	}
	times := map[string]int{}
	for i := range len(read) - 1 {
		if !likely[uint16(read[i])<<8|uint16(read[i+1])] {
			continue
		}
		for _, t := range begin[[2]byte(read[i:])] {
			if bytes.HasPrefix(read[i:], t.bytes) {
				times[t.name]++
			}
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(times)) {
		out = append(out, fmt.Sprintf("%s, %d times", name, times[name]))
	}
	return out
}

// TestWhatIsSoughtIsFound: a search that finds nothing must be able to.
func TestWhatIsSoughtIsFound(t *testing.T) {
	secrets := map[string][]byte{"one": []byte("a secret of one\xfb\xff"), "two": []byte("a secret of two")}
	for in, want := range map[string][]string{
		"": nil, "a": nil, "a secret of on": nil,
		"..a secret of two..a secret of two":                          {"two, raw, 2 times"},
		"a secret of one\xfb\xff":                                     {"one, raw, 1 times"},
		"x" + hex.EncodeToString([]byte("a secret of two")):           {"two, hex, 1 times"},
		base64.StdEncoding.EncodeToString(secrets["one"]) + "a secre": {"one, base64, 1 times"},
		base64.URLEncoding.EncodeToString(secrets["one"]):             {"one, base64url, 1 times"},
	} {
		if got := found([]byte(in), secrets); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestAnIdleSignerHoldsNoDataKey reads everything of the signer's host after it gave out
// data keys: its process, its environment, its files. What is in memory by design is
// the key of each epoch, once, in locked pages, and its own identity key in others. No data key
// that it made or opened is left, nor what it derived to do so, nor anything of
// the agents', nor what opens the keyring on disk.
func TestAnIdleSignerHoldsNoDataKey(t *testing.T) {
	w := newWorld(t, func(c *devstack.Config) { c.Apart = []string{"signer"} })
	p := w.runs(program(t), "signer")
	w.until(verdict{}, func() verdict {
		return w.send(w.about(classes()[0].usual(w.own), service.OpStore)).verdict
	})
	people := []*person{w.own, w.sibling, w.stranger}
	secrets := map[string][]byte{}
	for _, cl := range classes() {
		for _, one := range people {
			for _, o := range cl.things(one) {
				w.put(o)
				if got := w.lies(o); got != o.value() {
					t.Fatalf("%s is %q", o.value(), got)
				}
			}
			opened := w.keysOf(one, cl)
			opensByHand(t, w, one, cl, opened["the data key"])
			for name, key := range opened {
				secrets[name+" of "+one.name+" in "+string(cl.class)] = key
			}
			secrets["a data key that was made for "+one.name+" in "+string(cl.class)] = w.madeFor(one, cl).key
			secrets["the value of "+one.name+" in "+string(cl.class)] = valueOf(one, cl.class)
			for _, access := range []string{"read", "write"} {
				s := storage{one, cl.class, access}
				creds := w.storage(s)
				secrets["the secret key of "+s.String()] = creds.SecretAccessKey.Reveal()
				secrets["the token of "+s.String()] = creds.SessionToken.Reveal()
			}
		}
	}
	for _, one := range w.everybody() {
		secrets["the private key of "+one.name] = crypto.FromECDSA(one.key)
	}
	k3 := w.epochKeys()
	for epoch, key := range k3 {
		for _, cl := range classes() {
			for _, one := range people {
				both := kekOf(t, key, cl.class, one)
				secrets[fmt.Sprintf("the key-encryption key of %s in %s, epoch %s", one.name, cl.class, epoch)] = both[:32]
				secrets[fmt.Sprintf("the key of nonces of %s in %s, epoch %s", one.name, cl.class, epoch)] = both[32:]
			}
		}
		secrets["the key of epoch "+epoch+" as the keyring writes it"] = []byte(hex.EncodeToString(key))
	}
	// What opens nothing without the agent's key is not kept either, once the connection
	// is closed on which it came.
	q := w.pass(w.own, classes()[0], service.CredFetch, service.CredFetch)
	q.Wrap = w.wrapOf(w.own, classes()[0])
	if a := w.released(dek.PathUnwrap, q); a.code != "" {
		t.Fatal(a.verdict)
	}
	secrets["a capability"], secrets["a proof"] = []byte(q.Capability), []byte(q.Proof)
	onDisk := maps.Clone(secrets)
	secrets["the passphrase of the keyring"] = must[[]byte](t)(os.ReadFile(w.at("signer", "passphrase")))

	w.drain()
	image := p.memory(t)
	for epoch, key := range k3 {
		if n := bytes.Count(image, key); n != 1 {
			t.Errorf("the key of epoch %s is in memory %d times: it lies in locked pages, once", epoch, n)
		}
	}
	for _, s := range found(image, secrets) {
		t.Errorf("in memory: %s", s)
	}
	environment := must[[]byte](t)(os.ReadFile(fmt.Sprintf("/proc/%d/environ", p.Process.Pid)))
	arguments := must[[]byte](t)(os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.Process.Pid)))
	if !bytes.Contains(environment, []byte("GODEBUG=")) || !bytes.Contains(arguments, []byte("signer")) {
		t.Errorf("that is not the signer: %q %q", environment, arguments)
	}
	for name, key := range k3 {
		secrets["the key of epoch "+name], onDisk["the key of epoch "+name] = key, key
	}
	for _, s := range found(slices.Concat(environment, arguments), secrets) {
		t.Errorf("in environment or arguments: %s", s)
	}
	w.searchFiles(w.at("signer"), onDisk)
	p.crash(t, nil)
	for _, s := range found(p.said.Bytes(), secrets) {
		t.Errorf("what it said until its end: %s", s)
	}
}

// drain makes the signer's garbage collector run, by requests of nobody.
func (w *world) drain() {
	junk := bytes.Repeat([]byte{'j'}, 1<<20)
	for range 48 {
		w.own.caller.API.HTTP.CloseIdleConnections()
		if a := w.send(call{url: w.Profile.Hosts["signer"] + dek.PathNew, method: "POST", body: junk, media: "application/json"}); a.code == "" {
			w.t.Fatal("the signer took junk")
		}
	}
	w.own.caller.API.HTTP.CloseIdleConnections()
}

// epochKeys are the keys of the epochs, as who has the signer's files opens them.
func (w *world) epochKeys() map[string][]byte {
	t := w.t
	sealed := must[[]byte](t)(os.ReadFile(w.at("signer", "keyring.age")))
	plain := must[secret.Secret](t)(seal.Open(t.Context(), must[seal.Seal](t)(seal.PassphraseFile(w.at("signer", "passphrase"))), sealed))
	out := map[string][]byte{}
	for _, m := range regexp.MustCompile(`"epoch":([0-9]+),"k3":"([0-9a-f]{64})"`).FindAllSubmatch(plain.Reveal(), -1) {
		out[string(m[1])] = must[[]byte](t)(hex.DecodeString(string(m[2])))
	}
	if len(out) == 0 {
		t.Fatal("the keyring has no key")
	}
	return out
}

// kekOf is what the signer derives for an actor in a class: the key-encryption key, and
// the key that draws its nonces (SPEC section 3, package keys).
func kekOf(t testing.TB, k3 []byte, c service.Class, p *person) []byte {
	t.Helper()
	operator, actor := p.operator.Bytes(), p.actor.Bytes()
	var info []byte
	for _, part := range [][]byte{[]byte("agentkeys/kek/v1"), []byte(c), operator[:], actor[:]} {
		info = append(binary.BigEndian.AppendUint32(info, uint32(len(part))), part...)
	}
	return must[[]byte](t)(hkdf.Key(sha256.New, k3, nil, string(info), 64))
}

// opensByHand opens the wrap of a person's object with what [kekOf] derives: what is
// sought in memory is what the signer has there.
func opensByHand(t *testing.T, w *world, p *person, cl class, dataKey []byte) {
	t.Helper()
	raw := must[[]byte](t)(w.Cloud.RawObject(w.bucket(cl.class), w.objectOf(p, cl)))
	wrap := must[keys.Wrapped](t)(envelope.Wrapped(raw))
	b := w.binding(p, cl)
	if cl.versioned {
		b.Version = must[uint64](t)(envelope.PeekVersion(raw))
	}
	aad := must[[]byte](t)(b.AAD("agentkeys/dek-wrap/v1"))
	aad = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(aad, 8), wrap.Epoch)
	k3 := w.epochKeys()[fmt.Sprint(wrap.Epoch)]
	gcm := must[cipher.AEAD](t)(cipher.NewGCM(must[cipher.Block](t)(aes.NewCipher(kekOf(t, k3, cl.class, p)[:32]))))
	if got, err := gcm.Open(nil, wrap.Bytes[:12], wrap.Bytes[12:], aad); err != nil || !bytes.Equal(got, dataKey) {
		t.Fatalf("the wrap of %s in %s does not open under what was derived: %v", p.name, cl.class, err)
	}
}

// searchFiles looks for secrets in every file of a folder.
func (w *world) searchFiles(folder string, secrets map[string][]byte) {
	w.t.Helper()
	read := 0
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		read += len(b)
		for _, s := range found(b, secrets) {
			w.t.Errorf("%s: %s", path, s)
		}
		return err
	})
	if err != nil || read < 1000 {
		w.t.Errorf("%d bytes read in %s: %v", read, folder, err)
	}
}
