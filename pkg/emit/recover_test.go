package emit_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// filled is a directory with n unsent events in several files.
func filled(t *testing.T, n int) (emit.Config, *role) {
	t.Helper()
	r := &role{answer: silence}
	c := config(t, r)
	c.SegmentBytes, c.MaxBytes = 8<<10, 1<<20
	s := open(t, c)
	for i := range n {
		mustEmit(t, s, fmt.Sprint(i))
	}
	closed(t, s)
	r.answers(nil)
	return c, r
}

func segments(t *testing.T, c emit.Config) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(c.Dir, "*.spool"))
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestATornEndIsCut at every byte of the last record: what is before it is there,
// the number is given again, and what comes then is appended behind it.
func TestATornEndIsCut(t *testing.T) {
	t.Parallel()
	c, _ := filled(t, 3)
	path := segments(t, c)[0]
	whole := read(t, path)
	e := journal.Entry{Event: event("torn"), Sequence: 4, Source: "signer"}
	encoded, err := strictjson.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	next := emit.Record(4, encoded)
	for _, cut := range [][]byte{next[:1], next[:7], next[:19], next[:20], next[:len(next)/2], next[:len(next)-1], make([]byte, 4096), bytes.Repeat([]byte{0xff}, 100)} {
		write(t, path, append(bytes.Clone(whole), cut...))
		if first, last, torn, err := emit.ReadDir(c.Dir); first != 1 || last != 3 || !torn || err != nil {
			t.Fatalf("%d bytes: %d to %d, torn %t, %v", len(cut), first, last, torn, err)
		}
		r := &role{}
		d := c
		d.Post = r.post
		s := open(t, d)
		if got := read(t, path); !bytes.Equal(got, whole) {
			t.Errorf("%d bytes: it was not cut", len(cut))
		}
		mustEmit(t, s, "behind")
		closed(t, s)
		sound(t, r.entries(), 4)
		if err := os.Remove(filepath.Join(c.Dir, "taken")); err != nil { // as before the first Open
			t.Fatal(err)
		}
	}
}

// TestDamageIsLoud: each directory differs from a good one in one thing. None of it
// is skipped, and nothing is sent.
func TestDamageIsLoud(t *testing.T) {
	t.Parallel()
	flip := func(at func(b []byte) int) func(t *testing.T, c emit.Config, list []string) {
		return func(t *testing.T, _ emit.Config, list []string) {
			b := read(t, list[1])
			b[at(b)] ^= 1
			write(t, list[1], b)
		}
	}
	for name, c := range map[string]struct {
		edit func(t *testing.T, c emit.Config, list []string)
		want string
	}{
		"a byte in the middle":    {flip(func(b []byte) int { return len(b) / 2 }), "behind entry"},
		"the last byte of a file": {flip(func(b []byte) int { return len(b) - 1 }), "behind entry"},
		"the length of a record":  {flip(func(b []byte) int { return bytes.IndexByte(b, '\n') + 2 }), "behind entry"},
		"the number of a record":  {flip(func(b []byte) int { return bytes.IndexByte(b, '\n') + 16 }), "behind entry"},
		"the first line":          {flip(func([]byte) int { return 20 }), "first line"},
		"the magic":               {flip(func([]byte) int { return 0 }), "does not begin"},
		"a middle of the last file": {func(t *testing.T, _ emit.Config, list []string) {
			b := read(t, list[len(list)-1])
			b[bytes.IndexByte(b, '\n')+30] ^= 1
			write(t, list[len(list)-1], b)
		}, "behind entry"},
		"a file that is gone": {func(t *testing.T, _ emit.Config, list []string) {
			if err := os.Remove(list[1]); err != nil {
				t.Fatal(err)
			}
		}, "the next file begins with"},
		"a file cut short": {func(t *testing.T, _ emit.Config, list []string) {
			b := read(t, list[1])
			write(t, list[1], b[:len(b)-1])
		}, "behind entry"},
		"the first file under another name": {func(t *testing.T, _ emit.Config, list []string) {
			if err := os.Rename(list[0], emit.SegmentPath(filepath.Dir(list[0]), 2)); err != nil {
				t.Fatal(err)
			}
		}, "its entries begin with"},
		"a name that is none": {func(t *testing.T, c emit.Config, _ []string) {
			write(t, filepath.Join(c.Dir, "1.spool"), nil)
		}, "has this name"},
		"a file of another source": {func(t *testing.T, c emit.Config, list []string) {
			last := list[len(list)-1]
			b := read(t, last)
			head, rest, _ := bytes.Cut(b, []byte("\n"))
			f := strings.Fields(string(head))
			var first uint64
			if _, err := fmt.Sscan(f[2], &first); err != nil {
				t.Fatal(err)
			}
			write(t, last, append(emit.Header(f[1]+"x", first), rest...))
		}, "its source"},
		"records in another order": {func(t *testing.T, _ emit.Config, list []string) {
			last := list[len(list)-1]
			b := read(t, last)
			head, rest, _ := bytes.Cut(b, []byte("\n"))
			n := 8 + int(rest[2])<<8 + int(rest[3])
			swapped := append(bytes.Clone(rest[n:]), rest[:n]...)
			write(t, last, append(append(bytes.Clone(head), '\n'), swapped...))
		}, "is followed by"},
		"older than what was sent": {func(t *testing.T, c emit.Config, list []string) {
			s := open(t, c)
			closed(t, s)
			for _, f := range segments(t, c) {
				if err := os.Remove(f); err != nil {
					t.Fatal(err)
				}
			}
			write(t, list[0], read(t, list[0]+".old"))
		}, "older than it was"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conf, r := filled(t, 30)
			list := segments(t, conf)
			if len(list) < 4 {
				t.Fatal(list)
			}
			write(t, list[0]+".old", read(t, list[0]))
			c.edit(t, conf, list)
			n := len(r.entries())
			if _, err := emit.Open(conf); !errors.Is(err, emit.ErrDamaged) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if len(r.entries()) != n {
				t.Error("something was sent")
			}
		})
	}
	conf, r := filled(t, 30) // the twin
	closed(t, open(t, conf))
	sound(t, r.entries(), 30)
}

