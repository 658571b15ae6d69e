package keys

import (
	"errors"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/secret"
)

// TestDocumentFaults edits a sound document: one fault each, refused by name
// and in words.
func TestDocumentFaults(t *testing.T) {
	k := made(t, 3)
	if err := k.Raise(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Destroy(t.Context(), 1, 3); err != nil {
		t.Fatal(err)
	}
	b, err := k.snapshot().encode(ringFormat)
	if err != nil {
		t.Fatal(err)
	}
	good := string(b)
	replace := func(old, text string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s in %s", old, good)
		}
		return strings.Replace(good, old, text, 1)
	}
	member := func(name string, edit func(v string) string) string {
		i := strings.Index(good, `"`+name+`":"`) + len(name) + 4
		j := i + strings.Index(good[i:], `"`)
		return good[:i] + edit(good[i:j]) + good[j:]
	}
	tombCheck := func(v string) string {
		i := strings.LastIndex(good, `"check":"`) + 9
		return good[:i] + v + good[i+16:]
	}
	twist := func(v string) string { return map[bool]string{true: "1", false: "0"}[v[0] == '0'] + v[1:] }
	for what, c := range map[string]struct{ doc, words string }{
		"nothing":                {good, ""},
		"other format":           {replace("keyring/v2", "keyring/v3"), "format is not"},
		"unknown member":         {replace(`"format"`, `"x":1,"format"`), "unknown member"},
		"twice":                  {replace(`"high_water":3`, `"high_water":3,"high_water":3`), "duplicate member"},
		"trailing":               {good + "{}", "invalid JSON"},
		"cut":                    {good[:len(good)-3], "invalid JSON"},
		"empty":                  {"", "invalid JSON"},
		"epoch zero":             {replace(`"epoch":2`, `"epoch":0`), "zero or stands there twice"},
		"epoch twice":            {replace(`"epoch":2`, `"epoch":3`), "zero or stands there twice"},
		"key and tombstone":      {replace(`"epoch":1,`, `"epoch":2,`), "zero or stands there twice"},
		"newest destroyed":       {replace(`"epoch":1,`, `"epoch":4,`), "no later one was in use"},
		"destroyed and not used": {replace(`"high_water":3`, `"high_water":0`), "no later one was in use"},
		"destroyed key is there": {tombCheck(good[strings.Index(good, `"check":"`)+9:][:16]), "have one key"},
		"tombstone zero":         {replace(`"epoch":1,`, `"epoch":0,`), "zero or stands there twice"},
		"mark without key":       {replace(`"high_water":3`, `"high_water":4`), "its key is missing"},
		"mark at a tombstone":    {replace(`"high_water":3`, `"high_water":1`), "no later one was in use"},
		"mark lower":             {replace(`"high_water":3`, `"high_water":2`), ""},
		"damaged key":            {member("k3", twist), "does not fit its check value"},
		"damaged check":          {member("check", twist), "does not fit its check value"},
		"short key":              {member("k3", func(v string) string { return v[2:] }), "not 32 bytes in lower-case hex"},
		"long key":               {member("k3", func(v string) string { return v + "00" }), "not 32 bytes in lower-case hex"},
		"zero key":               {member("k3", func(string) string { return strings.Repeat("0", 64) }), "not 32 random bytes"},
		"key in upper case":      {member("k3", func(v string) string { return "A" + v[1:] }), "not 32 bytes in lower-case hex"},
		"key escaped":            {member("k3", func(v string) string { return `\u0030` + v[1:] }), "not 32 bytes in lower-case hex"},
		"ring id":                {member("ring_id", func(v string) string { return v[2:] }), "ring id"},
		"no ring id":             {member("ring_id", func(string) string { return "" }), "ring id"},
		"file id":                {member("file_id", func(v string) string { return "A" + v[1:] }), "file id and generation"},
		"no file id":             {member("file_id", func(string) string { return "" }), "file id and generation"},
		"generation zero":        {replace(`"generation":5`, `"generation":0`), "file id and generation"},
		"chain zero":             {replace(`"chain_id":31337`, `"chain_id":0`), "deployment"},
		"contract":               {member("epoch_contract", func(v string) string { return v[:41] }), "deployment"},
		"contract's case":        {replace("0x03", "0xA3"), "deployment"},
		"created":                {member("created", func(v string) string { return v[:10] }), "RFC 3339"},
		"created with an offset": {member("created", func(v string) string { return v[:19] + "+00:00" }), "RFC 3339"},
		"retired":                {member("retired", func(string) string { return "never" }), "RFC 3339"},
		"destroyed":              {member("destroyed", func(v string) string { return v[:19] + ".5Z" }), "RFC 3339"},
		"tombstone's check":      {tombCheck("x123456789abcdef"), "check value is not 8 bytes"},
		"no keys":                {good[:strings.Index(good, `"epochs":[`)] + `"epochs":[],"tombstones":[]}`, "its key is missing"},
		"joining":                {replace(`"high_water":3`, `"high_water":3,"joining":true`), "unknown member"},
		"ring id left out":       {strings.Replace(good, good[strings.Index(good, `"ring_id"`):strings.Index(good, `"file_id"`)], "", 1), "ring id"},
	} {
		r, err := parseRing([]byte(c.doc), ringFormat)
		if c.words == "" {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
			r.destroyBut(ring{})
			continue
		}
		if !errors.Is(err, ErrKeyringInvalid) || !strings.Contains(err.Error(), c.words) || len(r.keys) != 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := parseRing(b, backupFormat); !errors.Is(err, ErrKeyringInvalid) {
		t.Error("a keyring passed for a backup:", err)
	}
	if _, err := parseRing([]byte(replace(ringFormat, backupFormat)), backupFormat); !errors.Is(err, ErrKeyringInvalid) || !strings.Contains(err.Error(), "file id and generation") {
		t.Error("a backup with a file id:", err)
	}
}

// TestTwoEpochsOneKey: a key that stands there twice is refused.
func TestTwoEpochsOneKey(t *testing.T) {
	r := made(t, 2).snapshot().clone()
	r.keys[2] = r.keys[1]
	b, err := r.encode(ringFormat)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseRing(b, ringFormat); !errors.Is(err, ErrKeyringInvalid) || !strings.Contains(err.Error(), "have one key") {
		t.Error(err)
	}
}

// TestUnreadableIsNotWritten: a ring that could not be read again never takes
// the place of one that can.
func TestUnreadableIsNotWritten(t *testing.T) {
	k := made(t, 1)
	raise := func(highWater uint64) error {
		return k.change(t.Context(), func(r ring) (ring, bool, error) { r.highWater = highWater; return r, true, nil })
	}
	if err := raise(1); err != nil {
		t.Fatal(err)
	}
	if err := raise(9); !errors.Is(err, ErrKeyringInvalid) || k.snapshot().highWater != 1 {
		t.Error(err)
	}
	if again, err := Open(t.Context(), k.o); err != nil || again.Status().HighWater != 1 {
		t.Error(err)
	}
}

// TestBackupWithAGap: beside a mark a backup has all epochs that were in use,
// not the newest alone.
func TestBackupWithAGap(t *testing.T) {
	k := made(t, 3)
	r := k.snapshot().clone()
	delete(r.keys, 2)
	r.fileID, r.generation = "", 0
	b, err := r.seal(t.Context(), k.o.Seal, backupFormat)
	if err != nil {
		t.Fatal(err)
	}
	for highWater, want := range map[uint64]error{1: nil, 3: ErrBackupIncomplete} {
		o := options(t)
		o.disk = osDisk{}
		m := k.snapshot().mark()
		m.HighWater = highWater
		if err := o.writeMark(m); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), o, b, k.o.Seal); !errors.Is(err, want) || want != nil && !strings.Contains(err.Error(), "lacks 2;") {
			t.Error(highWater, err)
		}
	}
}

