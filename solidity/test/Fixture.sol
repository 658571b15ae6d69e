// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AgentKeysScope} from "../src/AgentKeysScope.sol";
import {CredentialAudit} from "../src/CredentialAudit.sol";
import {K3EpochCounter} from "../src/K3EpochCounter.sol";
import {SidecarRegistry} from "../src/SidecarRegistry.sol";
import {IK11Verifier, K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {
    AgentConsent,
    BindAgent,
    ConsentSignature,
    Grant,
    MasterAssertion,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    SetScope
} from "../src/interfaces/Operations.sol";
import {Identifiers} from "../src/libraries/Identifiers.sol";
import {Hasher} from "./Hasher.sol";
import {vm} from "./Vm.sol";

/// @notice Stands in for K11Verifier: an assertion "signs" by naming challenge, key and counter in the clear.
contract MockVerifier is IK11Verifier {
    error WrongChallenge();
    error WrongKey();

    function verify(bytes32 challenge, K11Key calldata key, K11Assertion calldata assertion)
        external
        pure
        returns (uint32 signCount)
    {
        bytes32 signed;
        (signed, signCount) = abi.decode(assertion.authenticatorData, (bytes32, uint32));
        if (signed != challenge) revert WrongChallenge();
        if (keccak256(assertion.clientDataJSON) != keccak256(abi.encode(key))) revert WrongKey();
    }
}

/// @notice Two operators, an agent's key, and short ways to make operations and assertions for them.
abstract contract Fixture {
    struct Person {
        address wallet;
        bytes32 operator;
        bytes32 device;
        K11Key passkey;
    }

    uint64 internal constant NOW = 1_790_000_000;
    uint64 internal constant DEADLINE = NOW + 600;
    uint64 internal constant RECOVERY_DELAY = 48 hours;
    bytes32 internal constant CRED_ID = keccak256("credential id");
    uint256 internal constant AGENT_KEY = 0xa11ce;
    uint256 internal constant SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint8 internal constant SCOPE_MGMT = 4;

    MockVerifier internal verifier;
    SidecarRegistry internal registry;
    AgentKeysScope internal scope;
    CredentialAudit internal audit;
    K3EpochCounter internal epoch;
    Hasher internal hasher;

    Person internal alice;
    Person internal bob;
    address internal agent;
    bytes32 internal agentDevice;
    bytes32 internal agentActor;

    function setUp() public virtual {
        vm.warp(NOW);
        vm.chainId(212013);
        hasher = new Hasher();
        verifier = new MockVerifier();
        uint64 nonce = vm.getNonce(address(this));
        registry = new SidecarRegistry(
            verifier,
            vm.computeCreateAddress(address(this), nonce + 1),
            vm.computeCreateAddress(address(this), nonce + 2),
            RECOVERY_DELAY
        );
        scope = new AgentKeysScope(registry);
        audit = new CredentialAudit(registry);
        epoch = new K3EpochCounter(address(this));
        alice = _person(1);
        bob = _person(2);
        agent = vm.addr(AGENT_KEY);
        agentDevice = Identifiers.deviceKeyHash(agent);
        agentActor = Identifiers.omni(agent);
    }

    function _person(uint256 n) internal pure returns (Person memory p) {
        p.wallet = vm.addr(n);
        p.operator = Identifiers.omni(p.wallet);
        p.device = Identifiers.deviceKeyHash(p.wallet);
        p.passkey = K11Key(keccak256("rp"), keccak256("origin"), n, n + 1);
    }

    // Operations as they are right; tests change one thing.

    function _firstMaster(Person memory p) internal pure returns (RegisterFirstMaster memory) {
        return RegisterFirstMaster({
            operator: p.operator,
            wallet: p.wallet,
            k11CredId: CRED_ID,
            k11RpIdHash: p.passkey.rpIdHash,
            k11OriginHash: p.passkey.originHash,
            k11PubX: p.passkey.x,
            k11PubY: p.passkey.y,
            nonce: 0,
            deadline: DEADLINE
        });
    }

    function _bind(Person memory p) internal view returns (BindAgent memory) {
        return BindAgent(p.operator, agentActor, agent, registry.operatorNonce(p.operator), DEADLINE);
    }

    function _setScope(Person memory p, Grant[] memory grants) internal view returns (SetScope memory) {
        return SetScope(p.operator, agentActor, grants, scope.scopeNonce(p.operator, agentActor), DEADLINE);
    }

    function _revokeScope(Person memory p) internal view returns (RevokeScope memory) {
        return RevokeScope(p.operator, agentActor, scope.scopeNonce(p.operator, agentActor), DEADLINE);
    }

    function _grants() internal pure returns (Grant[] memory grants) {
        grants = new Grant[](2);
        grants[0] = Grant("github", 1 | 4, 100, 3600, 1000, NOW + 1 days);
        grants[1] = Grant("memory:notes", 63, 0, 0, 0, 0);
    }

    // Signatures.

    function _assertion(Person memory p, bytes32 digest, uint32 count) internal pure returns (K11Assertion memory) {
        return K11Assertion(abi.encode(digest, count), abi.encode(p.passkey), 0, 0);
    }

    function _byMaster(Person memory p, address target, bytes32 structHash, uint32 count)
        internal
        view
        returns (MasterAssertion memory)
    {
        return MasterAssertion(p.device, _assertion(p, hasher.digest(target, structHash), count));
    }

    function _signed(Person memory p, RegisterFirstMaster memory o) internal view returns (K11Assertion memory) {
        return _assertion(p, hasher.digest(address(registry), hasher.registerFirstMaster(o)), 0);
    }

    function _signed(Person memory p, BindAgent memory o) internal view returns (MasterAssertion memory) {
        return _byMaster(p, address(registry), hasher.bindAgent(o), 0);
    }

    function _signed(Person memory p, RevokeAgent memory o) internal view returns (MasterAssertion memory) {
        return _byMaster(p, address(registry), hasher.revokeAgent(o), 0);
    }

    function _signed(Person memory p, SetScope memory o) internal view returns (MasterAssertion memory) {
        return _byMaster(p, address(scope), hasher.setScope(o), 0);
    }

    function _signed(Person memory p, RevokeScope memory o) internal view returns (MasterAssertion memory) {
        return _byMaster(p, address(scope), hasher.revokeScope(o), 0);
    }

    function _consent(uint256 key, BindAgent memory o) internal view returns (ConsentSignature memory) {
        return _consent(key, AgentConsent(o.operator, o.actor, o.agent, NOW + 7 days));
    }

    function _consent(uint256 key, AgentConsent memory o) internal view returns (ConsentSignature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hasher.digest(address(registry), hasher.agentConsent(o)));
        return ConsentSignature(o.deadline, v, r, s);
    }

    // Whole steps.

    function _register(Person memory p) internal {
        RegisterFirstMaster memory o = _firstMaster(p);
        K11Assertion memory a = _signed(p, o);
        vm.prank(p.wallet);
        registry.registerFirstMasterDevice(o, a);
    }

    function _bindAgent(Person memory p) internal {
        BindAgent memory o = _bind(p);
        ConsentSignature memory c = _consent(AGENT_KEY, o);
        MasterAssertion memory a = _signed(p, o);
        vm.prank(p.wallet);
        registry.registerAgentDevice(o, c, a);
    }

    function _grant(Person memory p, Grant[] memory grants) internal {
        SetScope memory o = _setScope(p, grants);
        MasterAssertion memory a = _signed(p, o);
        vm.prank(p.wallet);
        scope.setScopeWithWebauthn(o, a);
    }

    // Calls that are told from each other by the exact bytes they answer.

    function _ok(address sender, address to, bytes memory input) internal returns (bytes memory answer) {
        vm.prank(sender);
        bool done;
        (done, answer) = to.call(input);
        vm.assertTrue(done, string.concat("refused: ", vm.toString(answer)));
    }

    function _refused(address sender, address to, bytes memory input, bytes memory refusal) internal {
        vm.prank(sender);
        (bool done, bytes memory answer) = to.call(input);
        vm.assertFalse(done, "not refused");
        vm.assertEq(answer, refusal, "refusal");
    }

    function _assertResolves(address account, uint8 kind, bytes32 operator, bytes32 actor, uint8 status) internal view {
        (uint8 k, bytes32 o, bytes32 a, uint8 s) = registry.resolve(account);
        vm.assertEq(abi.encode(k, o, a, s), abi.encode(kind, operator, actor, status), "resolve");
    }
}
