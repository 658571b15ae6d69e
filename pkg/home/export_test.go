package home

// HumanN and SetHumanN let tests pay less than a second per passphrase.
func (d *Dir) HumanN() int     { return d.humanN }
func (d *Dir) SetHumanN(n int) { d.humanN = n }

// SetLimit lets a test fill what is bounded.
func (v *Versions) SetLimit(n int) { v.limit = n }

// Limit is what it is bounded by.
func (v *Versions) Limit() int { return v.limit }
