// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {
    CancelMaster,
    CancelRotation,
    Freeze,
    K10Signature,
    MasterAssertion,
    Newcomer,
    RegisterMaster,
    ReplaceMaster,
    RevokeMaster,
    RotateMasterWallet,
    SetAuditRelayer,
    SetRecoveryThreshold,
    Unfreeze
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice Masters, their votes, and the calldata of every operation that needs one, right unless a test says otherwise.
abstract contract Masters is Fixture {
    struct Master {
        bytes32 key;
        K11Key passkey;
    }

    address internal constant STRANGER = address(0x57a4);
    uint256 internal constant NEW_WALLET_KEY = 0x7e3;
    uint8 internal constant CAP_MINT = 1;
    uint8 internal constant RECOVERY = 2;

    /// @dev What a test may bend before it makes an operation.
    uint64 internal signedDeadline = DEADLINE;
    uint64 internal nonceAhead;

    Master internal first;
    Master internal second = _master(1);
    Master internal third = _master(2);
    Master internal fourth = _master(3);

    /// @dev Alice with three masters: 7, 3 and 3; a quorum takes `threshold` of them.
    function _three(uint8 threshold) internal {
        _register(alice);
        first = Master(alice.device, alice.passkey);
        _add(alice, second, 3, _by(first));
        _add(alice, third, 3, _by(first));
        if (threshold > 1) _setThreshold(alice, threshold, _by(first));
    }

    function _master(uint256 n) internal pure returns (Master memory m) {
        m.passkey = K11Key(keccak256("rp"), keccak256("origin"), 1000 + n, 2000 + n);
        m.key = Identifiers.passkeyHash(m.passkey.x, m.passkey.y);
    }

    function _newcomer(Master memory m, uint8 roles) internal pure returns (Newcomer memory) {
        return Newcomer({
            k11CredId: keccak256(abi.encode(m.key)),
            k11RpIdHash: m.passkey.rpIdHash,
            k11OriginHash: m.passkey.originHash,
            k11PubX: m.passkey.x,
            k11PubY: m.passkey.y,
            roles: roles
        });
    }

    // Votes.

    function _by(Master memory a) internal pure returns (Master[] memory by) {
        by = new Master[](1);
        by[0] = a;
    }

    function _by(Master memory a, Master memory b) internal pure returns (Master[] memory by) {
        by = new Master[](2);
        (by[0], by[1]) = a.key < b.key ? (a, b) : (b, a);
    }

    function _by(Master memory a, Master memory b, Master memory c) internal pure returns (Master[] memory by) {
        Master[] memory two = _by(a, b);
        by = new Master[](3);
        if (c.key < two[0].key) (by[0], by[1], by[2]) = (c, two[0], two[1]);
        else if (c.key < two[1].key) (by[0], by[1], by[2]) = (two[0], c, two[1]);
        else (by[0], by[1], by[2]) = (two[0], two[1], c);
    }

    function _touch(Master memory m, bytes32 digest, uint32 count) internal pure returns (K11Assertion memory) {
        return K11Assertion(abi.encode(digest, count), abi.encode(m.passkey), 0, 0);
    }

    function _vote(Master memory m, bytes32 digest) internal pure returns (MasterAssertion memory) {
        return MasterAssertion(m.key, _touch(m, digest, 0));
    }

    function _votes(Master[] memory by, bytes32 digest) internal pure returns (MasterAssertion[] memory votes) {
        votes = new MasterAssertion[](by.length);
        for (uint256 i = 0; i < by.length; ++i) {
            votes[i] = _vote(by[i], digest);
        }
    }

    function _onRegistry(bytes32 structHash) internal view returns (bytes32) {
        return hasher.digest(address(registry), structHash);
    }

    // Operations as they stand in calldata.

    function _registration(Person memory p, Master memory m, uint8 roles, bool immediate)
        internal
        view
        returns (RegisterMaster memory)
    {
        uint64 nonce = immediate ? registry.recoveryNonce(p.operator) : registry.operatorNonce(p.operator);
        return RegisterMaster(p.operator, _newcomer(m, roles), immediate, nonce + nonceAhead, signedDeadline);
    }

    function _cancellation(Person memory p, bytes32 key) internal view returns (CancelMaster memory) {
        return CancelMaster(p.operator, key, signedDeadline);
    }

    function _revocation(Person memory p, bytes32 key) internal view returns (RevokeMaster memory) {
        return RevokeMaster(p.operator, key, registry.recoveryNonce(p.operator) + nonceAhead, signedDeadline);
    }

    function _replacement(Person memory p, bytes32 key, Master memory m, uint8 roles)
        internal
        view
        returns (ReplaceMaster memory)
    {
        uint64 nonce = registry.recoveryNonce(p.operator) + nonceAhead;
        return ReplaceMaster(p.operator, key, _newcomer(m, roles), nonce, signedDeadline);
    }

    function _threshold(Person memory p, uint8 n) internal view returns (SetRecoveryThreshold memory) {
        return SetRecoveryThreshold(p.operator, n, registry.recoveryNonce(p.operator) + nonceAhead, signedDeadline);
    }

    function _rotation(Person memory p, uint256 newKey, bool revokePasskey)
        internal
        view
        returns (RotateMasterWallet memory)
    {
        uint64 nonce = registry.recoveryNonce(p.operator) + nonceAhead;
        return RotateMasterWallet(p.operator, vm.addr(newKey), revokePasskey, true, nonce, signedDeadline);
    }

    function _proposal(Person memory p, uint256 newKey, bool revokePasskey)
        internal
        view
        returns (RotateMasterWallet memory o)
    {
        o = _rotation(p, newKey, revokePasskey);
        o.immediate = false;
    }

    function _freezing(Person memory p) internal view returns (Freeze memory) {
        return Freeze(p.operator, registry.freezeNonce(p.operator) + nonceAhead, signedDeadline);
    }

    function _unfreezing(Person memory p, bytes32[] memory revocations) internal view returns (Unfreeze memory) {
        return Unfreeze(p.operator, revocations, registry.recoveryNonce(p.operator) + nonceAhead, signedDeadline);
    }

    function _relaying(Person memory p, address relayer) internal view returns (SetAuditRelayer memory) {
        return SetAuditRelayer(p.operator, relayer, registry.operatorNonce(p.operator) + nonceAhead, signedDeadline);
    }

    function _k10(uint256 key, bytes32 digest) internal pure returns (K10Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return K10Signature(v, r, s);
    }

    // Calldata, signed by whom it is said to be signed by.

    function _input(RegisterMaster memory o, Master memory m, Master[] memory by) internal view returns (bytes memory) {
        bytes32 digest = _onRegistry(hasher.registerMaster(o));
        return abi.encodeCall(registry.registerAdditionalMasterDevice, (o, _votes(by, digest), _touch(m, digest, 0)));
    }

    function _input(CancelMaster memory o, Master memory by) internal view returns (bytes memory) {
        return abi.encodeCall(registry.cancelMaster, (o, _vote(by, _onRegistry(hasher.cancelMaster(o)))));
    }

    function _input(RevokeMaster memory o, Master[] memory by) internal view returns (bytes memory) {
        return abi.encodeCall(registry.revokeMasterDevice, (o, _votes(by, _onRegistry(hasher.revokeMaster(o)))));
    }

    function _input(ReplaceMaster memory o, Master memory m, Master[] memory by) internal view returns (bytes memory) {
        bytes32 digest = _onRegistry(hasher.replaceMaster(o));
        return abi.encodeCall(registry.replaceMasterDevice, (o, _votes(by, digest), _touch(m, digest, 0)));
    }

    function _input(SetRecoveryThreshold memory o, Master[] memory by) internal view returns (bytes memory) {
        bytes32 digest = _onRegistry(hasher.setRecoveryThreshold(o));
        return abi.encodeCall(registry.setRecoveryThreshold, (o, _votes(by, digest)));
    }

    function _input(RotateMasterWallet memory o, uint256 newKey, Master[] memory by)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(o));
        return abi.encodeCall(registry.rotateMasterWallet, (o, _votes(by, digest), _k10(newKey, digest)));
    }

    function _input(CancelRotation memory o, Master memory by) internal view returns (bytes memory) {
        bytes32 digest = _onRegistry(hasher.cancelRotation(o));
        return abi.encodeCall(registry.cancelRotationWithWebauthn, (o, _vote(by, digest)));
    }

    function _input(Freeze memory o, Master memory by) internal view returns (bytes memory) {
        return abi.encodeCall(registry.freeze, (o, _vote(by, _onRegistry(hasher.freeze(o)))));
    }

    function _input(Unfreeze memory o, Master[] memory by) internal view returns (bytes memory) {
        return abi.encodeCall(registry.unfreeze, (o, _votes(by, _onRegistry(hasher.unfreeze(o)))));
    }

    function _input(SetAuditRelayer memory o, Master memory by) internal view returns (bytes memory) {
        bytes32 digest = hasher.digest(address(audit), hasher.setAuditRelayer(o));
        return abi.encodeCall(audit.setAuditRelayer, (o, _vote(by, digest)));
    }

    // Whole steps, by the wallet.

    function _add(Person memory p, Master memory m, uint8 roles, Master[] memory by) internal {
        _ok(p.wallet, address(registry), _input(_registration(p, m, roles, true), m, by));
    }

    function _addDelayed(Person memory p, Master memory m, uint8 roles, Master memory by) internal {
        _ok(p.wallet, address(registry), _input(_registration(p, m, roles, false), m, _by(by)));
    }

    function _setThreshold(Person memory p, uint8 n, Master[] memory by) internal {
        _ok(p.wallet, address(registry), _input(_threshold(p, n), by));
    }

    function _freeze(Person memory p, Master memory by) internal {
        _ok(STRANGER, address(registry), _input(_freezing(p), by));
    }
}
