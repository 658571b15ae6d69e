package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// protectMemory keeps keys and secrets out of core dumps and from debuggers of
// the same user. A child that is executed starts afresh.
func protectMemory() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// overwriteFreed has the garbage collector overwrite what it frees, so that an idle
// process holds nothing of what it served. The runtime reads that from GODEBUG at
// its start, and only there: the program starts anew in its own place, once. A
// GODEBUG that speaks of it is left as it is.
func overwriteFreed(environ []string) error {
	env, said := overwriting(environ)
	if said {
		return nil
	}
	return fmt.Errorf("starting anew with GODEBUG=clobberfree=1: %w; set it in the environment", unix.Exec("/proc/self/exe", os.Args, env))
}

// overwriting is the environment with the wish in it; said tells that it spoke of it
// already.
func overwriting(environ []string) (env []string, said bool) {
	const variable, wanted = "GODEBUG=", "clobberfree=1"
	env = slices.Clone(environ)
	at := slices.IndexFunc(env, func(kv string) bool { return strings.HasPrefix(kv, variable) })
	switch {
	case at >= 0 && strings.Contains(env[at], "clobberfree="):
		return env, true
	case at >= 0 && env[at] != variable:
		env[at] += "," + wanted
	case at >= 0:
		env[at] += wanted
	default:
		env = append(env, variable+wanted)
	}
	return env, false
}
