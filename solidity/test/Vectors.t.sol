// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    CancelMaster,
    CancelRotation,
    Freeze,
    Grant,
    Newcomer,
    RegisterFirstMaster,
    RegisterMaster,
    ReplaceMaster,
    RevokeAgent,
    RevokeMaster,
    RevokeScope,
    RotateMasterWallet,
    SetAuditRelayer,
    SetRecoveryThreshold,
    SetScope,
    Unfreeze
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {OperationDigests} from "../src/libraries/OperationDigests.sol";
import {Hasher} from "./Hasher.sol";
import {vm} from "./Vm.sol";

/// @notice testdata/vectors/typeddata.json, which pkg/typeddata holds to go-ethereum's encoder.
contract VectorsTest {
    Hasher private immutable HASHER = new Hasher();
    string private json;

    function setUp() public {
        json = vm.readFile("../testdata/vectors/typeddata.json");
    }

    function testIdentifiers() public view {
        uint256 count;
        for (; vm.keyExistsJson(json, _at(".identifiers", count, "")); ++count) {
            address account = vm.parseJsonAddress(json, _at(".identifiers", count, ".account"));
            vm.assertEq(
                Identifiers.omni(account), vm.parseJsonBytes32(json, _at(".identifiers", count, ".omni")), "omni"
            );
            vm.assertEq(
                Identifiers.deviceKeyHash(account),
                vm.parseJsonBytes32(json, _at(".identifiers", count, ".deviceKeyHash")),
                "device key hash"
            );
        }
        vm.assertEq(count, 4, "identifiers read");
    }

    function testTypeHashes() public view {
        bytes32[16] memory own = [
            OperationDigests.REGISTER_FIRST_MASTER_TYPEHASH,
            OperationDigests.REGISTER_MASTER_TYPEHASH,
            OperationDigests.CANCEL_MASTER_TYPEHASH,
            OperationDigests.REVOKE_MASTER_TYPEHASH,
            OperationDigests.REPLACE_MASTER_TYPEHASH,
            OperationDigests.SET_RECOVERY_THRESHOLD_TYPEHASH,
            OperationDigests.ROTATE_MASTER_WALLET_TYPEHASH,
            OperationDigests.CANCEL_ROTATION_TYPEHASH,
            OperationDigests.FREEZE_TYPEHASH,
            OperationDigests.UNFREEZE_TYPEHASH,
            OperationDigests.SET_AUDIT_RELAYER_TYPEHASH,
            OperationDigests.AGENT_CONSENT_TYPEHASH,
            OperationDigests.BIND_AGENT_TYPEHASH,
            OperationDigests.REVOKE_AGENT_TYPEHASH,
            OperationDigests.SET_SCOPE_TYPEHASH,
            OperationDigests.REVOKE_SCOPE_TYPEHASH
        ];
        bool[16] memory met;
        for (uint256 i = 0; vm.keyExistsJson(json, _at(".operations", i, "")); ++i) {
            bytes32 want = vm.parseJsonBytes32(json, _at(".operations", i, ".typeHash"));
            bool known;
            for (uint256 k = 0; k < own.length; ++k) {
                if (own[k] == want) known = met[k] = true;
            }
            vm.assertTrue(known, "type hash in the vectors that the library does not have");
        }
        for (uint256 k = 0; k < own.length; ++k) {
            vm.assertTrue(met[k], "type hash of the library that no vector has");
        }
    }

    function testOperations() public {
        uint256 count;
        for (; vm.keyExistsJson(json, _at(".operations", count, "")); ++count) {
            string memory name = vm.parseJsonString(json, _at(".operations", count, ".name"));
            vm.chainId(vm.parseJsonUint(json, _at(".operations", count, ".chainId")));
            address verifyingContract = vm.parseJsonAddress(json, _at(".operations", count, ".contract"));
            vm.assertEq(
                HASHER.domainSeparator(verifyingContract),
                vm.parseJsonBytes32(json, _at(".operations", count, ".domainSeparator")),
                name
            );
            bytes32 structHash = _structHash(count);
            vm.assertEq(structHash, vm.parseJsonBytes32(json, _at(".operations", count, ".structHash")), name);
            vm.assertEq(
                HASHER.digest(verifyingContract, structHash),
                vm.parseJsonBytes32(json, _at(".operations", count, ".digest")),
                name
            );
        }
        vm.assertEq(count, 36, "operations read");
    }

    function _structHash(uint256 i) private view returns (bytes32) {
        bytes32 kind = keccak256(bytes(vm.parseJsonString(json, _at(".operations", i, ".operation"))));
        if (kind == keccak256("RegisterFirstMaster")) {
            return HASHER.registerFirstMaster(
                RegisterFirstMaster({
                    operator: _word(i, "operator"),
                    wallet: _address(i, "wallet"),
                    k11CredId: _word(i, "k11CredId"),
                    k11RpIdHash: _word(i, "k11RpIdHash"),
                    k11OriginHash: _word(i, "k11OriginHash"),
                    k11PubX: _uint(i, "k11PubX"),
                    k11PubY: _uint(i, "k11PubY"),
                    nonce: uint64(_uint(i, "nonce")),
                    deadline: uint64(_uint(i, "deadline"))
                })
            );
        }
        uint64 deadline = uint64(_uint(i, "deadline"));
        bytes32 operator = _word(i, "operator");
        if (kind == keccak256("RevokeAgent")) {
            return HASHER.revokeAgent(RevokeAgent(operator, _word(i, "deviceKeyHash"), deadline));
        }
        if (_is(kind, "CancelMaster")) {
            return HASHER.cancelMaster(CancelMaster(operator, _word(i, "deviceKeyHash"), deadline));
        }
        if (_is(kind, "CancelRotation")) {
            return HASHER.cancelRotation(CancelRotation(operator, _address(i, "newWallet"), deadline));
        }
        if (_is(kind, "AgentConsent")) {
            return HASHER.agentConsent(AgentConsent(operator, _word(i, "actor"), _address(i, "agent"), deadline));
        }
        uint64 nonce = uint64(_uint(i, "nonce"));
        bytes32 hash = _ofMasters(kind, i, operator, nonce, deadline);
        return hash != 0 ? hash : _ofAgents(kind, i, operator, nonce, deadline);
    }

    function _ofMasters(bytes32 kind, uint256 i, bytes32 operator, uint64 nonce, uint64 deadline)
        private
        view
        returns (bytes32)
    {
        if (_is(kind, "RegisterMaster")) {
            return HASHER.registerMaster(RegisterMaster(operator, _newcomer(i), _bool(i, "immediate"), nonce, deadline));
        }
        if (_is(kind, "RevokeMaster")) {
            return HASHER.revokeMaster(RevokeMaster(operator, _word(i, "deviceKeyHash"), nonce, deadline));
        }
        if (_is(kind, "ReplaceMaster")) {
            return
                HASHER.replaceMaster(ReplaceMaster(operator, _word(i, "deviceKeyHash"), _newcomer(i), nonce, deadline));
        }
        if (_is(kind, "SetRecoveryThreshold")) {
            return
                HASHER.setRecoveryThreshold(
                    SetRecoveryThreshold(operator, uint8(_uint(i, "threshold")), nonce, deadline)
                );
        }
        if (_is(kind, "RotateMasterWallet")) {
            return HASHER.rotateMasterWallet(
                RotateMasterWallet(
                    operator,
                    _address(i, "newWallet"),
                    _bool(i, "revokePasskey"),
                    _bool(i, "immediate"),
                    nonce,
                    deadline
                )
            );
        }
        if (_is(kind, "Freeze")) return HASHER.freeze(Freeze(operator, nonce, deadline));
        if (_is(kind, "Unfreeze")) return HASHER.unfreeze(Unfreeze(operator, _revocations(i), nonce, deadline));
        if (_is(kind, "SetAuditRelayer")) {
            return HASHER.setAuditRelayer(SetAuditRelayer(operator, _address(i, "relayer"), nonce, deadline));
        }
        return 0;
    }

    function _ofAgents(bytes32 kind, uint256 i, bytes32 operator, uint64 nonce, uint64 deadline)
        private
        view
        returns (bytes32)
    {
        bytes32 actor = _word(i, "actor");
        if (_is(kind, "BindAgent")) {
            return HASHER.bindAgent(BindAgent(operator, actor, _address(i, "agent"), nonce, deadline));
        }
        if (_is(kind, "SetScope")) {
            return HASHER.setScope(SetScope(operator, actor, _grants(i), nonce, deadline));
        }
        vm.assertTrue(_is(kind, "RevokeScope"), "an operation that this test does not know");
        return HASHER.revokeScope(RevokeScope(operator, actor, nonce, deadline));
    }

    function _is(bytes32 kind, string memory name) private pure returns (bool) {
        return kind == keccak256(bytes(name));
    }

    function _newcomer(uint256 i) private view returns (Newcomer memory) {
        return Newcomer({
            k11CredId: _word(i, "newcomer.k11CredId"),
            k11RpIdHash: _word(i, "newcomer.k11RpIdHash"),
            k11OriginHash: _word(i, "newcomer.k11OriginHash"),
            k11PubX: _uint(i, "newcomer.k11PubX"),
            k11PubY: _uint(i, "newcomer.k11PubY"),
            roles: uint8(_uint(i, "newcomer.roles"))
        });
    }

    function _revocations(uint256 i) private view returns (bytes32[] memory list) {
        string memory at = _field(i, "revocations");
        uint256 count;
        while (vm.keyExistsJson(json, _at(at, count, ""))) ++count;
        list = new bytes32[](count);
        for (uint256 k = 0; k < count; ++k) {
            list[k] = vm.parseJsonBytes32(json, _at(at, k, ""));
        }
    }

    function _bool(uint256 i, string memory field) private view returns (bool) {
        return vm.parseJsonBool(json, _field(i, field));
    }

    function _grants(uint256 i) private view returns (Grant[] memory grants) {
        string memory list = _at(".operations", i, ".message.grants");
        uint256 count;
        while (vm.keyExistsJson(json, _at(list, count, ""))) ++count;
        grants = new Grant[](count);
        for (uint256 k = 0; k < count; ++k) {
            grants[k] = Grant({
                service: vm.parseJsonString(json, _at(list, k, ".service")),
                ops: uint32(vm.parseJsonUint(json, _at(list, k, ".ops"))),
                maxPerPeriod: uint32(vm.parseJsonUint(json, _at(list, k, ".maxPerPeriod"))),
                periodSeconds: uint32(vm.parseJsonUint(json, _at(list, k, ".periodSeconds"))),
                maxTotal: uint32(vm.parseJsonUint(json, _at(list, k, ".maxTotal"))),
                expiresAt: uint64(vm.parseJsonUint(json, _at(list, k, ".expiresAt")))
            });
        }
    }

    function _word(uint256 i, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, _field(i, field));
    }

    function _address(uint256 i, string memory field) private view returns (address) {
        return vm.parseJsonAddress(json, _field(i, field));
    }

    function _uint(uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(json, _field(i, field));
    }

    function _field(uint256 i, string memory field) private pure returns (string memory) {
        return _at(".operations", i, string.concat(".message.", field));
    }

    function _at(string memory list, uint256 i, string memory rest) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "]", rest);
    }
}
