// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IK11Verifier, K11Assertion, K11Key} from "../interfaces/IK11Verifier.sol";
import {DeviceEntry, ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {MasterAssertion} from "../interfaces/Operations.sol";
import {Identifiers} from "../libraries/Identifiers.sol";
import {OperationDigests} from "../libraries/OperationDigests.sol";

/// @title What all operations of the registry share: its state, its counts, and the consumption of assertions
abstract contract RegistryCore is ISidecarRegistry {
    /// @dev What an operator is beside its devices. Masters and agents are apart so that a count over masters never
    ///      grows with the number of agents, and no operation walks either list: a thief can make them long.
    struct OperatorState {
        address wallet;
        uint64 nonce;
        uint8 recoveryThreshold;
        bool frozen;
        uint64 recoveryNonce;
        uint64 freezeNonce;
        /// Masters with RECOVERY that are not revoked, the maturing one included.
        uint64 recoveryHolders;
        /// The master whose RECOVERY was last delayed; whether it still matures is a question of time.
        bytes32 delayed;
        bytes32[] masters;
        bytes32[] agents;
    }

    /// @dev A rotation that waits for its time. Any quorum operation moves recoveryNonce and so overtakes it.
    struct Rotation {
        address newWallet;
        bool revokePasskey;
        uint64 nonce;
        uint64 effectiveAt;
    }

    uint8 internal constant ROLE_CAP_MINT = 1;
    uint8 internal constant ROLE_RECOVERY = 2;
    uint8 internal constant ROLE_SCOPE_MGMT = 4;
    uint8 internal constant ALL_ROLES = ROLE_CAP_MINT | ROLE_RECOVERY | ROLE_SCOPE_MGMT;

    uint8 internal constant TIER_MASTER = 1;
    uint8 internal constant TIER_AGENT = 2;

    /// @dev With no delay at all one vote would make a second one at once.
    uint64 private constant MIN_RECOVERY_DELAY = 1;
    uint64 private constant MAX_RECOVERY_DELAY = 30 days;

    /// @inheritdoc ISidecarRegistry
    address public immutable k11Verifier;
    /// @inheritdoc ISidecarRegistry
    address public immutable scope;
    /// @inheritdoc ISidecarRegistry
    address public immutable audit;
    /// @inheritdoc ISidecarRegistry
    uint64 public immutable recoveryDelay;

    /// @inheritdoc ISidecarRegistry
    mapping(bytes32 actor => bytes32 operator) public actorOwner;
    mapping(bytes32 deviceKeyHash => DeviceEntry entry) internal _devices;
    mapping(bytes32 operator => OperatorState state) internal _operators;
    mapping(bytes32 operator => Rotation rotation) internal _rotations;
    /// @dev Passkeys that were ever registered, by keccak256(0x04 || X || Y): one key never counts twice.
    mapping(bytes32 passkeyHash => bool) private _passkeys;
    /// @dev Digests of what moves no nonce and could come twice: proposals of a rotation, and their cancellations.
    mapping(bytes32 digest => bool) private _spent;

    constructor(IK11Verifier verifier_, address scope_, address audit_, uint64 recoveryDelay_) {
        if (address(verifier_).code.length == 0) revert VerifierMissing();
        if (scope_ == address(0)) revert ScopeMissing();
        if (audit_ == address(0) || audit_ == scope_) revert AuditMissing();
        if (recoveryDelay_ < MIN_RECOVERY_DELAY || recoveryDelay_ > MAX_RECOVERY_DELAY) {
            revert RecoveryDelayInvalid(recoveryDelay_);
        }
        k11Verifier = address(verifier_);
        scope = scope_;
        audit = audit_;
        recoveryDelay = recoveryDelay_;
    }

    // Assertions.

    /// @dev The one place where an assertion is verified and its signature counter kept.
    /// @param role Roles the master must hold, all of them; 0 for any active master.
    function _consume(bytes32 operator, uint8 role, bytes32 digest, bytes32 key, K11Assertion calldata assertion)
        internal
    {
        DeviceEntry storage entry = _masterOf(operator, key);
        if (entry.roles & role != role) revert RoleMissing(key, role);
        if (entry.k11CredId == 0) revert PasskeyMissing(key);

        K11Key memory passkey =
            K11Key({rpIdHash: entry.k11RpIdHash, originHash: entry.k11OriginHash, x: entry.k11PubX, y: entry.k11PubY});
        uint32 signCount = IK11Verifier(k11Verifier).verify(digest, passkey, assertion);
        // Zero twice is allowed: many authenticators never count (WebAuthn Level 3, section 7.2 step 22).
        uint32 last = entry.lastSignCount;
        if ((signCount != 0 || last != 0) && signCount <= last) revert SignCountNotIncreased(key, last, signCount);
        entry.lastSignCount = signCount;
        emit AssertionConsumed(operator, key, digest, signCount);
    }

    /// @dev One vote of a recovery master that also holds roles.
    function _consumeVote(bytes32 operator, uint8 roles, bytes32 digest, MasterAssertion calldata vote) internal {
        bytes32 key = vote.deviceKeyHash;
        uint64 recoveryFrom = _devices[key].recoveryFrom;
        if (recoveryFrom > block.timestamp) revert RecoveryNotMature(key, recoveryFrom);
        _consume(operator, ROLE_RECOVERY | roles, digest, key, vote.assertion);
    }

    /// @dev At least `needed` votes of distinct recovery masters that also hold roles. Distinct devices are distinct
    ///      public keys: no passkey is ever registered twice.
    function _consumeVotes(
        bytes32 operator,
        uint256 needed,
        uint8 roles,
        bytes32 digest,
        MasterAssertion[] calldata votes
    ) internal {
        if (votes.length < needed) revert QuorumTooSmall(votes.length, needed);
        bytes32 before;
        for (uint256 i = 0; i < votes.length; ++i) {
            bytes32 key = votes[i].deviceKeyHash;
            if (key == before) revert VoteDuplicate(key);
            if (key < before) revert VotesUnordered(before, key);
            before = key;
            _consumeVote(operator, roles, digest, votes[i]);
        }
    }

    /// @dev A quorum operation: its sender, its nonce, its votes.
    function _consumeQuorum(bytes32 operator, uint64 nonce, bytes32 structHash, MasterAssertion[] calldata votes)
        internal
    {
        uint8 threshold = _operators[operator].recoveryThreshold;
        // Where one vote is a quorum, one stolen passkey must not be: the wallet, or a second master, goes with it. Two
        // masters without the wallet are needed where a thief has just that.
        if (threshold <= 1 && votes.length < 2) _checkWallet(operator);
        _useRecoveryNonce(operator, nonce);
        _consumeVotes(operator, threshold, 0, OperationDigests.digest(address(this), structHash), votes);
    }

    /// @dev What moves no nonce counts once.
    function _spend(bytes32 digest) internal {
        if (_spent[digest]) revert DigestSpent(digest);
        _spent[digest] = true;
    }

    // Masters.

    /// @dev Adds a passkey to the ones that were ever registered.
    function _claimPasskey(bytes32 credId, uint256 x, uint256 y) internal returns (bytes32 passkeyHash) {
        if (credId == 0) revert CredentialIdMissing();
        passkeyHash = Identifiers.passkeyHash(x, y);
        if (_passkeys[passkeyHash]) revert PasskeyAlreadyRegistered(passkeyHash);
        _passkeys[passkeyHash] = true;
    }

    function _revoke(DeviceEntry storage entry, bytes32 key) internal {
        entry.revoked = true;
        if (entry.roles & ROLE_RECOVERY != 0) --_operators[entry.operatorOmni].recoveryHolders;
        emit DeviceRevoked(entry.operatorOmni, entry.actorOmni, key);
    }

    /// @dev A master of this operator that is not revoked.
    function _masterOf(bytes32 operator, bytes32 key) internal view returns (DeviceEntry storage entry) {
        entry = _deviceOf(operator, key);
        if (entry.tier != TIER_MASTER) revert NotMasterDevice(key);
    }

    /// @dev A device of this operator that is not revoked.
    function _deviceOf(bytes32 operator, bytes32 key) internal view returns (DeviceEntry storage entry) {
        entry = _devices[key];
        if (entry.operatorOmni == 0) revert DeviceUnknown(key);
        if (entry.operatorOmni != operator) revert DeviceOfOtherOperator(key, entry.operatorOmni);
        if (entry.revoked) revert DeviceIsRevoked(key);
    }

    /// @dev The wallet's own entry leaves only with its wallet: a wallet without an entry could neither log in nor be
    ///      told from a stranger.
    function _checkNotWallet(bytes32 operator, bytes32 key) internal view {
        if (key == Identifiers.deviceKeyHash(_operators[operator].wallet)) revert TargetIsWallet(key);
    }

    // Counts.

    /// @dev The newcomer that is maturing, or zero.
    function _maturing(OperatorState storage state) internal view returns (bytes32 key) {
        key = state.delayed;
        DeviceEntry storage entry = _devices[key];
        if (entry.revoked || entry.recoveryFrom <= block.timestamp) key = 0;
    }

    /// @dev How many recovery masters there are.
    function _recoveryCount(OperatorState storage state) internal view returns (uint256 count) {
        count = state.recoveryHolders;
        if (_maturing(state) != 0) --count;
    }

    /// @dev After whatever takes recovery masters away.
    function _checkRemaining(bytes32 operator) internal view {
        OperatorState storage state = _operators[operator];
        uint256 remaining = _recoveryCount(state);
        if (remaining < state.recoveryThreshold) revert TooFewRecoveryMasters(remaining, state.recoveryThreshold);
    }

    // Preconditions.

    function _useOperatorNonce(bytes32 operator, uint64 signed) internal {
        uint64 current = _operators[operator].nonce;
        if (signed != current) revert StaleNonce(current, signed);
        _operators[operator].nonce = current + 1;
        emit OperatorNonceAdvanced(operator, current + 1);
    }

    function _useRecoveryNonce(bytes32 operator, uint64 signed) internal {
        uint64 current = _operators[operator].recoveryNonce;
        if (signed != current) revert StaleNonce(current, signed);
        _operators[operator].recoveryNonce = current + 1;
        emit RecoveryNonceAdvanced(operator, current + 1);
    }

    function _checkWallet(bytes32 operator) internal view {
        address wallet = _operators[operator].wallet;
        if (msg.sender != wallet) revert SenderNotWallet(msg.sender, wallet);
    }

    function _checkNotFrozen(bytes32 operator) internal view {
        if (_operators[operator].frozen) revert OperatorIsFrozen(operator);
    }

    function _checkUnregistered(bytes32 key) internal view {
        if (_devices[key].operatorOmni != 0) revert DeviceAlreadyRegistered(key);
    }

    function _checkDeadline(uint64 deadline) internal view {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
    }
}
