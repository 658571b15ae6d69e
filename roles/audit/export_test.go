package audit

// Count is how many keys are listed.
func (e Emitters) Count() int { return len(e.roles) }
