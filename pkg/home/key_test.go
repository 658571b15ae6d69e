package home_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/secret"
)

func TestOpenKeyUnderTheGeneratedPassphrase(t *testing.T) {
	d, _ := open(t)
	id, k, err := d.Create("bot", home.KindAgent, home.KeySource{})
	must(t, err)
	want := crypto.FromECDSA(k.Private())
	k.Close()
	k, err = d.OpenKey("bot", secret.Secret{})
	must(t, err)
	defer k.Close()
	if !bytes.Equal(crypto.FromECDSA(k.Private()), want) || k.Address() != id.Address {
		t.Error("another key")
	}
	pass := read(t, filepath.Join(d.Root(), "identities", "bot", "k10.pass"))
	if len(pass) != 43 { // 32 bytes in base64url
		t.Error(len(pass))
	}
}

func TestOpenKeyUnderAPersonsPassphrase(t *testing.T) {
	d, _ := open(t)
	if d.HumanN() != keystore.StandardScryptN {
		t.Error("the cost is", d.HumanN())
	}
	d.SetHumanN(1 << 4)
	pass := secret.New([]byte("correct horse battery"))
	_, k, err := d.Create("acme", home.KindOperator, home.KeySource{Passphrase: pass})
	must(t, err)
	k.Close()
	dir := filepath.Join(d.Root(), "identities", "acme")
	if _, err := os.Stat(filepath.Join(dir, "k10.pass")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a person's passphrase was written down")
	}
	if s := read(t, filepath.Join(dir, "k10.json")); !strings.Contains(s, `"n":16`) {
		t.Error("not the cost of a person's passphrase:", s)
	}
	if _, err := d.OpenKey("acme", secret.Secret{}); !errors.Is(err, home.ErrPassphraseNeeded) {
		t.Error(err)
	}
	if _, err := d.OpenKey("acme", secret.New([]byte("wrong horse battery"))); !errors.Is(err, home.ErrPassphrase) {
		t.Error(err)
	}
	k, err = d.OpenKey("acme", pass)
	must(t, err)
	k.Close()
}

func TestOpenKeyRefuses(t *testing.T) {
	d, _ := open(t)
	create(t, d, "a", home.KindAgent)
	create(t, d, "b", home.KindAgent)
	at := func(id, name string) string { return filepath.Join(d.Root(), "identities", id, name) }
	if _, err := d.OpenKey("c", secret.Secret{}); !errors.Is(err, home.ErrUnknownName) {
		t.Error(err)
	}
	keyFile, passFile := read(t, at("a", "k10.json")), read(t, at("a", "k10.pass"))
	// Another identity's key and passphrase, which open well together.
	write(t, at("a", "k10.json"), read(t, at("b", "k10.json")))
	write(t, at("a", "k10.pass"), read(t, at("b", "k10.pass")))
	if _, err := d.OpenKey("a", secret.Secret{}); !errors.Is(err, home.ErrKeystore) || !strings.Contains(err.Error(), "another key") {
		t.Error(err)
	}
	write(t, at("a", "k10.json"), keyFile)
	if _, err := d.OpenKey("a", secret.Secret{}); !errors.Is(err, home.ErrPassphrase) {
		t.Error(err)
	}
	write(t, at("a", "k10.pass"), passFile)
	for _, name := range []string{"k10.json", "k10.pass"} {
		must(t, os.Chmod(at("a", name), 0o640))
		if _, err := d.OpenKey("a", secret.Secret{}); !errors.Is(err, files.ErrUnsafe) {
			t.Errorf("%s: %v", name, err)
		}
		must(t, os.Chmod(at("a", name), 0o600))
	}
	k, err := d.OpenKey("a", secret.Secret{}) // the twin of all of the above
	must(t, err)
	k.Close()
}

