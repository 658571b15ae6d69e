//go:build !linux

package secret

import "errors"

// allocate takes memory from Go's heap.
func allocate(size int) (*region, error) {
	return &region{pages: make([]byte, size), size: size, free: func([]byte) {}}, nil
}

// pin says that nothing is locked here.
func pin([]byte) error { return errors.ErrUnsupported }
