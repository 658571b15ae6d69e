package home

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/tyler-smith/go-bip39"
	"golang.org/x/text/unicode/norm"

	"github.com/litentry/agentkeys/pkg/secret"
)

// DefaultPath is the first account of Ethereum wallets (BIP-44, SLIP-44 coin
// type 60).
const DefaultPath = "m/44'/60'/0'/0/0"

// ErrMnemonic marks words that are no mnemonic. The error never repeats them.
var ErrMnemonic = errors.New("invalid mnemonic")

// maxDepth bounds a derivation path; BIP-32 counts depth in a byte, wallets use
// five.
const maxDepth = 10

// ParseMnemonic derives a key from an English BIP-39 mnemonic, for import. The
// passphrase is BIP-39's ("25th word"), mostly empty; every passphrase gives
// some key, so that only the address tells the right one.
func ParseMnemonic(words, passphrase secret.Secret, path string) (*ecdsa.PrivateKey, error) {
	steps, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	list := strings.Fields(strings.ToLower(string(words.Reveal())))
	switch len(list) {
	case 12, 15, 18, 21, 24:
	default:
		return nil, fmt.Errorf("%w: it has 12, 15, 18, 21 or 24 words, not %d", ErrMnemonic, len(list))
	}
	for i, w := range list {
		if _, ok := bip39.GetWordIndex(w); !ok {
			return nil, fmt.Errorf("%w: word %d is not in the English word list", ErrMnemonic, i+1)
		}
	}
	seed, err := bip39.NewSeedWithErrorChecking(strings.Join(list, " "), norm.NFKD.String(string(passphrase.Reveal())))
	if err != nil {
		return nil, fmt.Errorf("%w: the checksum is wrong: a word is mistyped, or the order is another", ErrMnemonic)
	}
	defer clear(seed)
	return derive(seed, steps)
}

func parsePath(path string) (accounts.DerivationPath, error) {
	// A relative path would silently be below the default one.
	steps, err := accounts.ParseDerivationPath(path)
	if err != nil || !strings.HasPrefix(path, "m/") || len(steps) > maxDepth {
		return nil, fmt.Errorf("a derivation path is like %s, not %q", DefaultPath, clip(path))
	}
	return steps, nil
}

// derive is the private derivation of BIP-32: master key from seed, then child
// from parent. It is written out because it is these two formulas over
// secp256k1, and the libraries that have it bring a Bitcoin node's modules.
func derive(seed []byte, path []uint32) (*ecdsa.PrivateKey, error) {
	n := crypto.S256().Params().N
	digest := func(key []byte, data ...[]byte) (left *big.Int, right []byte) {
		h := hmac.New(sha512.New, key)
		for _, d := range data {
			h.Write(d)
		}
		sum := h.Sum(nil)
		return new(big.Int).SetBytes(sum[:32]), sum[32:]
	}
	k, chainCode := digest([]byte("Bitcoin seed"), seed)
	if k.Sign() == 0 || k.Cmp(n) >= 0 {
		return nil, errors.New("the seed gives no master key: use another mnemonic")
	}
	for _, index := range path {
		var i [4]byte
		binary.BigEndian.PutUint32(i[:], index)
		raw := k.FillBytes(make([]byte, 32)) // leading zeros count
		parent := append([]byte{0}, raw...)
		if index < 1<<31 { // a normal child hashes the public key instead
			p, err := crypto.ToECDSA(raw)
			if err != nil {
				return nil, fmt.Errorf("deriving a key: %w", err)
			}
			parent = crypto.CompressPubkey(&p.PublicKey)
		}
		add, next := digest(chainCode, parent, i[:])
		clear(raw)
		if add.Cmp(n) >= 0 {
			return nil, errors.New("the path gives no key: use the next index")
		}
		k.Add(k, add).Mod(k, n)
		if k.Sign() == 0 {
			return nil, errors.New("the path gives no key: use the next index")
		}
		chainCode = next
	}
	raw := k.FillBytes(make([]byte, 32))
	defer clear(raw)
	return crypto.ToECDSA(raw)
}
