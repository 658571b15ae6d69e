package emit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// A file of the spool is a line that says whose numbers are in it and with which
// one it begins, then records. A record is what one sync made durable together:
//
//	length of what follows the checksum    4 bytes
//	CRC-32C of length and what follows     4 bytes
//	number of the first entry              8 bytes
//	how many entries                       4 bytes
//	each entry: length (4 bytes), then its JSON
//
// Integers are big-endian. A record is written only after the one before it is
// durable: what is torn can only be the last one, and none of it was acknowledged.
const (
	fileMagic    = "agentkeys-spool-1"
	recordHeader = 20
	// maxEntry bounds the JSON of an entry, far beyond the longest valid one.
	maxEntry = 16 << 10
	// maxGroup bounds the entries of a record, which share a signature.
	maxGroup = audit.MaxGroup
	// maxRecord bounds the length field.
	maxRecord = 12 + maxGroup*(4+maxEntry)
)

func castagnoli(b ...[]byte) (sum uint32) {
	table := crc32.MakeTable(crc32.Castagnoli) // the library keeps it
	for _, p := range b {
		sum = crc32.Update(sum, table, p)
	}
	return sum
}

// fileHeader is the first line of a file.
func fileHeader(source string, first uint64) []byte {
	text := fmt.Sprintf("%s %s %d", fileMagic, source, first)
	return fmt.Appendf(nil, "%s %08x\n", text, castagnoli([]byte(text)))
}

// parseFileHeader reads the first line and returns how long it is.
func parseFileHeader(b []byte) (source string, first uint64, n int, err error) {
	line, _, ok := strings.Cut(string(b[:min(len(b), 256)]), "\n")
	f := strings.Split(line, " ")
	if !ok || len(f) != 4 || f[0] != fileMagic {
		return "", 0, 0, errors.New("it does not begin as a file of the spool")
	}
	first, err = strconv.ParseUint(f[2], 10, 64)
	if err != nil || first == 0 || first > journal.MaxSequence || string(fileHeader(f[1], first)) != line+"\n" {
		return "", 0, 0, errors.New("its first line is not what was written")
	}
	return f[1], first, len(line) + 1, nil
}

// appendRecord adds a record of encoded entries to b.
func appendRecord(b []byte, first uint64, entries [][]byte) []byte {
	start := len(b)
	b = append(b, make([]byte, recordHeader)...)
	for _, e := range entries {
		b = binary.BigEndian.AppendUint32(b, uint32(len(e)))
		b = append(b, e...)
	}
	r := b[start:]
	binary.BigEndian.PutUint32(r, uint32(len(r)-8))
	binary.BigEndian.PutUint64(r[8:], first)
	binary.BigEndian.PutUint32(r[16:], uint32(len(entries)))
	binary.BigEndian.PutUint32(r[4:], castagnoli(r[:4], r[8:]))
	return b
}

// record is one that was read. Its entries lie in what was read.
type record struct {
	first   uint64
	entries [][]byte
	size    int // of the whole record
}

// last is the number of the last entry.
func (r record) last() uint64 { return r.first + uint64(len(r.entries)) - 1 }

var (
	errTorn   = errors.New("a record is not whole")
	errRecord = errors.New("a record is not what was written")
)

// recordSize is how long the record is that begins with b.
func recordSize(b []byte) (int, error) {
	if len(b) < recordHeader {
		return 0, errTorn
	}
	length, first, count := binary.BigEndian.Uint32(b), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint32(b[16:])
	if length < 12 || length > maxRecord || first == 0 || first > journal.MaxSequence || count == 0 || count > maxGroup {
		return 0, errRecord
	}
	return 8 + int(length), nil
}

// parseRecord reads the record at the beginning of b. What ends too early is
// errTorn, everything else that is wrong errRecord.
func parseRecord(b []byte) (record, error) {
	size, err := recordSize(b)
	if err != nil {
		return record{}, err
	}
	if size > len(b) {
		return record{}, errTorn
	}
	r := record{first: binary.BigEndian.Uint64(b[8:]), size: size}
	count := binary.BigEndian.Uint32(b[16:])
	// The form first, then the checksum: looking for a record at every byte stays
	// cheap.
	for rest := b[recordHeader:size]; len(rest) > 0; count-- {
		if len(rest) < 4 || count == 0 {
			return record{}, errRecord
		}
		n := binary.BigEndian.Uint32(rest)
		if rest = rest[4:]; n == 0 || n > maxEntry || int(n) > len(rest) {
			return record{}, errRecord
		}
		r.entries, rest = append(r.entries, rest[:n]), rest[n:]
	}
	if count != 0 || castagnoli(b[:4], b[8:size]) != binary.BigEndian.Uint32(b[4:]) {
		return record{}, errRecord
	}
	return r, nil
}

// decode reads the entries of a record, which must be those of its source and
// numbers.
func (r record) decode(source string) ([]journal.Entry, error) {
	out := make([]journal.Entry, len(r.entries))
	for i, b := range r.entries {
		if err := strictjson.Decode(b, &out[i]); err != nil {
			return nil, fmt.Errorf("entry %d: %w", r.first+uint64(i), err)
		}
		if out[i].Sequence != r.first+uint64(i) || out[i].Source != source {
			return nil, fmt.Errorf("entry %d has another number or source", r.first+uint64(i))
		}
	}
	return out, nil
}

// laterRecord reports whether a whole record with a number above from begins
// anywhere in b. Where one does, what stands before it had been durable. Numbers
// that would need more entries than there is room for are none.
func laterRecord(b []byte, from uint64) bool {
	for room := from + uint64(len(b)); len(b) >= recordHeader; b = b[1:] {
		if first := binary.BigEndian.Uint64(b[8:]); first <= from || first > room {
			continue
		}
		if _, err := parseRecord(b); err == nil {
			return true
		}
	}
	return false
}