func TestSignatures(t *testing.T) {
	d, _ := open(t)
	id, k, err := d.Create("bot", home.KindAgent, home.KeySource{})
	must(t, err)
	digest := crypto.Keccak256Hash([]byte("x"))
	sig, err := k.SignHash(digest)
	must(t, err)
	pub, err := crypto.SigToPub(digest[:], sig[:])
	if err != nil || crypto.PubkeyToAddress(*pub) != id.Address.Common() || !crypto.VerifySignature(crypto.FromECDSAPub(pub), digest[:], sig[:64]) {
		t.Error("SignHash", err)
	}
	text := []byte("sign in to acme")
	sig, err = k.SignText(text)
	must(t, err)
	if sig[64] != 27 && sig[64] != 28 {
		t.Error("v is", sig[64])
	}
	sig[64] -= 27
	if pub, err = crypto.SigToPub(accounts.TextHash(text), sig[:]); err != nil || crypto.PubkeyToAddress(*pub) != id.Address.Common() {
		t.Error("SignText", err)
	}
	p := k.Private()
	k.Close()
	k.Close()
	//lint:ignore SA1019 the test looks at what was overwritten
	if p.D.Sign() != 0 || k.Private() != nil {
		t.Error("not overwritten")
	}
	if _, err := k.SignHash(digest); !errors.Is(err, home.ErrKeyClosed) {
		t.Error(err)
	}
	if _, err := k.SignText(text); !errors.Is(err, home.ErrKeyClosed) {
		t.Error(err)
	}
	if k.Address() != id.Address {
		t.Error("the address is gone")
	}
}

func TestNothingPrintsTheKey(t *testing.T) {
	d, _ := open(t)
	_, k, err := d.Create("bot", home.KindAgent, home.KeySource{})
	must(t, err)
	defer k.Close()
	held := struct{ k *home.Key }{k}
	asJSON, err := json.Marshal(map[string]any{"k": k})
	must(t, err)
	text := fmt.Sprintf("%v %+v %#v %s %q %x %d %v %+v %#v %s %v", k, k, k, k, k, k, k, held, held, held, asJSON, *k)
	raw := crypto.FromECDSA(k.Private())
	//lint:ignore SA1019 the test looks for the key in its decimal form
	for _, form := range []string{hex.EncodeToString(raw), k.Private().D.String(), strings.Trim(fmt.Sprint(raw), "[]"), "D:"} {
		if strings.Contains(text, form) {
			t.Errorf("printed: %s", text)
		}
	}
	if !strings.Contains(text, secret.Redacted) {
		t.Error(text)
	}
}

// keystoreFor makes a keystore of another wallet's, in which a test breaks one
// thing.
func keystoreFor(t testing.TB) (data string, pass secret.Secret, addr string) {
	t.Helper()
	k, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	a := crypto.PubkeyToAddress(k.PublicKey)
	b, err := keystore.EncryptKey(&keystore.Key{PrivateKey: k, Address: a}, "pass", 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), secret.New([]byte("pass")), hex.EncodeToString(a[:])
}

