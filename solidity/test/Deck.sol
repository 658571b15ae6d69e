// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    CancelRotation,
    MasterAssertion,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    SetScope
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Masters} from "./Masters.sol";
import {vm} from "./Vm.sol";

/// @notice One right call of every operation that an assertion goes with, so that a test can deal the same fault to all.
abstract contract Deck is Masters {
    enum Op {
        RegisterFirst,
        RegisterNow,
        RegisterLater,
        Cancel,
        Revoke,
        Replace,
        Threshold,
        Rotate,
        CancelRotation,
        Freeze,
        Unfreeze,
        Relayer,
        Bind,
        RevokeAgent,
        SetScope,
        RevokeScope
    }

    uint256 internal constant OPS = 16;
    uint256 internal constant OTHER_AGENT_KEY = 0xa11cf;

    Person internal carol;
    uint256 internal rotationKey = NEW_WALLET_KEY;

    /// @dev Alice: masters 7, 3, 3, threshold 2, one agent. Bob: as he registered. Carol is nobody yet.
    function setUp() public virtual override {
        super.setUp();
        carol = _person(3);
        _register(bob);
        _three(2);
        _bindAgent(alice);
    }

    /// @dev What must have happened before an operation is right.
    function _prepare(Op op) internal {
        if (op == Op.Cancel) _addDelayed(alice, fourth, 3, second);
        if (op == Op.Unfreeze) _freeze(alice, second);
        if (op == Op.CancelRotation) {
            _setThreshold(alice, 1, _by(first, second));
            bytes memory input = _input(_proposal(alice, rotationKey, false), rotationKey, _by(third));
            _ok(STRANGER, address(registry), input);
        }
    }

    function _isQuorum(Op op) internal pure returns (bool) {
        return op == Op.RegisterNow || op == Op.Revoke || op == Op.Replace || op == Op.Threshold || op == Op.Rotate
            || op == Op.Unfreeze;
    }

    function _isVote(Op op) internal pure returns (bool) {
        return _isQuorum(op) || op == Op.RegisterLater || op == Op.Cancel || op == Op.CancelRotation;
    }

    function _needsWallet(Op op) internal pure returns (bool) {
        return op == Op.RegisterLater || op == Op.Relayer || op == Op.Bind || op == Op.SetScope || op == Op.RevokeScope;
    }

    function _needsScopeRole(Op op) internal pure returns (bool) {
        return op == Op.Relayer || op == Op.Bind || op == Op.SetScope || op == Op.RevokeScope;
    }

    function _hasNonce(Op op) internal pure returns (bool) {
        return op != Op.Cancel && op != Op.CancelRotation && op != Op.RevokeAgent;
    }

    function _contractOf(Op op) internal view returns (address) {
        if (op == Op.Relayer) return address(audit);
        return op == Op.SetScope || op == Op.RevokeScope ? address(scope) : address(registry);
    }

    function _senderOf(Op op) internal view returns (address) {
        if (op == Op.RegisterFirst) return carol.wallet;
        return _needsWallet(op) ? alice.wallet : STRANGER;
    }

    /// @dev The masters that a right call is signed by. In a replacement the target is one of them.
    function _signersOf(Op op) internal view returns (Master[] memory) {
        if (op == Op.RegisterFirst) return _by(Master(carol.device, carol.passkey));
        if (op == Op.Replace) return _by(second, third);
        if (_isQuorum(op)) return _by(first, second);
        return _needsScopeRole(op) ? _by(first) : _by(second);
    }

    function _digestOf(Op op) internal view returns (bytes32) {
        return hasher.digest(_contractOf(op), _structHashOf(op));
    }

    function _nonceOf(Op op) internal view returns (uint64) {
        if (op == Op.RegisterFirst) return 0;
        if (op == Op.Freeze) return registry.freezeNonce(alice.operator);
        if (op == Op.SetScope || op == Op.RevokeScope) return scope.scopeNonce(alice.operator, agentActor);
        return _isQuorum(op) ? registry.recoveryNonce(alice.operator) : registry.operatorNonce(alice.operator);
    }

    function _structHashOf(Op op) internal view returns (bytes32) {
        if (op == Op.RegisterFirst) return hasher.registerFirstMaster(_firstOfCarol());
        if (op == Op.RegisterNow) return hasher.registerMaster(_registration(alice, fourth, 7, true));
        if (op == Op.RegisterLater) return hasher.registerMaster(_registration(alice, fourth, 3, false));
        if (op == Op.Cancel) return hasher.cancelMaster(_cancellation(alice, fourth.key));
        if (op == Op.Revoke) return hasher.revokeMaster(_revocation(alice, third.key));
        if (op == Op.Replace) return hasher.replaceMaster(_replacement(alice, third.key, fourth, 3));
        if (op == Op.Threshold) return hasher.setRecoveryThreshold(_threshold(alice, 3));
        if (op == Op.Rotate) return hasher.rotateMasterWallet(_rotation(alice, rotationKey, false));
        if (op == Op.CancelRotation) return hasher.cancelRotation(_cancelRotation());
        if (op == Op.Freeze) return hasher.freeze(_freezing(alice));
        if (op == Op.Unfreeze) return hasher.unfreeze(_unfreezing(alice, new bytes32[](0)));
        if (op == Op.Relayer) return hasher.setAuditRelayer(_relaying(alice, STRANGER));
        if (op == Op.Bind) return hasher.bindAgent(_binding());
        if (op == Op.RevokeAgent) return hasher.revokeAgent(_agentRevocation());
        if (op == Op.SetScope) return hasher.setScope(_scopeSetting());
        return hasher.revokeScope(_scopeRevocation());
    }

    /// @dev The call of an operation with assertions by those masters over that digest.
    function _inputOf(Op op, bytes32 digest, Master[] memory by) internal view returns (bytes memory) {
        MasterAssertion[] memory v = _votes(by, digest);
        if (op == Op.RegisterNow || op == Op.RegisterLater || op == Op.Replace) return _withNewcomer(op, digest, v);
        if (op == Op.RegisterFirst) {
            return abi.encodeCall(registry.registerFirstMasterDevice, (_firstOfCarol(), v[0].assertion));
        }
        if (op == Op.Revoke) return abi.encodeCall(registry.revokeMasterDevice, (_revocation(alice, third.key), v));
        if (op == Op.Threshold) return abi.encodeCall(registry.setRecoveryThreshold, (_threshold(alice, 3), v));
        if (op == Op.Unfreeze) return abi.encodeCall(registry.unfreeze, (_unfreezing(alice, new bytes32[](0)), v));
        if (op == Op.Rotate) {
            bytes32 own = _onRegistry(hasher.rotateMasterWallet(_rotation(alice, rotationKey, false)));
            return abi.encodeCall(
                registry.rotateMasterWallet, (_rotation(alice, rotationKey, false), v, _k10(rotationKey, own))
            );
        }
        return _withOne(op, v[0]);
    }

    function _withNewcomer(Op op, bytes32 digest, MasterAssertion[] memory v) private view returns (bytes memory) {
        if (op == Op.Replace) {
            return abi.encodeCall(
                registry.replaceMasterDevice, (_replacement(alice, third.key, fourth, 3), v, _touch(fourth, digest, 0))
            );
        }
        bool now_ = op == Op.RegisterNow;
        return abi.encodeCall(
            registry.registerAdditionalMasterDevice,
            (_registration(alice, fourth, now_ ? 7 : 3, now_), v, _touch(fourth, digest, 0))
        );
    }

    function _withOne(Op op, MasterAssertion memory a) private view returns (bytes memory) {
        if (op == Op.Cancel) return abi.encodeCall(registry.cancelMaster, (_cancellation(alice, fourth.key), a));
        if (op == Op.CancelRotation) {
            return abi.encodeCall(registry.cancelRotationWithWebauthn, (_cancelRotation(), a));
        }
        if (op == Op.Freeze) return abi.encodeCall(registry.freeze, (_freezing(alice), a));
        if (op == Op.Relayer) return abi.encodeCall(audit.setAuditRelayer, (_relaying(alice, STRANGER), a));
        if (op == Op.Bind) {
            AgentConsent memory c = AgentConsent(alice.operator, _binding().actor, _binding().agent, NOW + 7 days);
            return abi.encodeCall(registry.registerAgentDevice, (_binding(), _consent(OTHER_AGENT_KEY, c), a));
        }
        if (op == Op.RevokeAgent) {
            return abi.encodeCall(registry.revokeAgentDeviceWithWebauthn, (_agentRevocation(), a));
        }
        if (op == Op.SetScope) return abi.encodeCall(scope.setScopeWithWebauthn, (_scopeSetting(), a));
        return abi.encodeCall(scope.revokeScope, (_scopeRevocation(), a));
    }

    function _firstOfCarol() private view returns (RegisterFirstMaster memory o) {
        o = _firstMaster(carol);
        o.nonce = nonceAhead;
        o.deadline = signedDeadline;
    }

    function _cancelRotation() private view returns (CancelRotation memory) {
        return CancelRotation(alice.operator, vm.addr(rotationKey), signedDeadline);
    }

    function _binding() private view returns (BindAgent memory) {
        address account = vm.addr(OTHER_AGENT_KEY);
        uint64 nonce = registry.operatorNonce(alice.operator) + nonceAhead;
        return BindAgent(alice.operator, Identifiers.omni(account), account, nonce, signedDeadline);
    }

    function _agentRevocation() internal view returns (RevokeAgent memory) {
        return RevokeAgent(alice.operator, agentDevice, signedDeadline);
    }

    function _scopeSetting() private view returns (SetScope memory) {
        return SetScope(alice.operator, agentActor, _grants(), _nonceOf(Op.SetScope) + nonceAhead, signedDeadline);
    }

    function _scopeRevocation() private view returns (RevokeScope memory) {
        return RevokeScope(alice.operator, agentActor, _nonceOf(Op.SetScope) + nonceAhead, signedDeadline);
    }

    // Dealing.

    function _deal(Op op) internal {
        _ok(_senderOf(op), _contractOf(op), _inputOf(op, _digestOf(op), _signersOf(op)));
    }

    function _refuse(Op op, bytes memory refusal) internal {
        _refuseBy(op, _signersOf(op), refusal);
    }

    function _refuseBy(Op op, Master[] memory by, bytes memory refusal) internal {
        _refused(_senderOf(op), _contractOf(op), _inputOf(op, _digestOf(op), by), refusal);
    }
}
