package typeddata_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// TestEveryFieldIsSignedAndShown changes each field of each operation, and the
// domain, and expects another digest and other words.
func TestEveryFieldIsSignedAndShown(t *testing.T) {
	for _, c := range cases(t) {
		digest, words := typeddata.Digest(c.op, c.domain), fmt.Sprint(typeddata.Describe(c.op, c.domain, nil))
		differ := func(what string, op typeddata.Operation, d typeddata.Domain) {
			t.Helper()
			if typeddata.Digest(op, d) == digest {
				t.Errorf("%s: another %s has the same digest", c.name, what)
			}
			if fmt.Sprint(typeddata.Describe(op, d, nil)) == words {
				t.Errorf("%s: another %s reads the same", c.name, what)
			}
		}
		differ("chain", c.op, typeddata.Domain{ChainID: c.domain.ChainID + 1, Contract: c.domain.Contract})
		differ("contract", c.op, typeddata.Domain{ChainID: c.domain.ChainID, Contract: common.Address{1}})
		changed := reflect.New(reflect.TypeOf(c.op)).Elem()
		changed.Set(reflect.ValueOf(c.op))
		eachField(changed, func(name string, field reflect.Value) {
			was := reflect.ValueOf(field.Interface())
			field.Set(reflect.ValueOf(another(t, field.Interface())))
			differ(name, changed.Interface().(typeddata.Operation), c.domain)
			field.Set(was)
		})
	}
}

// eachField visits the fields of a struct, and those of a Newcomer in it.
func eachField(s reflect.Value, visit func(name string, field reflect.Value)) {
	for i := range s.NumField() {
		f := s.Field(i)
		if _, ok := f.Interface().(typeddata.Newcomer); ok {
			eachField(f, visit)
			continue
		}
		visit(s.Type().Field(i).Name, f)
	}
}

// another is a value of v's type that no case has.
func another(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case omni.Operator:
		return omni.OperatorOfWallet([20]byte{9})
	case omni.Actor:
		return omni.ActorOfWallet([20]byte{9})
	case omni.DeviceKey:
		return omni.DeviceKeyOfAddress([20]byte{9})
	case common.Address:
		return common.Address{9}
	case [32]byte:
		return word(99)
	case uint64:
		return v ^ 1
	case uint8:
		return v ^ 1
	case bool:
		return !v
	case []omni.DeviceKey:
		return append([]omni.DeviceKey{omni.DeviceKeyOfAddress([20]byte{9})}, v...)
	case []typeddata.Grant:
		return append([]typeddata.Grant{{Service: name(t, "another"), Ops: service.Read}}, v...)
	}
	t.Fatalf("a field of type %T", v)
	return nil
}

// FuzzDigest compares the encoder with go-ethereum's on arbitrary values.
func FuzzDigest(f *testing.F) {
	f.Add([]byte("seed"), uint64(1), uint64(2), uint32(3), "github")
	f.Add(bytes.Repeat([]byte{0xff}, 80), uint64(math.MaxUint64), uint64(math.MaxUint64), uint32(math.MaxUint32), "memory:a")
	f.Fuzz(func(t *testing.T, b []byte, u, v uint64, w uint32, s string) {
		h := crypto.Keccak256Hash(b)
		operator, err := omni.OperatorFromBytes(h)
		if err != nil {
			t.Fatal(err) // an input whose Keccak is zero would be news
		}
		wallet := common.Address(h[:20])
		actor := omni.ActorOfWallet(wallet)
		grants := []typeddata.Grant{}
		if n, err := service.Parse(s); err == nil {
			grants = append(grants, typeddata.Grant{Service: n, Ops: service.Ops(w), MaxPerPeriod: w ^ 1, PeriodSeconds: w / 3, MaxTotal: w * 7, ExpiresAt: u})
		}
		domain := typeddata.Domain{ChainID: u, Contract: wallet}
		for _, op := range []typeddata.Operation{
			typeddata.RegisterFirstMaster{
				Operator: operator, Wallet: wallet, K11CredID: h, K11RPIDHash: word(1), K11OriginHash: word(2),
				K11PubX: crypto.Keccak256Hash(h[:]), K11PubY: h, Nonce: u, Deadline: v,
			},
			typeddata.SetScope{Operator: operator, Actor: actor, Grants: grants, Nonce: u, Deadline: v},
			typeddata.RevokeAgent{Operator: operator, DeviceKey: omni.DeviceKeyOfAddress(wallet), Deadline: v},
			typeddata.RegisterMaster{
				Operator: operator, Immediate: w%2 == 0, Nonce: u, Deadline: v,
				Newcomer: typeddata.Newcomer{K11CredID: h, K11RPIDHash: word(3), K11OriginHash: word(4), K11PubX: h, K11PubY: word(5), Roles: uint8(w)},
			},
			typeddata.Unfreeze{Operator: operator, Revocations: make([]omni.DeviceKey, w%3), Nonce: u, Deadline: v},
			typeddata.RotateMasterWallet{Operator: operator, NewWallet: wallet, RevokePasskey: w%2 == 0, Immediate: w%3 == 0, Nonce: u, Deadline: v},
		} {
			td := oracle(t, op, domain)
			want, _, err := apitypes.TypedDataAndHash(td)
			if err != nil {
				t.Fatal(err)
			}
			if got := typeddata.Digest(op, domain); !bytes.Equal(got[:], want) {
				t.Errorf("%s: digest %x, want %x", typeddata.Name(op), got, want)
			}
		}
	})
}

