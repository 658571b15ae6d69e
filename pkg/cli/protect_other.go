//go:build !linux

package cli

// protectMemory has nothing to do where a limit on core dumps would also be
// inherited by every child.
func protectMemory() {}

// overwriteFreed is for the systems on which roles are served.
func overwriteFreed([]string) error { return nil }
