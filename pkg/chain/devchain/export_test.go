package devchain

// HoldBlock is a block that is made but not yet on disk. When it ends, err says
// what came of it.
func (c *Chain) HoldBlock() (end func(err error)) {
	c.sealer.block.Lock()
	return func(err error) {
		c.sealer.fault = err
		c.sealer.block.Unlock()
	}
}
