// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Everything that changes in the registry.
interface IRegistryEvents {
    /// @notice A device was registered; its operator and actor are fixed for ever.
    /// @param account The K10's address; zero for a master that is a passkey alone.
    event DeviceRegistered(
        bytes32 indexed operator,
        bytes32 indexed actor,
        bytes32 indexed deviceKeyHash,
        address account,
        uint8 tier,
        uint8 roles
    );
    /// @notice A master's passkey, as it stands in the entry from now on.
    event PasskeyRegistered(
        bytes32 indexed operator,
        bytes32 indexed deviceKeyHash,
        bytes32 k11CredId,
        bytes32 k11RpIdHash,
        bytes32 k11OriginHash,
        uint256 k11PubX,
        uint256 k11PubY
    );
    /// @notice A newcomer's RECOVERY counts from a time on; until then any recovery master can cancel it.
    event MasterMaturing(bytes32 indexed operator, bytes32 indexed deviceKeyHash, uint64 recoveryFrom);
    /// @notice A maturing newcomer was cancelled; DeviceRevoked goes with it.
    event MasterCancelled(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed by);
    /// @notice One master took another's place; DeviceRevoked and DeviceRegistered go with it.
    event MasterReplaced(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed newcomer);
    /// @notice A device was revoked for ever.
    event DeviceRevoked(bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed deviceKeyHash);
    /// @notice An actor got its owner, once and for ever.
    event ActorOwned(bytes32 indexed operator, bytes32 indexed actor);
    /// @notice A wallet speaks for an operator from now on.
    event MasterWalletSet(bytes32 indexed operator, address indexed wallet);
    /// @notice A wallet was retired for ever; its entry is that of the new wallet now.
    /// @param passkeyRevoked Whether the entry's passkey was revoked instead of moving along.
    event MasterWalletRetired(
        bytes32 indexed operator, address indexed retired, address indexed newWallet, bool passkeyRevoked
    );
    /// @notice A rotation was proposed; until it takes effect the wallet or any recovery master can cancel it.
    event RotationProposed(bytes32 indexed operator, address indexed newWallet, bool revokePasskey, uint64 effectiveAt);
    /// @notice A proposed rotation was cancelled.
    event RotationCancelled(bytes32 indexed operator, address indexed newWallet);
    /// @notice A single-master operation was executed; the next one is signed for this nonce.
    event OperatorNonceAdvanced(bytes32 indexed operator, uint64 nonce);
    /// @notice A quorum operation was executed; the next one is signed for this nonce.
    event RecoveryNonceAdvanced(bytes32 indexed operator, uint64 nonce);
    /// @notice An operator's recovery threshold is this from now on.
    event RecoveryThresholdSet(bytes32 indexed operator, uint8 threshold);
    /// @notice Every agent of the operator is inactive from now on.
    event OperatorFrozen(bytes32 indexed operator, bytes32 indexed by);
    /// @notice The freeze is over; the next one is signed for this freezeNonce.
    event OperatorUnfrozen(bytes32 indexed operator, uint64 freezeNonce);
    /// @notice A master's assertion was accepted and its signature counter kept.
    event AssertionConsumed(
        bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed digest, uint32 signCount
    );
}
