package secret

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// allocate maps whole pages that nothing else shares: mlock(2) and madvise(2)
// work on pages, and unlocking one secret must not unlock its neighbour.
func allocate(size int) (*region, error) {
	page := os.Getpagesize()
	pages, err := unix.Mmap(-1, 0, (size+page-1)/page*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, err
	}
	return &region{pages: pages, size: size, free: func(pages []byte) { _ = unix.Munmap(pages) }}, nil
}

// pin keeps pages in memory (mlock(2)) and out of core dumps (madvise(2)). It
// tries both whatever becomes of one.
func pin(pages []byte) error {
	return errors.Join(unix.Mlock(pages), unix.Madvise(pages, unix.MADV_DONTDUMP))
}
