// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    CancelMaster,
    CancelRotation,
    Freeze,
    Grant,
    Newcomer,
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
} from "../interfaces/Operations.sol";

/// @notice EIP-712 digests of operations. A WebAuthn challenge IS such a digest.
/// @dev pkg/typeddata hashes the same structs in Go; testdata/vectors/typeddata.json holds both to one result.
library OperationDigests {
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant REGISTER_FIRST_MASTER_TYPEHASH = keccak256(
        "RegisterFirstMaster(bytes32 operator,address wallet,bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY,uint64 nonce,uint64 deadline)"
    );
    bytes32 internal constant NEWCOMER_TYPEHASH = keccak256(
        "Newcomer(bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY,uint8 roles)"
    );
    bytes32 internal constant REGISTER_MASTER_TYPEHASH = keccak256(
        "RegisterMaster(bytes32 operator,Newcomer newcomer,bool immediate,uint64 nonce,uint64 deadline)Newcomer(bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY,uint8 roles)"
    );
    bytes32 internal constant CANCEL_MASTER_TYPEHASH =
        keccak256("CancelMaster(bytes32 operator,bytes32 deviceKeyHash,uint64 deadline)");
    bytes32 internal constant REVOKE_MASTER_TYPEHASH =
        keccak256("RevokeMaster(bytes32 operator,bytes32 deviceKeyHash,uint64 nonce,uint64 deadline)");
    bytes32 internal constant REPLACE_MASTER_TYPEHASH = keccak256(
        "ReplaceMaster(bytes32 operator,bytes32 deviceKeyHash,Newcomer newcomer,uint64 nonce,uint64 deadline)Newcomer(bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY,uint8 roles)"
    );
    bytes32 internal constant SET_RECOVERY_THRESHOLD_TYPEHASH =
        keccak256("SetRecoveryThreshold(bytes32 operator,uint8 threshold,uint64 nonce,uint64 deadline)");
    bytes32 internal constant ROTATE_MASTER_WALLET_TYPEHASH = keccak256(
        "RotateMasterWallet(bytes32 operator,address newWallet,bool revokePasskey,bool immediate,uint64 nonce,uint64 deadline)"
    );
    bytes32 internal constant CANCEL_ROTATION_TYPEHASH =
        keccak256("CancelRotation(bytes32 operator,address newWallet,uint64 deadline)");
    bytes32 internal constant FREEZE_TYPEHASH = keccak256("Freeze(bytes32 operator,uint64 nonce,uint64 deadline)");
    bytes32 internal constant UNFREEZE_TYPEHASH =
        keccak256("Unfreeze(bytes32 operator,bytes32[] revocations,uint64 nonce,uint64 deadline)");
    bytes32 internal constant SET_AUDIT_RELAYER_TYPEHASH =
        keccak256("SetAuditRelayer(bytes32 operator,address relayer,uint64 nonce,uint64 deadline)");
    bytes32 internal constant AGENT_CONSENT_TYPEHASH =
        keccak256("AgentConsent(bytes32 operator,bytes32 actor,address agent,uint64 deadline)");
    bytes32 internal constant BIND_AGENT_TYPEHASH =
        keccak256("BindAgent(bytes32 operator,bytes32 actor,address agent,uint64 nonce,uint64 deadline)");
    bytes32 internal constant REVOKE_AGENT_TYPEHASH =
        keccak256("RevokeAgent(bytes32 operator,bytes32 deviceKeyHash,uint64 deadline)");
    bytes32 internal constant GRANT_TYPEHASH = keccak256(
        "Grant(string service,uint32 ops,uint32 maxPerPeriod,uint32 periodSeconds,uint32 maxTotal,uint64 expiresAt)"
    );
    bytes32 internal constant SET_SCOPE_TYPEHASH = keccak256(
        "SetScope(bytes32 operator,bytes32 actor,Grant[] grants,uint64 nonce,uint64 deadline)Grant(string service,uint32 ops,uint32 maxPerPeriod,uint32 periodSeconds,uint32 maxTotal,uint64 expiresAt)"
    );
    bytes32 internal constant REVOKE_SCOPE_TYPEHASH =
        keccak256("RevokeScope(bytes32 operator,bytes32 actor,uint64 nonce,uint64 deadline)");

    /// @notice The domain of one contract on this chain; computed afresh, so that a fork with another id has another.
    function domainSeparator(address verifyingContract) internal view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("AgentKeys"), keccak256("1"), block.chainid, verifyingContract)
        );
    }

    /// @notice The 32 bytes that are signed.
    function digest(address verifyingContract, bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(verifyingContract), structHash));
    }

    function hash(RegisterFirstMaster calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                REGISTER_FIRST_MASTER_TYPEHASH,
                o.operator,
                o.wallet,
                o.k11CredId,
                o.k11RpIdHash,
                o.k11OriginHash,
                o.k11PubX,
                o.k11PubY,
                o.nonce,
                o.deadline
            )
        );
    }

    function hash(Newcomer calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(NEWCOMER_TYPEHASH, o.k11CredId, o.k11RpIdHash, o.k11OriginHash, o.k11PubX, o.k11PubY, o.roles)
        );
    }

    function hash(RegisterMaster calldata o) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(REGISTER_MASTER_TYPEHASH, o.operator, hash(o.newcomer), o.immediate, o.nonce, o.deadline)
            );
    }

    function hash(CancelMaster calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_MASTER_TYPEHASH, o.operator, o.deviceKeyHash, o.deadline));
    }

    function hash(RevokeMaster calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOKE_MASTER_TYPEHASH, o.operator, o.deviceKeyHash, o.nonce, o.deadline));
    }

    function hash(ReplaceMaster calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(REPLACE_MASTER_TYPEHASH, o.operator, o.deviceKeyHash, hash(o.newcomer), o.nonce, o.deadline)
        );
    }

    function hash(SetRecoveryThreshold calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_RECOVERY_THRESHOLD_TYPEHASH, o.operator, o.threshold, o.nonce, o.deadline));
    }

    function hash(RotateMasterWallet calldata o) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                ROTATE_MASTER_WALLET_TYPEHASH,
                o.operator,
                o.newWallet,
                o.revokePasskey,
                o.immediate,
                o.nonce,
                o.deadline
            )
        );
    }

    function hash(CancelRotation calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_ROTATION_TYPEHASH, o.operator, o.newWallet, o.deadline));
    }

    function hash(Freeze calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(FREEZE_TYPEHASH, o.operator, o.nonce, o.deadline));
    }

    function hash(Unfreeze calldata o) internal pure returns (bytes32) {
        bytes32 revocations = keccak256(abi.encodePacked(o.revocations));
        return keccak256(abi.encode(UNFREEZE_TYPEHASH, o.operator, revocations, o.nonce, o.deadline));
    }

    function hash(SetAuditRelayer calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_AUDIT_RELAYER_TYPEHASH, o.operator, o.relayer, o.nonce, o.deadline));
    }

    function hash(AgentConsent memory o) internal pure returns (bytes32) {
        return keccak256(abi.encode(AGENT_CONSENT_TYPEHASH, o.operator, o.actor, o.agent, o.deadline));
    }

    function hash(BindAgent calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(BIND_AGENT_TYPEHASH, o.operator, o.actor, o.agent, o.nonce, o.deadline));
    }

    function hash(RevokeAgent calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOKE_AGENT_TYPEHASH, o.operator, o.deviceKeyHash, o.deadline));
    }

    function hash(Grant calldata g) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                GRANT_TYPEHASH,
                keccak256(bytes(g.service)),
                g.ops,
                g.maxPerPeriod,
                g.periodSeconds,
                g.maxTotal,
                g.expiresAt
            )
        );
    }

    function hash(SetScope calldata o) internal pure returns (bytes32) {
        bytes32[] memory grants = new bytes32[](o.grants.length);
        for (uint256 i = 0; i < grants.length; ++i) {
            grants[i] = hash(o.grants[i]);
        }
        return keccak256(
            abi.encode(
                SET_SCOPE_TYPEHASH, o.operator, o.actor, keccak256(abi.encodePacked(grants)), o.nonce, o.deadline
            )
        );
    }

    function hash(RevokeScope calldata o) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOKE_SCOPE_TYPEHASH, o.operator, o.actor, o.nonce, o.deadline));
    }
}
