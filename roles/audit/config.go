package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/role"
)

const (
	defaultFlushAge  = 300 * time.Second
	defaultFlushSize = 10_000
	defaultInterval  = 15 * time.Second

	// Notes per actor, and flushes per operator: a person or a program that
	// reports what it does; not a flood.
	notesPerSecond, noteBurst    = 2, 240
	flushesPerSecond, flushBurst = 0.2, 20
)

// Config is the role's own configuration. Paths that are empty lie below the
// state directory.
type Config struct {
	CapKeys   string
	Emitters  string
	Operators string
	Store     string
	FlushAge  time.Duration
	FlushSize uint64
	Relayer   string
	Interval  time.Duration

	Postgres                          string
	ArchiveBucket, ArchiveCredentials string
}

// Flags implements role.Config.
func (c *Config) Flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "audit-cap-keys", Destination: &c.CapKeys, EnvVars: []string{"AGENTKEYS_AUDIT_CAP_KEYS"}, Usage: "whose sessions to accept: a JWKS `FILE` of the broker, or the thumbprint of its K1 (then it is fetched from the broker at start and must be there); required"},
		&cli.StringFlag{Name: "audit-emitters", Destination: &c.Emitters, EnvVars: []string{"AGENTKEYS_AUDIT_EMITTERS"}, Usage: "`FILE` of the roles that may hand in events, and their identity keys; required"},
		&cli.StringFlag{Name: "audit-operators", Destination: &c.Operators, EnvVars: []string{"AGENTKEYS_AUDIT_OPERATORS"}, Usage: "`FILE` with one operator omni per line, or any; required in production"},
		&cli.StringFlag{Name: "audit-store", Destination: &c.Store, EnvVars: []string{"AGENTKEYS_AUDIT_STORE"}, Usage: "SQLite `FILE` of the journal (default: audit/audit.db in the state directory)"},
		role.PostgresFlag("audit", "the journal, in place of SQLite, and used proofs", &c.Postgres),
		&cli.DurationFlag{Name: "audit-flush-age", Destination: &c.FlushAge, EnvVars: []string{"AGENTKEYS_AUDIT_FLUSH_AGE"}, Value: defaultFlushAge, Usage: "`DURATION` after which an event goes into a batch without being asked for; 0: never"},
		&cli.Uint64Flag{Name: "audit-flush-size", Destination: &c.FlushSize, EnvVars: []string{"AGENTKEYS_AUDIT_FLUSH_SIZE"}, Value: defaultFlushSize, Usage: "`NUMBER` of events of one operator that go into a batch at once; 0: any number may wait"},
		&cli.StringFlag{Name: "audit-relayer-key", Destination: &c.Relayer, EnvVars: []string{"AGENTKEYS_AUDIT_RELAYER_KEY"}, Usage: "`FILE` with the private key, 64 hex characters, of the account that puts roots on chain for operators who named it (agentkeys audit relayer); without it operators do that themselves (agentkeys audit anchor)"},
		&cli.StringFlag{Name: "audit-archive-bucket", Destination: &c.ArchiveBucket, EnvVars: []string{"AGENTKEYS_AUDIT_ARCHIVE_BUCKET"}, Usage: "`BUCKET` to which confirmed batches are copied (default: none)"},
		&cli.StringFlag{Name: "audit-archive-credentials", Destination: &c.ArchiveCredentials, EnvVars: []string{"AGENTKEYS_AUDIT_ARCHIVE_CREDENTIALS"}, Usage: "`FILE` in the form of credential_process with the keys that may put into that bucket, and nothing else"},
		&cli.DurationFlag{Name: "audit-anchor-interval", Destination: &c.Interval, EnvVars: []string{"AGENTKEYS_AUDIT_ANCHOR_INTERVAL"}, Value: defaultInterval, Usage: "`DURATION` between two looks at how batches stand on chain"},
	}
}

// Look implements role.Config.
func (c *Config) Look(ctx context.Context, e role.Env) error {
	return e.LookJournal(ctx, "audit", c.Store, c.Postgres)
}

// Open implements role.Config.
func (c *Config) Open(ctx context.Context, e role.Env) (role.Service, error) {
	p := Parts{
		Flushing: Flushing{Age: c.FlushAge, Size: c.FlushSize},
		Notes:    httpd.NewQuota(notesPerSecond, noteBurst, e.Now), Flushes: httpd.NewQuota(flushesPerSecond, flushBurst, e.Now),
	}
	var errs [9]error
	p.CapKeys, errs[1] = e.PinnedKeys(ctx, "audit-cap-keys", c.CapKeys, "broker", api.PathCapJWKS)
	if c.Emitters == "" {
		errs[2] = errors.New("--audit-emitters is not set: name the FILE of the roles that may hand in events")
	} else {
		p.Emitters, errs[2] = LoadEmitters(c.Emitters)
	}
	p.Operators, errs[3] = role.LoadOperators("audit role", "audit-operators", c.Operators, e.Profile.IsDevelopment())
	if c.FlushAge < 0 {
		errs[4] = fmt.Errorf("--audit-flush-age is not %s: it is a time, or 0 for never", c.FlushAge)
	}
	p.Journal, errs[5] = c.openJournal(ctx, e)
	proofs, err := e.OpenProofs(ctx, "audit", "", c.Postgres)
	if err == nil {
		p.Proofs = proofs
	} else if errs[5] == nil { // said already
		errs[8] = err
	}
	p.Anchoring, errs[7] = c.anchoring(e, p.Journal)
	p.Archiving, errs[0] = c.archiving(e, p.Journal)
	view, err := chain.NewCache(e.Profile.ChainProfile(), chain.Options{Now: e.Now, Log: e.Log})
	p.View, errs[6] = view, err

	// What was opened is closed again when anything is wrong.
	var closers []func() error
	if view != nil {
		closers = append(closers, view.Close)
		errs[6] = e.WatchChain("audit", view.Stats)
	}
	closers = append(closers, p.Anchoring.close...)
	if p.Journal != nil {
		closers = append(closers, p.Journal.Close)
	}
	if proofs != nil {
		closers = append(closers, proofs.Close)
	}
	a, err := newAfter(errors.Join(errs[:]...), e, p)
	if err != nil {
		return nil, errors.Join(err, closeAll(closers))
	}
	a.begins, a.closers = []func(context.Context) error{e.Claim(p.Journal, c.databaseFlag()), proofs.Begin}, closers
	return a, nil
}

func newAfter(problems error, e role.Env, p Parts) (*Audit, error) {
	if problems != nil {
		return nil, problems
	}
	return New(e, p)
}
