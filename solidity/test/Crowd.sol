// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    CancelRotation,
    Grant,
    MasterAssertion,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    RotateMasterWallet,
    SetScope
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Fixture} from "./Fixture.sol";
import {Handler} from "./Handler.sol";
import {vm} from "./Vm.sol";

/// @notice Three operators and thirty-two agents try everything with everybody, mostly right, sometimes wrong. Calls may fail;
///         what they may change is checked here after each of them, and what must hold for ever in CrowdMemory.
abstract contract Crowd is Handler {
    uint256 internal constant OPERATORS = 3;
    uint256 internal constant AGENTS = 32;

    Person[] internal people;
    address[] internal agents;
    /// @dev Every address that was ever a wallet, the agents too.
    address[] internal accounts;

    constructor() {
        Fixture.setUp();
        for (uint256 i = 0; i < AGENTS; ++i) {
            address account = vm.addr(100 + i);
            k10Of[account] = 100 + i;
            agents.push(account);
            accounts.push(account);
        }
        for (uint256 i = 0; i < OPERATORS; ++i) {
            Person memory p = _person(1 + i);
            people.push(p);
            accounts.push(p.wallet);
            k10Of[p.wallet] = 1 + i;
            passkeyOf[p.device] = p.passkey;
        }
    }

    // Masters.

    function register(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        Person memory p = _person(1 + who);
        RegisterFirstMaster memory o = _firstMaster(p);
        o.deadline = signedDeadline;
        bytes memory input = abi.encodeCall(registry.registerFirstMasterDevice, (o, _signed(p, o)));
        _send(who, p.wallet, address(registry), input, 1, 0, 0);
    }

    function addNow(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        Master memory m = _someone();
        bytes memory input = _input(_registration(people[who], m, _roles(), true), m, _voters(who));
        _send(who, _quorumSender(who), address(registry), input, 0, 1, 0);
    }

    function addLater(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        Master memory m = _someone();
        Master[] memory by = _some(_recoveryOf(people[who].operator), 1, _roll(99));
        bytes memory input = _input(_registration(people[who], m, _roll(4) == 0 ? _roles() : 3, false), m, by);
        _send(who, _wallet(who), address(registry), input, 1, 0, 0);
    }

    function cancel(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32 key = registry.maturingMaster(people[who].operator);
        if (_roll(4) == 0) key = _anyDevice(who);
        bytes memory input = _input(_cancellation(people[who], key), _anyMaster(who));
        _send(who, STRANGER, address(registry), input, 0, 0, 0);
    }

    function revoke(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32 key = _anyMaster(who).key;
        Master[] memory others = _without(_recoveryOf(people[who].operator), key);
        bytes memory input = _input(_revocation(people[who], key), _roll(4) == 0 ? _voters(who) : others);
        _send(who, _quorumSender(who), address(registry), input, 0, 1, 0);
    }

    function replace(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        Master memory m = _someone();
        bytes memory input = _input(_replacement(people[who], _anyMaster(who).key, m, _roles()), m, _voters(who));
        _send(who, _quorumSender(who), address(registry), input, 0, 1, 0);
    }

    function threshold(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        uint256 count = registry.recoveryMasterCount(people[who].operator);
        bytes memory input = _input(_threshold(people[who], uint8(_roll(count + 2))), _voters(who));
        _send(who, _quorumSender(who), address(registry), input, 0, 1, 0);
    }

    // The wallet.

    function rotate(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        uint256 key = _newWallet();
        bool drop = _roll(3) == 0;
        Master[] memory by = _voters(who);
        if (drop) by = _without(_recoveryOf(people[who].operator), people[who].device);
        bytes memory input = _input(_rotation(people[who], key, drop), key, by);
        if (_send(who, _quorumSender(who), address(registry), input, 0, 1, 0)) _moved(who, vm.addr(key));
    }

    function propose(uint256 seed) external acting(seed) {
        _proposeFor(_roll(OPERATORS));
    }

    function complete(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        if (_roll(4) != 0) _proposeFor(who);
        if (_roll(4) != 0) _pass();
        (address next,, uint64 effectiveAt) = registry.pendingRotation(people[who].operator);
        bytes memory input = abi.encodeCall(registry.completeRotation, (people[who].operator));
        if (_send(who, STRANGER, address(registry), input, 0, 1, 0)) {
            vm.assertLe(effectiveAt, clock, "a rotation before its time");
            _moved(who, next);
        }
    }

    function cancelRotation(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        if (_roll(2) == 0) _proposeFor(who);
        bytes memory input = abi.encodeCall(registry.cancelRotation, (people[who].operator));
        _send(who, _wallet(who), address(registry), input, 0, 0, 0);
    }

    function cancelRotationSigned(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        if (_roll(2) == 0) _proposeFor(who);
        (address next,,) = registry.pendingRotation(people[who].operator);
        CancelRotation memory o = CancelRotation(people[who].operator, next, signedDeadline);
        _send(who, STRANGER, address(registry), _input(o, _anyMaster(who)), 0, 0, 0);
    }

    // Freezes.

    function freeze(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        if (_roll(4) != 0) return; // less often than an unfreeze
        _send(who, STRANGER, address(registry), _input(_freezing(people[who]), _anyMaster(who)), 0, 0, 0);
    }

    function unfreeze(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32[] memory gone = new bytes32[](_roll(4) == 0 ? _roll(3) : 0);
        for (uint256 i = 0; i < gone.length; ++i) {
            gone[i] = _anyDevice(who);
        }
        bytes memory input = _input(_unfreezing(people[who], gone), _voters(who));
        _send(who, _quorumSender(who), address(registry), input, 0, 1, 1);
    }

    // Agents, scopes, audit.

    function bind(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        address account = agents[_roll(AGENTS)];
        bytes32 actor = Identifiers.omni(_roll(3) == 0 ? agents[_roll(AGENTS)] : account);
        uint64 nonce = registry.operatorNonce(people[who].operator);
        BindAgent memory o = BindAgent(people[who].operator, actor, account, nonce, signedDeadline);
        MasterAssertion memory a = _vote(_scopeMaster(who), _onRegistry(hasher.bindAgent(o)));
        AgentConsent memory c = AgentConsent(o.operator, o.actor, o.agent, signedDeadline);
        bytes memory input = abi.encodeCall(registry.registerAgentDevice, (o, _consent(k10Of[account], c), a));
        _send(who, _wallet(who), address(registry), input, 1, 0, 0);
    }

    function revokeAgent(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        address account = agents[_roll(AGENTS)];
        bytes memory input = abi.encodeCall(registry.revokeAgentDevice, (Identifiers.deviceKeyHash(account)));
        _send(who, _roll(2) == 0 ? account : _wallet(who), address(registry), input, 0, 0, 0);
    }

    function revokeAgentSigned(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32 key = _roll(4) == 0 ? _anyDevice(who) : Identifiers.deviceKeyHash(agents[_roll(AGENTS)]);
        RevokeAgent memory o = RevokeAgent(people[who].operator, key, signedDeadline);
        MasterAssertion memory a = _vote(_anyMaster(who), _onRegistry(hasher.revokeAgent(o)));
        bytes memory input = abi.encodeCall(registry.revokeAgentDeviceWithWebauthn, (o, a));
        _send(who, STRANGER, address(registry), input, 0, 0, 0);
    }

    function setScope(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32 actor = _anyActor(who);
        uint64 nonce = scope.scopeNonce(people[who].operator, actor);
        SetScope memory o = SetScope(people[who].operator, actor, new Grant[](_roll(4)), nonce, signedDeadline);
        for (uint256 i = 0; i < o.grants.length; ++i) {
            o.grants[i] = Grant(string.concat("s", vm.toString(i)), 1, 0, 0, 0, 0);
        }
        MasterAssertion memory a = _vote(_scopeMaster(who), hasher.digest(address(scope), hasher.setScope(o)));
        bytes memory input = abi.encodeCall(scope.setScopeWithWebauthn, (o, a));
        uint64 moved = _send(who, _wallet(who), address(scope), input, 0, 0, 0) ? 1 : 0;
        vm.assertEq(scope.scopeNonce(o.operator, actor), nonce + moved, "scopeNonce");
    }

    function revokeScope(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes32 actor = _anyActor(who);
        uint64 nonce = scope.scopeNonce(people[who].operator, actor);
        RevokeScope memory o = RevokeScope(people[who].operator, actor, nonce, signedDeadline);
        MasterAssertion memory a = _vote(_scopeMaster(who), hasher.digest(address(scope), hasher.revokeScope(o)));
        bytes memory input = abi.encodeCall(scope.revokeScope, (o, a));
        uint64 moved = _send(who, _wallet(who), address(scope), input, 0, 0, 0) ? 1 : 0;
        vm.assertEq(scope.scopeNonce(o.operator, actor), nonce + moved, "scopeNonce");
    }

    function relayer(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        bytes memory input = _input(_relaying(people[who], _roll(2) == 0 ? STRANGER : address(0)), _scopeMaster(who));
        _send(who, _wallet(who), address(audit), input, 1, 0, 0);
    }

    function append(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        address sender = _roll(2) == 0 ? _wallet(who) : agents[_roll(AGENTS)];
        uint64 before = audit.entryCount(people[who].operator);
        bytes memory input = abi.encodeCall(audit.append, (people[who].operator, keccak256("entry")));
        uint64 moved = _send(who, sender, address(audit), input, 0, 0, 0) ? 1 : 0;
        vm.assertEq(audit.entryCount(people[who].operator), before + moved, "entryCount");
    }

    function appendRoot(uint256 seed) external acting(seed) {
        uint256 who = _roll(OPERATORS);
        uint64 index = audit.rootCount(people[who].operator);
        uint64 given = index + (_roll(8) == 0 ? 1 : 0);
        bytes memory input =
            abi.encodeCall(audit.appendRoot, (people[who].operator, given, keccak256(abi.encode(seed)), 1));
        uint64 moved = _send(who, _roll(2) == 0 ? STRANGER : _wallet(who), address(audit), input, 0, 0, 0) ? 1 : 0;
        vm.assertEq(audit.rootCount(people[who].operator), index + moved, "rootCount");
    }

    function pass(uint256 seed) external acting(seed) {
        _pass();
    }

    // Choices.

    function _roles() private returns (uint8) {
        uint8[8] memory roles = [7, 7, 3, 3, 2, 5, 0, 8];
        return roles[_roll(8)];
    }

    function _wallet(uint256 who) private returns (address) {
        return _roll(8) == 0 ? people[_roll(OPERATORS)].wallet : people[who].wallet;
    }

    function _quorumSender(uint256 who) private returns (address) {
        return _roll(4) == 0 ? STRANGER : people[who].wallet;
    }

    /// @dev A quorum, or one too many, or one too few.
    function _voters(uint256 who) private returns (Master[] memory) {
        uint256 needed = registry.recoveryThreshold(people[who].operator) + (_roll(3) == 0 ? 1 : 0);
        if (needed > 0 && _roll(8) == 0) --needed;
        return _some(_recoveryOf(people[who].operator), needed, _roll(99));
    }

    function _anyDevice(uint256 who) private returns (bytes32) {
        bytes32[] memory keys = registry.getOperatorDevices(people[_roll(16) == 0 ? _roll(OPERATORS) : who].operator);
        return keys.length == 0 ? bytes32(0) : keys[_roll(keys.length)];
    }

    /// @dev Mostly a recovery master, sometimes whatever device there is.
    function _anyMaster(uint256 who) private returns (Master memory) {
        Master[] memory all = _recoveryOf(people[who].operator);
        if (all.length == 0 || _roll(6) == 0) return _masterOf(_anyDevice(who));
        return all[_roll(all.length)];
    }

    /// @dev Mostly a master with SCOPE_MGMT.
    function _scopeMaster(uint256 who) private returns (Master memory) {
        Master[] memory all = _recoveryOf(people[who].operator);
        for (uint256 i = 0; i < all.length; ++i) {
            if (registry.getDevice(all[i].key).roles & SCOPE_MGMT != 0 && _roll(4) != 0) return all[i];
        }
        return _anyMaster(who);
    }

    function _anyActor(uint256 who) private returns (bytes32) {
        return _roll(3) != 0 ? people[who].operator : Identifiers.omni(agents[_roll(AGENTS)]);
    }

    function _moved(uint256 who, address next) private {
        Person storage p = people[who];
        bytes32 device = Identifiers.deviceKeyHash(next);
        passkeyOf[device] = passkeyOf[p.device];
        (p.wallet, p.device) = (next, device);
        accounts.push(next);
    }

    function _proposeFor(uint256 who) private {
        uint256 key = _newWallet();
        RotateMasterWallet memory o = _proposal(people[who], key, _roll(3) == 0);
        bytes memory input = _input(o, key, _some(_recoveryOf(people[who].operator), 1, _roll(99)));
        _send(who, STRANGER, address(registry), input, 0, 0, 0);
    }

    // Checks.

    /// @dev The call, and that it moved exactly these nonces if it worked, and none at all if not.
    function _send(uint256 who, address sender, address to, bytes memory input, uint64 op, uint64 rec, uint64 fre)
        private
        returns (bool worked)
    {
        uint64[9] memory before = _nonces();
        worked = _attempt(sender, to, input);
        if (worked) {
            before[3 * who] += op;
            before[3 * who + 1] += rec;
            before[3 * who + 2] += fre;
        }
        vm.assertEq(abi.encode(_nonces()), abi.encode(before), "nonces");
        _afterCall(who);
    }

    function _nonces() private view returns (uint64[9] memory all) {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            all[3 * i] = registry.operatorNonce(people[i].operator);
            all[3 * i + 1] = registry.recoveryNonce(people[i].operator);
            all[3 * i + 2] = registry.freezeNonce(people[i].operator);
        }
    }

    function _afterCall(uint256 who) internal virtual;
}
