package apierr_test

import (
	"slices"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// TestEveryCodeIsExplained: whoever adds a code says which check of which role
// answers it, and what helps.
func TestEveryCodeIsExplained(t *testing.T) {
	explained, helped := apierr.Rows()
	for _, d := range apierr.Table() {
		if !slices.Contains(explained, d.Code) {
			t.Errorf("%s: no check decides it", d.Code)
		}
		if apierr.Helps(d.Code) == "" {
			t.Errorf("%s: nothing helps", d.Code)
		}
		known := false
		for _, a := range []apierr.Asked{{Answering: apierr.LayerMint}, {Answering: apierr.LayerWorker, Op: "fetch"}, {Answering: apierr.LayerSigner}, {Answering: apierr.LayerSigner, Op: "fetch"}, {Answering: apierr.LayerAudit}} {
			a.Code = d.Code
			known = known || apierr.Explain(a).Check != ""
		}
		if known == (d.Code == apierr.InternalError) {
			t.Errorf("%s: some role answers it: %v", d.Code, known)
		}
	}
	for _, c := range explained {
		if _, ok := apierr.Lookup(c); !ok {
			t.Errorf("%s is explained and is none of the table", c)
		}
	}
	for _, c := range helped {
		if _, ok := apierr.Describe(c); !ok {
			t.Errorf("something helps against %s, and it is no code", c)
		}
	}
	for _, u := range apierr.Unplaced() {
		t.Errorf("the role has no such check: %s", u)
	}
}

// TestOrders: the orders begin with the request, name no check twice, and say what
// each looks at.
func TestOrders(t *testing.T) {
	for _, o := range apierr.Orders() {
		seen := map[apierr.Check]bool{}
		for _, c := range o {
			if seen[c] || c.Asks() == "" {
				t.Errorf("%v: %s: %q", o, c, c.Asks())
			}
			seen[c] = true
		}
		if o[0] != apierr.CheckRequest {
			t.Errorf("%v", o)
		}
	}
}

func TestExplain(t *testing.T) {
	const p, d, n = apierr.Passed, apierr.Decided, apierr.NotReached
	nothing := apierr.Layers{Mint: n, Worker: n, IAM: n, Bucket: n}
	mint := apierr.Layers{Mint: d, Worker: n, IAM: n, Bucket: n}
	worker := apierr.Layers{Mint: p, Worker: d, IAM: n, Bucket: n}
	for name, c := range map[string]struct {
		asked  apierr.Asked
		layers apierr.Layers
		check  apierr.Check
		told   bool
	}{
		"the broker before the session":  {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.BodyTooLarge}, nothing, apierr.CheckRequest, false},
		"no session":                     {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.Unauthorized}, mint, apierr.CheckSession, false},
		"another operator":               {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.OperatorMismatch}, mint, apierr.CheckOwner, true},
		"not served here":                {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.OperatorNotServed}, mint, apierr.CheckOperator, false},
		"no grant":                       {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.ServiceNotInScope}, mint, apierr.CheckGrant, true},
		"the broker's chain":             {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch", Code: apierr.ChainStale, By: apierr.LayerChain}, mint, apierr.CheckDevice, false},
		"minted":                         {apierr.Asked{Answering: apierr.LayerMint, Op: "fetch"}, apierr.Layers{Mint: p, Worker: n, IAM: n, Bucket: n}, "", true},
		"no storage session":             {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.STSHeadersIncomplete}, apierr.Layers{Mint: n, Worker: d, IAM: n, Bucket: n}, apierr.CheckHeaders, false},
		"a forged capability":            {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.CapInvalid}, apierr.Layers{Mint: n, Worker: d, IAM: n, Bucket: n}, apierr.CheckCapability, false},
		"an old capability":              {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.CapExpired}, worker, apierr.CheckLifetime, false},
		"another class":                  {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.CapDataClassMismatch}, worker, apierr.CheckClass, true},
		"used":                           {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.CapUsed}, worker, apierr.CheckUse, true},
		"no audit":                       {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.AuditUnavailable, By: apierr.LayerAudit}, worker, apierr.CheckAudit, false},
		"the signer, before storage":     {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.ServiceNotInScope, By: apierr.LayerSigner}, worker, apierr.CheckSigner, true},
		"the signer, behind storage":     {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.ServiceNotInScope, By: apierr.LayerSigner}, apierr.Layers{Mint: p, Worker: d, IAM: p, Bucket: p}, apierr.CheckSigner, true},
		"storage is silent":              {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.StorageUnavailable}, apierr.Layers{Mint: p, Worker: p, IAM: n, Bucket: n}, apierr.CheckStorage, true},
		"storage refuses":                {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.StorageDenied, By: apierr.LayerStorage}, apierr.Layers{Mint: p, Worker: p, IAM: d, Bucket: d}, apierr.CheckRights, true},
		"nothing there":                  {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.NotFound}, apierr.Layers{Mint: p, Worker: p, IAM: p, Bucket: p}, apierr.CheckObject, true},
		"another version":                {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.PreconditionFailed}, apierr.Layers{Mint: p, Worker: p, IAM: p, Bucket: p}, apierr.CheckObject, true},
		"an envelope that does not open": {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.EnvelopeInvalid}, apierr.Layers{Mint: p, Worker: p, IAM: p, Bucket: p}, apierr.CheckEnvelope, true},
		"let pass":                       {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch"}, apierr.Layers{Mint: p, Worker: p, IAM: n, Bucket: n}, "", true},
		"completed":                      {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", After: true}, apierr.Layers{Mint: p, Worker: p, IAM: p, Bucket: p}, "", true},
		"failed at the signer":           {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.DeviceRevoked, After: true}, worker, apierr.CheckSigner, true},
		"failed at storage":              {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.StorageDenied, After: true}, apierr.Layers{Mint: p, Worker: p, IAM: d, Bucket: d}, apierr.CheckRights, true},
		"failed somewhere":               {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.InternalError, After: true}, apierr.Layers{Mint: p, Worker: p, IAM: n, Bucket: n}, "", true},
		"an internal fault":              {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.InternalError}, nothing, "", false},
		"the signer's own":               {apierr.Asked{Answering: apierr.LayerSigner, Op: "fetch", Code: apierr.CapEpochAhead}, worker, apierr.CheckEpoch, true},
		"not the maintainer":             {apierr.Asked{Answering: apierr.LayerSigner, Op: "rewrap", Code: apierr.MaintainerRequired}, nothing, apierr.CheckOffice, true},
		"no session at the signer":       {apierr.Asked{Answering: apierr.LayerSigner, Code: apierr.Unauthorized}, nothing, apierr.CheckSession, false},
		"the audit role":                 {apierr.Asked{Answering: apierr.LayerAudit, Code: apierr.OperatorMismatch}, nothing, apierr.CheckAllowed, false},
		"no such path":                   {apierr.Asked{Answering: apierr.LayerRequest, Code: apierr.NotFound}, nothing, "", false},
	} {
		e := apierr.Explain(c.asked)
		if e.Layers != c.layers || e.Check != c.check || e.Told != c.told {
			t.Errorf("%s: %+v %q told %v", name, e.Layers, e.Check, e.Told)
		}
		// The single checks say the same: all before the deciding one passed.
		after := false
		for _, x := range e.Checks {
			switch {
			case x.Reach == apierr.Decided && !after:
				after = true
			case x.Reach == apierr.Passed && !after, x.Reach == apierr.NotReached && after:
			default:
				if x.By != apierr.LayerSigner { // the worker's go on behind the signer's
					t.Errorf("%s: %+v", name, e.Checks)
				}
			}
		}
	}
}

