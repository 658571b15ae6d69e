package store

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

func TestRebind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "SELECT 1": "SELECT 1", "?": "$1", "a = ? AND b IN (?,?)": "a = $1 AND b IN ($2,$3)",
		strings.Repeat("?", 11): "$1$2$3$4$5$6$7$8$9$10$11",
	} {
		if got := Rebind(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{"40P01": true, "40001": true, "55P03": false, "57014": false, "23505": false, "": false} {
		err := errors.Join(errors.New("rolled back"), &pq.Error{Code: pqerror.Code(code)})
		if Again(err) != want {
			t.Error(code)
		}
	}
	if Again(nil) || Again(context.DeadlineExceeded) {
		t.Error("an error of somebody else's")
	}
}

// TestWayToPostgres: what leaves this machine is encrypted, and leads to the
// machine that was named. Each pair differs in one word.
func TestWayToPostgres(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]error{
		"host=db.example.com sslmode=verify-full":              nil,
		"host=db.example.com sslmode=verify-ca":                ErrPlaintext,
		"host=db.example.com sslmode=require":                  ErrPlaintext,
		"host=db.example.com":                                  ErrPlaintext,
		"host=db.example.com sslmode=disable":                  ErrPlaintext,
		"postgres://u:p@db.example.com/x?sslmode=verify-full":  nil,
		"postgres://u:p@db.example.com/x?sslmode=prefer":       ErrPlaintext,
		"host=10.0.0.1 sslmode=disable":                        ErrPlaintext,
		"host=127.0.0.1 sslmode=disable":                       nil,
		"host=::1 sslmode=disable":                             nil,
		"host=localhost sslmode=disable":                       nil,
		"host=localhost.example.com sslmode=disable":           ErrPlaintext,
		"host=/run/postgresql sslmode=disable":                 nil,
		"host=localhost hostaddr=10.0.0.1 sslmode=disable":     ErrPlaintext,
		"host=localhost hostaddr=10.0.0.1 sslmode=verify-full": nil,
		"host=db hostaddr=127.0.0.1 sslmode=disable":           nil,
		"host=localhost,db port=1,2 sslmode=disable":           ErrPlaintext,
		"host=localhost,127.0.0.1 port=1,2 sslmode=disable":    nil,
	} {
		_, err := OpenPostgresReaders(dsn, 1)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// TestConnectionStringStaysSecret: libraries like to quote what they cannot read.
func TestConnectionStringStaysSecret(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"postgres://u:hunter2@h:port/x", "postgres://u:hunter2@[/x", "host=localhost password=hunter2 port=hunter2",
		"password='hunter2", "hunter2", "host=localhost sslmode=hunter2", "password=hunter2 host=db.example.com",
	} {
		_, err := OpenPostgresReaders(dsn, 1)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func TestPromises(t *testing.T) {
	t.Parallel()
	good := promises{"on", "on", "false", "140000"}
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*promises){
		"fsync":              func(p *promises) { p.fsync = "off" },
		"synchronous_commit": func(p *promises) { p.commit = "off" },
		"local commit":       func(p *promises) { p.commit = "local" },
		"standby":            func(p *promises) { p.recovery = "true" },
	} {
		p := good
		edit(&p)
		if err := p.check(); !errors.Is(err, ErrNotDurable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range []string{"130020", "", "x"} {
		if err := (promises{"on", "on", "false", v}).check(); err == nil || errors.Is(err, ErrNotDurable) {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestSilence: a server that says nothing, or takes nothing, is given up; an idle
// connection is not.
func TestSilence(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(net.Conn) (int, error){
		"read":  func(c net.Conn) (int, error) { return c.Read(make([]byte, 1)) },
		"write": func(c net.Conn) (int, error) { return c.Write(make([]byte, 1)) },
	} {
		synctest.Test(t, func(t *testing.T) {
			mine, theirs := net.Pipe()
			defer theirs.Close()
			w := wire{mine}
			go func() { _, _ = theirs.Write([]byte{1}) }()
			if _, err := w.Read(make([]byte, 1)); err != nil {
				t.Error(err)
			}
			time.Sleep(10 * postgresSilence) // of the bubble: idle
			from := time.Now()
			go func() {
				time.Sleep(postgresSilence - time.Second)
				b := make([]byte, 1)
				if name == "read" {
					_, _ = theirs.Write(b)
				} else {
					_, _ = theirs.Read(b)
				}
			}()
			if _, err := do(w); err != nil || time.Since(from) != postgresSilence-time.Second {
				t.Error(name, err, time.Since(from))
			}
			from = time.Now()
			if _, err := do(w); err == nil || time.Since(from) != postgresSilence {
				t.Error(name, err, time.Since(from))
			}
		})
	}
}
