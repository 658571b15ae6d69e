// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {vm} from "./Vm.sol";

/// @notice Signatures made by forge's own P-256 implementation. Vectors and edge cases run in Go, see p256_test.go.
contract P256Test {
    uint256 private constant N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    address private immutable verifier = address(new P256Verifier());
    address private immutable router = address(new P256Router(verifier));

    function testFuzzHonestSignaturesAndOneFault(uint256 key, bytes32 hash, uint8 bit) public view {
        key = key % (N - 1) + 1;
        (bytes32 r, bytes32 s) = vm.signP256(key, hash);
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        bytes memory question = abi.encode(hash, r, s, x, y);
        vm.assertTrue(_valid(question), "an honest signature");
        vm.assertTrue(_valid(abi.encode(hash, r, N - uint256(s), x, y)), "its twin");
        vm.assertFalse(_valid(abi.encode(hash ^ bytes32(1 << bit), r, s, x, y)), "another hash");
        vm.assertFalse(_valid(abi.encode(hash, r ^ bytes32(1 << bit), s, x, y)), "another r");
        vm.assertFalse(_valid(abi.encode(hash, r, s ^ bytes32(1 << bit), x, y)), "another s");
        vm.assertFalse(_valid(abi.encode(hash, r, s, x ^ (1 << bit), y)), "another x");
        vm.assertFalse(_valid(abi.encode(hash, r, s, x, y ^ (1 << bit))), "another y");
    }

    function _valid(bytes memory question) private view returns (bool) {
        (bool ok, bytes memory answer) = verifier.staticcall(question);
        (bool routed, bytes memory same) = router.staticcall(question);
        vm.assertTrue(ok && routed && answer.length == 32, "always an answer");
        vm.assertEq(answer, same, "the router says what the verifier says");
        return abi.decode(answer, (uint256)) == 1;
    }
}
