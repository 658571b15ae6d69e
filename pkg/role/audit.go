package role

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/emit"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
)

// Audit is how a role says what it decides: its events go into the journal, and
// their receipts into the answers. It is safe for concurrent use.
type Audit struct {
	reporter *emit.Reporter
	spool    *emit.Spool // nil: the events go elsewhere
}

// auditPatience is how long a role that ends waits for its events to reach the
// disk, and then once more for the audit role.
const auditPatience = 3 * time.Second

// OpenAudit opens the spool of a role in dir, from where its events are sent to the
// audit role that the profile names, signed by the role's identity key. A process that
// only looks has no spool ([Env.LookSpool] looks at it), and says nothing.
func (e Env) OpenAudit(role string, identity jose.PrivateKey, dir string) (*Audit, error) {
	host, err := e.Profile.Host("audit")
	if err != nil {
		return nil, err
	}
	if e.CheckOnly {
		return e.AuditTo(unopened{})
	}
	web := &api.Client{HTTP: api.NewHTTPClient(), Now: e.Now}
	spool, err := emit.Open(emit.Config{
		Dir: dir, Role: role, Identity: identity, Now: e.Now, Log: e.Log,
		Post: func(ctx context.Context, entries []journal.Entry) error {
			return postEvents(ctx, web, host+api.PathAuditEmit, entries)
		},
	})
	if err != nil {
		return nil, err
	}
	a, err := e.AuditTo(spool)
	if err != nil {
		return nil, errors.Join(err, closeSpool(spool))
	}
	a.spool = spool
	if err := e.Metrics.Register(newAuditCollector(role, a)); err != nil {
		return nil, errors.Join(fmt.Errorf("registering metrics: %w", err), a.Close())
	}
	return a, nil
}

// postEvents is answered when the journal has all of them.
func postEvents(ctx context.Context, web *api.Client, url string, entries []journal.Entry) error {
	out, err := api.PostJSON[api.AuditPlaces](ctx, web, api.Request{URL: url}, api.AuditEmit{Entries: entries})
	if err != nil {
		return err
	}
	if len(out.Places) != len(entries) {
		return fmt.Errorf("%s answers %d places for %d events", url, len(out.Places), len(entries))
	}
	for i, p := range out.Places {
		if p.ID != entries[i].Event.ID {
			return fmt.Errorf("%s answers the place of another event", url)
		}
	}
	return nil
}

// AuditTo says what a role decides to a sink that is there already.
func (e Env) AuditTo(sink audit.Sink) (*Audit, error) {
	r, err := emit.NewReporter(emit.Options{Sink: sink, Now: e.Now, Log: e.Log})
	return &Audit{reporter: r}, err
}

// Allowed makes a decision known before what it allows happens, and puts its
// receipt into the answer. On an error, which carries audit_unavailable, nothing
// may happen.
func (a *Audit) Allowed(ctx context.Context, e audit.Event) error {
	durable, err := a.Allowing(ctx, e)
	if err != nil {
		return err
	}
	return durable()
}

// Allowing is Allowed in two parts, for what takes its time before anything leaves
// this host or changes: durable, which must be called once, is Allowed's answer. What
// the audit log refuses at once is an error at once.
func (a *Audit) Allowing(ctx context.Context, e audit.Event) (durable func() error, err error) {
	wait, err := a.reporter.Allowing(ctx, e)
	if err != nil {
		return nil, err
	}
	return func() error {
		receipt, err := wait()
		httpd.SetReceipt(ctx, receipt)
		return err
	}, nil
}

// Denied makes a refusal known without keeping whoever was refused waiting, and
// puts its receipt into the answer. Faults of this host are no decisions.
func (a *Audit) Denied(ctx context.Context, e audit.Event, why error) {
	httpd.SetReceipt(ctx, a.reporter.Denied(ctx, e, why))
}

// Outcome makes known what became of what was allowed: completed when why is nil,
// failed otherwise. It never waits.
func (a *Audit) Outcome(decision audit.Event, why error) { a.reporter.Outcome(decision, why) }

// Settle waits until the sink took, or refused, what was said so far. Nothing may
// be said meanwhile.
func (a *Audit) Settle() { a.reporter.Settle() }

// Checks are those of the role's readiness. What is asked may be served by this
// very process.
func (a *Audit) Checks() []httpd.Check {
	if a.spool == nil {
		return nil
	}
	return []httpd.Check{{Name: "audit", Later: true, Probe: a.spool.Ready}}
}

// Close waits, for a few seconds at most, until what was said is on its way to the
// audit role, or at least on the disk.
func (a *Audit) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), auditPatience)
	defer cancel()
	err := a.reporter.Close(ctx)
	if a.spool == nil {
		return err
	}
	return errors.Join(err, closeSpool(a.spool))
}

func closeSpool(s *emit.Spool) error {
	ctx, cancel := context.WithTimeout(context.Background(), auditPatience)
	defer cancel()
	return s.Close(ctx)
}

// auditCollector turns what is counted into metrics when it is asked.
type auditCollector struct {
	a *Audit

	spooled, bytes, age, refused, dropped, collapsed *prometheus.Desc
}

func newAuditCollector(role string, a *Audit) auditCollector {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("agentkeys_audit_"+name, help, nil, prometheus.Labels{"role": role})
	}
	return auditCollector{
		a:         a,
		spooled:   desc("spooled", "Events that the audit role does not have yet."),
		bytes:     desc("spool_bytes", "What the spool takes on the disk."),
		age:       desc("spool_age_seconds", "How long the oldest of these events has waited."),
		refused:   desc("refused_total", "Events that the audit role refuses for what they are: they were set aside."),
		dropped:   desc("dropped_total", "Denials and outcomes that stand in the request log alone."),
		collapsed: desc("collapsed_total", "Denials that are counted in the event of another one."),
	}
}

// Describe implements prometheus.Collector.
func (c auditCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.spooled, c.bytes, c.age, c.refused, c.dropped, c.collapsed} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c auditCollector) Collect(out chan<- prometheus.Metric) {
	s, r := c.a.spool.Stats(), c.a.reporter.Stats()
	send := func(d *prometheus.Desc, t prometheus.ValueType, v float64) {
		out <- prometheus.MustNewConstMetric(d, t, v)
	}
	send(c.spooled, prometheus.GaugeValue, float64(s.Unsent))
	send(c.bytes, prometheus.GaugeValue, float64(s.Bytes))
	send(c.age, prometheus.GaugeValue, s.Age.Seconds())
	send(c.refused, prometheus.CounterValue, float64(s.Refused))
	send(c.dropped, prometheus.CounterValue, float64(r.Dropped))
	send(c.collapsed, prometheus.CounterValue, float64(r.Collapsed))
}
