// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAgentKeysScope} from "./interfaces/IAgentKeysScope.sol";
import {IRegistryConsumer} from "./interfaces/IRegistryConsumer.sol";
import {ISidecarRegistry} from "./interfaces/ISidecarRegistry.sol";
import {Grant, MasterAssertion, RevokeScope, SetScope} from "./interfaces/Operations.sol";
import {OperationDigests} from "./libraries/OperationDigests.sol";

/// @title Grants per operator, actor and service
/// @notice See IAgentKeysScope. This contract keeps and shows grants; brokers, workers and signers enforce ops and
///         expiry, brokers count uses. It does not check the grammar of a service name: a name outside the grammar
///         hashes to something that nobody can ask for.
contract AgentKeysScope is IAgentKeysScope {
    using OperationDigests for SetScope;
    using OperationDigests for RevokeScope;

    struct Scope {
        uint64 nonce;
        Grant[] grants;
        /// Position in grants, plus one; zero for a service without grant.
        mapping(bytes32 serviceHash => uint256) place;
    }

    uint8 private constant ROLE_SCOPE_MGMT = 4;
    uint256 private constant MAX_GRANTS = 64;
    /// @dev The longest name of the grammar: "email:", 64 characters, "@" and a domain of 253.
    uint256 private constant MAX_SERVICE_BYTES = 324;
    /// @dev READ 1, WRITE 2, LIST 4, DELETE 8, SEND 16, MANAGE 32.
    uint32 private constant ALL_OPS = 63;

    /// @inheritdoc IRegistryConsumer
    address public immutable registry;

    mapping(bytes32 operator => mapping(bytes32 actor => Scope)) private _scopes;

    constructor(ISidecarRegistry registry_) {
        // A registry that names another consumer would make every operation here fail for ever.
        if (address(registry_).code.length == 0 || registry_.scope() != address(this)) {
            revert RegistryMismatch(address(registry_));
        }
        registry = address(registry_);
    }

    /// @inheritdoc IAgentKeysScope
    function setScopeWithWebauthn(SetScope calldata operation, MasterAssertion calldata master) external {
        uint256 count = operation.grants.length;
        if (count == 0) revert NoGrants();
        if (count > MAX_GRANTS) revert TooManyGrants(count);
        Scope storage scope = _scopes[operation.operator][operation.actor];
        uint64 nonce = _authorise(scope, operation.operator, operation.actor, operation.nonce, operation.deadline);
        if (ISidecarRegistry(registry).frozen(operation.operator)) revert OperatorIsFrozen(operation.operator);
        _clear(scope);
        for (uint256 i = 0; i < count; ++i) {
            Grant calldata grant = operation.grants[i];
            _checkGrant(i, grant);
            bytes32 serviceHash = keccak256(bytes(grant.service));
            if (scope.place[serviceHash] != 0) revert ServiceDuplicate(i, serviceHash);
            scope.place[serviceHash] = i + 1;
            scope.grants.push(grant);
        }
        emit ScopeSet(operation.operator, operation.actor, nonce, operation.grants);
        ISidecarRegistry(registry).consumeAssertion(operation.operator, ROLE_SCOPE_MGMT, operation.hash(), master);
    }

    /// @inheritdoc IAgentKeysScope
    function revokeScope(RevokeScope calldata operation, MasterAssertion calldata master) external {
        Scope storage scope = _scopes[operation.operator][operation.actor];
        uint64 nonce = _authorise(scope, operation.operator, operation.actor, operation.nonce, operation.deadline);
        _clear(scope);
        emit ScopeRevoked(operation.operator, operation.actor, nonce);
        ISidecarRegistry(registry).consumeAssertion(operation.operator, ROLE_SCOPE_MGMT, operation.hash(), master);
    }

    /// @inheritdoc IAgentKeysScope
    function grantOf(bytes32 operator, bytes32 actor, bytes32 serviceHash)
        external
        view
        returns (bool found, Grant memory grant)
    {
        Scope storage scope = _scopes[operator][actor];
        uint256 place = scope.place[serviceHash];
        if (place != 0) return (true, scope.grants[place - 1]);
    }

    /// @inheritdoc IAgentKeysScope
    function isServiceInScope(bytes32 operator, bytes32 actor, bytes32 serviceHash) external view returns (bool) {
        Scope storage scope = _scopes[operator][actor];
        uint256 place = scope.place[serviceHash];
        if (place == 0) return false;
        uint64 expiresAt = scope.grants[place - 1].expiresAt;
        return expiresAt == 0 || block.timestamp < expiresAt;
    }

    /// @inheritdoc IAgentKeysScope
    function getScope(bytes32 operator, bytes32 actor) external view returns (Grant[] memory) {
        return _scopes[operator][actor].grants;
    }

    /// @inheritdoc IAgentKeysScope
    function scopeNonce(bytes32 operator, bytes32 actor) external view returns (uint64) {
        return _scopes[operator][actor].nonce;
    }

    /// @dev Everything but the assertion: time, sender, owner, nonce. Returns the next nonce.
    function _authorise(Scope storage scope, bytes32 operator, bytes32 actor, uint64 signed, uint64 deadline)
        private
        returns (uint64)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        address wallet = ISidecarRegistry(registry).masterWallet(operator);
        if (msg.sender != wallet) revert SenderNotWallet(msg.sender, wallet);
        if (ISidecarRegistry(registry).actorOwner(actor) != operator) revert ActorNotOwned(operator, actor);
        uint64 current = scope.nonce;
        if (signed != current) revert StaleNonce(current, signed);
        scope.nonce = current + 1;
        return current + 1;
    }

    function _clear(Scope storage scope) private {
        for (uint256 i = 0; i < scope.grants.length; ++i) {
            delete scope.place[keccak256(bytes(scope.grants[i].service))];
        }
        delete scope.grants;
    }

    function _checkGrant(uint256 i, Grant calldata grant) private pure {
        uint256 length = bytes(grant.service).length;
        if (length == 0 || length > MAX_SERVICE_BYTES) revert ServiceLengthInvalid(i, length);
        if (grant.ops == 0 || grant.ops & ~ALL_OPS != 0) revert OpsInvalid(i, grant.ops);
        if ((grant.maxPerPeriod == 0) != (grant.periodSeconds == 0)) {
            revert PeriodInvalid(i, grant.maxPerPeriod, grant.periodSeconds);
        }
    }
}
