package solidity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"

	"github.com/litentry/agentkeys/pkg/passkey/p256"
	"github.com/litentry/agentkeys/solidity"
)

// point is affine; nil coordinates are infinity. The arithmetic is the
// schoolbook's: it only builds inputs, the standard library judges them.
type point struct{ x, y *big.Int }

func (a point) infinite() bool { return a.x == nil }

func (a point) neg() point {
	if a.infinite() {
		return a
	}
	return point{a.x, new(big.Int).Mod(new(big.Int).Neg(a.y), curve().P)}
}

func (a point) add(b point) point {
	p := curve().P
	if a.infinite() {
		return b
	}
	if b.infinite() {
		return a
	}
	var slope *big.Int
	if a.x.Cmp(b.x) == 0 {
		if a.y.Cmp(b.y) != 0 {
			return point{}
		}
		slope = new(big.Int).Mul(a.x, a.x)
		slope.Sub(slope, big.NewInt(1)).Mul(slope, big.NewInt(3))
		slope.Mul(slope, new(big.Int).ModInverse(new(big.Int).Lsh(a.y, 1), p))
	} else {
		slope = new(big.Int).Sub(b.y, a.y)
		dx := new(big.Int).Sub(b.x, a.x)
		slope.Mul(slope, dx.ModInverse(dx.Mod(dx, p), p))
	}
	slope.Mod(slope, p)
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, a.x).Sub(x, b.x).Mod(x, p)
	y := new(big.Int).Sub(a.x, x)
	y.Mul(y, slope).Sub(y, a.y).Mod(y, p)
	return point{x, y}
}

func (a point) mul(k *big.Int) point {
	var sum point
	for i := k.BitLen() - 1; i >= 0; i-- {
		sum = sum.add(sum)
		if k.Bit(i) == 1 {
			sum = sum.add(a)
		}
	}
	return sum
}

// base is k*G, by the standard library: most cases need nothing else.
func base(k *big.Int) point {
	k = new(big.Int).Mod(k, curve().N)
	if k.Sign() == 0 {
		return point{}
	}
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), k.FillBytes(make([]byte, 32)))
	if err != nil {
		panic(err)
	}
	b, err := private.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	return point{new(big.Int).SetBytes(b[1:33]), new(big.Int).SetBytes(b[33:])}
}

// lift returns a point with that x, or false.
func lift(x *big.Int) (point, bool) {
	p := curve().P
	y := new(big.Int).Mul(x, x)
	y.Sub(y, big.NewInt(3)).Mul(y, x).Add(y, curve().B).Mod(y, p)
	if y.ModSqrt(y, p) == nil {
		return point{}, false
	}
	return point{new(big.Int).Set(x), y}, true
}

// forge makes the question whose scalars are exactly u1 and u2 for the key q:
// anybody can, as long as nobody asks for the message behind the hash. If
// u1*G + u2*Q is infinity there is no r; then any r must be refused.
func forge(q point, u1, u2 *big.Int) p256Input {
	return forgeWith(q, base(u1).add(q.mul(u2)), u1, u2)
}

// forgeFor is forge for the key d*G.
func forgeFor(d, u1, u2 *big.Int) p256Input {
	sum := new(big.Int).Mul(d, u2)
	return forgeWith(base(d), base(sum.Add(sum, u1)), u1, u2)
}

func forgeWith(q, sum point, u1, u2 *big.Int) p256Input {
	n := curve().N
	r := big.NewInt(7)
	if !sum.infinite() {
		r = new(big.Int).Mod(sum.x, n)
	}
	s := new(big.Int).ModInverse(u2, n)
	s.Mul(s, r).Mod(s, n)
	h := new(big.Int).Mul(u1, s)
	h.Mod(h, n)
	return question(h.FillBytes(make([]byte, 32)), r, s, q.x, q.y)
}

