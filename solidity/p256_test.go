package solidity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"runtime"
	"sync"
	"testing"

	"github.com/c2sp/wycheproof"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	evm "github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/litentry/agentkeys/solidity"
)

// machine is an EVM with the verifiers deployed. One goroutine at a time.
type machine struct {
	cfg                   evm.Config
	verifier, router, k11 common.Address
}

// london has every fork up to London and nothing later: what the target chain
// knows. A nil configuration would enable everything.
func london() *params.ChainConfig {
	return &params.ChainConfig{
		ChainID:        big.NewInt(212013),
		HomesteadBlock: new(big.Int), EIP150Block: new(big.Int), EIP155Block: new(big.Int), EIP158Block: new(big.Int),
		ByzantiumBlock: new(big.Int), ConstantinopleBlock: new(big.Int), PetersburgBlock: new(big.Int),
		IstanbulBlock: new(big.Int), MuirGlacierBlock: new(big.Int), BerlinBlock: new(big.Int), LondonBlock: new(big.Int),
	}
}

// osaka has the EIP-7951 precompile at 0x100.
func osaka() *params.ChainConfig {
	c := london()
	c.TerminalTotalDifficulty = new(big.Int)
	c.ShanghaiTime, c.CancunTime, c.PragueTime, c.OsakaTime = new(uint64), new(uint64), new(uint64), new(uint64)
	c.BlobScheduleConfig = params.DefaultBlobSchedule
	return c
}

const gasLimit = 30_000_000

func newMachine(t testing.TB, chain *params.ChainConfig) *machine {
	t.Helper()
	db, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{cfg: evm.Config{ChainConfig: chain, GasLimit: gasLimit, State: db}}
	m.verifier = m.deploy(t, solidity.P256Verifier)
	m.router = m.deploy(t, solidity.P256Router, m.verifier.Bytes())
	m.k11 = m.deploy(t, solidity.K11Verifier, m.router.Bytes())
	return m
}

func (m *machine) deploy(t testing.TB, contract string, args ...[]byte) common.Address {
	t.Helper()
	address, err := m.create(t, contract, args...)
	if err != nil {
		t.Fatalf("deploying %s: %v", contract, err)
	}
	return address
}

func (m *machine) create(t testing.TB, contract string, args ...[]byte) (common.Address, error) {
	t.Helper()
	a, err := solidity.Load(contract)
	if err != nil {
		t.Fatal(err)
	}
	code := append([]byte(nil), a.Bytecode...)
	for _, arg := range args {
		code = append(code, common.LeftPadBytes(arg, 32)...)
	}
	_, address, _, err := evm.Create(code, &m.cfg)
	return address, err
}

// call returns answer and gas used within the call.
func (m *machine) call(to common.Address, input []byte) ([]byte, uint64, error) {
	out, left, err := evm.Call(to, input, &m.cfg)
	return out, m.cfg.GasLimit - left, err
}

// p256Input is one question to a verifier.
type p256Input [160]byte

func question(hash []byte, r, s, x, y *big.Int) (in p256Input) {
	copy(in[:32], hash)
	for i, v := range []*big.Int{r, s, x, y} {
		v.FillBytes(in[32+32*i : 64+32*i])
	}
	return in
}

// oracle is the standard library's opinion.
func (in p256Input) oracle() bool {
	point := append([]byte{4}, in[96:]...)
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return false
	}
	return ecdsa.Verify(pub, in[:32], new(big.Int).SetBytes(in[32:64]), new(big.Int).SetBytes(in[64:96]))
}

func word(valid bool) []byte {
	w := make([]byte, 32)
	if valid {
		w[31] = 1
	}
	return w
}

func (m *machine) expect(to common.Address, in []byte, want bool) (gas uint64, err error) {
	out, gas, err := m.call(to, in)
	if err != nil {
		return gas, fmt.Errorf("reverted: %w", err)
	}
	if string(out) != string(word(want)) {
		return gas, fmt.Errorf("answer %x, want %t", out, want)
	}
	return gas, nil
}

type p256Case struct {
	name  string
	in    p256Input
	valid bool
}

// askAll puts every case to the verifier under London rules, and to the router
// under Osaka rules, where the precompile is a second oracle. Every nth case
// goes to the router under London rules too; there it costs a second run of the
// verifier and shows only that the router hands on what that said.
func askAll(t *testing.T, cases []p256Case, nth int) {
	t.Helper()
	type numbered struct {
		p256Case
		i int
	}
	work := make(chan numbered)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		l, o := newMachine(t, london()), newMachine(t, osaka())
		wg.Go(func() {
			for c := range work {
				if _, err := l.expect(l.verifier, c.in[:], c.valid); err != nil {
					t.Errorf("%s: verifier: %v\n%x", c.name, err, c.in)
				}
				if c.i%nth == 0 {
					if _, err := l.expect(l.router, c.in[:], c.valid); err != nil {
						t.Errorf("%s: router: %v\n%x", c.name, err, c.in)
					}
				}
				if _, err := o.expect(o.router, c.in[:], c.valid); err != nil {
					t.Errorf("%s: router over the precompile: %v\n%x", c.name, err, c.in)
				}
			}
		})
	}
	for i, c := range cases {
		work <- numbered{c, i}
	}
	close(work)
	wg.Wait()
}

