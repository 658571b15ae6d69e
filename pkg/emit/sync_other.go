//go:build !linux

package emit

import "os"

func fdatasync(f *os.File) error { return f.Sync() }
