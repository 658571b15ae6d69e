package emit_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestReceiptsOfAnotherVersion: what cannot be sent any more is said when the spool is
// opened, and by which number; nothing of it is set aside. What was sent is no matter.
func TestReceiptsOfAnotherVersion(t *testing.T) {
	t.Parallel()
	const n = 40 // more than are set aside one after the other
	c, r := filled(t, n)
	c.SegmentBytes, c.MaxBytes = 1<<20, 8<<20
	list := segments(t, c)
	header, _, _ := bytes.Cut(read(t, list[0]), []byte("\n"))
	s := open(t, c) // which sends all
	closed(t, s)
	entries := r.entries()
	if len(entries) != n {
		t.Fatalf("%d entries", len(entries))
	}
	// older has three segments, as a receipt that was signed by itself.
	older := func(e *journal.Entry) { e.Signature = strings.Join(strings.Split(e.Signature, ".")[:3], ".") }
	for name, test := range map[string]struct {
		edit  func(i int, e *journal.Entry)
		taken uint64
		want  string
	}{
		"all of this version":   {func(int, *journal.Entry) {}, 0, ""},
		"all of another":        {func(_ int, e *journal.Entry) { older(e) }, 0, "40 events from number 1 on"},
		"the unsent of another": {func(_ int, e *journal.Entry) { older(e) }, 30, "10 events from number 31 on"},
		"the sent of another": {func(i int, e *journal.Entry) {
			if i < 30 {
				older(e)
			}
		}, 30, ""},
		"all of another, and all sent": {func(_ int, e *journal.Entry) { older(e) }, n, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &role{}
			own := c
			own.Dir, own.Post = filepath.Join(t.TempDir(), "spool"), r.post
			if err := os.Mkdir(own.Dir, 0o700); err != nil {
				t.Fatal(err)
			}
			file := append(bytes.Clone(header), '\n')
			for i, e := range entries {
				test.edit(i, &e)
				b, err := strictjson.Encode(e)
				if err != nil {
					t.Fatal(err)
				}
				file = append(file, emit.Record(uint64(i+1), b)...)
			}
			write(t, emit.SegmentPath(own.Dir, 1), file)
			write(t, filepath.Join(own.Dir, "taken"), emit.TakenLine(test.taken, entries[0].Source))
			s, err := emit.Open(own)
			if test.want != "" {
				if !errors.Is(err, emit.ErrVersion) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "serve once more with that version") {
					t.Errorf("%v", err)
				}
				if len(r.entries()) > 0 {
					t.Error("something was sent")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			closed(t, s)
			if got := r.entries(); uint64(len(got)) != n-test.taken {
				t.Errorf("%d were sent", len(got))
			}
		})
	}
}
