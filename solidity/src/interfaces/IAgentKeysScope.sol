// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOperationErrors} from "./IOperationErrors.sol";
import {IRegistryConsumer} from "./IRegistryConsumer.sol";
import {Grant, MasterAssertion, RevokeScope, SetScope} from "./Operations.sol";

/// @notice What each actor may do with which service, as its operator granted it.
interface IAgentKeysScope is IOperationErrors, IRegistryConsumer {
    /// @notice The actor does not belong to the operator.
    error ActorNotOwned(bytes32 operator, bytes32 actor);
    /// @notice A scope without grants is not set; it is revoked.
    error NoGrants();
    /// @notice More grants than a scope may hold.
    error TooManyGrants(uint256 count);
    /// @notice A service name is empty or too long.
    error ServiceLengthInvalid(uint256 index, uint256 length);
    /// @notice Two grants name the same service.
    error ServiceDuplicate(uint256 index, bytes32 serviceHash);
    /// @notice No op bit is set, or one that means nothing.
    error OpsInvalid(uint256 index, uint32 ops);
    /// @notice periodSeconds is non-zero exactly when maxPerPeriod is.
    error PeriodInvalid(uint256 index, uint32 maxPerPeriod, uint32 periodSeconds);

    /// @notice The whole scope of an actor is this from now on.
    /// @param nonce The nonce that the next operation on this scope must carry.
    event ScopeSet(bytes32 indexed operator, bytes32 indexed actor, uint64 nonce, Grant[] grants);
    /// @notice The actor has no grant left.
    /// @param nonce The nonce that the next operation on this scope must carry.
    event ScopeRevoked(bytes32 indexed operator, bytes32 indexed actor, uint64 nonce);

    /// @notice Replaces the whole scope: operator's wallet as sender, and an assertion by a master with SCOPE_MGMT.
    ///         Not while the operator is frozen.
    function setScopeWithWebauthn(SetScope calldata operation, MasterAssertion calldata master) external;

    /// @notice Removes the whole scope: the same two factors, also while the operator is frozen. On an empty scope it still moves the nonce, which makes
    ///         a signed but unsent setScope worthless.
    function revokeScope(RevokeScope calldata operation, MasterAssertion calldata master) external;

    /// @notice The grant for one service.
    /// @return found Whether there is one; an expired grant is still found.
    function grantOf(bytes32 operator, bytes32 actor, bytes32 serviceHash)
        external
        view
        returns (bool found, Grant memory grant);

    /// @notice Whether there is a grant for the service that is alive at this block's time.
    function isServiceInScope(bytes32 operator, bytes32 actor, bytes32 serviceHash) external view returns (bool);

    /// @notice All grants of an actor, expired ones included.
    function getScope(bytes32 operator, bytes32 actor) external view returns (Grant[] memory);

    /// @notice The nonce that the next operation on this scope must carry: how often it was set or revoked.
    function scopeNonce(bytes32 operator, bytes32 actor) external view returns (uint64);
}
