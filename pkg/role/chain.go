package role

import (
	"fmt"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/litentry/agentkeys/pkg/chain"
)

// WatchChain exports what following the chain costs the role and what it saw:
// a warm actor costs no read, a change shows in agentkeys_chain_change_seconds,
// an endpoint that contradicts the others in agentkeys_chain_dissents_total.
// Endpoints are named by their place in the profile, because a URL may carry an
// access key.
func (e Env) WatchChain(role string, stats func() chain.Stats) error {
	labels := prometheus.Labels{"role": role}
	desc := func(name, help string, variable ...string) *prometheus.Desc {
		return prometheus.NewDesc("agentkeys_chain_"+name, help, variable, labels)
	}
	c := chainCollector{
		stats:         stats,
		requests:      desc("requests_total", "HTTP requests to the RPC endpoints."),
		reads:         desc("reads_total", "Cold queries: each one batch to every RPC endpoint."),
		polls:         desc("polls_total", "Looks for a new head."),
		emptied:       desc("cache_emptied_total", "How often the head cache was emptied."),
		subscriptions: desc("subscriptions", "Live subscriptions to new blocks."),
		head:          desc("head_number", "The newest block on which the RPC endpoints agree."),
		age:           desc("head_age_seconds", "The age of that block."),
		change:        desc("change_seconds", "From the time of a block that changed what the contracts say until it was acted on: how long what it revoked was still allowed."),
		asked:         desc("endpoint_requests_total", "HTTP requests to one RPC endpoint.", "endpoint"),
		failures:      desc("endpoint_failures_total", "Questions to which an RPC endpoint gave no usable answer.", "endpoint"),
		dissents:      desc("dissents_total", "Answers of an RPC endpoint that contradict the others.", "endpoint"),
	}
	if err := e.Metrics.Register(c); err != nil {
		return fmt.Errorf("registering metrics: %w", err)
	}
	return nil
}

// chainCollector turns what a view counted into metrics when it is asked.
type chainCollector struct {
	stats func() chain.Stats

	requests, reads, polls, emptied, subscriptions, head, age, change, asked, failures, dissents *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c chainCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		c.requests, c.reads, c.polls, c.emptied, c.subscriptions, c.head, c.age, c.change, c.asked, c.failures, c.dissents,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c chainCollector) Collect(out chan<- prometheus.Metric) {
	s := c.stats()
	send := func(d *prometheus.Desc, t prometheus.ValueType, v float64, label ...string) {
		out <- prometheus.MustNewConstMetric(d, t, v, label...)
	}
	send(c.requests, prometheus.CounterValue, float64(s.Requests))
	send(c.reads, prometheus.CounterValue, float64(s.Reads))
	send(c.polls, prometheus.CounterValue, float64(s.Polls))
	send(c.emptied, prometheus.CounterValue, float64(s.Emptied))
	send(c.subscriptions, prometheus.GaugeValue, float64(s.Subscriptions))
	if s.HeadNumber > 0 { // an age of nothing would look fresh
		send(c.head, prometheus.GaugeValue, float64(s.HeadNumber))
		send(c.age, prometheus.GaugeValue, s.HeadAge.Seconds())
	}
	buckets, total := map[float64]uint64{}, uint64(0)
	for i, n := range s.Changes.Counts {
		total += n
		if i < len(s.Changes.Bounds) {
			buckets[s.Changes.Bounds[i]] = total
		}
	}
	out <- prometheus.MustNewConstHistogram(c.change, total, s.Changes.Sum, buckets)
	for i, n := range s.Endpoints {
		at := strconv.Itoa(i)
		send(c.asked, prometheus.CounterValue, float64(n.Requests), at)
		send(c.failures, prometheus.CounterValue, float64(n.Failures), at)
		send(c.dissents, prometheus.CounterValue, float64(n.Dissents), at)
	}
}
