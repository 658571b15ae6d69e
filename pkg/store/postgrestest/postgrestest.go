//go:build unix

// Package postgrestest gives tests a PostgreSQL server: one that runs already, or
// one of their own, which they can kill and start again. Its data lie below a new
// directory, and it listens on a socket there and nowhere else.
package postgrestest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	_ "github.com/lib/pq" // registers the driver "postgres"

	"github.com/litentry/agentkeys/pkg/jose"
)

// Server is a PostgreSQL server.
type Server struct {
	dsn      string
	programs string // of an own one
	dir      string
	as       *syscall.SysProcAttr
}

// Connect yields the server that where names: the directory of PostgreSQL's
// programs, from which a new one is started for the duration of the test, or the
// connection string of one that runs.
func Connect(t testing.TB, where string) *Server {
	t.Helper()
	if !strings.HasPrefix(where, "/") {
		return &Server{dsn: where}
	}
	dir, err := os.MkdirTemp("", "pg") // short: the names of sockets have 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	s := &Server{programs: where, dir: dir, dsn: "host=" + dir + " user=agentkeys dbname=postgres sslmode=disable"}
	if os.Getuid() == 0 {
		s.notRoot(t)
	}
	s.run(t, "initdb", "--pgdata", s.data(), "--username", "agentkeys", "--auth", "trust", "--encoding", "UTF8", "--locale", "C")
	s.Start(t)
	t.Cleanup(func() { s.Kill(t) })
	return s
}

// notRoot: PostgreSQL refuses to run as root.
func (s *Server) notRoot(t testing.TB) {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := os.Chown(s.dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// Own reports whether the server is the test's own, to be killed and configured.
func (s *Server) Own() bool { return s.programs != "" }

// Socket is where an own server listens.
func (s *Server) Socket() string { return filepath.Join(s.dir, ".s.PGSQL.5432") }

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts an own server and waits until it answers.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "--pgdata", s.data(), "--log", filepath.Join(s.dir, "log"), "--wait", "--timeout", "120",
		"--options", "-k "+s.dir+" -c listen_addresses='' -c max_connections=200 -c deadlock_timeout=50ms", "start")
}

// Kill ends an own server as a crash would: nothing is written any more, and the
// next start recovers from the log.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "--pgdata", s.data(), "--mode", "immediate", "--wait", "stop")
}

// Standby makes an own server, for the rest of its life, one that only reads.
func (s *Server) Standby(t testing.TB) {
	t.Helper()
	s.Kill(t)
	signal := filepath.Join(s.data(), "standby.signal")
	if err := os.WriteFile(signal, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s.as != nil {
		if err := os.Chown(signal, int(s.as.Credential.Uid), int(s.as.Credential.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	s.Start(t)
}

// Set changes a setting of an own server, or resets it where the value is empty,
// and waits until new sessions see it.
func (s *Server) Set(t testing.TB, name, value string) {
	t.Helper()
	text := "ALTER SYSTEM RESET " + name
	if value != "" {
		text = "ALTER SYSTEM SET " + name + " = '" + value + "'"
	}
	s.Exec(t, text)
	before := s.ask(t, "SELECT pg_conf_load_time()::text")
	s.Exec(t, "SELECT pg_reload_conf()")
	for s.ask(t, "SELECT pg_conf_load_time()::text") == before {
	}
}

func (s *Server) run(t testing.TB, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(s.programs, program), args...)
	cmd.Dir, cmd.SysProcAttr = s.dir, s.as
	out, err := os.OpenFile(filepath.Join(s.dir, program+".out"), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out // a file: a server that goes on would hold a pipe open
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		t.Fatalf("%s: %v\n%s\n%s", program, err, said, log)
	}
}

// Fresh is the connection string of a new, empty schema, with more parameters
// (name=value) if there are any.
func (s *Server) Fresh(t testing.TB, parameters ...string) string {
	t.Helper()
	name := "t_" + strings.ToLower(strings.NewReplacer("-", "x", "_", "y").Replace(jose.NewID()))
	s.Exec(t, "CREATE SCHEMA "+name)
	t.Cleanup(func() {
		if !s.Own() {
			s.Exec(t, "DROP SCHEMA "+name+" CASCADE")
		}
	})
	parameters = append(parameters, "search_path="+name)
	switch {
	case !strings.Contains(s.dsn, "://"):
		return s.dsn + " " + strings.Join(parameters, " ")
	case strings.Contains(s.dsn, "?"):
		return s.dsn + "&" + strings.Join(parameters, "&")
	}
	return s.dsn + "?" + strings.Join(parameters, "&")
}

// Exec runs SQL, as the tests' own user, in a session of its own.
func (s *Server) Exec(t testing.TB, text string) {
	t.Helper()
	db := Raw(t, s.dsn)
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func (s *Server) ask(t testing.TB, text string) (answer string) {
	t.Helper()
	db := Raw(t, s.dsn)
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), text).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return answer
}

// Raw is a database as any client opens it, without the checks of pkg/store.
func Raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(fmt.Errorf("open: %w", err))
	}
	return db
}
