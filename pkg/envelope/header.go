package envelope

import (
	"encoding/binary"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/keys"
)

const (
	magic = "AKEV"
	// The formats: plain, and with the object's version in the header.
	plain     = 1
	versioned = 2
	suite     = 1

	commitmentSize = 32
	nonceSize      = 12
	tagSize        = 16
	prefixSize     = len(magic) + 2
	wrapEnd        = prefixSize + 8 + keys.WrapSize
	versionSize    = 8
	headerSize     = wrapEnd + commitmentSize + nonceSize
)

// header is everything before the ciphertext. There is one encoding of each
// header and no field that can be left out.
type header struct {
	format     byte
	wrapped    keys.Wrapped
	version    uint64 // of the object; format versioned alone
	commitment [commitmentSize]byte
	nonce      [nonceSize]byte
}

// overhead is by how much an envelope of a format is longer than its plaintext.
func overhead(format byte) int {
	if format == versioned {
		return Overhead + versionSize
	}
	return Overhead
}

// append writes the header in its wire form.
func (h header) append(out []byte) []byte {
	out = append(out, magic...)
	out = append(out, h.format, suite)
	out = binary.BigEndian.AppendUint64(out, h.wrapped.Epoch)
	out = append(out, h.wrapped.Bytes[:]...)
	if h.format == versioned {
		out = binary.BigEndian.AppendUint64(out, h.version)
	}
	out = append(out, h.commitment[:]...)
	return append(out, h.nonce[:]...)
}

// formatOf reads the format of an envelope out of its first prefixSize bytes.
func formatOf(head []byte) (byte, error) {
	if len(head) >= prefixSize && string(head[:len(magic)]) == magic && head[prefixSize-1] == suite {
		if f := head[len(magic)]; f == plain || f == versioned {
			return f, nil
		}
	}
	return 0, apierr.New(apierr.EnvelopeInvalid, "the stored object is not an envelope of a version and suite that are known")
}

// decode splits an envelope into header and body (ciphertext and tag). Nothing
// is authenticated yet.
func decode(blob []byte) (header, []byte, error) {
	if len(blob) < Overhead {
		return header{}, nil, errSize()
	}
	format, err := formatOf(blob)
	if err != nil {
		return header{}, nil, err
	}
	if n := len(blob) - overhead(format); n < 0 || n > MaxPlaintext {
		return header{}, nil, errSize()
	}
	h := header{format: format}
	rest := blob[prefixSize:]
	h.wrapped.Epoch, rest = binary.BigEndian.Uint64(rest), rest[8:]
	rest = rest[copy(h.wrapped.Bytes[:], rest):]
	if format == versioned {
		h.version, rest = binary.BigEndian.Uint64(rest), rest[versionSize:]
	}
	rest = rest[copy(h.commitment[:], rest):]
	return h, rest[copy(h.nonce[:], rest):], nil
}

func errSize() error {
	return apierr.New(apierr.EnvelopeInvalid, "the stored object is too short or too long for an envelope")
}
