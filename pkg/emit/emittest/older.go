// Package emittest makes a spool as an earlier version of this program left it, for the
// tests of who opens one. What stands in its files is said in pkg/emit.
package emittest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Older makes the spool of a role in dir with one event in it that is not sent, whose
// receipt is one that was signed by itself: emit.Open answers emit.ErrVersion. now is
// this machine's clock.
func Older(t testing.TB, dir, role string, identity jose.PrivateKey, now func() time.Time) {
	t.Helper()
	s, err := emit.Open(emit.Config{
		Dir: dir, Role: role, Identity: identity, Now: now, Log: zerolog.Nop(), Patience: time.Minute,
		Post: func(context.Context, []journal.Entry) error { return errors.New("no answer") },
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Emit(t.Context(), audit.Event{
		ID: audit.NewID(), Time: now(), Emitter: role, RequestID: "REQ1",
		Operator: journaltest.Operator(1), Actor: omni.ActorOfWallet([20]byte{2}), Device: omni.DeviceKeyOfAddress([20]byte{2}),
		Class: service.Credentials, Op: service.OpFetch, Service: "github", Result: audit.Allowed,
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := errors.Join(err, s.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(dir, "*.spool"))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	b, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	head, record, _ := bytes.Cut(b, []byte("\n"))
	var e journal.Entry
	if err := strictjson.Decode(record[24:], &e); err != nil {
		t.Fatal(err)
	}
	e.Signature = strings.Join(strings.Split(e.Signature, ".")[:3], ".")
	encoded, err := strictjson.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	file := append(append(bytes.Clone(head), '\n'), first(encoded)...)
	if err := os.WriteFile(list[0], file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// first is the record of the first entry alone.
func first(entry []byte) []byte {
	b := make([]byte, 20, 24+len(entry))
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(entry))), entry...)
	binary.BigEndian.PutUint32(b, uint32(len(b)-8))
	binary.BigEndian.PutUint64(b[8:], 1)
	binary.BigEndian.PutUint32(b[16:], 1)
	table := crc32.MakeTable(crc32.Castagnoli)
	binary.BigEndian.PutUint32(b[4:], crc32.Update(crc32.Update(0, table, b[:4]), table, b[8:]))
	return b
}