// TestAFileThatIsMissed: files that were sent are removed, and that is remembered;
// one that was not sent is missed.
func TestAFileThatIsMissed(t *testing.T) {
	t.Parallel()
	for _, lose := range []bool{false, true} {
		c, r := filled(t, 600)
		n := 0
		r.answers(func([]journal.Entry) error {
			if n++; n > 1 {
				return errors.New("no answer")
			}
			return nil
		})
		closed(t, open(t, c))
		list := segments(t, c)
		first, last, _, err := emit.ReadDir(c.Dir)
		if err != nil || first < 200 || first > emit.MaxBatch+1 || last != 600 {
			t.Fatal(first, last, err)
		}
		r.answers(nil)
		if lose {
			if err := errors.Join(os.Remove(list[0]), os.Remove(list[1])); err != nil {
				t.Fatal(err)
			}
			if _, err := emit.Open(c); !errors.Is(err, emit.ErrDamaged) || !strings.Contains(err.Error(), "and only 256 were sent") {
				t.Errorf("%v", err)
			}
			continue
		}
		closed(t, open(t, c))
		sound(t, r.entries(), 600)
	}
}

// TestAnotherKey: a spool is one key's. Another one may begin anew when nothing
// waits, under a series of its own.
func TestAnotherKey(t *testing.T) {
	t.Parallel()
	c, r := filled(t, 30)
	other, err := jose.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	theirs := c
	theirs.Identity = other
	if _, err := emit.Open(theirs); err == nil || !strings.Contains(err.Error(), "30 of its events") || !strings.Contains(err.Error(), identity().Public().Thumbprint()) {
		t.Errorf("%v", err)
	}
	closed(t, open(t, c))
	sound(t, r.entries(), 30)
	s := open(t, theirs)
	mustEmit(t, s, "anew")
	closed(t, s)
	last := r.entries()[30]
	if _, key, err := audit.ParseSource(last.Source); err != nil || key != other.Public().Thumbprint() || last.Sequence != 1 {
		t.Errorf("%+v, %v", last, err)
	}
	theirs.Role, theirs.Identity = "broker", other
	s = open(t, theirs) // all was taken
	if role, _, err := audit.ParseSource(s.Source()); err != nil || role != "broker" {
		t.Errorf("%s, %v", s.Source(), err)
	}
	closed(t, s)
}

