package envelope

import (
	"encoding/binary"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

const (
	magic   = "AKEV"
	version = 1
	suite   = 1

	commitmentSize = 32
	nonceSize      = 12
	tagSize        = 16
	prefixSize     = len(magic) + 2
	headerSize     = prefixSize + 8 + keys.WrapSize + commitmentSize + nonceSize
)

// header is everything before the ciphertext. There is one encoding of each
// header and no field that can be left out.
type header struct {
	wrapped    keys.Wrapped
	commitment [commitmentSize]byte
	nonce      [nonceSize]byte
}

// append writes the header in its wire form.
func (h header) append(out []byte) []byte {
	out = append(out, magic...)
	out = append(out, version, suite)
	out = binary.BigEndian.AppendUint64(out, h.wrapped.Epoch)
	out = append(out, h.wrapped.Bytes[:]...)
	out = append(out, h.commitment[:]...)
	return append(out, h.nonce[:]...)
}

// decode splits an envelope into header and body (ciphertext and tag). Nothing
// is authenticated yet.
func decode(blob []byte) (header, []byte, error) {
	if len(blob) < Overhead || len(blob) > Overhead+MaxPlaintext {
		return header{}, nil, apierr.New(apierr.EnvelopeInvalid, "the stored object is too short or too long for an envelope")
	}
	if string(blob[:prefixSize]) != magic+string([]byte{version, suite}) {
		return header{}, nil, apierr.New(apierr.EnvelopeInvalid, "the stored object is not an envelope of a version and suite that are known")
	}
	var h header
	rest := blob[prefixSize:]
	h.wrapped.Epoch, rest = binary.BigEndian.Uint64(rest), rest[8:]
	rest = rest[copy(h.wrapped.Bytes[:], rest):]
	rest = rest[copy(h.commitment[:], rest):]
	return h, rest[copy(h.nonce[:], rest):], nil
}