func TestDescribe(t *testing.T) {
	all := cases(t)
	for _, c := range all {
		lines := typeddata.Describe(c.op, c.domain, nil)
		text := fmt.Sprint(lines)
		for _, want := range []string{
			lines[0].Text, fmt.Sprintf("Chain: %d", c.domain.ChainID), "Contract: " + c.domain.Contract.Hex(), "Valid until: ", "Operator: 0x",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", c.name, want, text)
			}
		}
	}
	set := find(t, all, "set scope")
	agent := set.op.(typeddata.SetScope).Actor
	names := func(id string) string {
		if id == agent.String() {
			return "build-bot"
		}
		return ""
	}
	want := []typeddata.Line{
		{Label: "Operation", Text: "Replace everything that an agent may do"},
		{Label: "Operator", Text: set.op.(typeddata.SetScope).Operator.String()},
		{Label: "Agent", Text: "build-bot (" + agent.Short() + ")"},
		{Label: "Grant 1 of 2", Text: "github: read, list; at most 100 uses per hour; at most 1000 uses in all; until 2026-09-22 14:13:20 UTC"},
		{Label: "Grant 2 of 2", Text: "memory:notes: read, write; without limit of uses; without end"},
		{Label: "Nonce", Text: "2"},
		{Label: "Valid until", Text: "2026-09-21 14:13:20 UTC"},
		{Label: "Chain", Text: "212013"},
		{Label: "Contract", Text: "0x5FbDB2315678afecb367f032d93F642f64180aa3"},
	}
	got := typeddata.Describe(set.op, set.domain, names)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	far := typeddata.Describe(find(t, all, "revoke agent, greatest values").op, set.domain, nil)
	if s := fmt.Sprint(far); !strings.Contains(s, "the end of time (18446744073709551615)") {
		t.Errorf("an absurd deadline reads %s", s)
	}
}

// TestGrantsReadApart holds that no limit hides: two grants that differ in one
// value read differently.
func TestGrantsReadApart(t *testing.T) {
	base := typeddata.Grant{Service: name(t, "github"), Ops: service.Read, MaxPerPeriod: 1, PeriodSeconds: 1, MaxTotal: 1, ExpiresAt: 1}
	grants := []typeddata.Grant{base}
	for _, change := range []func(*typeddata.Grant){
		func(g *typeddata.Grant) { g.Service = name(t, "gitlab") },
		func(g *typeddata.Grant) { g.Ops = service.Write },
		func(g *typeddata.Grant) { g.Ops |= 1 << 31 },
		func(g *typeddata.Grant) { g.MaxPerPeriod = 2 },
		func(g *typeddata.Grant) { g.MaxPerPeriod = 0 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 60 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 120 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 3600 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 86400 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 3601 },
		func(g *typeddata.Grant) { g.PeriodSeconds = 0 },
		func(g *typeddata.Grant) { g.MaxTotal = 2 },
		func(g *typeddata.Grant) { g.MaxTotal = 0 },
		func(g *typeddata.Grant) { g.ExpiresAt = 2 },
		func(g *typeddata.Grant) { g.ExpiresAt = 0 },
	} {
		g := base
		change(&g)
		grants = append(grants, g)
	}
	seen := map[string]bool{}
	for _, g := range grants {
		if seen[g.String()] {
			t.Errorf("%+v reads like another grant: %s", g, g)
		}
		seen[g.String()] = true
	}
}

