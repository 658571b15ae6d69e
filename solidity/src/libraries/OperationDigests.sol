// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    AgentConsent,
    BindAgent,
    Grant,
    RegisterFirstMaster,
    RevokeAgent,
    RevokeScope,
    SetScope
} from "../interfaces/Operations.sol";

/// @notice EIP-712 digests of operations. A WebAuthn challenge IS such a digest.
/// @dev pkg/typeddata hashes the same structs in Go; testdata/vectors/typeddata.json holds both to one result.
library OperationDigests {
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant REGISTER_FIRST_MASTER_TYPEHASH = keccak256(
        "RegisterFirstMaster(bytes32 operator,address wallet,bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY,uint64 nonce,uint64 deadline)"
    );
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