// sign is ECDSA with everything chosen.
func sign(hash []byte, d, k *big.Int) (r, s *big.Int) {
	n := curve().N
	r = new(big.Int).Mod(base(k).x, n)
	s = new(big.Int).Mul(r, d)
	s.Add(s, new(big.Int).SetBytes(hash)).Mul(s, new(big.Int).ModInverse(k, n)).Mod(s, n)
	return r, s
}

func judged(name string, in p256Input) p256Case { return p256Case{name, in, in.oracle()} }

func minus(n *big.Int, k int64) *big.Int { return new(big.Int).Sub(n, big.NewInt(k)) }

func limit() *big.Int { return new(big.Int).Lsh(big.NewInt(1), 256) }

// extremes are the values at which a range check or a reduction can be wrong.
func extremes() []*big.Int {
	n, p := curve().N, curve().P
	return []*big.Int{
		new(big.Int), big.NewInt(1), big.NewInt(2), minus(n, 1), n, minus(n, -1), new(big.Int).Rsh(n, 1),
		minus(p, 1), p, minus(p, -1), minus(p, 0).Sub(p, n), minus(limit(), 1),
	}
}

// scalars are those whose digits are extreme for windows and ladders.
func scalars() []*big.Int {
	n := curve().N
	out := []*big.Int{}
	for k := int64(1); k <= 5; k++ {
		out = append(out, big.NewInt(k), minus(n, k))
	}
	pattern := func(b byte) *big.Int {
		return new(big.Int).SetBytes(append([]byte{b & 0x7f}, bytes.Repeat([]byte{b}, 31)...))
	}
	half := new(big.Int).Rsh(n, 1)
	return append(out, half, minus(half, -1), pattern(0xaa), pattern(0x55), pattern(0x0f), pattern(0x01),
		new(big.Int).Lsh(big.NewInt(1), 255), new(big.Int).Lsh(big.NewInt(1), 128), minus(new(big.Int).Lsh(big.NewInt(1), 128), 1))
}

// smallKeyCases have keys of +-1..4, 8, 16 times G, whose tables meet themselves.
func smallKeyCases() (cases []p256Case) {
	for _, k := range []int64{1, 2, 3, 4, 8, 16} {
		for _, d := range []*big.Int{big.NewInt(k), minus(curve().N, k)} {
			all := scalars()
			for i, u2 := range all {
				for j := i % 2; j < len(all); j += 2 {
					cases = append(cases, judged(fmt.Sprintf("Q=±%dG, u1=%x, u2=%x", k, all[j], u2), forgeFor(d, all[j], u2)))
				}
				cases = append(cases, judged(fmt.Sprintf("Q=±%dG, u1=0, u2=%x", k, u2), forgeFor(d, new(big.Int), u2)))
			}
		}
	}
	return cases
}

// infinityCases have u1*G + u2*Q = O, which no r fits.
func infinityCases(st *stream) (cases []p256Case) {
	n := curve().N
	for range 60 {
		d, u2 := st.scalar(), st.scalar()
		u1 := new(big.Int).Mul(d, u2)
		u1.Neg(u1).Mod(u1, n)
		in := forgeFor(d, u1, u2)
		cases = append(cases, p256Case{"sum is infinity", in, false})
	}
	return cases
}

// bigXCases have x(R) in [n, p), where r is x(R) - n.
func bigXCases(st *stream) (cases []p256Case) {
	n, p := curve().N, curve().P
	for x := new(big.Int).Set(n); len(cases) < 240; x = minus(x, -1) {
		r, ok := lift(x)
		if !ok {
			continue
		}
		u1, u2 := st.scalar(), st.scalar()
		// Q = (R - u1*G) / u2, of unknown private key.
		q := r.add(base(u1).neg()).mul(new(big.Int).ModInverse(u2, n))
		in := forge(q, u1, u2)
		if x.Cmp(n) != 0 {
			cases = append(cases, p256Case{"x(R) >= n", in, true})
		}
		unreduced := in
		x.FillBytes(unreduced[32:64])
		wrapped := in
		new(big.Int).Mod(new(big.Int).Add(minus(p, 0).Sub(p, n), minus(x, 0).Sub(x, n)), n).FillBytes(wrapped[32:64])
		cases = append(cases, judged("r = x(R) >= n", unreduced), judged("r + n = p + x(R) - n", wrapped))
	}
	return cases
}