func TestTheMachineIsLondon(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	if _, _, err := evm.Execute([]byte{0x5f, 0x00}, nil, &m.cfg); err == nil {
		t.Error("PUSH0 works: this is not London")
	}
	known := wycheproofCases(t)[0].in
	if out, _, err := m.call(common.BytesToAddress([]byte{1, 0}), known[:]); err != nil || len(out) != 0 {
		t.Errorf("0x100 answers %x, %v", out, err)
	}
	o := newMachine(t, osaka())
	if out, _, err := o.call(common.BytesToAddress([]byte{1, 0}), known[:]); err != nil || len(out) != 32 {
		t.Errorf("the precompile answers %x, %v", out, err)
	}
}

func TestWycheproofP256(t *testing.T) {
	t.Parallel()
	cases := wycheproofCases(t)
	for _, c := range cases {
		if c.in.oracle() != c.valid {
			t.Errorf("%s: the standard library disagrees with Wycheproof", c.name)
		}
	}
	askAll(t, cases, 1)
}

// wycheproofCases reads both files. Vectors about the encoding of signatures
// end where r and s are read; how many they are is fixed, so that none is lost
// unnoticed.
func wycheproofCases(t *testing.T) []p256Case {
	t.Helper()
	var cases []p256Case
	for _, file := range []struct {
		name               string
		decode             func([]byte) (r, s *big.Int, ok bool)
		vectors, encodings int
	}{
		{"ecdsa_secp256r1_sha256_test.json", decodeDER, 484, 235},
		{"ecdsa_secp256r1_sha256_p1363_test.json", decodeP1363, 262, 21},
	} {
		var set struct {
			TestGroups []struct {
				PublicKey struct{ WX, WY string }
				Tests     []struct {
					TcID              int
					Msg, Sig, Comment string
					Result            string
				}
			}
		}
		raw, err := fs.ReadFile(wycheproof.TestVectors, file.name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &set); err != nil {
			t.Fatal(err)
		}
		var vectors, encodings int
		for _, g := range set.TestGroups {
			x, y := bigHex(t, g.PublicKey.WX), bigHex(t, g.PublicKey.WY)
			for _, v := range g.Tests {
				vectors++
				valid := v.Result == "valid"
				r, s, ok := file.decode(unhex(t, v.Sig))
				if !ok {
					encodings++
					if valid {
						t.Errorf("%s %d is valid and was not decoded", file.name, v.TcID)
					}
					continue
				}
				hash := sha256.Sum256(unhex(t, v.Msg))
				cases = append(cases, p256Case{
					fmt.Sprintf("%s %d %s", file.name, v.TcID, v.Comment), question(hash[:], r, s, x, y), valid,
				})
			}
		}
		if vectors != file.vectors || encodings != file.encodings {
			t.Errorf("%s: %d vectors, %d about encoding", file.name, vectors, encodings)
		}
	}
	return cases
}

func decodeDER(sig []byte) (r, s *big.Int, ok bool) {
	r, s = new(big.Int), new(big.Int)
	in := cryptobyte.String(sig)
	var seq cryptobyte.String
	ok = in.ReadASN1(&seq, asn1.SEQUENCE) && in.Empty() && seq.ReadASN1Integer(r) && seq.ReadASN1Integer(s) && seq.Empty()
	return r, s, ok && r.Sign() >= 0 && s.Sign() >= 0 && r.BitLen() <= 256 && s.BitLen() <= 256
}

func decodeP1363(sig []byte) (r, s *big.Int, ok bool) {
	if len(sig) != 64 {
		return nil, nil, false
	}
	return new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]), true
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bigHex(t testing.TB, s string) *big.Int { return new(big.Int).SetBytes(unhex(t, s)) }

// stream draws reproducible bytes.
type stream struct {
	seed    string
	counter uint64
}

func (s *stream) hash() [32]byte {
	s.counter++
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.seed), s.counter))
}

func (s *stream) scalar() *big.Int {
	h := s.hash()
	k := new(big.Int).SetBytes(h[:])
	k.Mod(k, new(big.Int).Sub(curve().N, big.NewInt(1)))
	return k.Add(k, big.NewInt(1))
}

func curve() *elliptic.CurveParams { return elliptic.P256().Params() }

func selector(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4] }
