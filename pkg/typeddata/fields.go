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

const grantList = "Grant[]"

func grantsField(name string, grants []Grant) field {
	f := field{name: name, typ: grantList, words: func(Names) []Line { return grantLines(grants) }}
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
