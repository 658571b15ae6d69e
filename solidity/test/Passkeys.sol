// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {vm} from "./Vm.sol";

/// @notice Passkeys that really sign: WebAuthn assertions over forge's P-256.
abstract contract Passkeys {
    uint256 internal constant N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint256 internal constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;
    string internal constant RP_ID = "companion.localhost";
    string internal constant ORIGIN = "http://companion.localhost:8095";
    bytes internal constant ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    function _p256Key(uint256 seed) internal pure returns (uint256) {
        return 1 + seed % (N - 1);
    }

    function _keyOf(uint256 key) internal view returns (K11Key memory k) {
        (k.x, k.y) = vm.publicKeyP256(key);
        (k.rpIdHash, k.originHash) = (sha256(bytes(RP_ID)), sha256(bytes(ORIGIN)));
    }

    function _authenticatorData(uint8 flags, uint32 count) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256(bytes(RP_ID)), flags, count);
    }

    function _clientData(bytes32 digest, string memory tail) internal pure returns (bytes memory) {
        return bytes.concat(
            '{"type":"webauthn.get","challenge":"', _base64Url(digest), '","origin":"', bytes(ORIGIN), '"', bytes(tail)
        );
    }

    function _signedBy(uint256 key, bytes memory data, bytes memory json)
        internal
        pure
        returns (K11Assertion memory a)
    {
        (bytes32 r, bytes32 s) = vm.signP256(key, sha256(bytes.concat(data, sha256(json))));
        // As a relying party does: whichever of s and n - s is lower.
        uint256 low = uint256(s) > HALF_N ? N - uint256(s) : uint256(s);
        a = K11Assertion(data, json, uint256(r), low);
    }

    function _touchOf(uint256 key, bytes32 digest, uint32 count) internal pure returns (K11Assertion memory) {
        return _signedBy(key, _authenticatorData(5, count), _clientData(digest, ',"crossOrigin":false}'));
    }

    /// @dev Bit by bit: not the way of the contract.
    function _base64Url(bytes32 data) private pure returns (bytes memory text) {
        text = new bytes(43);
        for (uint256 i = 0; i < 43; ++i) {
            uint256 value;
            for (uint256 bit = 6 * i; bit < 6 * i + 6; ++bit) {
                value = 2 * value + (bit < 256 ? uint256(data) >> (255 - bit) & 1 : 0);
            }
            text[i] = ALPHABET[value];
        }
    }
}
