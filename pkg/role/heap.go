package role

import "runtime"

// heapRoom is how much garbage a serving process lets come together, in bytes.
const heapRoom = 32 << 20

// HoldHeap gives the garbage collector room until release is called: once per
// process. A role keeps a few megabytes, and the collector, which begins when the
// heap has doubled (GOGC), would begin fifty times a second under load and take a
// fifth of the work. What is held here counts as heap, so that it begins heapRoom
// later; nothing ever touches it, so that it takes addresses and no memory.
func HoldHeap() (release func()) {
	room := make([]byte, heapRoom)
	return func() { runtime.KeepAlive(room) }
}
