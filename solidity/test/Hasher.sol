// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    CancelMaster,
    CancelRotation,
    Freeze,
    Grant,
    RegisterFirstMaster,
    RegisterMaster,
    ReplaceMaster,
    RevokeAgent,
    RevokeMaster,
    RevokeScope,
    RotateMasterWallet,
    SetAuditRelayer,
    SetRecoveryThreshold,
    SetScope,
    Unfreeze
} from "../src/interfaces/Operations.sol";
import {OperationDigests} from "../src/libraries/OperationDigests.sol";

/// @notice The library behind external functions: its arguments come from calldata, as in the contracts.
contract Hasher {
    function digest(address verifyingContract, bytes32 structHash) external view returns (bytes32) {
        return OperationDigests.digest(verifyingContract, structHash);
    }

    function domainSeparator(address verifyingContract) external view returns (bytes32) {
        return OperationDigests.domainSeparator(verifyingContract);
    }

    function registerFirstMaster(RegisterFirstMaster calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function registerMaster(RegisterMaster calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function cancelMaster(CancelMaster calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function revokeMaster(RevokeMaster calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function replaceMaster(ReplaceMaster calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function setRecoveryThreshold(SetRecoveryThreshold calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function rotateMasterWallet(RotateMasterWallet calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function cancelRotation(CancelRotation calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function freeze(Freeze calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function unfreeze(Unfreeze calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function setAuditRelayer(SetAuditRelayer calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function agentConsent(AgentConsent calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function bindAgent(BindAgent calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function revokeAgent(RevokeAgent calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function setScope(SetScope calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }

    function revokeScope(RevokeScope calldata o) external pure returns (bytes32) {
        return OperationDigests.hash(o);
    }
}