func TestSignersChecksStandInTheWorkersOrder(t *testing.T) {
	e := apierr.Explain(apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.DeviceRevoked, By: apierr.LayerSigner})
	var signers []apierr.Checked
	for _, c := range e.Checks {
		if c.By == apierr.LayerSigner {
			signers = append(signers, c)
		}
	}
	want := apierr.Checked{Check: apierr.CheckDevice, Reach: apierr.Decided, By: apierr.LayerSigner}
	if len(signers) < 8 || !slices.Contains(signers, want) || slices.ContainsFunc(e.Checks, func(c apierr.Checked) bool { return c.Check == apierr.CheckSigner }) {
		t.Errorf("%+v", e.Checks)
	}
}

// TestTheSignerMayNotHaveBeenAsked: a memory's put looks into storage first, and its
// get at the version; what was completed, and what the signer refuses, it was asked.
func TestTheSignerMayNotHaveBeenAsked(t *testing.T) {
	for name, c := range map[string]struct {
		asked apierr.Asked
		named bool
	}{
		"storage refuses a put":       {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.StorageDenied, By: apierr.LayerStorage}, false},
		"another version":             {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.PreconditionFailed}, false},
		"no envelope":                 {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.EnvelopeInvalid}, false},
		"stored":                      {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", After: true}, true},
		"the signer gives no answer":  {apierr.Asked{Answering: apierr.LayerWorker, Op: "store", Code: apierr.SignerUnavailable}, true},
		"refused before it was asked": {apierr.Asked{Answering: apierr.LayerWorker, Op: "fetch", Code: apierr.StorageDenied, By: apierr.LayerStorage}, true},
	} {
		named := slices.ContainsFunc(apierr.Explain(c.asked).Checks, func(x apierr.Checked) bool { return x.Check == apierr.CheckSigner })
		if named != c.named {
			t.Errorf("%s: the signer is among the checks: %v", name, named)
		}
	}
}

func TestProblemSaysHowFarItCame(t *testing.T) {
	p := apierr.New(apierr.CapUsed, "x").Problem(apierr.LayerWorker, "store", "r")
	if p.Check != apierr.CheckUse || p.Layers.Mint != apierr.Passed || p.Layers.Worker != apierr.Decided {
		t.Errorf("%+v", p)
	}
	// A worker that passes the signer's refusal on.
	e := apierr.New(apierr.ServiceNotInScope, "x")
	e.Layer = apierr.LayerSigner
	if p := e.Problem(apierr.LayerWorker, "fetch", "r"); p.Check != apierr.CheckSigner || p.Layers.IAM != apierr.Passed {
		t.Errorf("%+v", p)
	}
}
