// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {vm} from "./Vm.sol";

/// @notice Signatures made by forge's own P-256 implementation. Vectors and edge cases run in Go, see p256_test.go.
contract P256Test {
    uint256 private constant N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint256 private constant P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;

    address private immutable verifier = address(new P256Verifier());
    address private immutable router = address(new P256Router(verifier));

    /// forge-config: default.fuzz.runs = 1000
    function testFuzzHonestSignaturesAndOneFault(uint256 key, bytes32 hash, uint8 bit, uint8 fault) public view {
        key = key % (N - 1) + 1;
        (bytes32 r, bytes32 s) = vm.signP256(key, hash);
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        vm.assertTrue(_valid(abi.encode(hash, r, s, x, y)), "an honest signature");
        vm.assertTrue(_valid(abi.encode(hash, r, N - uint256(s), x, y)), "its twin");
        bytes32 flip = bytes32(uint256(1) << bit);
        fault %= 5;
        if (fault == 0) hash ^= flip;
        if (fault == 1) r ^= flip;
        if (fault == 2) s ^= flip;
        if (fault == 3) x ^= uint256(flip);
        if (fault == 4) y ^= uint256(flip);
        vm.assertFalse(_valid(abi.encode(hash, r, s, x, y)), "one fault");
    }

    /// @notice Keys whose table has equal and opposite points and infinity: plus and minus G, 2G, 3G and a few more.
    function testKeysNearTheGenerator() public view {
        for (uint256 i = 1; i < 8; ++i) {
            _bothWays(i);
            _bothWays(N - i);
        }
    }

    /// @notice u1*G + u2*Q is infinity: with Q = G, hash = -r.
    function testTheSumIsInfinity() public view {
        (uint256 x, uint256 y) = vm.publicKeyP256(1);
        for (uint256 r = 1; r < 6; ++r) {
            vm.assertFalse(_valid(abi.encode(N - r, r, 1, x, y)), "infinity");
        }
    }

    function testRanges() public view {
        (bytes32 r, bytes32 s) = vm.signP256(7, keccak256("hash"));
        (uint256 x, uint256 y) = vm.publicKeyP256(7);
        uint256[4] memory out = [uint256(0), N, P, type(uint256).max];
        for (uint256 i = 0; i < out.length; ++i) {
            vm.assertFalse(_valid(abi.encode(keccak256("hash"), out[i], s, x, y)), "r");
            vm.assertFalse(_valid(abi.encode(keccak256("hash"), r, out[i], x, y)), "s");
            vm.assertFalse(_valid(abi.encode(keccak256("hash"), r, s, out[i], y)), "x");
            vm.assertFalse(_valid(abi.encode(keccak256("hash"), r, s, x, out[i])), "y");
        }
        vm.assertFalse(_valid(abi.encode(keccak256("hash"), r, s, y, x)), "off the curve");
        vm.assertFalse(_valid(abi.encodePacked(keccak256("hash"), r, s, x, y, uint8(0))), "161 bytes");
        vm.assertFalse(_valid(""), "nothing");
        vm.assertTrue(_valid(abi.encode(keccak256("hash"), r, s, x, y)), "right");
    }

    /// @notice Whatever gas there is: the right answer or none.
    function testShortOfGas() public view {
        (bytes32 r, bytes32 s) = vm.signP256(7, keccak256("hash"));
        (uint256 x, uint256 y) = vm.publicKeyP256(7);
        bytes memory right = abi.encode(keccak256("hash"), r, s, x, y);
        bytes memory wrong = abi.encode(keccak256("hash"), r, s, x, P - y);
        uint256 unanswered;
        for (uint256 gas_ = 200; gas_ < 260_000; gas_ += gas_ / 50 + 37) {
            (bool done, bytes memory answer) = verifier.staticcall{gas: gas_}(right);
            if (done) vm.assertEq(answer, abi.encode(1), "right");
            else ++unanswered;
            (done, answer) = verifier.staticcall{gas: gas_}(wrong);
            if (done) vm.assertEq(answer, abi.encode(0), "wrong");
            (done, answer) = router.staticcall{gas: gas_}(right);
            if (done) vm.assertEq(answer, abi.encode(1), "routed");
        }
        vm.assertLt(10, unanswered, "limits that are too low");
    }

    function _bothWays(uint256 key) private view {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        // Not 0: then u1 is 0, and the opposite key gives the opposite point, whose x is the same.
        for (uint256 h = 1; h < 4; ++h) {
            (bytes32 r, bytes32 s) = vm.signP256(key, bytes32(h));
            vm.assertTrue(_valid(abi.encode(h, r, s, x, y)), "its own");
            vm.assertFalse(_valid(abi.encode(h, r, s, x, P - y)), "of the opposite key");
        }
    }

    function _valid(bytes memory question) private view returns (bool) {
        (bool ok, bytes memory answer) = verifier.staticcall(question);
        (bool routed, bytes memory same) = router.staticcall(question);
        vm.assertTrue(ok && routed && answer.length == 32, "always an answer");
        vm.assertEq(answer, same, "the router says what the verifier says");
        return abi.decode(answer, (uint256)) == 1;
    }
}
