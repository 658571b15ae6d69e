package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/secret"
)

const canary = "canary-7c1f"

type holder struct {
	Name   string
	Public secret.Secret
	hidden secret.Secret
}

func TestNothingPrintsASecret(t *testing.T) {
	s := secret.New([]byte(canary))
	h := holder{Name: "n", Public: s, hidden: s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", &h)
		fmt.Fprintf(&out, verb+"\n", []any{s, h, map[string]any{"k": h}})
	}
	for _, v := range []any{s, h, &h} {
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		if b, err := xml.Marshal(v); err == nil {
			out.Write(b)
		}
		_ = gob.NewEncoder(&out).Encode(v)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "h", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "h", h)
	fmt.Fprintln(&out, errors.Join(fmt.Errorf("wrapped %v", s), fmt.Errorf("%+v", h)))
	func() {
		defer func() { fmt.Fprint(&out, recover()) }()
		panic(h)
	}()
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), "Y2FuYXJ5"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("output contains %q:\n%s", form, out.String())
		}
	}
	if !strings.Contains(out.String(), secret.Redacted) {
		t.Error("nothing was redacted: the test printed nothing")
	}
}

func TestSecretHoldsACopy(t *testing.T) {
	src := []byte("abc")
	s := secret.New(src)
	src[0] = 'x'
	if string(s.Reveal()) != "abc" || s.Len() != 3 {
		t.Fatalf("got %q", s.Reveal())
	}
	if !s.Equal(secret.New([]byte("abc"))) || s.Equal(secret.New([]byte("abd"))) {
		t.Error("Equal is wrong")
	}
	if (secret.Secret{}).Reveal() != nil {
		t.Error("zero value reveals something")
	}
	copied := s
	s.Destroy()
	if !bytes.Equal(copied.Reveal(), []byte{0, 0, 0}) {
		t.Error("Destroy left bytes in a copy")
	}
}

func TestOwnTakesTheSlice(t *testing.T) {
	b := []byte("abc")
	s := secret.Own(b)
	if string(s.Reveal()) != "abc" || fmt.Sprintf("%+v", s) != secret.Redacted {
		t.Error("not held, or printed")
	}
	s.Destroy()
	if !bytes.Equal(b, []byte{0, 0, 0}) {
		t.Error("a copy was made")
	}
}

func TestSecretIsNeverDecoded(t *testing.T) {
	var s secret.Secret
	if err := json.Unmarshal([]byte(`"x"`), &s); !errors.Is(err, secret.ErrNoEncoding) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.MarshalBinary(); !errors.Is(err, secret.ErrNoEncoding) {
		t.Fatalf("got %v", err)
	}
}
