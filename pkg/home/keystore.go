package home

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"

	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// ErrKeystore marks a keystore file that is not a sound version 3 keystore.
var ErrKeystore = errors.New("invalid keystore")

// ErrPassphrase says that the passphrase does not open the keystore.
var ErrPassphrase = errors.New("wrong passphrase")

const (
	// generatedN is scrypt's cost under a generated passphrase. Stretching
	// makes guessing dearer, and 32 random bytes (256 bits) cannot be guessed
	// at any price, so it adds nothing here: whoever reads the passphrase file
	// opens the keystore whatever N is, and whoever does not, never will. A
	// fresh `cred fetch` has 250 ms for everything; this takes less than one
	// (2^12, the customary "light", takes 15 to 80).
	generatedN = 1 << 8
	// Under a passphrase that a person chose, stretching is what protects:
	// 2^18 takes about a second and 256 MiB, for an attacker too.
	standardN = keystore.StandardScryptN
	cost      = 1

	passphraseBytes = 32
	// minHuman is the least length of a passphrase that a person gives.
	minHuman = 8
)

// Bounds of what a keystore may ask of us before we try its passphrase: a file
// must not make the process run out of memory or work for minutes.
const (
	maxScryptMemory = 512 << 20       // 128 * N * r
	maxScryptWork   = 1 << 18 * 8 * 8 // N * r * p
	maxPBKDF2Rounds = 10_000_000
)

type keystoreJSON struct {
	Address string     `json:"address,omitzero"`
	Crypto  cryptoJSON `json:"crypto"`
	ID      string     `json:"id"`
	Version int        `json:"version"`
}

type cryptoJSON struct {
	Cipher       string `json:"cipher"`
	CipherText   string `json:"ciphertext"`
	CipherParams struct {
		IV string `json:"iv"`
	} `json:"cipherparams"`
	KDF       string `json:"kdf"`
	KDFParams struct {
		N     int    `json:"n,omitzero"`
		R     int    `json:"r,omitzero"`
		P     int    `json:"p,omitzero"`
		C     int    `json:"c,omitzero"`
		PRF   string `json:"prf,omitzero"`
		DKLen int    `json:"dklen"`
		Salt  string `json:"salt"`
	} `json:"kdfparams"`
	MAC string `json:"mac"`
}

// ParseKeystore opens a version 3 keystore of any wallet, for import.
func ParseKeystore(data []byte, passphrase secret.Secret) (*ecdsa.PrivateKey, error) {
	var f keystoreJSON
	if err := strictjson.Decode(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeystore, err)
	}
	// go-ethereum's reader trusts these fields: without the checks a damaged
	// file panics it or exhausts the machine.
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeystore, err)
	}
	k, err := keystore.DecryptKey(data, string(passphrase.Reveal()))
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the decrypted key is not one of secp256k1", ErrKeystore)
	}
	if f.Address != "" && f.Address != hex.EncodeToString(k.Address[:]) {
		return nil, fmt.Errorf("%w: it holds the key of another address than it names", ErrKeystore)
	}
	return k.PrivateKey, nil
}

// ParseHexKey reads a private key of 64 hex characters, with or without 0x, for
// import.
func ParseHexKey(text secret.Secret) (*ecdsa.PrivateKey, error) {
	b := text.Reveal()
	if len(b) > 1 && b[0] == '0' && (b[1] == 'x' || b[1] == 'X') {
		b = b[2:]
	}
	raw := make([]byte, 32)
	defer clear(raw)
	if len(b) != 64 {
		return nil, errors.New("a private key is 64 hex characters")
	}
	if _, err := hex.Decode(raw, b); err != nil {
		return nil, errors.New("a private key is 64 hex characters")
	}
	k, err := crypto.ToECDSA(raw)
	if err != nil {
		return nil, errors.New("the private key is out of range")
	}
	return k, nil
}

// seal encrypts a key as a version 3 keystore and proves that it opens again.
func seal(k *ecdsa.PrivateKey, passphrase secret.Secret, n int) ([]byte, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("sealing the device key: %w", err)
	}
	addr := crypto.PubkeyToAddress(k.PublicKey)
	data, err := keystore.EncryptKey(&keystore.Key{Id: id, Address: addr, PrivateKey: k}, string(passphrase.Reveal()), n, cost)
	if err != nil {
		return nil, fmt.Errorf("sealing the device key: %w", err)
	}
	back, err := ParseKeystore(data, passphrase)
	if err != nil {
		return nil, fmt.Errorf("sealing the device key: it does not open again: %w", err)
	}
	newKey(back).Close() // ParseKeystore has compared its address
	return data, nil
}

// unseal opens a keystore and refuses one that holds another key than wanted.
func unseal(data []byte, passphrase secret.Secret, want profile.Address) (*Key, error) {
	p, err := ParseKeystore(data, passphrase)
	if err != nil {
		return nil, err
	}
	k := newKey(p)
	if k.Address() != want {
		k.Close()
		return nil, fmt.Errorf("%w: it holds another key than the identity names", ErrKeystore)
	}
	return k, nil
}

// generatePassphrase draws 256 bits, as text without a line end.
func generatePassphrase() (secret.Secret, error) {
	var b [passphraseBytes]byte
	defer clear(b[:])
	if _, err := rand.Read(b[:]); err != nil {
		return secret.Secret{}, fmt.Errorf("drawing a passphrase: %w", err)
	}
	text := base64.RawURLEncoding.AppendEncode(nil, b[:])
	defer clear(text)
	return secret.New(text), nil
}

func (f keystoreJSON) check() error {
	c, p := f.Crypto, f.Crypto.KDFParams
	switch {
	case f.Version != 3:
		return fmt.Errorf("version %d is not 3", f.Version)
	case uuid.Validate(f.ID) != nil:
		return errors.New("id is not a UUID")
	case c.Cipher != "aes-128-ctr":
		return errors.New("cipher is not aes-128-ctr")
	case !isHex(c.CipherText, 32, 32):
		return errors.New("ciphertext is not 32 bytes of hex")
	case !isHex(c.CipherParams.IV, 16, 16):
		return errors.New("iv is not 16 bytes of hex")
	case !isHex(c.MAC, 32, 32):
		return errors.New("mac is not 32 bytes of hex")
	case !isHex(p.Salt, 8, 64):
		return errors.New("salt is not 8 to 64 bytes of hex")
	case p.DKLen != 32:
		return errors.New("dklen is not 32")
	}
	switch c.KDF {
	case "scrypt":
		if p.N < 2 || p.N&(p.N-1) != 0 || p.N > maxScryptMemory/128 || p.R < 1 || p.R > 64 || p.P < 1 || p.P > 64 ||
			128*p.N*p.R > maxScryptMemory || p.N*p.R*p.P > maxScryptWork {
			return errors.New("scrypt parameters are out of bounds")
		}
	case "pbkdf2":
		if p.C < 1 || p.C > maxPBKDF2Rounds || p.PRF != "hmac-sha256" {
			return errors.New("pbkdf2 parameters are out of bounds")
		}
	default:
		return errors.New("kdf is not scrypt or pbkdf2")
	}
	return nil
}

func isHex(s string, least, most int) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) >= least && len(b) <= most
}
