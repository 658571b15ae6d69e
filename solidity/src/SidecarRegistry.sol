// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IK11Verifier} from "./interfaces/IK11Verifier.sol";
import {DeviceEntry, ISidecarRegistry} from "./interfaces/ISidecarRegistry.sol";
import {MasterAssertion} from "./interfaces/Operations.sol";
import {Identifiers} from "./libraries/Identifiers.sol";
import {OperationDigests} from "./libraries/OperationDigests.sol";
import {AgentDevices} from "./registry/AgentDevices.sol";
import {MasterDevices} from "./registry/MasterDevices.sol";
import {OperatorFreeze} from "./registry/OperatorFreeze.sol";
import {RegistryCore} from "./registry/RegistryCore.sol";
import {WalletRotation} from "./registry/WalletRotation.sol";

/// @title Devices, actors and operators
/// @notice See ISidecarRegistry. No owner, no initialiser, no upgrade: what the contracts around it are was fixed by the
///         constructor, which got the addresses of scope and audit before those contracts existed (CREATE addresses are
///         known in advance; their constructors check that each side names the other). This file has the views and what
///         those two contracts may ask; registry/ has the operations.
contract SidecarRegistry is MasterDevices, WalletRotation, OperatorFreeze, AgentDevices {
    uint8 private constant KIND_MASTER_WALLET = 1;
    uint8 private constant KIND_AGENT = 2;

    uint8 private constant STATUS_ACTIVE = 1;
    uint8 private constant STATUS_RETIRED = 2;
    uint8 private constant STATUS_REVOKED = 3;

    constructor(IK11Verifier verifier_, address scope_, address audit_, uint64 recoveryDelay_)
        RegistryCore(verifier_, scope_, audit_, recoveryDelay_)
    {}

    modifier onlyConsumer() {
        if (msg.sender != scope && msg.sender != audit) revert NotConsumer(msg.sender);
        _;
    }

    /// @inheritdoc ISidecarRegistry
    function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, MasterAssertion calldata master)
        external
        onlyConsumer
    {
        bytes32 digest = OperationDigests.digest(msg.sender, structHash);
        _consume(operator, role, digest, master.deviceKeyHash, master.assertion);
    }

    /// @inheritdoc ISidecarRegistry
    function useOperatorNonce(bytes32 operator, uint64 signed) external onlyConsumer {
        _useOperatorNonce(operator, signed);
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
        bool master = entry.tier == TIER_MASTER;
        kind = master ? KIND_MASTER_WALLET : KIND_AGENT;
        // The entry under a wallet's hash is revoked by rotation, and by nothing else.
        status = !entry.revoked ? STATUS_ACTIVE : master ? STATUS_RETIRED : STATUS_REVOKED;
    }

    /// @inheritdoc ISidecarRegistry
    function isActive(bytes32 deviceKeyHash) external view returns (bool) {
        DeviceEntry storage entry = _devices[deviceKeyHash];
        if (entry.operatorOmni == 0 || entry.revoked) return false;
        return entry.tier == TIER_MASTER || !_operators[entry.operatorOmni].frozen;
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
    function recoveryNonce(bytes32 operator) external view returns (uint64) {
        return _operators[operator].recoveryNonce;
    }

    /// @inheritdoc ISidecarRegistry
    function freezeNonce(bytes32 operator) external view returns (uint64) {
        return _operators[operator].freezeNonce;
    }

    /// @inheritdoc ISidecarRegistry
    function frozen(bytes32 operator) external view returns (bool) {
        return _operators[operator].frozen;
    }

    /// @inheritdoc ISidecarRegistry
    function recoveryThreshold(bytes32 operator) external view returns (uint8) {
        return _operators[operator].recoveryThreshold;
    }

    /// @inheritdoc ISidecarRegistry
    function recoveryMasterCount(bytes32 operator) external view returns (uint256) {
        return _recoveryCount(_operators[operator]);
    }

    /// @inheritdoc ISidecarRegistry
    function maturingMaster(bytes32 operator) external view returns (bytes32) {
        return _maturing(_operators[operator]);
    }

    /// @inheritdoc ISidecarRegistry
    function recoveryMasters(bytes32 operator) external view returns (bytes32[] memory keys) {
        bytes32[] storage masters = _operators[operator].masters;
        keys = new bytes32[](masters.length);
        uint256 count;
        for (uint256 i = 0; i < masters.length; ++i) {
            DeviceEntry storage entry = _devices[masters[i]];
            if (!entry.revoked && entry.roles & ROLE_RECOVERY != 0 && entry.recoveryFrom <= block.timestamp) {
                keys[count++] = masters[i];
            }
        }
        // Shortens the array in place: the rest of its memory is never read again.
        assembly ("memory-safe") {
            mstore(keys, count)
        }
    }

    /// @inheritdoc ISidecarRegistry
    function pendingRotation(bytes32 operator)
        external
        view
        returns (address newWallet, bool revokePasskey, uint64 effectiveAt)
    {
        if (!_isPending(operator)) return (address(0), false, 0);
        Rotation storage rotation = _rotations[operator];
        return (rotation.newWallet, rotation.revokePasskey, rotation.effectiveAt);
    }
}