func TestParseKeystore(t *testing.T) {
	good, pass, addr := keystoreFor(t)
	k, err := home.ParseKeystore([]byte(good), pass)
	must(t, err)
	if got := crypto.PubkeyToAddress(k.PublicKey); hex.EncodeToString(got[:]) != addr {
		t.Error("another key")
	}
	without := strings.Replace(good, `"address":"`+addr+`",`, "", 1)
	if _, err := home.ParseKeystore([]byte(without), pass); err != nil || without == good {
		t.Error("some wallets name no address:", err)
	}
	if _, err := home.ParseKeystore([]byte(good), secret.New([]byte("other"))); !errors.Is(err, home.ErrPassphrase) {
		t.Error(err)
	}
	swap := func(old, with string) string {
		s := strings.Replace(good, old, with, 1)
		if s == good {
			t.Fatalf("%s is not there", old)
		}
		return s
	}
	for why, bad := range map[string]string{
		"invalid JSON":            good[:len(good)-1],
		"unknown member":          swap(`"version"`, `"x":1,"version"`),
		"version 4":               swap(`"version":3`, `"version":4`),
		"id is not":               swap(`"id":"0000`, `"id":"x000`),
		"cipher":                  swap("aes-128-ctr", "aes-128-cbc"),
		"ciphertext":              swap(`"ciphertext":"`, `"ciphertext":"00`),
		"iv":                      swap(`"iv":"`, `"iv":"00`), // panics go-ethereum's reader
		"mac":                     swap(`"mac":"`, `"mac":"zz`),
		"salt":                    swap(`"salt":"`, `"salt":"0`),
		"dklen":                   swap(`"dklen":32`, `"dklen":16`), // panics it too
		"kdf is not":              swap(`"kdf":"scrypt"`, `"kdf":"argon2"`),
		"scrypt parameters":       swap(`"n":2`, `"n":3`),
		"scrypt parameters are":   swap(`"n":2`, `"n":1`),
		"scrypt parameters ar":    swap(`"n":2`, `"n":4294967296`),
		"scrypt parameters a":     swap(`"n":2`, `"n":4194304`),
		"scrypt parameters  "[:9]: swap(`"p":1`, `"p":65`),
		"scrypt para":             swap(`"p":1`, `"p":0`),
		"scrypt par":              swap(`"r":8`, `"r":0`),
		"scrypt pa":               swap(`"r":8`, `"r":65`),
		"scrypt p":                swap(`"n":2,"p":1,"r":8`, `"n":524288,"p":64,"r":8`),
		"pbkdf2":                  swap(`"kdf":"scrypt"`, `"kdf":"pbkdf2"`),
		"another address":         swap(addr, strings.Repeat("1", 40)),
	} {
		if _, err := home.ParseKeystore([]byte(bad), pass); !errors.Is(err, home.ErrKeystore) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// A vector of the Web3 Secret Storage definition: PBKDF2, which older wallets
// wrote.
func TestParseKeystoreVector(t *testing.T) {
	const vector = `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
	"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
	"kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
	"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`
	k, err := home.ParseKeystore([]byte(vector), secret.New([]byte("testpassword")))
	must(t, err)
	if got := hex.EncodeToString(crypto.FromECDSA(k)); got != "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d" {
		t.Error("another key")
	}
	for _, bad := range []string{
		strings.Replace(vector, `"c":262144`, `"c":10000001`, 1), strings.Replace(vector, `"c":262144`, `"c":0`, 1),
		strings.Replace(vector, "hmac-sha256", "hmac-sha1", 1),
	} {
		if _, err := home.ParseKeystore([]byte(bad), secret.New([]byte("testpassword"))); !errors.Is(err, home.ErrKeystore) || !strings.Contains(err.Error(), "out of bounds") {
			t.Error(err)
		}
	}
}

func TestParseHexKey(t *testing.T) {
	const good = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"
	for _, s := range []string{good, "0x" + good, "0X" + strings.ToUpper(good)} {
		k, err := home.ParseHexKey(secret.New([]byte(s)))
		if err != nil || hex.EncodeToString(crypto.FromECDSA(k)) != good {
			t.Error(err)
		}
	}
	for _, s := range []string{"", "0x", good[1:], good + "0", "0x" + good[2:], strings.Repeat("0", 64), strings.Repeat("f", 64), "zz" + good[2:]} {
		_, err := home.ParseHexKey(secret.New([]byte(s)))
		if err == nil || len(s) > 10 && strings.Contains(err.Error(), s[4:10]) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestReadPassphrase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	for content, want := range map[string]string{"a b": "a b", "a b\n": "a b", "a b\r\n": "a b", "a\n\n": "a\n", " a ": " a "} {
		write(t, path, content)
		if s, err := home.ReadPassphrase(path); err != nil || string(s.Reveal()) != want {
			t.Errorf("%q: %v %q", content, err, s.Reveal())
		}
	}
	for _, content := range []string{"", "\n", "\r\n"} {
		write(t, path, content)
		if _, err := home.ReadPassphrase(path); err == nil {
			t.Errorf("%q accepted", content)
		}
	}
	write(t, path, "x")
	must(t, os.Chmod(path, 0o644))
	if _, err := home.ReadPassphrase(path); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}

func BenchmarkOpenKey(b *testing.B) {
	root := b.TempDir()
	if err := os.Chmod(root, 0o700); err != nil {
		b.Fatal(err)
	}
	d, err := home.Open(root, newClock().now)
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := d.Create("bot", home.KindAgent, home.KeySource{}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		k, err := d.OpenKey("bot", secret.Secret{})
		if err != nil {
			b.Fatal(err)
		}
		k.Close()
	}
}

func FuzzParseKeystore(f *testing.F) {
	good, pass, _ := keystoreFor(f)
	f.Add([]byte(good))
	f.Add([]byte(strings.Replace(good, `"dklen":32`, `"dklen":16`, 1)))
	f.Add([]byte(`{"crypto":{"kdf":"scrypt","kdfparams":{}},"version":3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		// Large costs are allowed and slow; they are not what is looked for.
		if bytes.Contains(data, []byte("0000000")) && !bytes.Equal(data, []byte(good)) {
			return
		}
		k, err := home.ParseKeystore(data, pass)
		if (k == nil) == (err == nil) || err != nil && !errors.Is(err, home.ErrKeystore) && !errors.Is(err, home.ErrPassphrase) {
			t.Fatal(k, err)
		}
	})
}
