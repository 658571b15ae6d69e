package solidity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
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
