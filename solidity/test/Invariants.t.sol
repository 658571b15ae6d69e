// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DeviceEntry} from "../src/interfaces/ISidecarRegistry.sol";
import {
    BindAgent,
    Grant,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    SetScope
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice Three operators and four agents try everything with everybody, right and wrong. Calls may fail; what was once
///         seen must hold for ever.
contract Crowd is Fixture {
    uint256 private constant OPERATORS = 3;
    uint256 private constant AGENTS = 4;

    Person[] private people;
    bytes32[] private actors; // the agents', then the operators'
    bytes32[] private devices; // the agents'
    mapping(bytes32 device => bytes32) private seenEntry;
    mapping(bytes32 device => bool) private seenRevoked;
    mapping(bytes32 actor => bytes32) private seenOwner;
    mapping(bytes32 subject => uint64) private seenNonce;
    uint256 public succeeded;

    constructor() {
        super.setUp();
        for (uint256 i = 0; i < AGENTS; ++i) {
            actors.push(Identifiers.omni(vm.addr(100 + i)));
            devices.push(Identifiers.deviceKeyHash(vm.addr(100 + i)));
        }
        for (uint256 i = 0; i < OPERATORS; ++i) {
            people.push(_person(1 + i));
            actors.push(people[i].operator);
        }
    }

    /// @dev Handlers are all that is public: nobody deploys everything anew in the middle.
    function setUp() public override {}

    function register(uint256 who, uint256 claimed) external {
        Person memory p = people[who % OPERATORS];
        RegisterFirstMaster memory o = _firstMaster(people[claimed % OPERATORS]);
        o.nonce = registry.operatorNonce(o.operator);
        _send(p, address(registry), abi.encodeCall(registry.registerFirstMasterDevice, (o, _signed(p, o))));
    }

    function bind(uint256 who, uint256 sender, uint256 which, uint256 as_) external {
        Person memory p = people[who % OPERATORS];
        uint256 key = 100 + which % AGENTS;
        BindAgent memory o =
            BindAgent(p.operator, _actor(as_), vm.addr(key), registry.operatorNonce(p.operator), DEADLINE);
        bytes memory input = abi.encodeCall(registry.registerAgentDevice, (o, _consent(key, o), _signed(p, o)));
        _send(people[sender % OPERATORS], address(registry), input);
    }

    function revoke(uint256 who, uint256 which) external {
        bytes memory input = abi.encodeCall(registry.revokeAgentDevice, (_device(which)));
        _send(people[who % OPERATORS], address(registry), input);
    }

    function revokeWithWebauthn(uint256 who, uint256 which) external {
        Person memory p = people[who % OPERATORS];
        RevokeAgent memory o = RevokeAgent(p.operator, _device(which), DEADLINE);
        _send(p, address(registry), abi.encodeCall(registry.revokeAgentDeviceWithWebauthn, (o, _signed(p, o))));
    }

    function setScope(uint256 who, uint256 as_, uint8 grants) external {
        Person memory p = people[who % OPERATORS];
        bytes32 actor = _actor(as_);
        SetScope memory o =
            SetScope(p.operator, actor, new Grant[](grants % 5), scope.scopeNonce(p.operator, actor), DEADLINE);
        for (uint256 i = 0; i < o.grants.length; ++i) {
            o.grants[i] = Grant(string.concat("s", vm.toString(i)), 1, 0, 0, 0, 0);
        }
        _send(p, address(scope), abi.encodeCall(scope.setScopeWithWebauthn, (o, _signed(p, o))));
    }

    function revokeScope(uint256 who, uint256 as_) external {
        Person memory p = people[who % OPERATORS];
        bytes32 actor = _actor(as_);
        RevokeScope memory o = RevokeScope(p.operator, actor, scope.scopeNonce(p.operator, actor), DEADLINE);
        _send(p, address(scope), abi.encodeCall(scope.revokeScope, (o, _signed(p, o))));
    }

    /// @dev What holds after every call.
    function _check() private {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            Person memory p = people[i];
            _checkDevice(p.device, p.wallet, 1);
            _forward(p.operator, registry.operatorNonce(p.operator));
            bool registered = registry.masterWallet(p.operator) != address(0);
            vm.assertEq(registry.recoveryMasters(p.operator).length, registered ? 1 : 0, "stranded");
            for (uint256 a = 0; a < AGENTS + OPERATORS; ++a) {
                bytes32 actor = _actor(a);
                _forward(keccak256(abi.encode(p.operator, actor)), scope.scopeNonce(p.operator, actor));
                if (scope.getScope(p.operator, actor).length != 0) {
                    vm.assertEq(registry.actorOwner(actor), p.operator, "grants for another's actor");
                }
            }
        }
        for (uint256 a = 0; a < AGENTS; ++a) {
            _checkDevice(_device(a), vm.addr(100 + a), 2);
        }
        for (uint256 a = 0; a < AGENTS + OPERATORS; ++a) {
            bytes32 owner = registry.actorOwner(_actor(a));
            if (seenOwner[_actor(a)] != 0) vm.assertEq(owner, seenOwner[_actor(a)], "an actor changed hands");
            seenOwner[_actor(a)] = owner;
        }
    }

    /// @dev Operator, actor, tier, roles and time of registration never change; a revoked device never returns.
    function _checkDevice(bytes32 device, address account, uint8 tier) private {
        DeviceEntry memory e = registry.getDevice(device);
        (,,, uint8 status) = registry.resolve(account);
        vm.assertEq(registry.isActive(device), e.operatorOmni != 0 && !e.revoked, "active");
        vm.assertEq(status, e.operatorOmni == 0 ? 0 : e.revoked ? 3 : 1, "status");
        if (seenRevoked[device]) vm.assertTrue(e.revoked, "a revoked device returned");
        seenRevoked[device] = e.revoked;
        if (e.operatorOmni == 0) return;
        vm.assertEq(e.tier, tier, "tier");
        vm.assertEq(registry.actorOwner(e.actorOmni), e.operatorOmni, "actor and operator disagree");
        vm.assertEq(e.actorOmni == e.operatorOmni, tier == 1, "an agent acts as its operator");
        e.revoked = false;
        e.lastSignCount = 0;
        bytes32 fixedPart = keccak256(abi.encode(e));
        if (seenEntry[device] != 0) vm.assertEq(fixedPart, seenEntry[device], "an entry changed");
        seenEntry[device] = fixedPart;
    }

    function _forward(bytes32 subject, uint64 nonce) private {
        vm.assertLe(seenNonce[subject], nonce, "a nonce moved back");
        vm.assertLe(nonce, seenNonce[subject] + 1, "a nonce jumped");
        seenNonce[subject] = nonce;
    }

    function _send(Person memory sender, address to, bytes memory input) private {
        vm.prank(sender.wallet);
        (bool ok,) = to.call(input);
        if (ok) ++succeeded;
        _check();
    }

    function _device(uint256 which) private view returns (bytes32) {
        return devices[which % AGENTS];
    }

    function _actor(uint256 which) private view returns (bytes32) {
        return actors[which % actors.length];
    }
}

contract InvariantsTest {
    Crowd private crowd;

    function setUp() public {
        crowd = new Crowd();
        // Somebody is there from the start: the rest is more likely to have an effect.
        crowd.register(0, 0);
        crowd.register(1, 1);
        crowd.bind(0, 0, 0, 0);
        vm.assertEq(crowd.succeeded(), 3, "a crowd in which nothing succeeds proves nothing");
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    /// @dev The crowd checks after each of its calls, and remembers; foundry.toml makes its reverts failures.
    function invariantWhatWasSeenHolds() public view {
        vm.assertLe(3, crowd.succeeded(), "succeeded");
    }
}
