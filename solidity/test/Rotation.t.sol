// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "../src/interfaces/IOperationErrors.sol";
import {IRegistryErrors} from "../src/interfaces/IRegistryErrors.sol";
import {IRegistryEvents} from "../src/interfaces/IRegistryEvents.sol";
import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {K10Signature, MasterAssertion, RotateMasterWallet, SetScope} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Deck} from "./Deck.sol";
import {MockVerifier} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice Rotating the wallet at once. Proposals are in Proposal.t.sol, the wallet left behind in Retired.t.sol.
contract RotationTest is Deck {
    address private newWallet;
    bytes32 private newDevice;

    function setUp() public override {
        super.setUp();
        newWallet = vm.addr(NEW_WALLET_KEY);
        newDevice = Identifiers.deviceKeyHash(newWallet);
    }

    /// @notice The entry moves with everything in it, and nothing else changes.
    function testTheEntryMoves() public {
        _countUp(9);
        DeviceEntry memory want = registry.getDevice(alice.device);
        RotateMasterWallet memory o = _rotation(alice, NEW_WALLET_KEY, false);
        vm.warp(NOW + 60);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterWalletRetired(alice.operator, alice.wallet, newWallet, false);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterWalletSet(alice.operator, newWallet);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.DeviceRegistered(alice.operator, alice.operator, newDevice, newWallet, 1, 7);
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.PasskeyRegistered(
            alice.operator, newDevice, CRED_ID, alice.passkey.rpIdHash, alice.passkey.originHash, 1, 2
        );
        _ok(STRANGER, address(registry), _input(o, NEW_WALLET_KEY, _by(second, third)));

        want.registeredAt = NOW + 60;
        vm.assertEq(abi.encode(registry.getDevice(newDevice)), abi.encode(want), "entry");
        vm.assertEq(want.lastSignCount, 9, "sign count");
        DeviceEntry memory left;
        (left.operatorOmni, left.actorOmni, left.tier) = (alice.operator, alice.operator, 1);
        (left.registeredAt, left.revoked) = (NOW, true);
        vm.assertEq(abi.encode(registry.getDevice(alice.device)), abi.encode(left), "what is left");
        vm.assertEq(registry.masterWallet(alice.operator), newWallet, "wallet");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 3, "count");
        vm.assertEq(registry.recoveryMasters(alice.operator).length, 3, "list");
        vm.assertTrue(registry.isActive(agentDevice), "agents stay");
        _assertResolves(newWallet, 1, alice.operator, alice.operator, 1);
        _assertResolves(alice.wallet, 1, alice.operator, alice.operator, 2);
        _assertResolves(agent, 2, alice.operator, agentActor, 1);
    }

    /// @notice The passkey in the moved entry votes on, under the new hash.
    function testTheMovedPasskeyVotes() public {
        _rotateTo(NEW_WALLET_KEY, false, _by(second, third));
        _ok(STRANGER, address(registry), _input(_threshold(alice, 3), _by(Master(newDevice, alice.passkey), second)));
    }

    function testRevokingThePasskey() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit IRegistryEvents.MasterWalletRetired(alice.operator, alice.wallet, newWallet, true);
        _rotateTo(NEW_WALLET_KEY, true, _by(second, third));
        DeviceEntry memory want;
        (want.operatorOmni, want.actorOmni, want.tier, want.roles) = (alice.operator, alice.operator, 1, 5);
        want.registeredAt = NOW;
        vm.assertEq(abi.encode(registry.getDevice(newDevice)), abi.encode(want), "entry without passkey");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 2, "count");
        vm.assertEq(registry.recoveryMasters(alice.operator).length, 2, "list");
        _assertResolves(newWallet, 1, alice.operator, alice.operator, 1);

        // The wallet's entry has nothing to sign with any more, and the passkey never returns.
        Master memory gone = Master(newDevice, alice.passkey);
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.PasskeyMissing.selector, newDevice);
        _refused(STRANGER, address(registry), _input(_freezing(alice), gone), refusal);
        refusal = abi.encodeWithSelector(IRegistryErrors.RoleMissing.selector, newDevice, RECOVERY);
        _refused(STRANGER, address(registry), _input(_threshold(alice, 1), _by(gone, second)), refusal);
        Master memory again = Master(Identifiers.passkeyHash(1, 2), alice.passkey);
        refusal = abi.encodeWithSelector(IRegistryErrors.PasskeyAlreadyRegistered.selector, again.key);
        _refused(
            STRANGER,
            address(registry),
            _input(_registration(alice, again, 3, true), again, _by(second, third)),
            refusal
        );
        refusal = abi.encodeWithSelector(IRegistryErrors.PasskeyMissing.selector, newDevice);
        _refused(STRANGER, address(registry), _input(_rotation(alice, 0x7e4, true), 0x7e4, _by(second, third)), refusal);
        // It moves on without.
        _rotateTo(0x7e4, false, _by(second, third));
        vm.assertEq(registry.masterWallet(alice.operator), vm.addr(0x7e4), "wallet");
        vm.assertEq(registry.recoveryMasterCount(alice.operator), 2, "count, later");
    }

    function testTheRevokedPasskeyHasNoVote() public {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.TargetMayNotVote.selector, alice.device);
        bytes memory input = _input(_rotation(alice, NEW_WALLET_KEY, true), NEW_WALLET_KEY, _by(first, second));
        _refused(STRANGER, address(registry), input, refusal);
        input = _input(_rotation(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, _by(first, second));
        _ok(STRANGER, address(registry), input);
    }

    /// @notice Whoever votes remains, so a quorum remains.
    function testAQuorumRemains() public {
        _setThreshold(alice, 3, _by(first, second));
        bytes memory input = _input(_rotation(alice, NEW_WALLET_KEY, true), NEW_WALLET_KEY, _by(second, third));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 2, 3);
        _refused(STRANGER, address(registry), input, refusal);
        _add(alice, fourth, 3, _by(first, second, third));
        input = _input(_rotation(alice, NEW_WALLET_KEY, true), NEW_WALLET_KEY, _by(second, third, fourth));
        _ok(STRANGER, address(registry), input);
    }

    function testTheNewWalletSigns() public {
        RotateMasterWallet memory o = _rotation(alice, NEW_WALLET_KEY, false);
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(o));
        _refuseSignature(o, _k10(5, digest), _notBy(vm.addr(5)));
        bytes32 other = _onRegistry(hasher.rotateMasterWallet(_rotation(bob, NEW_WALLET_KEY, false)));
        K10Signature memory signed = _k10(NEW_WALLET_KEY, other);
        _refuseSignature(o, signed, _notBy(ecrecover(digest, signed.v, signed.r, signed.s)));
        other = hasher.digest(address(scope), hasher.rotateMasterWallet(o));
        signed = _k10(NEW_WALLET_KEY, other);
        _refuseSignature(o, signed, _notBy(ecrecover(digest, signed.v, signed.r, signed.s)));

        signed = _k10(NEW_WALLET_KEY, digest);
        signed.s = bytes32(SECP256K1_ORDER - uint256(signed.s));
        signed.v = signed.v == 27 ? 28 : 27;
        _refuseSignature(o, signed, abi.encodeWithSelector(IRegistryErrors.K10SignatureSTooHigh.selector));
        signed = _k10(NEW_WALLET_KEY, digest);
        signed.v -= 27;
        _refuseSignature(o, signed, abi.encodeWithSelector(IRegistryErrors.K10SignatureVInvalid.selector, signed.v));
        signed = K10Signature(27, 0, bytes32(uint256(1)));
        _refuseSignature(o, signed, abi.encodeWithSelector(IRegistryErrors.K10SignatureInvalid.selector));
        _rotateTo(NEW_WALLET_KEY, false, _by(first, second));
    }

    /// @notice The new wallet was never anything here: a wallet, an agent, another operator's, or this one itself.
    function testTheNewWalletIsNew() public {
        _refuseNew(1, alice.device);
        _refuseNew(2, bob.device);
        _refuseNew(AGENT_KEY, agentDevice);
        _ok(agent, address(registry), abi.encodeCall(registry.revokeAgentDevice, (agentDevice)));
        _refuseNew(AGENT_KEY, agentDevice);
    }

    function testWhileFrozen() public {
        _freeze(alice, second);
        _rotateTo(NEW_WALLET_KEY, false, _by(second, third));
        vm.assertTrue(registry.frozen(alice.operator), "still frozen");
    }

    function testTheWalletItselfAtOne() public {
        _setThreshold(alice, 1, _by(first, second));
        bytes memory input = _input(_rotation(alice, NEW_WALLET_KEY, true), NEW_WALLET_KEY, _by(second));
        _ok(alice.wallet, address(registry), input);
        vm.assertEq(registry.masterWallet(alice.operator), newWallet, "at once");
    }

    function testTheWalletItselfNeedsAVoteAtOne() public {
        _setThreshold(alice, 1, _by(first, second));
        bytes memory input = _input(_rotation(alice, NEW_WALLET_KEY, false), NEW_WALLET_KEY, new Master[](0));
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.QuorumTooSmall.selector, 0, 1);
        _refused(alice.wallet, address(registry), input, refusal);
    }

    /// @notice Whether it is meant at once or as a proposal is signed: nobody turns one into the other.
    function testAtOnceIsNoProposal() public {
        _setThreshold(alice, 1, _by(first, second));
        RotateMasterWallet memory o = _rotation(alice, NEW_WALLET_KEY, false);
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(o));
        bytes memory input = _input(o, NEW_WALLET_KEY, _by(second));
        bytes memory refusal = abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, STRANGER, alice.wallet);
        _refused(STRANGER, address(registry), input, refusal);
        o.immediate = false;
        bytes32 other = _onRegistry(hasher.rotateMasterWallet(o));
        K10Signature memory signed = _k10(NEW_WALLET_KEY, digest);
        _refused(
            STRANGER,
            address(registry),
            abi.encodeCall(registry.rotateMasterWallet, (o, _votes(_by(second), digest), signed)),
            _notBy(ecrecover(other, signed.v, signed.r, signed.s))
        );
        _refused(
            STRANGER,
            address(registry),
            abi.encodeCall(registry.rotateMasterWallet, (o, _votes(_by(second), digest), _k10(NEW_WALLET_KEY, other))),
            abi.encodeWithSelector(MockVerifier.WrongChallenge.selector)
        );
        _ok(alice.wallet, address(registry), input);
    }

    /// @notice What was pending by the old wallet goes on: only what the wallet must send itself needs the new one.
    function testPendingWorkSurvives() public {
        _addDelayed(alice, fourth, 3, second);
        bytes memory cancel = _input(_cancellation(alice, fourth.key), second);
        bytes memory scopeSet = _inputOf(Op.SetScope, _digestOf(Op.SetScope), _by(Master(newDevice, alice.passkey)));
        _rotateTo(NEW_WALLET_KEY, false, _by(second, third));
        vm.assertEq(registry.maturingMaster(alice.operator), fourth.key, "still maturing");
        bytes memory refusal =
            abi.encodeWithSelector(IOperationErrors.SenderNotWallet.selector, alice.wallet, newWallet);
        _refused(alice.wallet, address(scope), scopeSet, refusal);
        _ok(newWallet, address(scope), scopeSet);
        _ok(STRANGER, address(registry), cancel);
    }

    /// @dev Lets the first master's authenticator count.
    function _countUp(uint32 count) private {
        SetScope memory o = _setScope(alice, _grants());
        MasterAssertion memory a =
            MasterAssertion(first.key, _touch(first, hasher.digest(address(scope), hasher.setScope(o)), count));
        _ok(alice.wallet, address(scope), abi.encodeCall(scope.setScopeWithWebauthn, (o, a)));
    }

    function _rotateTo(uint256 key, bool revokePasskey, Master[] memory by) private {
        _ok(STRANGER, address(registry), _input(_rotation(alice, key, revokePasskey), key, by));
    }

    function _refuseNew(uint256 key, bytes32 device) private {
        bytes memory refusal = abi.encodeWithSelector(IRegistryErrors.DeviceAlreadyRegistered.selector, device);
        _refused(STRANGER, address(registry), _input(_rotation(alice, key, false), key, _by(first, second)), refusal);
    }

    function _notBy(address recovered) private view returns (bytes memory) {
        return abi.encodeWithSelector(IRegistryErrors.RotationNotByNewWallet.selector, recovered, newWallet);
    }

    function _refuseSignature(RotateMasterWallet memory o, K10Signature memory signed, bytes memory refusal) private {
        bytes32 digest = _onRegistry(hasher.rotateMasterWallet(o));
        bytes memory input =
            abi.encodeCall(registry.rotateMasterWallet, (o, _votes(_by(first, second), digest), signed));
        _refused(STRANGER, address(registry), input, refusal);
    }
}