// TestEmptyRing: a keyring without a key is none.
func TestEmptyRing(t *testing.T) {
	r := made(t, 1).snapshot()
	for _, want := range []error{nil, ErrKeyringInvalid} {
		b, err := r.encode(ringFormat)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseRing(b, ringFormat); !errors.Is(err, want) || want != nil && !strings.Contains(err.Error(), "holds no key") {
			t.Error(err)
		}
		r.keys = nil
	}
}

// gone reports whether a key was zeroed.
func gone(l *secret.Locked) bool {
	return errors.Is(l.Use(func([]byte) error { return nil }), secret.ErrDestroyed)
}

// TestDestroyedKeyIsZeroed: the memory of a key that was destroyed, closed or
// left behind by a reload holds nothing; one that stays is the same memory.
func TestDestroyedKeyIsZeroed(t *testing.T) {
	k := made(t, 2)
	beside, err := Open(t.Context(), k.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := beside.Prepare(t.Context(), 3, 2); err != nil {
		t.Fatal(err)
	}
	first, second := k.ring.keys[1].k3, k.ring.keys[2].k3
	if err := k.Raise(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if k.ring.keys[1].k3 != first || k.ring.keys[2].k3 != second || gone(first) {
		t.Error("a key that stays moved")
	}
	if _, err := k.Destroy(t.Context(), 1, 2); err != nil {
		t.Fatal(err)
	}
	if !gone(first) || gone(second) {
		t.Error("the wrong key is gone")
	}
	third := k.ring.keys[3].k3
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if !gone(second) || !gone(third) {
		t.Error("Close left a key")
	}
}
