// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title ECDSA verification over secp256r1 (NIST P-256) in Solidity
/// @notice Raw calling convention as in IP256.sol.
///
/// Verified (FIPS 186-5, section 6.4.2; SP 800-186, section 3.2.1.3):
/// - input is exactly 160 bytes
/// - r and s are in [1, n-1]
/// - the public key has coordinates below p and lies on the curve; with cofactor 1 it is then in the group, and the
///   point at infinity, which has no affine form, cannot be expressed
/// - R = u1*G + u2*Q is not the point at infinity, and x(R) mod n equals r, for which x(R) can be r or r + n
///
/// Not verified: that s is in the lower half, that the hash is the output of a hash function.
///
/// How: u1 and u2 are read two bits at a time against a table of the sixteen i*G + j*Q. The accumulator is in XYZZ
/// coordinates, x = X/ZZ, y = Y/ZZZ, ZZ^3 = ZZZ^2, and ZZ = 0 is infinity. The table is brought to affine form with one
/// shared inversion, so that the loop uses mixed additions. Every addition handles equal and opposite points, which keys
/// such as +-G, 2G or 3G and chosen signatures do reach. Table entries at infinity are marked by y = 0: the group has
/// no point of order 2, so no other entry has that y.
///
/// Formulas: "dbl-2008-s-1" and "madd-2008-s" for XYZZ coordinates on short Weierstrass curves, Explicit-Formulas
/// Database, with 3x^2 - 3z^4 factored as 3(x - z^2)(x + z^2) because a = -3.
///
/// Memory: the contract allocates nothing, it owns the space behind the free memory pointer's first value.
contract P256Verifier {
    /// @dev The field, the group order, the curve's constant b (a is -3), and G, 2G, 3G.
    uint256 private constant P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
    uint256 private constant N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint256 private constant B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b;
    uint256 private constant G1X = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296;
    uint256 private constant G1Y = 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5;
    uint256 private constant G2X = 0x7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978;
    uint256 private constant G2Y = 0x07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1;
    uint256 private constant G3X = 0x5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c;
    uint256 private constant G3Y = 0x8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032;

    /// @dev Sixteen affine points of 64 bytes; i*G + j*Q is entry 4i + j.
    uint256 private constant TABLE = 0x80;
    /// @dev The same sixteen in XYZZ form, 128 bytes each, while the table is made.
    uint256 private constant POINTS = 0x480;
    /// @dev Running products for the shared inversion, one word for each entry.
    uint256 private constant PRODUCTS = 0xc80;
    /// @dev Arguments of the modular exponentiation precompile (EIP-198).
    uint256 private constant MODEXP = 0xe80;

    fallback() external {
        uint256 valid;
        if (msg.data.length == 160) {
            uint256 hash;
            uint256 r;
            uint256 s;
            uint256 x;
            uint256 y;
            assembly {
                hash := calldataload(0x00)
                r := calldataload(0x20)
                s := calldataload(0x40)
                x := calldataload(0x60)
                y := calldataload(0x80)
            }
            if (_verify(hash, r, s, x, y)) valid = 1;
        }
        assembly {
            mstore(0x00, valid)
            return(0x00, 0x20)
        }
    }

    function _verify(uint256 hash, uint256 r, uint256 s, uint256 x, uint256 y) private view returns (bool) {
        if (r == 0 || r >= N || s == 0 || s >= N || !_onCurve(x, y)) return false;
        _makeTable(x, y);
        uint256 inverse = _invert(s, N);
        (uint256 rx, uint256 rzz) = _multiply(mulmod(hash, inverse, N), mulmod(r, inverse, N));
        if (rzz == 0) return false;
        // x(R) mod n == r without dividing by ZZ. Since n < p < 2n, x(R) is r, or r + n where that is below p.
        if (rx == mulmod(r, rzz, P)) return true;
        return r < P - N && rx == mulmod(r + N, rzz, P);
    }

    /// @dev Coordinates below p that satisfy y^2 = x^3 - 3x + b.
    function _onCurve(uint256 x, uint256 y) private pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 cubic = addmod(mulmod(addmod(mulmod(x, x, P), P - 3, P), x, P), B, P);
        return mulmod(y, y, P) == cubic;
    }

    /// @dev Fills TABLE for the key Q = (x, y). Entry 0 stays unused.
    function _makeTable(uint256 x, uint256 y) private view {
        _storePoint(1, x, y);
        _add(1, x, y, 2);
        _add(2, x, y, 3);
        for (uint256 j = 1; j < 4; ++j) {
            _add(j, G1X, G1Y, j + 4);
            _add(j, G2X, G2Y, j + 8);
            _add(j, G3X, G3Y, j + 12);
        }
        _storeAffine(4, G1X, G1Y);
        _storeAffine(8, G2X, G2Y);
        _storeAffine(12, G3X, G3Y);
        _normalise();
    }

    function _storePoint(uint256 entry, uint256 x, uint256 y) private pure {
        assembly {
            let at := add(POINTS, shl(7, entry))
            mstore(at, x)
            mstore(add(at, 0x20), y)
            mstore(add(at, 0x40), 1)
            mstore(add(at, 0x60), 1)
        }
    }

    function _storeAffine(uint256 entry, uint256 x, uint256 y) private pure {
        assembly {
            let at := add(TABLE, shl(6, entry))
            mstore(at, x)
            mstore(add(at, 0x20), y)
        }
    }

    /// @dev POINTS[to] = POINTS[from] + (x2, y2). Neither summand is infinity; the sum may be, or may be a doubling.
    function _add(uint256 from, uint256 x2, uint256 y2, uint256 to) private pure {
        assembly {
            from := add(POINTS, shl(7, from))
            to := add(POINTS, shl(7, to))
            let zz := mload(add(from, 0x40))
            let zzz := mload(add(from, 0x60))
            let x := mload(from)
            let y := mload(add(from, 0x20))
            let h := addmod(mulmod(x2, zz, P), sub(P, x), P)
            let t := addmod(mulmod(y2, zzz, P), sub(P, y), P)
            switch or(h, t)
            case 0 {
                // Equal points: twice (x2, y2).
                t := addmod(y2, y2, P)
                zz := mulmod(t, t, P)
                zzz := mulmod(t, zz, P)
                h := mulmod(x2, zz, P)
                t := mulmod(3, mulmod(addmod(x2, sub(P, 1), P), addmod(x2, 1, P), P), P)
                x := addmod(mulmod(t, t, P), sub(P, addmod(h, h, P)), P)
                y := addmod(mulmod(t, addmod(h, sub(P, x), P), P), sub(P, mulmod(zzz, y2, P)), P)
            }
            default {
                // Opposite points have h = 0, which makes ZZ and ZZZ 0: infinity.
                y2 := mulmod(h, h, P)
                zz := mulmod(zz, y2, P)
                x2 := mulmod(x, y2, P)
                y2 := mulmod(h, y2, P)
                zzz := mulmod(zzz, y2, P)
                x := addmod(addmod(mulmod(t, t, P), sub(P, y2), P), sub(P, addmod(x2, x2, P)), P)
                y := addmod(mulmod(t, addmod(x2, sub(P, x), P), P), sub(P, mulmod(y, y2, P)), P)
            }
            mstore(to, x)
            mstore(add(to, 0x20), y)
            mstore(add(to, 0x40), zz)
            mstore(add(to, 0x60), zzz)
        }
    }

    /// @dev Brings POINTS to affine form in TABLE with one inversion (Montgomery's trick over ZZZ). The entries 4, 8 and
    /// 12, multiples of G alone, are there already.
    function _normalise() private view {
        uint256 product = 1;
        assembly {
            for { let e := 1 } lt(e, 16) { e := add(e, 1) } {
                if and(e, 3) {
                    mstore(add(PRODUCTS, shl(5, e)), product)
                    let zzz := mload(add(add(POINTS, 0x60), shl(7, e)))
                    if zzz { product := mulmod(product, zzz, P) }
                }
            }
        }
        uint256 inverse = _invert(product, P);
        assembly {
            for { let e := 15 } e { e := sub(e, 1) } {
                if and(e, 3) {
                    let from := add(POINTS, shl(7, e))
                    let to := add(TABLE, shl(6, e))
                    let zzz := mload(add(from, 0x60))
                    switch zzz
                    case 0 { mstore(add(to, 0x20), 0) }
                    default {
                        let zzzInverse := mulmod(inverse, mload(add(PRODUCTS, shl(5, e))), P)
                        inverse := mulmod(inverse, zzz, P)
                        // 1/Z = ZZ/ZZZ
                        let zInverse := mulmod(mload(add(from, 0x40)), zzzInverse, P)
                        mstore(to, mulmod(mload(from), mulmod(zInverse, zInverse, P), P))
                        mstore(add(to, 0x20), mulmod(mload(add(from, 0x20)), zzzInverse, P))
                    }
                }
            }
        }
    }

    /// @dev X and ZZ of u1*G + u2*Q, from TABLE.
    function _multiply(uint256 u1, uint256 u2) private pure returns (uint256 x, uint256 zz) {
        assembly {
            let p := P
            let y := 0
            let zzz := 0
            for { let i := 128 } i { i := sub(i, 1) } {
                // Twice: infinity stays infinity, since ZZ is a factor of ZZ.
                {
                    let w := addmod(y, y, p)
                    let v := mulmod(w, w, p)
                    w := mulmod(w, v, p)
                    let q := mulmod(x, v, p)
                    let m := mulmod(3, mulmod(addmod(x, sub(p, zz), p), addmod(x, zz, p), p), p)
                    x := addmod(mulmod(m, m, p), sub(p, addmod(q, q, p)), p)
                    y := addmod(mulmod(m, addmod(q, sub(p, x), p), p), sub(p, mulmod(w, y, p)), p)
                    zz := mulmod(v, zz, p)
                    zzz := mulmod(w, zzz, p)
                }
                {
                    let w := addmod(y, y, p)
                    let v := mulmod(w, w, p)
                    w := mulmod(w, v, p)
                    let q := mulmod(x, v, p)
                    let m := mulmod(3, mulmod(addmod(x, sub(p, zz), p), addmod(x, zz, p), p), p)
                    x := addmod(mulmod(m, m, p), sub(p, addmod(q, q, p)), p)
                    y := addmod(mulmod(m, addmod(q, sub(p, x), p), p), sub(p, mulmod(w, y, p)), p)
                    zz := mulmod(v, zz, p)
                    zzz := mulmod(w, zzz, p)
                }
                // The two leading bits of each scalar, as an offset into the table.
                let entry := or(and(shr(246, u1), 0x300), and(shr(248, u2), 0xc0))
                u1 := shl(2, u1)
                u2 := shl(2, u2)
                if iszero(entry) { continue }
                let y2 := mload(add(entry, add(TABLE, 0x20)))
                if iszero(y2) { continue }
                let x2 := mload(add(entry, TABLE))
                if iszero(zz) {
                    x := x2
                    y := y2
                    zz := 1
                    zzz := 1
                    continue
                }
                let h := addmod(mulmod(x2, zz, p), sub(p, x), p)
                let t := addmod(mulmod(y2, zzz, p), sub(p, y), p)
                if iszero(or(h, t)) {
                    // Equal points: twice (x2, y2).
                    t := addmod(y2, y2, p)
                    zz := mulmod(t, t, p)
                    zzz := mulmod(t, zz, p)
                    h := mulmod(x2, zz, p)
                    t := mulmod(3, mulmod(addmod(x2, sub(p, 1), p), addmod(x2, 1, p), p), p)
                    x := addmod(mulmod(t, t, p), sub(p, addmod(h, h, p)), p)
                    y := addmod(mulmod(t, addmod(h, sub(p, x), p), p), sub(p, mulmod(zzz, y2, p)), p)
                    continue
                }
                // Opposite points have h = 0, which makes ZZ and ZZZ 0: infinity.
                y2 := mulmod(h, h, p)
                zz := mulmod(zz, y2, p)
                x2 := mulmod(x, y2, p)
                y2 := mulmod(h, y2, p)
                zzz := mulmod(zzz, y2, p)
                x := addmod(addmod(mulmod(t, t, p), sub(p, y2), p), sub(p, addmod(x2, x2, p)), p)
                y := addmod(mulmod(t, addmod(x2, sub(p, x), p), p), sub(p, mulmod(y, y2, p)), p)
            }
        }
    }

    /// @dev a^(m-2) mod m, the inverse modulo a prime. The precompile fails for lack of gas alone, and then nothing may be
    /// concluded: the call reverts.
    function _invert(uint256 a, uint256 m) private view returns (uint256 inverse) {
        assembly {
            mstore(MODEXP, 0x20)
            mstore(add(MODEXP, 0x20), 0x20)
            mstore(add(MODEXP, 0x40), 0x20)
            mstore(add(MODEXP, 0x60), a)
            mstore(add(MODEXP, 0x80), sub(m, 2))
            mstore(add(MODEXP, 0xa0), m)
            let ok := staticcall(gas(), 0x05, MODEXP, 0xc0, 0x00, 0x20)
            if iszero(and(ok, eq(returndatasize(), 0x20))) { revert(0x00, 0x00) }
            inverse := mload(0x00)
        }
    }
}
