package home

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/secret"
)

// xprvKey takes the private key out of an extended key, whose checksum guards
// these tables against typing errors.
func xprvKey(t *testing.T, xprv string) []byte {
	t.Helper()
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	n := new(big.Int)
	for _, c := range xprv {
		n.Mul(n, big.NewInt(58)).Add(n, big.NewInt(int64(strings.IndexRune(alphabet, c))))
	}
	raw := n.FillBytes(make([]byte, 82))
	once := sha256.Sum256(raw[:78])
	twice := sha256.Sum256(once[:])
	if !bytes.Equal(twice[:4], raw[78:]) || raw[45] != 0 {
		t.Fatalf("%s is mistyped", xprv)
	}
	return raw[46:78]
}

// The test vectors of BIP-32 (1 to 4; 3 and 4 have leading zeros) and of BIP-39
// (with the passphrase TREZOR).
func TestDeriveVectors(t *testing.T) {
	const (
		one   = "000102030405060708090a0b0c0d0e0f"
		two   = "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542"
		three = "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be"
		four  = "3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678"
		bip39 = "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"
	)
	for _, c := range []struct{ seed, path, xprv string }{
		{one, "", "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"},
		{one, "m/0'/1", "xprv9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSxqu53Kw1UmYPxLgboyZQaXwTCg8MSY3H2EU4pWcQDnRnrVA1xe8fs"},
		{one, "m/0'/1/2'/2", "xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm3wDvUAKRHSC34sJ7in334"},
		{one, "m/0'/1/2'/2/1000000000", "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76"},
		{two, "", "xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U"},
		{two, "m/0", "xprv9vHkqa6EV4sPZHYqZznhT2NPtPCjKuDKGY38FBWLvgaDx45zo9WQRUT3dKYnjwih2yJD9mkrocEZXo1ex8G81dwSM1fwqWpWkeS3v86pgKt"},
		{three, "", "xprv9s21ZrQH143K25QhxbucbDDuQ4naNntJRi4KUfWT7xo4EKsHt2QJDu7KXp1A3u7Bi1j8ph3EGsZ9Xvz9dGuVrtHHs7pXeTzjuxBrCmmhgC6"},
		{three, "m/0'", "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L"},
		{four, "m/0'/1'", "xprv9xJocDuwtYCMNAo3Zw76WENQeAS6WGXQ55RCy7tDJ8oALr4FWkuVoHJeHVAcAqiZLE7Je3vZJHxspZdFHfnBEjHqU5hG1Jaj32dVoS6XLT1"},
		{bip39, "", "xprv9s21ZrQH143K3h3fDYiay8mocZ3afhfULfb5GX8kCBdno77K4HiA15Tg23wpbeF1pLfs1c5SPmYHrEpTuuRhxMwvKDwqdKiGJS9XFKzUsAF"},
	} {
		seed, err := hex.DecodeString(c.seed)
		if err != nil {
			t.Fatal(err)
		}
		var path accounts.DerivationPath
		if c.path != "" {
			if path, err = parsePath(c.path); err != nil {
				t.Fatal(err)
			}
		}
		k, err := derive(seed, path)
		if err != nil || !bytes.Equal(crypto.FromECDSA(k), xprvKey(t, c.xprv)) {
			t.Errorf("seed %s… path %q: another key, %v", c.seed[:8], c.path, err)
		}
	}
}

const (
	// Everybody's: the first is anvil's and Hardhat's, the second BIP-39's.
	junk    = "test test test test test test test test test test test junk"
	abandon = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
)

func TestParseMnemonic(t *testing.T) {
	for _, c := range []struct{ words, passphrase, path, want string }{
		{junk, "", DefaultPath, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"},
		{junk, "", "m/44'/60'/0'/0/1", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"},
		{abandon, "", DefaultPath, "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"},
		{" Test test\ttest test TEST test test test\ntest test test junk \n", "", DefaultPath, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"},
	} {
		k, err := ParseMnemonic(secret.New([]byte(c.words)), secret.New([]byte(c.passphrase)), c.path)
		if err != nil || crypto.PubkeyToAddress(k.PublicKey).Hex() != c.want {
			t.Errorf("%q at %s: %v", c.words, c.path, err)
		}
	}
	// Two spellings of one passphrase are one passphrase, and not none.
	address := func(pass string) string {
		k, err := ParseMnemonic(secret.New([]byte(abandon)), secret.New([]byte(pass)), DefaultPath)
		if err != nil {
			t.Fatal(err)
		}
		return crypto.PubkeyToAddress(k.PublicKey).Hex()
	}
	if address("caf\u00e9") != address("cafe\u0301") || address("caf\u00e9") == address("") {
		t.Error("the passphrase is not normalised, or not used")
	}
}

func TestParseMnemonicRefuses(t *testing.T) {
	for _, c := range []struct{ words, path, want string }{
		{"", DefaultPath, "it has 12, 15, 18, 21 or 24 words, not 0"},
		{junk + " junk", DefaultPath, "words, not 13"},
		{strings.Replace(junk, "junk", "jonk", 1), DefaultPath, "word 12 is not in the English word list"},
		{strings.Replace(junk, "junk", "test", 1), DefaultPath, "the checksum is wrong"},
		{"junk " + strings.TrimSuffix(junk, " junk"), DefaultPath, "the checksum is wrong"},
		{junk, "", "a derivation path is like m/44'/60'/0'/0/0"},
		{junk, "0/0", "a derivation path is like"},
		{junk, "m/44'/60'/x", "a derivation path is like"},
		{junk, "m/4294967296", "a derivation path is like"},
		{junk, "m/0" + strings.Repeat("/0", 10), "a derivation path is like"},
	} {
		_, err := ParseMnemonic(secret.New([]byte(c.words)), secret.Secret{}, c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "jonk") {
			t.Errorf("%q at %q: %v, want %q", c.words, c.path, err, c.want)
		}
		if c.path == DefaultPath && !errors.Is(err, ErrMnemonic) {
			t.Errorf("%q: %v", c.words, err)
		}
	}
}
