package archive_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/journal/journaltest"
)

// TestKeys: they are read each time, and nothing is sent with what is not safe.
func TestKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.archiver(t, w)
	session := fmt.Sprintf(`{"Version":1,"AccessKeyId":%q,"SecretAccessKey":%q}`, keyID, keySecret)
	for i, c := range []struct {
		name   string
		write  func()
		reason archive.Reason
		is     error
	}{
		{"honest", func() {}, "", nil},
		{"readable by others", func() { w.writeKeys(t, keyID, keySecret, 0o644) }, archive.Credentials, files.ErrUnsafe},
		{"honest again", func() { w.writeKeys(t, keyID, keySecret, 0o600) }, "", nil},
		{"gone", func() { _ = os.Remove(w.keys) }, archive.Credentials, os.ErrNotExist},
		{"half", func() { w.writeKeyFile(t, session[:len(session)-10], 0o600) }, archive.Credentials, nil},
		{"version", func() { w.writeKeyFile(t, strings.Replace(session, "1", "2", 1), 0o600) }, archive.Credentials, nil},
		{"more members", func() { w.writeKeyFile(t, strings.Replace(session, "{", `{"x":"`+keySecret+`",`, 1), 0o600) }, archive.Credentials, nil},
		{"another's", func() { w.writeKeys(t, "AKIAOTHER00000000001", keySecret, 0o600) }, archive.Refused, blob.ErrRefused},
		{"wrong secret", func() { w.writeKeys(t, keyID, keySecret+"x", 0o600) }, archive.Refused, blob.ErrRefused},
		{"honest at last", func() { w.writeKeys(t, keyID, keySecret, 0o600) }, "", nil},
	} {
		b := w.batch(t, journaltest.Operator(i), 1)
		c.write()
		err := a.Pass(t.Context())
		var p *archive.Problem
		errors.As(err, &p)
		switch {
		case c.reason == "" && err != nil, c.reason != "" && (p == nil || p.Reason != c.reason || c.is != nil && !errors.Is(err, c.is)):
			t.Errorf("%s: %v, want %s", c.name, err, c.reason)
		case c.reason == "":
			w.there(t, b, journal.ArchiveStored)
		default:
			w.stands(t, b, "")
			// Canary: nothing that is told holds a secret.
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", a.Status(), a.Status()), fmt.Sprintf("%+v", a)} {
				if strings.Contains(text, "canary") {
					t.Errorf("%s tells the secret: %s", c.name, text)
				}
			}
		}
	}
	if s := a.Status(); s.Stored != 10 {
		t.Errorf("%+v", s)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, edit := range map[string]func(*archive.Config){
		"":               func(*archive.Config) {},
		"no bucket":      func(c *archive.Config) { c.Bucket = "" },
		"odd bucket":     func(c *archive.Config) { c.Bucket = "a/b" },
		"no region":      func(c *archive.Config) { c.Region = "" },
		"plain endpoint": func(c *archive.Config) { c.Endpoint = "http://storage.example.com" },
		"no credentials": func(c *archive.Config) { c.Credentials = "" },
		"no such file":   func(c *archive.Config) { c.Credentials += "x" },
		"no directory":   func(c *archive.Config) { c.Dir = "" },
		"not a directory": func(c *archive.Config) {
			c.Dir = c.Credentials
		},
	} {
		c := w.config()
		edit(&c)
		if _, err := archive.New(c, w); (err == nil) != (name == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.writeKeys(t, keyID, keySecret, 0o640)
	if _, err := archive.New(w.config(), w); !errors.Is(err, files.ErrUnsafe) {
		t.Error(err)
	}
}
