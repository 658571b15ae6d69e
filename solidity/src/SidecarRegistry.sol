// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IK11Verifier, K11Assertion, K11Key} from "./interfaces/IK11Verifier.sol";
import {DeviceEntry, ISidecarRegistry} from "./interfaces/ISidecarRegistry.sol";
import {
    AgentConsent,
    BindAgent,
    ConsentSignature,
    MasterAssertion,
    RegisterFirstMaster,
    RevokeAgent
} from "./interfaces/Operations.sol";
import {AgentSignature} from "./libraries/AgentSignature.sol";
import {Identifiers} from "./libraries/Identifiers.sol";
import {OperationDigests} from "./libraries/OperationDigests.sol";

/// @title Devices, actors and operators
/// @notice See ISidecarRegistry. No owner, no initialiser, no upgrade: what the contracts around it are was fixed by the
///         constructor, which got the scope contract's address before that contract existed (CREATE addresses are
///         known in advance; the scope contract's constructor checks that the two name each other).
contract SidecarRegistry is ISidecarRegistry {
    using OperationDigests for RegisterFirstMaster;
    using OperationDigests for AgentConsent;
    using OperationDigests for BindAgent;
    using OperationDigests for RevokeAgent;

    /// @dev What an operator is beside its devices. Masters and agents are apart so that a count over masters never
    ///      grows with the number of agents.
    struct OperatorState {
        address wallet;
        uint64 nonce;
        uint8 recoveryThreshold;
        bytes32[] masters;
        bytes32[] agents;
    }

    uint8 private constant ROLE_CAP_MINT = 1;
    uint8 private constant ROLE_RECOVERY = 2;
    uint8 private constant ROLE_SCOPE_MGMT = 4;
    uint8 private constant ROLES_FIRST_MASTER = ROLE_CAP_MINT | ROLE_RECOVERY | ROLE_SCOPE_MGMT;
    uint8 private constant ROLES_AGENT = ROLE_CAP_MINT;

    uint8 private constant TIER_MASTER = 1;
    uint8 private constant TIER_AGENT = 2;

    uint8 private constant KIND_MASTER_WALLET = 1;
    uint8 private constant KIND_AGENT = 2;

    uint8 private constant STATUS_ACTIVE = 1;
    uint8 private constant STATUS_REVOKED = 3;

    uint64 private constant MAX_RECOVERY_DELAY = 30 days;

    /// @inheritdoc ISidecarRegistry
    address public immutable k11Verifier;
    /// @inheritdoc ISidecarRegistry
    address public immutable scope;
    /// @inheritdoc ISidecarRegistry
    uint64 public immutable recoveryDelay;

    /// @inheritdoc ISidecarRegistry
    mapping(bytes32 actor => bytes32 operator) public actorOwner;
    mapping(bytes32 deviceKeyHash => DeviceEntry entry) private _devices;
    mapping(bytes32 operator => OperatorState state) private _operators;

    constructor(IK11Verifier verifier_, address scope_, uint64 recoveryDelay_) {
        if (address(verifier_).code.length == 0) revert VerifierMissing();
        if (scope_ == address(0)) revert ScopeMissing();
        if (recoveryDelay_ > MAX_RECOVERY_DELAY) revert RecoveryDelayTooLong(recoveryDelay_);
        k11Verifier = address(verifier_);
        scope = scope_;
        recoveryDelay = recoveryDelay_;
    }

    /// @inheritdoc ISidecarRegistry
    function registerFirstMasterDevice(RegisterFirstMaster calldata operation, K11Assertion calldata selfAssertion)
        external
    {
        _checkDeadline(operation.deadline);
        if (msg.sender != operation.wallet) revert SenderNotWallet(msg.sender, operation.wallet);
        bytes32 operator = Identifiers.omni(msg.sender);
        if (operation.operator != operator) revert OmniMismatch(operator, operation.operator);
        if (operation.k11CredId == 0) revert CredentialIdMissing();
        bytes32 key = Identifiers.deviceKeyHash(msg.sender);
        _checkUnregistered(key);
        _useNonce(operator, operation.nonce);

        OperatorState storage state = _operators[operator];
        state.wallet = msg.sender;
        state.recoveryThreshold = 1;
        state.masters.push(key);
        actorOwner[operator] = operator;
        uint64 time = uint64(block.timestamp);
        _devices[key] = DeviceEntry({
            operatorOmni: operator,
            actorOmni: operator,
            k11CredId: operation.k11CredId,
            k11RpIdHash: operation.k11RpIdHash,
            k11OriginHash: operation.k11OriginHash,
            k11PubX: operation.k11PubX,
            k11PubY: operation.k11PubY,
            tier: TIER_MASTER,
            roles: ROLES_FIRST_MASTER,
            registeredAt: time,
            recoveryFrom: time,
            lastSignCount: 0,
            revoked: false
        });
        emit ActorOwned(operator, operator);
        emit MasterWalletSet(operator, msg.sender);
        emit RecoveryThresholdSet(operator, 1);
        emit DeviceRegistered(operator, operator, key, msg.sender, TIER_MASTER, ROLES_FIRST_MASTER);
        emit PasskeyRegistered(
            operator,
            key,
            operation.k11CredId,
            operation.k11RpIdHash,
            operation.k11OriginHash,
            operation.k11PubX,
            operation.k11PubY
        );
        // Against the entry just written: the new passkey proves itself at the one place where assertions are consumed.
        _consume(operator, 0, OperationDigests.digest(address(this), operation.hash()), key, selfAssertion);
    }

    /// @inheritdoc ISidecarRegistry
    function registerAgentDevice(
        BindAgent calldata operation,
        ConsentSignature calldata consent,
        MasterAssertion calldata master
    ) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        _checkWallet(operator);
        bytes32 key = Identifiers.deviceKeyHash(operation.agent);
        _checkUnregistered(key);
        _checkConsent(operation, consent);
        _useNonce(operator, operation.nonce);
        _claimActor(operator, operation.actor, operation.agent);

        DeviceEntry storage entry = _devices[key];
        entry.operatorOmni = operator;
        entry.actorOmni = operation.actor;
        entry.tier = TIER_AGENT;
        entry.roles = ROLES_AGENT;
        entry.registeredAt = uint64(block.timestamp);
        _operators[operator].agents.push(key);
        emit DeviceRegistered(operator, operation.actor, key, operation.agent, TIER_AGENT, ROLES_AGENT);

        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _consume(operator, ROLE_SCOPE_MGMT, digest, master.deviceKeyHash, master.assertion);
    }

    /// @inheritdoc ISidecarRegistry
    function revokeAgentDevice(bytes32 deviceKeyHash) external {
        DeviceEntry storage entry = _agentToRevoke(deviceKeyHash);
        if (
            Identifiers.deviceKeyHash(msg.sender) != deviceKeyHash
                && msg.sender != _operators[entry.operatorOmni].wallet
        ) {
            revert NotRevoker(msg.sender, deviceKeyHash);
        }
        _revoke(entry, deviceKeyHash);
    }

    /// @inheritdoc ISidecarRegistry
    function revokeAgentDeviceWithWebauthn(RevokeAgent calldata operation, MasterAssertion calldata master) external {
        _checkDeadline(operation.deadline);
        DeviceEntry storage entry = _agentToRevoke(operation.deviceKeyHash);
        if (entry.operatorOmni != operation.operator) {
            revert DeviceOfOtherOperator(operation.deviceKeyHash, entry.operatorOmni);
        }
        _revoke(entry, operation.deviceKeyHash);
        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _consume(operation.operator, 0, digest, master.deviceKeyHash, master.assertion);
    }

    /// @inheritdoc ISidecarRegistry
    function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, MasterAssertion calldata master)
        external
    {
        if (msg.sender != scope) revert NotConsumer(msg.sender);
        bytes32 digest = OperationDigests.digest(msg.sender, structHash);
        _consume(operator, role, digest, master.deviceKeyHash, master.assertion);
    }

    /// @inheritdoc ISidecarRegistry
    function resolve(address account)
        external
        view
        returns (uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status)
    {
        DeviceEntry storage entry = _devices[Identifiers.deviceKeyHash(account)];
        operatorOmni = entry.operatorOmni;
        if (operatorOmni == 0) return (0, 0, 0, 0);
        actorOmni = entry.actorOmni;
        kind = entry.tier == TIER_MASTER ? KIND_MASTER_WALLET : KIND_AGENT;
        status = entry.revoked ? STATUS_REVOKED : STATUS_ACTIVE;
    }

    /// @inheritdoc ISidecarRegistry
    function isActive(bytes32 deviceKeyHash) external view returns (bool) {
        DeviceEntry storage entry = _devices[deviceKeyHash];
        return entry.operatorOmni != 0 && !entry.revoked;
    }

    /// @inheritdoc ISidecarRegistry
    function getDevice(bytes32 deviceKeyHash) external view returns (DeviceEntry memory) {
        return _devices[deviceKeyHash];
    }

    /// @inheritdoc ISidecarRegistry
    function getOperatorDevices(bytes32 operator) external view returns (bytes32[] memory keys) {
        bytes32[] storage masters = _operators[operator].masters;
        bytes32[] storage agents = _operators[operator].agents;
        uint256 count = masters.length;
        keys = new bytes32[](count + agents.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = i < count ? masters[i] : agents[i - count];
        }
    }

    /// @inheritdoc ISidecarRegistry
    function masterWallet(bytes32 operator) external view returns (address) {
        return _operators[operator].wallet;
    }

    /// @inheritdoc ISidecarRegistry
    function operatorNonce(bytes32 operator) external view returns (uint64) {
        return _operators[operator].nonce;
    }

    /// @inheritdoc ISidecarRegistry
    function recoveryThreshold(bytes32 operator) external view returns (uint8) {
        return _operators[operator].recoveryThreshold;
    }

    /// @inheritdoc ISidecarRegistry
    function recoveryMasters(bytes32 operator) external view returns (bytes32[] memory keys) {
        bytes32[] storage masters = _operators[operator].masters;
        keys = new bytes32[](masters.length);
        uint256 count;
        for (uint256 i = 0; i < masters.length; ++i) {
            if (_isRecoveryMaster(_devices[masters[i]])) keys[count++] = masters[i];
        }
        // Shortens the array in place: the rest of its memory is never read again.
        assembly ("memory-safe") {
            mstore(keys, count)
        }
    }

    /// @dev The one place where an assertion is verified and its signature counter kept.
    /// @param role Roles the master must hold, all of them; 0 for any active master.
    function _consume(bytes32 operator, uint8 role, bytes32 digest, bytes32 key, K11Assertion calldata assertion)
        private
    {
        DeviceEntry storage entry = _devices[key];
        if (entry.operatorOmni == 0) revert DeviceUnknown(key);
        if (entry.operatorOmni != operator) revert DeviceOfOtherOperator(key, entry.operatorOmni);
        if (entry.tier != TIER_MASTER) revert NotMasterDevice(key);
        if (entry.revoked) revert DeviceIsRevoked(key);
        if (entry.roles & role != role) revert RoleMissing(key, role);

        K11Key memory passkey =
            K11Key({rpIdHash: entry.k11RpIdHash, originHash: entry.k11OriginHash, x: entry.k11PubX, y: entry.k11PubY});
        uint32 signCount = IK11Verifier(k11Verifier).verify(digest, passkey, assertion);
        // Zero twice is allowed: many authenticators never count (WebAuthn Level 3, section 7.2 step 22).
        uint32 last = entry.lastSignCount;
        if ((signCount != 0 || last != 0) && signCount <= last) revert SignCountNotIncreased(key, last, signCount);
        entry.lastSignCount = signCount;
        emit AssertionConsumed(operator, key, digest, signCount);
    }

    /// @dev An actor is claimed once, by the operator that first binds the address it is derived from.
    function _claimActor(bytes32 operator, bytes32 actor, address agent) private {
        if (actor == operator) revert ActorIsOperator(actor);
        bytes32 owner = actorOwner[actor];
        if (owner == operator) return;
        if (owner != 0) revert ActorOfOtherOperator(actor, owner);
        bytes32 derived = Identifiers.omni(agent);
        if (actor != derived) revert OmniMismatch(derived, actor);
        actorOwner[actor] = operator;
        emit ActorOwned(operator, actor);
    }

    function _useNonce(bytes32 operator, uint64 signed) private {
        uint64 current = _operators[operator].nonce;
        if (signed != current) revert StaleNonce(current, signed);
        _operators[operator].nonce = current + 1;
        emit OperatorNonceAdvanced(operator, current + 1);
    }

    function _revoke(DeviceEntry storage entry, bytes32 key) private {
        entry.revoked = true;
        emit DeviceRevoked(entry.operatorOmni, entry.actorOmni, key);
    }

    function _agentToRevoke(bytes32 key) private view returns (DeviceEntry storage entry) {
        entry = _devices[key];
        if (entry.operatorOmni == 0) revert DeviceUnknown(key);
        if (entry.tier != TIER_AGENT) revert NotAgentDevice(key);
        if (entry.revoked) revert DeviceIsRevoked(key);
    }

    function _checkConsent(BindAgent calldata operation, ConsentSignature calldata consent) private view {
        _checkDeadline(consent.deadline);
        bytes32 structHash = AgentConsent(operation.operator, operation.actor, operation.agent, consent.deadline).hash();
        address signer = AgentSignature.recover(OperationDigests.digest(address(this), structHash), consent);
        if (signer != operation.agent) revert ConsentNotByAgent(signer, operation.agent);
    }

    function _checkWallet(bytes32 operator) private view {
        address wallet = _operators[operator].wallet;
        if (msg.sender != wallet) revert SenderNotWallet(msg.sender, wallet);
    }

    function _checkUnregistered(bytes32 key) private view {
        if (_devices[key].operatorOmni != 0) revert DeviceAlreadyRegistered(key);
    }

    function _checkDeadline(uint64 deadline) private view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
    }

    function _isRecoveryMaster(DeviceEntry storage entry) private view returns (bool) {
        return !entry.revoked && entry.roles & ROLE_RECOVERY != 0 && entry.recoveryFrom <= block.timestamp;
    }
}
