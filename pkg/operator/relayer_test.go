package operator_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/chain/devchain"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// registered is an operator on a development chain, with a software passkey that
// has all roles. shown are the titles of what was signed.
func registered(t *testing.T) (o *operator.Operator, shown *[]string) {
	t.Helper()
	ctx := t.Context()
	dev, err := devchain.Start(ctx, devchain.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0", Now: time.Now, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dev.Close() })
	p := chain.Profile{Name: "dev", ChainID: devchain.ChainID, RPC: []string{dev.URL()}, MaxHeadAge: chain.MinHeadAge}
	wallet := newKey(t)
	tr, err := chain.NewTransactor(p, chain.KeySigner(wallet))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	if _, err := chain.FundFromFaucet(ctx, p, tr.Address()); err != nil {
		t.Fatal(err)
	}
	if p.Contracts, err = chain.Deploy(ctx, tr, chain.Deployment{Governance: tr.Address(), RecoveryDelay: time.Minute}); err != nil {
		t.Fatal(err)
	}
	cl, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close() })
	auth, err := software.New(software.Environment)
	if err != nil {
		t.Fatal(err)
	}
	cred, err := auth.Enroll(ctx, passkey.EnrollRequest{RPID: "localhost", Origin: "http://localhost:8095", UserName: "master", UserID: []byte("user"), Challenge: [32]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	shown = &[]string{}
	o = &operator.Operator{
		Chain: chain.NewOperations(cl, tr), Account: crypto.PubkeyToAddress(wallet.PublicKey),
		Masters: []operator.Master{{Credential: cred, Passkey: auth}}, Now: time.Now,
		Show: func(title string, _ []typeddata.Line) error { *shown = append(*shown, title); return nil },
	}
	if _, _, err := o.Register(ctx); err != nil {
		t.Fatal(err)
	}
	*shown = nil
	return o, shown
}

func TestSetAuditRelayer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o, shown := registered(t)
	relayer, none := common.Address{1}, common.Address{}
	step := func(a common.Address, signed bool) {
		t.Helper()
		*shown = nil
		out, err := o.SetAuditRelayer(ctx, a)
		if err != nil || out.Done == signed || (out.Tx != common.Hash{}) != signed || (len(*shown) == 1) != signed {
			t.Fatalf("%+v, %v, shown %q", out, err, *shown)
		}
		if have, err := o.Chain.AuditRelayer(ctx, o.Operator); err != nil || have != a {
			t.Fatal(have, err)
		}
	}
	step(none, false)
	o.DryRun = true
	out, err := o.SetAuditRelayer(ctx, relayer)
	if err != nil || out.Plan == nil || out.Plan.Contract != o.Chain.AuditDomain().Contract || len(out.Plan.Digest) != 32 || out.Plan.Gas == 0 ||
		!slices.ContainsFunc(out.Plan.Words, func(l typeddata.Line) bool { return l.Label == "Relayer" }) {
		t.Fatalf("%+v, %v", out.Plan, err)
	}
	o.DryRun = false
	step(none, false)
	step(relayer, true)
	if (*shown)[0] != "SetAuditRelayer" {
		t.Errorf("%q", *shown)
	}
	step(relayer, false)

	// While frozen only nobody can be named.
	if _, err := o.Freeze(ctx, true); err != nil {
		t.Fatal(err)
	}
	*shown = nil
	if _, err := o.SetAuditRelayer(ctx, common.Address{2}); !errors.Is(err, operator.ErrRefused) || len(*shown) != 0 {
		t.Errorf("%v, shown %q", err, *shown)
	}
	step(relayer, false)
	step(none, true)

	// Only the operator's wallet.
	o.Operator = omni.OperatorOfWallet(common.Address{9})
	if _, err := o.SetAuditRelayer(ctx, relayer); err == nil {
		t.Error("of an operator that does not exist")
	}
}