func TestGrantInWords(t *testing.T) {
	github := name(t, "github")
	for want, g := range map[string]typeddata.Grant{
		"github: read; without limit of uses; without end":                               {Service: github, Ops: service.Read},
		"github: read, delete; at most 1 use per minute; without end":                    {Service: github, Ops: service.Read | service.Delete, MaxPerPeriod: 1, PeriodSeconds: 60},
		"github: send; at most 2 uses in all; without end":                               {Service: github, Ops: service.Send, MaxTotal: 2},
		"github: read; at most 3 uses per 90 minutes; at most 1 use in all; without end": {Service: github, Ops: service.Read, MaxPerPeriod: 3, PeriodSeconds: 5400, MaxTotal: 1},
		"github: read; without limit of uses; until 9999-12-31 23:59:59 UTC":             {Service: github, Ops: service.Read, ExpiresAt: 253402300799},
		"github: read; without limit of uses; until the end of time (253402300800)":      {Service: github, Ops: service.Read, ExpiresAt: 253402300800},
	} {
		if got := g.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestCheckScope(t *testing.T) {
	good := typeddata.Grant{Service: name(t, "github"), Ops: service.Read, MaxPerPeriod: 1, PeriodSeconds: 1}
	with := func(change func(*typeddata.Grant)) []typeddata.Grant {
		g := good
		change(&g)
		return []typeddata.Grant{g}
	}
	many := make([]typeddata.Grant, typeddata.MaxGrants+1)
	for i := range many {
		many[i] = typeddata.Grant{Service: name(t, fmt.Sprintf("s%d", i)), Ops: service.Read}
	}
	for what, grants := range map[string][]typeddata.Grant{
		"one":          {good},
		"all ops":      with(func(g *typeddata.Grant) { g.Ops = service.AllOps }),
		"no limit":     with(func(g *typeddata.Grant) { g.MaxPerPeriod, g.PeriodSeconds = 0, 0 }),
		"64":           many[:typeddata.MaxGrants],
		"two services": {good, {Service: name(t, "gitlab"), Ops: service.Read}},
	} {
		if err := (typeddata.SetScope{Grants: grants}).Check(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, c := range map[string]struct {
		grants []typeddata.Grant
		want   string
	}{
		"none":         {nil, "not 0"},
		"65":           {many, "not 65"},
		"no service":   {with(func(g *typeddata.Grant) { g.Service = service.Name{} }), "names no service"},
		"twice":        {[]typeddata.Grant{good, good}, "granted twice"},
		"no ops":       {with(func(g *typeddata.Grant) { g.Ops = 0 }), `ops ""`},
		"unknown op":   {with(func(g *typeddata.Grant) { g.Ops |= 64 }), "0x40"},
		"no period":    {with(func(g *typeddata.Grant) { g.PeriodSeconds = 0 }), "needs a period"},
		"period alone": {with(func(g *typeddata.Grant) { g.MaxPerPeriod = 0 }), "needs a period"},
	} {
		err := (typeddata.SetScope{Grants: c.grants}).Check()
		if !errors.Is(err, typeddata.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func TestConsent(t *testing.T) {
	key, err := crypto.HexToECDSA(strings.Repeat("0", 63) + "2")
	if err != nil {
		t.Fatal(err)
	}
	c := find(t, cases(t), "agent consent")
	o := c.op.(typeddata.AgentConsent)
	digest := typeddata.Digest(o, c.domain)
	raw, err := crypto.Sign(digest[:], key)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := typeddata.DecodeSignature(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := typeddata.VerifyConsent(o, c.domain, sig); err != nil {
		t.Fatal(err)
	}
	again, err := typeddata.DecodeSignature(sig.Bytes())
	if err != nil || again != sig {
		t.Errorf("27 and 28 do not read back: %v %v", again, err)
	}

	other := o
	other.Deadline++
	highS := sig
	new(big.Int).Sub(crypto.S256().Params().N, new(big.Int).SetBytes(sig.S[:])).FillBytes(highS.S[:])
	highS.V ^= 27 ^ 28
	wrongV, noV, zero := sig, sig, sig
	wrongV.V, noV.V, zero.S = 29, 0, [32]byte{}
	elsewhere := typeddata.Domain{ChainID: c.domain.ChainID, Contract: common.Address{9}}
	for what, f := range map[string]struct {
		o    typeddata.AgentConsent
		d    typeddata.Domain
		s    typeddata.Signature
		want string
	}{
		"another consent":  {other, c.domain, sig, "was signed by"},
		"another contract": {o, elsewhere, sig, "was signed by"},
		"high s":           {o, c.domain, highS, "low s"},
		"v 29":             {o, c.domain, wrongV, "low s"},
		"v 0":              {o, c.domain, noV, "low s"},
		"s 0":              {o, c.domain, zero, "low s"},
	} {
		err := typeddata.VerifyConsent(f.o, f.d, f.s)
		if !errors.Is(err, typeddata.ErrInvalid) || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: %v, want %q", what, err, f.want)
		}
	}
	nobody := sig
	nobody.R = [32]byte{31: 5} // x = 5 is not on the curve
	if err := typeddata.VerifyConsent(o, c.domain, nobody); !errors.Is(err, typeddata.ErrInvalid) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("a signature that recovers to nobody: %v", err)
	}
	for what, b := range map[string][]byte{
		"empty": nil, "64 bytes": raw[:64], "66 bytes": append(bytes.Clone(raw), 0),
		"high s": highS.Bytes(), "v 2": append(bytes.Clone(raw[:64]), 2), "v 29": append(bytes.Clone(raw[:64]), 29), "v 255": append(bytes.Clone(raw[:64]), 255),
	} {
		if _, err := typeddata.DecodeSignature(b); !errors.Is(err, typeddata.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// FuzzDecodeSignature holds that what is accepted reads back as itself.
func FuzzDecodeSignature(f *testing.F) {
	f.Add(bytes.Repeat([]byte{1}, 65))
	f.Add(append(bytes.Repeat([]byte{1}, 64), 27))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := typeddata.DecodeSignature(b)
		if err != nil {
			return
		}
		again, err := typeddata.DecodeSignature(s.Bytes())
		if err != nil || again != s || !bytes.Equal(s.Bytes()[:64], b[:64]) {
			t.Errorf("%x read as %+v and then as %+v (%v)", b, s, again, err)
		}
	})
}

func TestJSONIsStandard(t *testing.T) {
	c := find(t, cases(t), "set scope")
	text, err := typeddata.JSON(c.op, c.domain)
	if err != nil {
		t.Fatal(err)
	}
	var form struct {
		Types       map[string][]map[string]string `json:"types"`
		PrimaryType string                         `json:"primaryType"`
		Domain      map[string]any                 `json:"domain"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		t.Fatal(err)
	}
	if len(form.Types) != 3 || len(form.Types["EIP712Domain"]) != 4 || len(form.Types["Grant"]) != 6 || form.PrimaryType != "SetScope" {
		t.Errorf("types %v of %s", form.Types, form.PrimaryType)
	}
	if form.Domain["name"] != "AgentKeys" || form.Domain["version"] != "1" || form.Domain["chainId"] != 212013.0 {
		t.Errorf("domain %v", form.Domain)
	}
}

func find(t *testing.T, all []opCase, name string) opCase {
	t.Helper()
	for _, c := range all {
		if c.name == name {
			return c
		}
	}
	t.Fatalf("no case %q", name)
	return opCase{}
}
