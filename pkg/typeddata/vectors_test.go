package typeddata_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

var update = flag.Bool("update", false, "write testdata/vectors/typeddata.json anew")

const vectorFile = "../../testdata/vectors/typeddata.json"

// vectors is the file that solidity/test/Vectors.t.sol reads too. Integers are
// decimal strings there, so that no JSON parser rounds them.
type vectors struct {
	Description string     `json:"description"`
	Identifiers []idVector `json:"identifiers"`
	Operations  []opVector `json:"operations"`
}

type idVector struct {
	Account       string `json:"account"`
	Omni          string `json:"omni"`
	DeviceKeyHash string `json:"deviceKeyHash"`
}

type opVector struct {
	Name            string          `json:"name"`
	Operation       string          `json:"operation"`
	ChainID         string          `json:"chainId"`
	Contract        string          `json:"contract"`
	Message         json.RawMessage `json:"message"`
	DomainSeparator string          `json:"domainSeparator"`
	TypeHash        string          `json:"typeHash"`
	StructHash      string          `json:"structHash"`
	Digest          string          `json:"digest"`
}

type opCase struct {
	name   string
	op     typeddata.Operation
	domain typeddata.Domain
}

func TestVectors(t *testing.T) {
	got := compute(t)
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var want vectors
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if len(want.Operations) != len(got.Operations) || len(want.Identifiers) != len(got.Identifiers) {
		t.Fatalf("%d operations and %d identifiers in the file, %d and %d computed",
			len(want.Operations), len(want.Identifiers), len(got.Operations), len(got.Identifiers))
	}
	for i, g := range got.Identifiers {
		if g != want.Identifiers[i] {
			t.Errorf("identifiers: computed %+v, want %+v", g, want.Identifiers[i])
		}
	}
	for i, g := range got.Operations {
		w := want.Operations[i]
		var a, b bytes.Buffer
		if json.Compact(&a, g.Message) != nil || json.Compact(&b, w.Message) != nil || a.String() != b.String() {
			t.Errorf("%s: message %s, want %s", g.Name, a.String(), b.String())
		}
		g.Message, w.Message = nil, nil
		if gj, wj := asJSON(t, g), asJSON(t, w); gj != wj {
			t.Errorf("computed %s, want %s", gj, wj)
		}
	}
}

// compute has every hash but the digest from go-ethereum's encoder, and the
// digest from both.
func compute(t *testing.T) vectors {
	t.Helper()
	v := vectors{Description: "EIP-712 operations and identifiers of AgentKeys, read by pkg/typeddata and solidity/test/Vectors.t.sol"}
	for _, s := range []string{
		"0x0000000000000000000000000000000000000001", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
		"0xffFFffFfFFfFfffFffffFFfFfFfFFFffffffffFf", "0xABCDEFabcdefABCDEFabcdefABCDEFabcdefABCD",
	} {
		a := common.HexToAddress(s)
		v.Identifiers = append(v.Identifiers, idVector{
			strings.ToLower(s), omni.OperatorOfWallet(a).String(), omni.DeviceKeyOfAddress(a).String(),
		})
	}
	for _, c := range cases(t) {
		td := oracle(t, c.op, c.domain)
		separator, err := td.HashStruct("EIP712Domain", td.Domain.Map())
		if err != nil {
			t.Fatal(err)
		}
		message, err := td.HashStruct(td.PrimaryType, td.Message)
		if err != nil {
			t.Fatal(err)
		}
		digest := crypto.Keccak256Hash([]byte{0x19, 1}, separator, message)
		if own := typeddata.Digest(c.op, c.domain); own != digest {
			t.Errorf("%s: digest %x, go-ethereum says %x", c.name, own, digest)
		}
		v.Operations = append(v.Operations, opVector{
			Name:            c.name,
			Operation:       typeddata.Name(c.op),
			ChainID:         strconv.FormatUint(c.domain.ChainID, 10),
			Contract:        c.domain.Contract.Hex(),
			Message:         messageOf(t, c.op, c.domain),
			DomainSeparator: separator.String(),
			TypeHash:        td.TypeHash(td.PrimaryType).String(),
			StructHash:      message.String(),
			Digest:          "0x" + hex.EncodeToString(digest[:]),
		})
	}
	return v
}

// oracle is go-ethereum's reading of the JSON form.
func oracle(t *testing.T, op typeddata.Operation, d typeddata.Domain) apitypes.TypedData {
	t.Helper()
	text, err := typeddata.JSON(op, d)
	if err != nil {
		t.Fatal(err)
	}
	var td apitypes.TypedData
	if err := json.Unmarshal(text, &td); err != nil {
		t.Fatal(err)
	}
	if td.PrimaryType != typeddata.Name(op) {
		t.Errorf("primary type %s of %s", td.PrimaryType, typeddata.Name(op))
	}
	return td
}

