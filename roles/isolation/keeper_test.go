package isolation_test

import (
	"crypto/ecdsa"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/httpd"
)

// keeperRows: the care of keys is for the accounts that the chain names, whoever
// else can sign.
func keeperRows(w *world, r httpd.Route) []cell {
	var out []cell
	signer := func(c apierr.Code) verdict { return by(apierr.LayerSigner, c) }
	// What comes after the office is asked: the requests name nothing that could
	// be done.
	after := map[string]verdict{
		api.PathEpochExport: signer(apierr.Unauthorized), api.PathEpochImport: signer(apierr.EpochConflict), api.PathEpochDestroy: signer(apierr.EpochConflict),
	}
	for _, h := range []struct {
		name   string
		wallet *ecdsa.PrivateKey
		office string
	}{
		{"governance", w.governance, "governance"}, {"the maintainer", w.maintainer, "maintainer"}, {"own", w.own.key, ""}, {"the master", w.master.key, ""}, {"the rival", w.rival.key, ""},
	} {
		want, past := signer(apierr.MaintainerRequired), false
		if h.office != "" && (r.Policy == h.office+"+proof" || r.Policy == "maintainer or governance+proof") {
			want, past = after[r.Path], true
		}
		out = append(out, cell{name: "session of " + h.name, want: want, past: past, call: func() verdict { return w.send(w.orders(r, h.wallet)).verdict }})
	}
	return out
}