// keyCases vary the public key alone.
func keyCases(st *stream) (cases []p256Case) {
	p := curve().P
	zero, ok := lift(new(big.Int))
	if !ok {
		panic("the curve has a point with x = 0")
	}
	for _, q := range []point{zero, zero.neg()} {
		for range 20 {
			cases = append(cases, p256Case{"key with x = 0", forge(q, st.scalar(), st.scalar()), true})
		}
	}
	// Keys whose coordinates are so small that adding p still fits.
	small := 0
	for x := big.NewInt(0); small < 20; x = minus(x, -1) {
		q, ok := lift(x)
		if !ok {
			continue
		}
		small++
		in := forge(q, st.scalar(), st.scalar())
		shifted := in
		new(big.Int).Add(q.x, p).FillBytes(shifted[96:128])
		cases = append(cases, p256Case{"small x", in, true}, p256Case{"x + p", shifted, false})
	}
	// The same for y: 5 is the least y of the curve.
	x, _ := new(big.Int).SetString("d7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7", 16)
	in := forge(point{x, big.NewInt(5)}, st.scalar(), st.scalar())
	shifted := in
	minus(p, -5).FillBytes(shifted[128:])
	cases = append(cases, p256Case{"small y", in, true}, p256Case{"y + p", shifted, false})
	for range 40 {
		in := forgeFor(st.scalar(), st.scalar(), st.scalar())
		swapped, flipped := in, in
		copy(swapped[96:128], in[128:])
		copy(swapped[128:], in[96:128])
		new(big.Int).Sub(p, new(big.Int).SetBytes(in[128:])).FillBytes(flipped[128:])
		cases = append(cases, judged("x and y swapped", swapped), judged("other y", flipped))
	}
	for _, x := range extremes() {
		for _, y := range extremes() {
			in := forgeFor(big.NewInt(1), big.NewInt(5), big.NewInt(9))
			x.FillBytes(in[96:128])
			y.FillBytes(in[128:])
			cases = append(cases, judged("extreme key", in))
		}
	}
	return cases
}

// rangeCases put extremes in place of r, s and the hash.
func rangeCases(st *stream) (cases []p256Case) {
	for range 3 {
		good := forgeFor(st.scalar(), st.scalar(), st.scalar())
		cases = append(cases, p256Case{"range twin", good, true})
		for _, a := range extremes() {
			for _, at := range []int{0, 32, 64} {
				in := good
				a.FillBytes(in[at : at+32])
				cases = append(cases, judged("extreme word", in))
			}
			for _, b := range extremes() {
				in := good
				a.FillBytes(in[32:64])
				b.FillBytes(in[64:96])
				cases = append(cases, judged("extreme r and s", in))
			}
		}
		// r + n and s + n: the same residues, out of range.
		for _, at := range []int{32, 64} {
			in := good
			v := new(big.Int).SetBytes(in[at : at+32])
			if v.Add(v, curve().N); v.BitLen() <= 256 {
				v.FillBytes(in[at : at+32])
				cases = append(cases, p256Case{"residue out of range", in, false})
			}
		}
	}
	// Extreme hashes under signatures that are valid for them.
	for _, h := range extremes() {
		hash := h.FillBytes(make([]byte, 32))
		for range 12 {
			d := st.scalar()
			r, s := sign(hash, d, st.scalar())
			q := base(d)
			cases = append(cases, p256Case{"extreme hash", question(hash, r, s, q.x, q.y), true})
		}
	}
	return cases
}

