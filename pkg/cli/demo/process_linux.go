package demo

import (
	"os/exec"
	"syscall"
)

// withParent lets a process end with this one, however this one ends.
func withParent(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