func messageOf(t *testing.T, op typeddata.Operation, d typeddata.Domain) json.RawMessage {
	t.Helper()
	text, err := typeddata.JSON(op, d)
	if err != nil {
		t.Fatal(err)
	}
	var form struct {
		Message json.RawMessage `json:"message"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		t.Fatal(err)
	}
	return form.Message
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// cases are one plain and one extreme instance of every operation.
func cases(t *testing.T) []opCase {
	t.Helper()
	heima := typeddata.Domain{ChainID: 212013, Contract: common.HexToAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3")}
	other := typeddata.Domain{ChainID: math.MaxUint32, Contract: common.HexToAddress("0xffFFffFfFFfFfffFffffFFfFfFfFFFffffffffFf")}
	wallet := common.HexToAddress("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
	agent := common.HexToAddress("0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF")
	operator, actor := omni.OperatorOfWallet(wallet), omni.ActorOfWallet(agent)
	maxWord := [32]byte(bytes.Repeat([]byte{0xff}, 32))
	maxOperator, err := omni.OperatorFromBytes(maxWord)
	if err != nil {
		t.Fatal(err)
	}
	maxActor, err := omni.ActorFromBytes(maxWord)
	if err != nil {
		t.Fatal(err)
	}
	maxDevice, err := omni.DeviceKeyFromBytes(maxWord)
	if err != nil {
		t.Fatal(err)
	}
	maxAddress := common.Address(maxWord[:20])
	newcomer := typeddata.Newcomer{
		K11CredID: word(6), K11RPIDHash: word(7), K11OriginHash: word(8), K11PubX: word(9), K11PubY: word(10), Roles: 3,
	}
	maxNewcomer := typeddata.Newcomer{
		K11CredID: maxWord, K11RPIDHash: maxWord, K11OriginHash: maxWord, K11PubX: maxWord, K11PubY: maxWord, Roles: math.MaxUint8,
	}
	// The longest name of the grammar: 6 + 64 + 1 + 253 bytes.
	longest := "email:" + strings.Repeat("x", 64) + "@" + strings.Repeat(strings.Repeat("y", 61)+".", 4) + "zzzzz"
	full := make([]typeddata.Grant, typeddata.MaxGrants)
	for i := range full {
		full[i] = typeddata.Grant{Service: name(t, "service-"+strconv.Itoa(i)), Ops: service.AllOps}
	}
	const deadline = 1_790_000_000
	return []opCase{
		{"register first master", typeddata.RegisterFirstMaster{
			Operator: operator, Wallet: wallet, K11CredID: word(1), K11RPIDHash: word(2), K11OriginHash: word(3),
			K11PubX: word(4), K11PubY: word(5), Deadline: deadline,
		}, heima},
		{"register first master, greatest values", typeddata.RegisterFirstMaster{
			Operator: maxOperator, Wallet: maxAddress, K11CredID: maxWord, K11RPIDHash: maxWord, K11OriginHash: maxWord,
			K11PubX: maxWord, K11PubY: maxWord, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"register master", typeddata.RegisterMaster{Operator: operator, Newcomer: newcomer, Nonce: 4, Deadline: deadline}, heima},
		{"register master, greatest values", typeddata.RegisterMaster{
			Operator: maxOperator, Newcomer: maxNewcomer, Immediate: true, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"cancel master", typeddata.CancelMaster{Operator: operator, DeviceKey: newcomer.DeviceKey(), Deadline: deadline}, heima},
		{"cancel master, greatest values", typeddata.CancelMaster{Operator: maxOperator, DeviceKey: maxDevice, Deadline: math.MaxUint64}, other},
		{"revoke master", typeddata.RevokeMaster{Operator: operator, DeviceKey: newcomer.DeviceKey(), Nonce: 5, Deadline: deadline}, heima},
		{"revoke master, greatest values", typeddata.RevokeMaster{
			Operator: maxOperator, DeviceKey: maxDevice, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"replace master", typeddata.ReplaceMaster{
			Operator: operator, DeviceKey: omni.DeviceKeyOfAddress(agent), Newcomer: newcomer, Nonce: 6, Deadline: deadline,
		}, heima},
		{"replace master, greatest values", typeddata.ReplaceMaster{
			Operator: maxOperator, DeviceKey: maxDevice, Newcomer: maxNewcomer, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"set recovery threshold", typeddata.SetRecoveryThreshold{Operator: operator, Threshold: 2, Nonce: 7, Deadline: deadline}, heima},
		{"set recovery threshold, greatest values", typeddata.SetRecoveryThreshold{
			Operator: maxOperator, Threshold: math.MaxUint8, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"rotate master wallet", typeddata.RotateMasterWallet{Operator: operator, NewWallet: agent, Nonce: 8, Deadline: deadline}, heima},
		{"rotate master wallet, greatest values", typeddata.RotateMasterWallet{
			Operator: maxOperator, NewWallet: maxAddress, RevokePasskey: true, Immediate: true, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"cancel rotation", typeddata.CancelRotation{Operator: operator, NewWallet: agent, Deadline: deadline}, heima},
		{"cancel rotation, greatest values", typeddata.CancelRotation{Operator: maxOperator, NewWallet: maxAddress, Deadline: math.MaxUint64}, other},
		{"freeze", typeddata.Freeze{Operator: operator, Nonce: 9, Deadline: deadline}, heima},
		{"freeze, greatest values", typeddata.Freeze{Operator: maxOperator, Nonce: math.MaxUint64, Deadline: math.MaxUint64}, other},
		{"unfreeze", typeddata.Unfreeze{Operator: operator, Nonce: 10, Deadline: deadline}, heima},
		{"unfreeze, two revocations", typeddata.Unfreeze{
			Operator: operator, Revocations: []omni.DeviceKey{newcomer.DeviceKey(), omni.DeviceKeyOfAddress(agent)}, Nonce: 10, Deadline: deadline,
		}, heima},
		{"unfreeze, greatest values", typeddata.Unfreeze{
			Operator: maxOperator, Revocations: []omni.DeviceKey{maxDevice}, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"set audit relayer", typeddata.SetAuditRelayer{Operator: operator, Relayer: agent, Nonce: 11, Deadline: deadline}, heima},
		{"set audit relayer, none", typeddata.SetAuditRelayer{Operator: operator, Nonce: 11, Deadline: deadline}, heima},
		{"set audit relayer, greatest values", typeddata.SetAuditRelayer{
			Operator: maxOperator, Relayer: maxAddress, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"agent consent", typeddata.AgentConsent{Operator: operator, Actor: actor, Agent: agent, Deadline: deadline}, heima},
		{"agent consent, greatest values", typeddata.AgentConsent{
			Operator: maxOperator, Actor: maxActor, Agent: maxAddress, Deadline: math.MaxUint64,
		}, other},
		{"bind agent", typeddata.BindAgent{Operator: operator, Actor: actor, Agent: agent, Nonce: 1, Deadline: deadline}, heima},
		{"bind agent, greatest values", typeddata.BindAgent{
			Operator: maxOperator, Actor: maxActor, Agent: maxAddress, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
		{"revoke agent", typeddata.RevokeAgent{Operator: operator, DeviceKey: omni.DeviceKeyOfAddress(agent), Deadline: deadline}, heima},
		{"revoke agent, greatest values", typeddata.RevokeAgent{Operator: maxOperator, DeviceKey: maxDevice, Deadline: math.MaxUint64}, other},
		{"set scope", typeddata.SetScope{Operator: operator, Actor: actor, Nonce: 2, Deadline: deadline, Grants: []typeddata.Grant{
			{Service: name(t, "github"), Ops: service.Read | service.List, MaxPerPeriod: 100, PeriodSeconds: 3600, MaxTotal: 1000, ExpiresAt: deadline + 86400},
			{Service: name(t, "memory:notes"), Ops: service.Read | service.Write},
		}}, heima},
		{"set scope, greatest values", typeddata.SetScope{
			Operator: maxOperator, Actor: maxActor, Nonce: math.MaxUint64, Deadline: math.MaxUint64, Grants: []typeddata.Grant{{
				Service: name(t, longest), Ops: math.MaxUint32, MaxPerPeriod: math.MaxUint32, PeriodSeconds: math.MaxUint32,
				MaxTotal: math.MaxUint32, ExpiresAt: math.MaxUint64,
			}},
		}, other},
		{"set scope, no grant", typeddata.SetScope{Operator: operator, Actor: actor, Deadline: deadline}, heima},
		{"set scope, 64 grants", typeddata.SetScope{Operator: operator, Actor: actor, Grants: full, Deadline: deadline}, heima},
		{"revoke scope", typeddata.RevokeScope{Operator: operator, Actor: actor, Nonce: 3, Deadline: deadline}, heima},
		{"revoke scope, greatest values", typeddata.RevokeScope{
			Operator: maxOperator, Actor: maxActor, Nonce: math.MaxUint64, Deadline: math.MaxUint64,
		}, other},
	}
}

func word(n byte) [32]byte { return [32]byte{0: 0xa0, 31: n} }

func name(t *testing.T, s string) service.Name {
	t.Helper()
	n, err := service.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
