// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {Grant, RotateMasterWallet, SetScope, Unfreeze} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {K10Signatures} from "../src/libraries/K10Signatures.sol";
import {Hasher} from "./Hasher.sol";
import {vm} from "./Vm.sol";

/// @notice The pure libraries against other ways to say the same.
contract LibrariesTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    Hasher private immutable hasher = new Hasher();

    // Identifiers.

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzIdentifiers(address account, address other, uint256 x, uint256 y) public pure {
        bytes memory text = bytes(vm.toString(account)); // with the capitals of EIP-55
        for (uint256 i = 2; i < text.length; ++i) {
            if (text[i] >= "A" && text[i] <= "F") text[i] = bytes1(uint8(text[i]) + 32);
        }
        vm.assertEq(Identifiers.omni(account), sha256(bytes.concat("agentkeysevm", text)), "omni");
        vm.assertEq(Identifiers.deviceKeyHash(account), keccak256(bytes.concat(bytes20(account))), "device key hash");
        bytes32 passkey = keccak256(bytes.concat(hex"04", bytes32(x), bytes32(y)));
        vm.assertEq(Identifiers.passkeyHash(x, y), passkey, "passkey hash");
        if (account != other) {
            vm.assertTrue(Identifiers.omni(account) != Identifiers.omni(other), "two omnis");
            vm.assertTrue(Identifiers.deviceKeyHash(account) != Identifiers.deviceKeyHash(other), "two devices");
        }
        if (x != y) vm.assertTrue(Identifiers.passkeyHash(x, y) != Identifiers.passkeyHash(y, x), "order");
    }

    // Signatures of a K10.

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzSignatures(uint256 key, bytes32 digest, uint8 v) public {
        key = 1 + key % (ORDER - 1);
        (uint8 right, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.assertEq(this.recover(digest, right, r, s), vm.addr(key), "signer");
        _refused(digest, right ^ 7, r, bytes32(ORDER - uint256(s)), IRegistryErrors.K10SignatureSTooHigh.selector, "");
        if (v != 27 && v != 28) {
            _refused(digest, v, r, s, IRegistryErrors.K10SignatureVInvalid.selector, abi.encode(v));
        }
    }

    /// @notice Anything at all: a named refusal, or exactly what the precompile says.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzzAnySignature(bytes32 digest, uint8 v, bytes32 r, bytes32 s) public view {
        v = 27 + v % 2;
        address signer = ecrecover(digest, v, r, s);
        (bool ok, bytes memory answer) = address(this).staticcall(abi.encodeCall(this.recover, (digest, v, r, s)));
        bool accepted = signer != address(0) && uint256(s) <= ORDER / 2;
        vm.assertEq(ok, accepted, "accepted");
        if (ok) vm.assertEq(abi.decode(answer, (address)), signer, "signer");
    }

    function recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return K10Signatures.recover(digest, v, r, s);
    }

    // Digests. All operations are in the vectors; here those with a list in them, and the domain, for any values.

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzUnfreezeHash(Unfreeze memory o) public view {
        bytes32[] memory some = o.revocations;
        assembly {
            if gt(mload(some), 12) { mstore(some, 12) }
        }
        bytes memory list;
        for (uint256 i = 0; i < o.revocations.length; ++i) {
            list = bytes.concat(list, o.revocations[i]);
        }
        bytes32 kind = keccak256("Unfreeze(bytes32 operator,bytes32[] revocations,uint64 nonce,uint64 deadline)");
        bytes memory text = bytes.concat(kind, o.operator, keccak256(list), _word(o.nonce), _word(o.deadline));
        vm.assertEq(hasher.unfreeze(o), keccak256(text), "struct hash");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzRotateHash(RotateMasterWallet memory o) public view {
        bytes32 kind = keccak256(
            "RotateMasterWallet(bytes32 operator,address newWallet,bool revokePasskey,bool immediate,uint64 nonce,uint64 deadline)"
        );
        bytes memory flags = bytes.concat(_word(o.revokePasskey ? 1 : 0), _word(o.immediate ? 1 : 0));
        bytes memory text =
            bytes.concat(kind, o.operator, _word(uint160(o.newWallet)), flags, _word(o.nonce), _word(o.deadline));
        vm.assertEq(hasher.rotateMasterWallet(o), keccak256(text), "struct hash");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzSetScopeHash(bytes32 operator, bytes32 actor, Grant[3] memory some, uint8 count, uint64 nonce)
        public
        view
    {
        string memory grant =
            "Grant(string service,uint32 ops,uint32 maxPerPeriod,uint32 periodSeconds,uint32 maxTotal,uint64 expiresAt)";
        SetScope memory o = SetScope(operator, actor, new Grant[](count % 4), nonce, ~nonce);
        bytes memory list;
        for (uint256 i = 0; i < o.grants.length; ++i) {
            Grant memory g = some[i];
            o.grants[i] = g;
            bytes memory limits = bytes.concat(_word(g.maxPerPeriod), _word(g.periodSeconds), _word(g.maxTotal));
            bytes32 service = keccak256(bytes(g.service));
            bytes memory one = bytes.concat(keccak256(bytes(grant)), service, _word(g.ops), limits, _word(g.expiresAt));
            list = bytes.concat(list, keccak256(one));
        }
        bytes32 kind = keccak256(
            bytes.concat(
                "SetScope(bytes32 operator,bytes32 actor,Grant[] grants,uint64 nonce,uint64 deadline)", bytes(grant)
            )
        );
        bytes memory text = bytes.concat(kind, operator, actor, keccak256(list), _word(nonce), _word(~nonce));
        vm.assertEq(hasher.setScope(o), keccak256(text), "struct hash");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzzDigest(address target, address other, bytes32 structHash, uint64 chain) public {
        vm.chainId(1 + uint256(chain) % type(uint64).max);
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes memory domain = bytes.concat(kind, keccak256("AgentKeys"), keccak256("1"), _word(block.chainid));
        bytes32 separator = keccak256(bytes.concat(domain, _word(uint160(target))));
        vm.assertEq(hasher.domainSeparator(target), separator, "domain");
        vm.assertEq(
            hasher.digest(target, structHash), keccak256(bytes.concat(hex"1901", separator, structHash)), "digest"
        );
        if (target != other) {
            vm.assertTrue(hasher.digest(target, structHash) != hasher.digest(other, structHash), "two contracts");
        }
    }

    function _word(uint256 value) private pure returns (bytes32) {
        return bytes32(value);
    }

    function _refused(bytes32 digest, uint8 v, bytes32 r, bytes32 s, bytes4 refusal, bytes memory arguments) private {
        vm.expectRevert(bytes.concat(refusal, arguments));
        this.recover(digest, v, r, s);
    }
}
