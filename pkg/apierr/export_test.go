package apierr

// Unplaced lists the checks that the table names for a role whose order does not
// have them.
func Unplaced() (out []string) {
	for code, d := range deciding {
		for _, x := range []struct {
			role  string
			order []step
			check Check
		}{
			{"mint", orderMint(), d.mint},
			{"worker", orderWorker("fetch"), d.worker},
			{"audit", orderAudit(), d.audit},
			{"signer", append(orderSigner(), orderOffice()...), d.signer},
		} {
			if x.check != "" && indexOf(x.order, x.check) < 0 {
				out = append(out, string(code)+" at "+x.role+": "+string(x.check))
			}
		}
	}
	return out
}

// Rows are the codes that the table explains, and those that something helps against.
func Rows() (explained, helped []Code) {
	for c := range deciding {
		explained = append(explained, c)
	}
	for c := range helps {
		helped = append(helped, c)
	}
	return explained, helped
}

// Orders are all that there are.
func Orders() (out [][]Check) {
	for _, o := range [][]step{orderMint(), orderWorker("store"), orderWorker("fetch"), orderWorker("list"), orderSigner(), orderOffice(), orderAudit()} {
		var names []Check
		for _, s := range o {
			names = append(names, s.check)
		}
		out = append(out, names)
	}
	return out
}
