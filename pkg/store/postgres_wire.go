package store

import (
	"context"
	"net"
	"time"
)

// impatient dials connections that close when the server is silent for too
// long: a context alone does not end a read from a machine that is gone.
type impatient struct{ d net.Dialer }

// DialContext implements pq.DialerContext.
func (i impatient) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := i.d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return wire{c}, nil
}

// Dial implements pq.Dialer.
func (i impatient) Dial(network, address string) (net.Conn, error) {
	return i.DialContext(context.Background(), network, address)
}

// DialTimeout implements pq.Dialer.
func (i impatient) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return i.DialContext(ctx, network, address)
}

// wire is a connection on which nobody waits for longer than postgresSilence.
// Nothing reads from one that is idle.
type wire struct{ net.Conn }

// Read implements net.Conn.
func (w wire) Read(b []byte) (int, error) {
	defer w.bound()()
	return w.Conn.Read(b)
}

// Write implements net.Conn.
func (w wire) Write(b []byte) (int, error) {
	defer w.bound()()
	return w.Conn.Write(b)
}

func (w wire) bound() (done func() bool) {
	return time.AfterFunc(postgresSilence, func() { _ = w.Close() }).Stop
}
