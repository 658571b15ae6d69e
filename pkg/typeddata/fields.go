package typeddata

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

func bytes32Field(name string, v [32]byte, words func(Names) []Line) field {
	return field{name: name, typ: "bytes32", word: v, json: "0x" + hex.EncodeToString(v[:]), words: words}
}

func addressField(name string, v common.Address, words func(Names) []Line) field {
	return field{name: name, typ: "address", word: common.BytesToHash(v[:]), json: v.Hex(), words: words}
}

func uintField(name, typ string, v uint64, words func(Names) []Line) field {
	f := field{name: name, typ: typ, json: strconv.FormatUint(v, 10), words: words}
	binary.BigEndian.PutUint64(f.word[24:], v)
	return f
}

// coordinateField is a uint256 given as its 32 bytes.
func coordinateField(name string, v [32]byte, words func(Names) []Line) field {
	return field{name: name, typ: "uint256", word: v, json: common.Hash(v).Big().String(), words: words}
}

// stringField shows nothing by itself: a string is shown with what it belongs to.
func stringField(name, v string) field {
	return field{name: name, typ: "string", word: crypto.Keccak256Hash([]byte(v)), json: v}
}

func boolField(name string, v bool, words func(Names) []Line) field {
	f := field{name: name, typ: "bool", json: v, words: words}
	if v {
		f.word[31] = 1
	}
	return f
}

// structField is a struct within a struct.
func structField(name string, s structure, words func(Names) []Line) field {
	return field{name: name, typ: s.name, word: s.hash(), json: s.message(), words: words, uses: &s}
}

func bytes32ListField(name string, list [][32]byte, words func(Names) []Line) field {
	joined := make([]byte, 0, 32*len(list))
	texts := make([]string, len(list))
	for i, v := range list {
		joined = append(joined, v[:]...)
		texts[i] = hexText(v)
	}
	return field{name: name, typ: "bytes32[]", word: crypto.Keccak256Hash(joined), json: texts, words: words}
}

func grantsField(name string, grants []Grant) field {
	none := Grant{}.structure()
	f := field{name: name, typ: none.name + "[]", words: func(Names) []Line { return grantLines(grants) }, uses: &none}
	hashes := make([]byte, 0, 32*len(grants))
	messages := make([]map[string]any, len(grants))
	for i, g := range grants {
		s := g.structure()
		h := s.hash()
		hashes = append(hashes, h[:]...)
		messages[i] = s.message()
	}
	f.word, f.json = crypto.Keccak256Hash(hashes), messages
	return f
}

func nonceField(v uint64) field {
	return uintField("nonce", "uint64", v, text("Nonce", strconv.FormatUint(v, 10)))
}

func deadlineField(v uint64) field {
	return uintField("deadline", "uint64", v, text("Valid until", instant(v)))
}