// randomCases are honest signatures, their twins, and one flipped bit.
func randomCases(st *stream) (cases []p256Case) {
	for range 460 {
		d := st.scalar()
		q := base(d)
		hash, k, bit := st.hash(), st.scalar(), st.hash()
		r, s := sign(hash[:], d, k)
		in := question(hash[:], r, s, q.x, q.y)
		twin := in
		new(big.Int).Sub(curve().N, s).FillBytes(twin[64:96])
		flipped := in
		flipped[int(bit[0])%160] ^= 1 << (bit[1] % 8)
		cases = append(cases, p256Case{"honest", in, true}, p256Case{"twin", twin, true}, judged("flipped bit", flipped))
	}
	return cases
}

// TestP256EdgeCases compares at least 5,000 cases with the standard library.
func TestP256EdgeCases(t *testing.T) {
	t.Parallel()
	st := &stream{seed: "p256 edge cases"}
	cases := slices.Concat(
		smallKeyCases(), infinityCases(st), bigXCases(st), keyCases(st), rangeCases(st), randomCases(st),
	)
	var valid int
	for _, c := range cases {
		if c.in.oracle() != c.valid {
			t.Fatalf("%s: the case is not what it says: %x", c.name, c.in)
		}
		if c.valid {
			valid++
		}
	}
	t.Logf("%d cases, %d of them valid", len(cases), valid)
	if len(cases) < 5000 || valid < 3000 {
		t.Fatalf("%d cases, %d of them valid", len(cases), valid)
	}
	askAll(t, cases, 5)
}

func TestP256InputLength(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(1), big.NewInt(5), big.NewInt(9))
	long := append(slices.Clone(good[:]), 0)
	for _, in := range [][]byte{nil, good[:1], good[:32], good[:159], long, bytes.Repeat(good[:], 2)} {
		for _, to := range []struct {
			name string
			f    func() (uint64, error)
		}{
			{"verifier", func() (uint64, error) { return m.expect(m.verifier, in, false) }},
			{"router", func() (uint64, error) { return m.expect(m.router, in, false) }},
		} {
			if _, err := to.f(); err != nil {
				t.Errorf("%s, %d bytes: %v", to.name, len(in), err)
			}
		}
	}
	if _, err := m.expect(m.router, good[:], true); err != nil {
		t.Errorf("160 bytes: %v", err)
	}
}

// TestP256OutOfGas gives every amount of gas up to enough: the answer is right
// or there is none.
func TestP256OutOfGas(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(77), big.NewInt(5), big.NewInt(9))
	for _, to := range []struct {
		name    string
		address [20]byte
	}{{"verifier", m.verifier}, {"router", m.router}} {
		m.cfg.GasLimit = gasLimit
		enough, err := m.expect(to.address, good[:], true)
		if err != nil {
			t.Fatal(err)
		}
		var reverted int
		for gas := uint64(50); gas < enough+enough/8; gas += 397 {
			m.cfg.GasLimit = gas
			if _, _, err := m.call(to.address, good[:]); err != nil {
				reverted++
				continue
			}
			if _, err := m.expect(to.address, good[:], true); err != nil {
				t.Fatalf("%s with %d gas: %v", to.name, gas, err)
			}
		}
		if reverted == 0 {
			t.Errorf("%s never ran out of gas", to.name)
		}
	}
}

