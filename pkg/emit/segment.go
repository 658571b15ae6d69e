package emit

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/files"
)

// The names in a spool's directory.
const (
	segmentSuffix = ".spool"  // <number of the first entry, 16 digits>.spool
	freshName     = "fresh"   // a file that is not in its place yet
	lockName      = "lock"    // whose process has the spool
	takenName     = "taken"   // how far the audit role has it
	refusedName   = "refused" // what the audit role will never take
	maxRefused    = 16 << 20  // bytes
	digits        = 16        // of a number in a name
)

// segment is one file of the spool: its entries have the numbers from first to
// last, of which the first size bytes are durable.
type segment struct {
	path  string
	first uint64
	last  uint64 // first - 1 when there is none
	size  int64
}

func segmentPath(dir string, first uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%0*d%s", digits, first, segmentSuffix))
}

// createSegment makes a file durable that begins with content, in its place at
// once. A file that begins with the same number holds nothing that counts, and is
// replaced.
func createSegment(d disk, dir string, first uint64, content []byte) (file, segment, error) {
	fresh, path := filepath.Join(dir, freshName), segmentPath(dir, first)
	f, err := d.create(fresh)
	if err != nil {
		return nil, segment{}, err
	}
	if _, err = f.Write(content); err == nil {
		err = f.sync()
	}
	if err == nil {
		err = d.rename(fresh, path)
	}
	if err == nil {
		err = d.syncDir(dir)
	}
	if err != nil {
		return nil, segment{}, closing(f, err)
	}
	return f, segment{path, first, first - 1, int64(len(content))}, nil
}

// found is a segment as it lies on the disk. What follows its last whole record
// is not in it.
type found struct {
	segment
	source  string
	content []byte // header and whole records
	torn    bool   // something followed them
	records []record
}

// readSegment reads a file up to its end, or up to the number before that of the
// segment behind it: what is beyond was never acknowledged. next is 0 where there
// is none.
func readSegment(d disk, path string, next uint64) (found, error) {
	if err := files.Check(path); err != nil {
		return found{}, err
	}
	b, err := d.read(path)
	if err != nil {
		return found{}, err
	}
	return parseSegment(path, b, next)
}

// parseSegment is readSegment for what was read.
func parseSegment(path string, b []byte, next uint64) (found, error) {
	source, first, n, err := parseFileHeader(b)
	if err != nil {
		return found{}, damaged(path, "%s", err)
	}
	if filepath.Base(path) != filepath.Base(segmentPath("", first)) {
		return found{}, damaged(path, "its entries begin with %d", first)
	}
	out := found{segment: segment{path: path, first: first, last: first - 1}, source: source}
	for n < len(b) && (next == 0 || out.last+1 < next) {
		r, err := parseRecord(b[n:])
		if err == nil && r.first != out.last+1 {
			return found{}, damaged(path, "entry %d is followed by %d", out.last, r.first)
		}
		if err != nil {
			if next != 0 || laterRecord(b[n:], out.last+1) {
				return found{}, damaged(path, "at byte %d, behind entry %d: %s", n, out.last, err)
			}
			out.torn = true
			break
		}
		out.records, out.last, n = append(out.records, r), r.last(), n+r.size
	}
	if next != 0 && out.last+1 != next {
		return found{}, damaged(path, "it ends with entry %d, the next file begins with %d", out.last, next)
	}
	out.content, out.size = b[:n], int64(n)
	return out, nil
}

// readSegments reads all files of a directory, in order.
func readSegments(d disk, dir string) ([]found, error) {
	names, err := d.list(dir)
	if err != nil {
		return nil, err
	}
	type at struct {
		name  string
		first uint64
	}
	var list []at
	for _, name := range names {
		digit, ok := strings.CutSuffix(name, segmentSuffix)
		if !ok {
			continue
		}
		var first uint64
		if _, err := fmt.Sscanf(digit, "%d", &first); err != nil || segmentPath("", first) != name {
			return nil, damaged(filepath.Join(dir, name), "no file of the spool has this name")
		}
		list = append(list, at{name, first})
	}
	slices.SortFunc(list, func(a, b at) int { return cmp.Compare(a.first, b.first) })
	out := make([]found, len(list))
	for i, f := range list {
		var next uint64
		if i+1 < len(list) {
			next = list[i+1].first
		}
		if out[i], err = readSegment(d, filepath.Join(dir, f.name), next); err != nil {
			return nil, err
		}
		if out[i].source != out[0].source {
			return nil, damaged(out[i].path, "its source is not that of the files before it")
		}
	}
	return out, nil
}
