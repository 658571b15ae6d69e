package chain

import "time"

// Stats is what a Cache asked and saw. Nothing in it names an endpoint by its
// URL or an actor.
type Stats struct {
	// Requests are all HTTP requests; a batch is one.
	Requests uint64
	// Reads are the cold queries, each one batch to every endpoint.
	Reads uint64
	// Polls are the looks for a new head, each of one to three requests to
	// every endpoint.
	Polls uint64
	// Emptied is how often everything was dropped.
	Emptied uint64
	// Subscriptions are those that live now.
	Subscriptions int
	// Endpoints are in the order of the profile.
	Endpoints []EndpointStats
	// HeadNumber and HeadAge tell the newest block; the age is 0 before there
	// was one.
	HeadNumber uint64
	HeadAge    time.Duration
	// Changes is how long after the time that a block carries it was acted on,
	// of blocks that changed what the contracts say. From then on nothing that
	// such a block revoked is allowed any more.
	Changes Histogram
}

// EndpointStats counts what one endpoint did.
type EndpointStats struct {
	Requests uint64
	// Failures are questions without a usable answer.
	Failures uint64
	// Dissents are answers that were not those of the others.
	Dissents uint64
}

// Histogram counts durations. Counts[i] are those of at most Bounds[i] seconds
// and more than the bound before; the last one has no bound.
type Histogram struct {
	Bounds []float64
	Counts []uint64
	Sum    float64 // seconds
}

func newHistogram() Histogram {
	b := []float64{.05, .1, .25, .5, 1, 2, 4, 8, 15, 30, 60}
	return Histogram{Bounds: b, Counts: make([]uint64, len(b)+1)}
}

func (h *Histogram) observe(d time.Duration) {
	s := max(0, d).Seconds() // a block may lie ahead of this machine's clock
	i := 0
	for i < len(h.Bounds) && s > h.Bounds[i] {
		i++
	}
	h.Counts[i]++
	h.Sum += s
}

// Stats returns the counts so far.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{
		Reads: c.reads, Polls: c.poller.count(), Emptied: c.generation - 1, Subscriptions: int(c.awake.Load()),
		Changes: Histogram{Bounds: c.changes.Bounds, Counts: append([]uint64(nil), c.changes.Counts...), Sum: c.changes.Sum},
	}
	for i, e := range c.q.eps {
		n := EndpointStats{Requests: e.requests.Load(), Failures: c.q.failures[i].Load(), Dissents: c.q.dissents[i].Load()}
		s.Requests += n.Requests
		s.Endpoints = append(s.Endpoints, n)
	}
	if !c.head.Time.IsZero() {
		s.HeadNumber, s.HeadAge = c.head.Number, max(0, c.o.Now().Sub(c.head.Time))
	}
	return s
}