// TestWhatWasSentIsRemembered, and costs a repetition of the very same entries when
// it is not.
func TestWhatWasSentIsRemembered(t *testing.T) {
	t.Parallel()
	c, r := filled(t, 10)
	closed(t, open(t, c))
	sound(t, r.entries(), 10)
	closed(t, open(t, c))
	sound(t, r.entries(), 10)
	lies := segments(t, c)
	first, last, _, err := emit.ReadDir(c.Dir)
	if err != nil || last != 10 || len(lies) != 1 {
		t.Fatal(first, last, lies, err)
	}
	for name, edit := range map[string]func(string) error{
		"gone":    os.Remove,
		"torn":    func(p string) error { return os.Truncate(p, 20) },
		"damaged": func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("x"), 200), 0o600) },
		"of another number": func(p string) error {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return os.WriteFile(p, bytes.Replace(b, []byte("0010 "), []byte("0015 "), 1), 0o600)
		},
	} {
		before := r.entries()
		if err := edit(filepath.Join(c.Dir, "taken")); err != nil {
			t.Fatal(err)
		}
		closed(t, open(t, c))
		again := r.entries()[len(before):]
		if uint64(len(again)) != last-first+1 {
			t.Errorf("%s: %d were sent again", name, len(again))
		}
		for _, e := range again {
			if e != before[e.Sequence-1] {
				t.Errorf("%s: entry %d was sent otherwise", name, e.Sequence)
			}
		}
	}
}

// TestOthersMayNotWrite into the spool: neither an event, nor that one was sent.
func TestOthersMayNotWrite(t *testing.T) {
	t.Parallel()
	c, _ := filled(t, 1)
	for _, path := range []string{segments(t, c)[0], filepath.Join(c.Dir, "taken"), filepath.Join(c.Dir, "lock")} {
		mode(t, path, 0o660)
		if _, err := emit.Open(c); !errors.Is(err, files.ErrUnsafe) || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("%s: %v", path, err)
		}
		mode(t, path, 0o600)
		closed(t, open(t, c))
	}
	// Also one that is new.
	c = config(t, &role{})
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	mode(t, c.Dir, 0o777)
	if _, err := emit.Open(c); !errors.Is(err, files.ErrUnsafe) {
		t.Errorf("everybody's directory: %v", err)
	}
	mode(t, c.Dir, 0o700)
	closed(t, open(t, c))
}

func mode(t *testing.T, path string, m os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, m); err != nil {
		t.Fatal(err)
	}
}

// TestTheAgeOfWhatWasThere: an event that waits since before the restart counts.
func TestTheAgeOfWhatWasThere(t *testing.T) {
	t.Parallel()
	r := &role{answer: silence}
	c := config(t, r)
	at := time.Date(2027, 3, 4, 5, 30, 0, 0, time.UTC)
	c.Now = func() time.Time { return at }
	s := open(t, c)
	mustEmit(t, s, "1")
	closed(t, s)
	at = at.Add(time.Hour)
	s = open(t, c)
	for {
		_, err := s.Emit(t.Context(), event("2"))
		if err != nil { // the first attempt has had no answer
			refused(t, "an old one", err, "longer than 30s")
			break
		}
	}
	if age := s.Stats().Age; age < time.Hour-time.Second || age > time.Hour {
		t.Errorf("age %s", age)
	}
	closed(t, s)
}

// TestEntriesOfAnother number or source are not sent, though their record is whole.
func TestEntriesOfAnother(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*journal.Entry){
		"": func(*journal.Entry) {}, "number": func(e *journal.Entry) { e.Sequence = 2 }, "source": func(e *journal.Entry) { e.Source += "x" },
	} {
		r := &role{}
		c := config(t, r)
		closed(t, open(t, c))
		path := segments(t, c)[0]
		b := read(t, path)
		e := journal.Entry{Event: event("x"), Sequence: 1, Source: strings.Fields(string(b))[1]}
		var err error
		if e.Signature, err = audit.Sign(identity(), e.Source, 1, e.Event); err != nil {
			t.Fatal(err)
		}
		edit(&e)
		encoded, err := strictjson.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, append(b, emit.Record(1, encoded)...))
		s := open(t, c)
		closed(t, s)
		if n := len(r.entries()); (n == 1) != (name == "") || s.Stats().Unsent != uint64(1-n) {
			t.Errorf("another %s: %d were sent", name, n)
		}
	}
}
