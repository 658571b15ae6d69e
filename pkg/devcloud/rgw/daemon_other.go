//go:build !linux

package rgw

import "os/exec"

func endWithUs(*exec.Cmd) {}
