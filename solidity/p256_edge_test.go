package solidity_test

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"testing"
)

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
	// Keys on other curves of the same field: the formulas never look at b, so
	// with u1 = 0 whoever does not check the curve finds these valid.
	for range 20 {
		q := base(st.scalar())
		q.y = new(big.Int).Mod(minus(q.y, -1), p)
		u2 := st.scalar()
		cases = append(cases, p256Case{"key on another curve", forgeWith(q, q.mul(u2), new(big.Int), u2), false})
	}
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
