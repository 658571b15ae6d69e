// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Verifier} from "../src/K11Verifier.sol";
import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {CancelRotation, Grant, SetScope} from "../src/interfaces/Operations.sol";
import {Deck} from "./Deck.sol";
import {Passkeys} from "./Passkeys.sol";
import {vm} from "./Vm.sol";

/// @notice What each operation costs, for `.gas-snapshot` and the table in docs/contracts.md: the call alone, on cold
///         storage, without the transaction's own 21000 and calldata, and with assertions that cost nothing to verify.
abstract contract GasDeck is Deck {
    struct Call {
        address sender;
        address to;
        bytes input;
    }

    mapping(bytes32 name => Call) private calls;

    function _prepared(string memory name, address sender, address to, bytes memory input) internal {
        calls[keccak256(bytes(name))] = Call(sender, to, input);
    }

    function _prepared(string memory name, Op op) internal {
        _prepared(name, _senderOf(op), _contractOf(op), _inputOf(op, _digestOf(op), _signersOf(op)));
    }

    /// @dev What setUp prepared, and nothing beside it: the tests' own reading is not metered.
    function _measure(string memory name) internal {
        vm.pauseGasMetering();
        Call memory c = calls[keccak256(bytes(name))];
        vm.prank(c.sender);
        vm.resumeGasMetering();
        (bool ok,) = c.to.call(c.input);
        vm.assertTrue(ok, "refused");
    }
}

/// @notice Alice with three masters, threshold 2 and an agent.
contract GasTest is GasDeck, Passkeys {
    bytes32 private constant DIGEST = keccak256("operation");

    K11Verifier private k11;
    K11Key private passkey;
    K11Assertion private assertion;

    function setUp() public override {
        super.setUp();
        _prepared("first", Op.RegisterFirst);
        _prepared("now", Op.RegisterNow);
        _prepared("later", Op.RegisterLater);
        _prepared("revoke", Op.Revoke);
        _prepared("replace", Op.Replace);
        _prepared("threshold", Op.Threshold);
        _prepared("rotate", Op.Rotate);
        _prepared("freeze", Op.Freeze);
        _prepared("relayer", Op.Relayer);
        _prepared("bind", Op.Bind);
        _prepared("revoke agent", Op.RevokeAgent);
        _prepared("set scope", Op.SetScope);
        _prepared(
            "revoke agent, wallet",
            alice.wallet,
            address(registry),
            abi.encodeCall(registry.revokeAgentDevice, (agentDevice))
        );
        SetScope memory s = SetScope(alice.operator, agentActor, new Grant[](64), 0, DEADLINE);
        for (uint256 i = 0; i < 64; ++i) {
            s.grants[i] = Grant(string.concat("service-", vm.toString(i)), 1, 100, 3600, 0, 0);
        }
        _prepared(
            "set scope of 64",
            alice.wallet,
            address(scope),
            abi.encodeCall(scope.setScopeWithWebauthn, (s, _signed(alice, s)))
        );
        _prepared("append", agent, address(audit), abi.encodeCall(audit.append, (alice.operator, DIGEST)));
        _prepared(
            "append root",
            alice.wallet,
            address(audit),
            abi.encodeCall(audit.appendRoot, (alice.operator, 0, DIGEST, 9))
        );
        _prepared("advance", address(this), address(epoch), abi.encodeCall(epoch.advanceEpoch, (1)));

        k11 = new K11Verifier(address(new P256Router(address(new P256Verifier()))));
        passkey = _keyOf(7);
        assertion = _touchOf(7, DIGEST, 1);
    }

    function testRegisterFirstMaster() public {
        _measure("first");
    }

    function testRegisterMasterAtOnce() public {
        _measure("now");
    }

    function testRegisterMasterWithDelay() public {
        _measure("later");
    }

    function testRevokeMaster() public {
        _measure("revoke");
    }

    function testReplaceMaster() public {
        _measure("replace");
    }

    function testSetRecoveryThreshold() public {
        _measure("threshold");
    }

    function testRotateMasterWallet() public {
        _measure("rotate");
    }

    function testFreeze() public {
        _measure("freeze");
    }

    function testSetAuditRelayer() public {
        _measure("relayer");
    }

    function testBindAgent() public {
        _measure("bind");
    }

    function testRevokeAgentByAssertion() public {
        _measure("revoke agent");
    }

    function testRevokeAgentByWallet() public {
        _measure("revoke agent, wallet");
    }

    function testSetScopeOfTwo() public {
        _measure("set scope");
    }

    function testSetScopeOf64() public {
        _measure("set scope of 64");
    }

    function testAppend() public {
        _measure("append");
    }

    function testAppendRoot() public {
        _measure("append root");
    }

    function testAdvanceEpoch() public {
        _measure("advance");
    }

    /// @notice What one assertion adds where the chain has no P-256 precompile.
    function testVerifyAssertion() public {
        vm.pauseGasMetering();
        (K11Key memory k, K11Assertion memory a) = (passkey, assertion);
        vm.resumeGasMetering();
        k11.verify(DIGEST, k, a);
    }
}

/// @notice A newcomer matures, a scope is set, the operator is frozen.
contract GasFrozenTest is GasDeck {
    function setUp() public override {
        super.setUp();
        _addDelayed(alice, fourth, 3, second);
        _deal(Op.SetScope);
        _freeze(alice, second);
        _prepared("cancel", Op.Cancel);
        _prepared("unfreeze", Op.Unfreeze);
        _prepared("revoke scope", Op.RevokeScope);
    }

    function testCancelMaster() public {
        _measure("cancel");
    }

    function testUnfreeze() public {
        _measure("unfreeze");
    }

    function testRevokeScopeOfTwo() public {
        _measure("revoke scope");
    }
}

/// @notice Threshold 1, and nothing proposed.
contract GasAtOneTest is GasDeck {
    function setUp() public override {
        super.setUp();
        _setThreshold(alice, 1, _by(first, second));
        _prepared(
            "propose",
            STRANGER,
            address(registry),
            _input(_proposal(alice, rotationKey, false), rotationKey, _by(second))
        );
    }

    function testProposeRotation() public {
        _measure("propose");
    }
}

/// @notice A proposal whose time has come.
contract GasProposedTest is GasDeck {
    function setUp() public override {
        super.setUp();
        _prepare(Op.CancelRotation);
        vm.warp(NOW + RECOVERY_DELAY);
        signedDeadline = NOW + RECOVERY_DELAY;
        address next = vm.addr(rotationKey);
        _prepared("complete", STRANGER, address(registry), abi.encodeCall(registry.completeRotation, (alice.operator)));
        _prepared("cancel", alice.wallet, address(registry), abi.encodeCall(registry.cancelRotation, (alice.operator)));
        _prepared(
            "cancel, signed",
            STRANGER,
            address(registry),
            _input(CancelRotation(alice.operator, next, signedDeadline), second)
        );
    }

    function testCompleteRotation() public {
        _measure("complete");
    }

    function testCancelRotationByWallet() public {
        _measure("cancel");
    }

    function testCancelRotationByAssertion() public {
        _measure("cancel, signed");
    }
}
