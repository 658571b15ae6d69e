package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/archive"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/role"
)

// leaseTime is how long another process waits for one that is gone, before it
// anchors or archives in its place.
const leaseTime = 30 * time.Second

// databaseFlag names the journal to the user.
func (c *Config) databaseFlag() string {
	if c.Postgres != "" {
		return "--audit-postgres"
	}
	return "--audit-store"
}

// openJournal opens PostgreSQL where a file names it, or SQLite; a process that only
// looks has no journal.
func (c *Config) openJournal(ctx context.Context, e role.Env) (*journal.Journal, error) {
	dsn, err := e.ReadPostgres("audit", c.Postgres)
	if err != nil {
		return nil, err
	}
	if c.Store != "" && c.Postgres != "" {
		return nil, errors.New("--audit-postgres and --audit-store: the journal lies in one of them")
	}
	if e.CheckOnly {
		return journal.Unopened()
	}
	if c.Postgres != "" {
		return journal.OpenPostgres(ctx, string(dsn.Reveal()), e.Now)
	}
	path := c.Store
	if path == "" {
		path = e.Path("audit", "audit.db")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return journal.OpenSQLite(ctx, path, e.Now)
}

// lead is a lease that processes on one PostgreSQL hold in turn; with SQLite
// there is one process, which leads.
func (c *Config) lead(j *journal.Journal, name string) func(context.Context) (bool, error) {
	if c.Postgres == "" || j == nil {
		return nil
	}
	holder := rand.Text()
	return func(ctx context.Context) (bool, error) { return j.Lease(ctx, name, holder, leaseTime) }
}

// Archiving says where confirmed batches are copied to; the zero value is
// nowhere.
type Archiving struct {
	Archiver *archive.Archiver
	Interval time.Duration
	// Lead tells whether this process may; nil: it always may.
	Lead func(context.Context) (bool, error)
}

// archiving (of the configuration) opens the archive.
func (c *Config) archiving(e role.Env, j *journal.Journal) (Archiving, error) {
	switch {
	case c.ArchiveBucket == "" && c.ArchiveCredentials == "":
		return Archiving{}, nil
	case c.ArchiveBucket == "" || c.ArchiveCredentials == "":
		return Archiving{}, errors.New("--audit-archive-bucket and --audit-archive-credentials are set together")
	case j == nil: // said already
		return Archiving{}, nil
	}
	dir := e.Path("audit", "archive")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Archiving{}, err
	}
	a, err := archive.New(archive.Config{
		Endpoint: e.Profile.Cloud.S3Endpoint, Region: e.Profile.Cloud.Region, Bucket: c.ArchiveBucket, Credentials: c.ArchiveCredentials, Dir: dir,
	}, j)
	if err != nil {
		return Archiving{}, fmt.Errorf("--audit-archive-bucket: %w", err)
	}
	return Archiving{Archiver: a, Interval: c.Interval, Lead: c.lead(j, "archive")}, nil
}

// archiving copies confirmed batches, beside everything else.
type archiving struct {
	env  role.Env
	c    Archiving
	end  context.CancelFunc
	done sync.WaitGroup
	said string // of the last pass, so that a trouble is logged once
}

func newArchiving(e role.Env, c Archiving) *archiving {
	return &archiving{env: e, c: c, end: func() {}}
}

func (a *archiving) start() {
	if a.c.Archiver == nil {
		return
	}
	var ctx context.Context
	ctx, a.end = context.WithCancel(context.Background())
	wake := make(chan struct{})
	a.done.Go(func() { a.tick(ctx, wake) })
	a.done.Go(func() {
		select { // the first pass needs the lead as well
		case <-ctx.Done():
		case <-wake:
			a.c.Archiver.Run(ctx, wake, a.report)
		}
	})
}

func (a *archiving) stop() {
	a.end()
	a.done.Wait()
}

func (a *archiving) tick(ctx context.Context, wake chan<- struct{}) {
	t := time.NewTicker(a.c.Interval)
	defer t.Stop()
	for {
		if a.leads(ctx) {
			select {
			case <-ctx.Done():
				return
			case wake <- struct{}{}:
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (a *archiving) leads(ctx context.Context) bool {
	if a.c.Lead == nil {
		return true
	}
	leads, err := a.c.Lead(ctx)
	return err == nil && leads
}

func (a *archiving) report(s archive.Status) {
	text := ""
	if s.Stopped != nil {
		text = s.Stopped.Error()
	}
	for _, h := range s.Held {
		text += "; " + h.Error()
	}
	if text != a.said && text != "" {
		a.env.Log.Error().Str("reason", text).Int("held", s.Holding).Msg("batches are not in the archive")
	}
	a.said = text
}

// ready fails while a batch waits for a person.
func (a *archiving) ready(context.Context) (time.Duration, error) {
	if a.c.Archiver == nil {
		return 0, nil
	}
	var errs []error
	for _, h := range a.c.Archiver.Status().Held {
		errs = append(errs, h)
	}
	return 0, errors.Join(errs...)
}