// TestRouterBelievesOnlyAOne puts what a chain may have at 0x100 there.
func TestRouterBelievesOnlyAOne(t *testing.T) {
	t.Parallel()
	good := forgeFor(big.NewInt(77), big.NewInt(5), big.NewInt(9))
	bad := good
	bad[0] ^= 1
	answer := func(length byte, value ...byte) []byte { // mstore(0, value) return(0, length)
		code := append([]byte{0x5f + byte(len(value))}, value...)
		return append(code, 0x60, 0, 0x52, 0x60, length, 0x60, 0, 0xf3)
	}
	codes := map[string][]byte{
		"nothing":        nil,
		"empty answer":   {0x00},
		"zero":           answer(32, 0),
		"two":            answer(32, 2),
		"one in 31":      answer(31, 1),
		"one in 64":      answer(64, 1),
		"a large one":    answer(32, append([]byte{1}, make([]byte, 31)...)...),
		"revert":         {0x60, 0, 0x60, 0, 0xfd},
		"burns all gas":  {0xfe},
		"revert with 1":  {0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xfd},
		"endless (loop)": {0x5b, 0x60, 0, 0x56},
	}
	for name, code := range codes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, london())
			m.cfg.State.SetCode([20]byte{18: 1}, code, 0)
			m.cfg.GasLimit = 400_000
			for _, c := range []p256Case{{"valid", good, true}, {"invalid", bad, false}} {
				if _, err := m.expect(m.router, c.in[:], c.valid); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, london())
		m.cfg.State.SetCode([20]byte{18: 1}, answer(32, 1), 0)
		gas, err := m.expect(m.router, bad[:], true)
		if err != nil || gas > 10_000 {
			t.Errorf("a one is believed, at no further cost: %d gas, %v", gas, err)
		}
	})
}

// TestRouterWithoutAVerifier: what is no answer is not a "no".
func TestRouterWithoutAVerifier(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(1), big.NewInt(5), big.NewInt(9))
	for name, code := range map[string][]byte{
		"no code":      nil,
		"answers two":  {0x60, 2, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3},
		"answers 31":   {0x60, 1, 0x60, 0, 0x52, 0x60, 31, 0x60, 0, 0xf3},
		"runs dry":     {0xfe},
		"reverts with": {0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xfd},
	} {
		m.cfg.State.SetCode(m.verifier, code, 0)
		out, _, err := m.call(m.router, good[:])
		if !errors.Is(err, vm.ErrExecutionReverted) || !bytes.Equal(out, selector("VerifierUnavailable()")) {
			t.Errorf("%s: %x, %v", name, out, err)
		}
	}
	nobody := bytes.Repeat([]byte{0xee}, 20)
	if _, err := m.create(t, solidity.P256Router, nobody); !errors.Is(err, vm.ErrExecutionReverted) {
		t.Errorf("a router over an address without code: %v", err)
	}
}

// TestP256Gas holds the cost of a verification, in the verifier's own frame.
func TestP256Gas(t *testing.T) {
	t.Parallel()
	const bound = 175_000
	m := newMachine(t, london())
	st := &stream{seed: "gas"}
	var used []uint64
	for range 200 {
		hash, d := st.hash(), st.scalar()
		r, s := sign(hash[:], d, st.scalar())
		q := base(d)
		in := question(hash[:], r, s, q.x, q.y)
		gas, err := m.expect(m.verifier, in[:], true)
		if err != nil {
			t.Fatal(err)
		}
		used = append(used, gas)
	}
	slices.Sort(used)
	t.Logf("gas: least %d, median %d, most %d", used[0], used[100], used[199])
	if used[199] > bound {
		t.Errorf("a verification takes %d gas, more than %d", used[199], bound)
	}
}

// TestKnownAnswers: what deployment asks a chain, the contracts know; a chain
// whose 0x100 says yes to everything is found out.
func TestKnownAnswers(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	for _, to := range []common.Address{m.verifier, m.router} {
		err := p256.Check(func(in []byte) ([]byte, error) {
			out, _, err := m.call(to, in)
			return out, err
		})
		if err != nil {
			t.Error(err)
		}
	}
	m.cfg.State.SetCode([20]byte{18: 1}, []byte{0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, 0)
	err := p256.Check(func(in []byte) ([]byte, error) {
		out, _, err := m.call(m.router, in)
		return out, err
	})
	if !errors.Is(err, p256.ErrWrongAnswer) {
		t.Errorf("a lying precompile: %v", err)
	}
}
