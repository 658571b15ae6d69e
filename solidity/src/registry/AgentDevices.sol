// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DeviceEntry, ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {AgentConsent, BindAgent, ConsentSignature, MasterAssertion, RevokeAgent} from "../interfaces/Operations.sol";
import {Identifiers} from "../libraries/Identifiers.sol";
import {K10Signatures} from "../libraries/K10Signatures.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";
import {RegistryCore} from "./RegistryCore.sol";

/// @title Agents are bound with their own consent, and revoked by whoever comes first
abstract contract AgentDevices is RegistryCore {
    using OperationDigests for AgentConsent;
    using OperationDigests for BindAgent;
    using OperationDigests for RevokeAgent;

    /// @inheritdoc ISidecarRegistry
    function registerAgentDevice(
        BindAgent calldata operation,
        ConsentSignature calldata consent,
        MasterAssertion calldata master
    ) external {
        _checkDeadline(operation.deadline);
        bytes32 operator = operation.operator;
        _checkWallet(operator);
        _checkNotFrozen(operator);
        bytes32 key = Identifiers.deviceKeyHash(operation.agent);
        _checkUnregistered(key);
        _checkConsent(operation, consent);
        _useOperatorNonce(operator, operation.nonce);
        _claimActor(operator, operation.actor, operation.agent);

        DeviceEntry storage entry = _devices[key];
        entry.operatorOmni = operator;
        entry.actorOmni = operation.actor;
        entry.tier = TIER_AGENT;
        entry.roles = ROLE_CAP_MINT;
        entry.registeredAt = uint64(block.timestamp);
        _operators[operator].agents.push(key);
        emit DeviceRegistered(operator, operation.actor, key, operation.agent, TIER_AGENT, ROLE_CAP_MINT);

        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _consume(operator, ROLE_SCOPE_MGMT, digest, master.deviceKeyHash, master.assertion);
    }

    /// @inheritdoc ISidecarRegistry
    function revokeAgentDevice(bytes32 deviceKeyHash) external {
        DeviceEntry storage entry = _agentToRevoke(_devices[deviceKeyHash].operatorOmni, deviceKeyHash);
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
        _revoke(_agentToRevoke(operation.operator, operation.deviceKeyHash), operation.deviceKeyHash);
        bytes32 digest = OperationDigests.digest(address(this), operation.hash());
        _consume(operation.operator, 0, digest, master.deviceKeyHash, master.assertion);
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

    function _agentToRevoke(bytes32 operator, bytes32 key) private view returns (DeviceEntry storage entry) {
        entry = _deviceOf(operator, key);
        if (entry.tier != TIER_AGENT) revert NotAgentDevice(key);
    }

    function _checkConsent(BindAgent calldata operation, ConsentSignature calldata consent) private view {
        _checkDeadline(consent.deadline);
        bytes32 structHash = AgentConsent(operation.operator, operation.actor, operation.agent, consent.deadline).hash();
        bytes32 digest = OperationDigests.digest(address(this), structHash);
        address signer = K10Signatures.recover(digest, consent.v, consent.r, consent.s);
        if (signer != operation.agent) revert ConsentNotByAgent(signer, operation.agent);
    }
}
