package emit_test

import (
	"bytes"
	"testing"

	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// FuzzFile: whatever lies in the place of the last file, reading it yields what it
// would write, or an error; cutting it anywhere yields no entry more.
func FuzzFile(f *testing.F) {
	const source = "signer:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:x"
	encode := func(n uint64) []byte {
		b, err := strictjson.Encode(journal.Entry{Event: event("x"), Sequence: n, Source: source})
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	head := emit.Header(source, 7)
	good := bytes.Join([][]byte{head, emit.Record(7, encode(7), encode(8)), emit.Record(9, encode(9))}, nil)
	f.Add(good)
	f.Add(good[:len(good)-5])
	f.Add(head)
	f.Add(append(bytes.Clone(good), 0, 0, 0))
	f.Add(emit.Header(source, 8))
	f.Add([]byte{})
	path := emit.SegmentPath("", 7)
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, torn, err := emit.ParseFile(path, b)
		if err != nil {
			return
		}
		if !bytes.HasPrefix(b, []byte("agentkeys-spool-1 ")) || !torn && len(b) == 0 {
			t.Fatal("read what is no file of the spool")
		}
		if len(b) == 0 {
			return
		}
		if fewer, _, err := emit.ParseFile(path, b[:len(b)-1]); err == nil && fewer > entries {
			t.Fatalf("%d entries, %d of a file that is shorter", entries, fewer)
		}
	})
}

// TestFileOfTheFuzzer shows that what the fuzzer begins with is read.
func TestFileOfTheFuzzer(t *testing.T) {
	t.Parallel()
	c, _ := filled(t, 3)
	path := segments(t, c)[0]
	if n, torn, err := emit.ParseFile(path, read(t, path)); n != 3 || torn || err != nil {
		t.Errorf("%d, %t, %v", n, torn, err)
	}
}
