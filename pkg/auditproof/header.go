package auditproof

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// maxHeaderFile bounds a saved header: an answer of a node lists the hashes of
// the block's transactions.
const maxHeaderFile = 4 << 20

// ErrHeader is wrapped by every refusal of a saved header.
var ErrHeader = errors.New("not a block header")

// Header is what a verifier knows of a block: whoever knows its hash knows all
// that is in it.
type Header struct {
	Hash journal.Hash
}

// ParseHeader reads a saved header: its RLP in hex (0x, one line), or the answer
// of a node to eth_getBlockByHash or eth_getBlockByNumber, with or without its
// JSON-RPC envelope. Of an answer the hash counts: whoever saved it believed the
// node. Errors wrap [ErrHeader].
func ParseHeader(text []byte) (Header, error) {
	text = bytes.TrimSpace(text)
	if len(text) > maxHeaderFile {
		return Header{}, fmt.Errorf("%w: it is larger than %d bytes", ErrHeader, maxHeaderFile)
	}
	if digits, ok := bytes.CutPrefix(text, []byte("0x")); ok {
		rlp, err := hex.DecodeString(string(digits))
		switch {
		case err != nil:
			return Header{}, fmt.Errorf("%w: it is not hex", ErrHeader)
		case len(rlp) <= 32:
			return Header{}, fmt.Errorf("%w: it is too short for one; a hash is given as a hash", ErrHeader)
		}
		return Header{Hash: journal.Hash(crypto.Keccak256Hash(rlp))}, nil
	}
	type block struct {
		Hash   journal.Hash `json:"hash"`
		Parent journal.Hash `json:"parentHash"`
	}
	var answer struct {
		block
		Result block `json:"result"`
	}
	if err := strictjson.DecodeAnswer(text, &answer); err != nil {
		return Header{}, fmt.Errorf("%w: %w", ErrHeader, err)
	}
	for _, b := range []block{answer.block, answer.Result} {
		if b.Hash != (journal.Hash{}) && b.Parent != (journal.Hash{}) {
			return Header{Hash: b.Hash}, nil
		}
	}
	return Header{}, fmt.Errorf("%w: neither its RLP in hex nor a node's answer with hash and parentHash", ErrHeader)
}

// ParseBlockHash reads a block's hash: 0x and 64 lower-case hex characters.
func ParseBlockHash(s string) (Header, error) {
	var h Header
	if err := h.Hash.UnmarshalText([]byte(s)); err != nil {
		return Header{}, fmt.Errorf("%w: %w", ErrHeader, err)
	}
	return h, nil
}
