package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// process is a role in a process of its own, which a step may kill.
type process struct {
	program string
	args    []string
	environ []string
	url     string

	cmd *exec.Cmd
	log *tail
}

// start starts it and waits until it answers.
func (p *process) start(ctx context.Context) error {
	p.cmd, p.log = exec.CommandContext(ctx, p.program, p.args...), new(tail)
	p.cmd.Env, p.cmd.Stderr = p.environ, p.log
	withParent(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return err
	}
	err := until(ctx, "the process answers", func() (bool, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/healthz", nil)
		if err != nil {
			return false, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false, nil // not yet
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode == http.StatusOK, err
	})
	if err != nil {
		return fmt.Errorf("%w: %s", err, p.log)
	}
	return nil
}

// kill ends it at once, as kill -9 does.
func (p *process) kill() error {
	if p.cmd == nil {
		return nil
	}
	err := p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it says that it was killed
	p.cmd = nil
	return err
}

// patience is how long a step waits for what must come.
const patience = 30 * time.Second

// until asks again and again until what must come is there.
func until(ctx context.Context, what string, there func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t := time.NewTicker(20 * time.Millisecond)
	defer t.Stop()
	for {
		ok, err := there()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("waiting until %s", what), context.Cause(ctx))
		case <-t.C:
		}
	}
}

// tail keeps the end of what a process logs.
type tail struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.b.Len() > 1<<16 {
		t.b.Reset()
	}
	return t.b.Write(b)
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}
