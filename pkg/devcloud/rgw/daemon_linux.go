package rgw

import (
	"os/exec"
	"syscall"
)

func endWithUs(cmd *exec.Cmd) {
	// A group of its own: an interrupt from the terminal is for us, who end it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
