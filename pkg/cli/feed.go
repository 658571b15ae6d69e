package cli

import (
	"fmt"
	"os"
	"os/exec"

	"github.com/litentry/agentkeys/pkg/secret"
)

// feed writes secrets into pipes whose other ends are the child's.
type feed struct {
	theirs []*os.File
	ours   []*os.File
	values []secret.Secret
}

// attach gives the child a pipe for each descriptor that was asked for. What
// lies between them is closed in the child.
func attach(child *exec.Cmd, wanted []*handover) (*feed, error) {
	var f feed
	for _, h := range wanted {
		if h.fd == 0 {
			continue
		}
		r, w, err := os.Pipe()
		if err != nil {
			f.close()
			return nil, fmt.Errorf("making a pipe for the program: %w", err)
		}
		f.theirs, f.ours, f.values = append(f.theirs, r), append(f.ours, w), append(f.values, h.value)
		for len(child.ExtraFiles) <= h.fd-firstFD {
			child.ExtraFiles = append(child.ExtraFiles, nil)
		}
		child.ExtraFiles[h.fd-firstFD] = r
	}
	return &f, nil
}

// start writes. A pipe holds 64 KiB, so a longer secret is written while the
// child reads; one that never reads loses it when it ends.
func (f *feed) start() {
	for _, r := range f.theirs {
		_ = r.Close()
	}
	for i, w := range f.ours {
		go func() {
			_, _ = w.Write(f.values[i].Reveal()) // the child may have closed its end
			_ = w.Close()
			f.values[i].Destroy()
		}()
	}
}

func (f *feed) close() {
	for _, file := range append(f.theirs, f.ours...) {
		_ = file.Close()
	}
}
