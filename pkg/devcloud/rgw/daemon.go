package rgw

import (
	"fmt"
	"os/exec"
	"runtime"
)

// daemon is a process that lives as long as this one, at most.
type daemon struct {
	name string
	stop chan struct{}
	done chan struct{} // closed when the process has ended
	err  error         // why; read after done
}

// startDaemon starts cmd on a thread of its own: the kernel ends a child with
// the thread that started it, not with the process.
func startDaemon(cmd *exec.Cmd) (*daemon, error) {
	d := &daemon{name: cmd.Path, stop: make(chan struct{}), done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(d.done)
		runtime.LockOSThread() // and never unlocked: the thread ends with its goroutine
		endWithUs(cmd)
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		ended := make(chan struct{})
		go func() {
			select {
			case <-d.stop:
				_ = cmd.Process.Kill()
			case <-ended:
			}
		}()
		d.err = cmd.Wait()
		close(ended)
	}()
	return d, <-started
}

// ended is an error when the daemon runs no longer.
func (d *daemon) ended() error {
	select {
	case <-d.done:
		return fmt.Errorf("%s has ended: %w", d.name, d.err)
	default:
		return nil
	}
}

// kill ends the daemon and waits until it is gone. It is called once.
func (d *daemon) kill() {
	close(d.stop)
	<-d.done
}
