package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// MaxGroup bounds the events that one signature is for, and so a path: eight
// siblings.
const MaxGroup = 256

// hash is a leaf, a node or a root.
type hash = [sha256.Size]byte

// The first byte of what is hashed tells leaves from nodes (RFC 9162 section
// 2.1.1): no node passes for a statement.
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

func leafOf(statement []byte) hash {
	return sha256.Sum256(append([]byte{leafPrefix}, statement...))
}

func nodeOf(left, right hash) hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = nodePrefix
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// treeOver are all levels over leaves, the root last. An odd node is promoted,
// never doubled, which is the tree of RFC 9162 section 2.1.1.
func treeOver(leaves []hash) [][]hash {
	levels := [][]hash{leaves}
	for level := leaves; len(level) > 1; levels = append(levels, level) {
		next := make([]hash, 0, (len(level)+1)/2)
		for i := 0; i+1 < len(level); i += 2 {
			next = append(next, nodeOf(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			next = append(next, level[len(level)-1])
		}
		level = next
	}
	return levels
}

// pathOf are the siblings of leaf i from the leaf up; promotions are not listed.
func pathOf(levels [][]hash, i int) []byte {
	path := make([]byte, 0, sha256.Size*(len(levels)-1))
	for _, level := range levels[:len(levels)-1] {
		if sibling := i ^ 1; sibling < len(level) {
			path = append(path, level[sibling][:]...)
		}
		i /= 2
	}
	return path
}

// group is what is signed: the root over size statements, numbered on from first.
type group struct {
	root  hash
	first uint64
	size  int
}

// groupBytes is how long a signed group is: root, first number, size.
const groupBytes = sha256.Size + 8 + 2

func (g group) encode() []byte {
	b := binary.BigEndian.AppendUint64(g.root[:], g.first)
	return binary.BigEndian.AppendUint16(b, uint16(g.size))
}

// decodeGroup reads what encode writes, of numbers that there are.
func decodeGroup(b []byte) (group, error) {
	if len(b) != groupBytes {
		return group{}, errors.New("no group was signed")
	}
	g := group{hash(b), binary.BigEndian.Uint64(b[sha256.Size:]), int(binary.BigEndian.Uint16(b[sha256.Size+8:]))}
	if g.size == 0 || g.size > MaxGroup || g.first == 0 || g.first > maxCount-uint64(g.size)+1 {
		return group{}, errors.New("no group was signed")
	}
	return g, nil
}

// holds refuses a statement that is not the one with this number in the group. The
// number says where the leaf stands, and that which siblings there are, and on
// which side: each statement has one path.
func (g group) holds(statement []byte, number uint64, path []byte) error {
	if number-g.first >= uint64(g.size) { // one before the first wraps around, far beyond
		return errors.New("its number is not of the group")
	}
	h := leafOf(statement)
	for i, width := int(number-g.first), g.size; width > 1; i, width = i/2, (width+1)/2 {
		if i^1 >= width {
			continue
		}
		if len(path) < len(h) {
			return errors.New("its path is too short")
		}
		sibling := hash(path)
		path = path[len(h):]
		if i%2 == 0 {
			h = nodeOf(h, sibling)
		} else {
			h = nodeOf(sibling, h)
		}
	}
	switch {
	case len(path) > 0:
		return errors.New("its path is too long")
	case h != g.root:
		return errors.New("its path does not lead to what was signed")
	}
	return nil
}
