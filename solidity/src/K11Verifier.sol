// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IK11Verifier, K11Assertion, K11Key} from "./interfaces/IK11Verifier.sol";
import {IK11Errors} from "./interfaces/IK11Errors.sol";

/// @title Verification of WebAuthn assertions made by a passkey (K11)
/// @notice Steps are those of W3C WebAuthn Level 3, section 7.2, "Verifying an Authentication Assertion".
///
/// Verified:
/// - steps 8 to 10, 12 to 14: clientDataJSON has the serialisation of section 5.8.1.1 and is read as section 5.8.1.2, the
///   limited verification algorithm, allows: every member stands at an offset that follows from what precedes it, and
///   the caller passes no offset. Type is "webauthn.get"; the SHA-256 of the origin is the stored one; crossOrigin is
///   absent or false; topOrigin is absent
/// - step 11: the challenge is the base64url form of the operation digest itself, which is not hashed again
/// - step 15: rpIdHash is the stored one
/// - steps 16 and 17: user present and user verified are both set
/// - steps 20 and 21: the signature over authenticatorData || SHA-256(clientDataJSON) by the stored key, with s at most
///   n/2. Authenticators produce either half; relying parties take s or n - s, whichever is lower, so that there is one
///   signature for each operation and key instead of two
/// - what a client may add after crossOrigin (section 5.8.1.1 allows it) is bounded, free of escapes, and names none of
///   the members before it at any depth, so that no JSON parser, whichever duplicate it prefers, reads another type,
///   challenge or origin than this contract
///
/// Not verified, and by whom instead:
/// - steps 1 to 7: which credential answers is the caller's choice of the key; there is no user handle
/// - step 18 and 19: backup flags; they change nothing about who may sign
/// - step 22: the sign count is read from the signed bytes and returned; the registry compares it with the last one
/// - step 23: extensions in authenticatorData are signed, and ignored
/// - that an appended member is well-formed JSON
/// - that the challenge is fresh: nonces and deadlines are part of the operation digest
contract K11Verifier is IK11Verifier, IK11Errors {
    /// @notice The longest clientDataJSON. Browsers send 120 to 250 bytes.
    uint256 public constant MAX_CLIENT_DATA = 1024;

    /// @dev authenticatorData, section 6.1: 32 bytes rpIdHash, 1 byte flags, 4 bytes signCount.
    uint256 private constant FLAGS_AT = 32;
    uint256 private constant SIGN_COUNT_AT = 33;
    uint256 private constant MIN_AUTHENTICATOR_DATA = 37;
    bytes1 private constant USER_PRESENT = 0x01;
    bytes1 private constant USER_VERIFIED = 0x04;

    /// @dev clientDataJSON: TYPE_MEMBER, 43 characters of challenge and a quote, ORIGIN_MEMBER, origin and a quote, then
    /// the end or CROSS_ORIGIN_MEMBER.
    bytes private constant TYPE_MEMBER = '{"type":"webauthn.get","challenge":"';
    bytes private constant ORIGIN_MEMBER = ',"origin":"';
    bytes private constant CROSS_ORIGIN_MEMBER = ',"crossOrigin":false';
    uint256 private constant CHALLENGE_AT = 36;
    uint256 private constant AFTER_CHALLENGE = CHALLENGE_AT + 44;
    uint256 private constant ORIGIN_AT = AFTER_CHALLENGE + 11;
    uint256 private constant CROSS_ORIGIN_LENGTH = 20;

    /// @dev floor(n/2) of secp256r1.
    uint256 private constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    /// @dev Answers by the convention of IP256.sol; a P256Router.
    address private immutable P256;

    /// @param p256 A contract that speaks the raw interface of IP256.sol.
    constructor(address p256) {
        if (p256.code.length == 0) revert P256HasNoCode(p256);
        P256 = p256;
    }

    /// @inheritdoc IK11Verifier
    function verify(bytes32 challenge, K11Key calldata key, K11Assertion calldata assertion)
        external
        view
        returns (uint32 signCount)
    {
        signCount = _checkAuthenticatorData(assertion.authenticatorData, key.rpIdHash);
        _checkClientData(assertion.clientDataJSON, challenge, key.originHash);
        _checkSignature(key, assertion);
    }

    function _checkAuthenticatorData(bytes calldata data, bytes32 rpIdHash) private pure returns (uint32 signCount) {
        if (data.length < MIN_AUTHENTICATOR_DATA) revert AuthenticatorDataTooShort();
        if (_word(data, 0) != rpIdHash) revert RpIdHashMismatch();
        bytes1 flags = data[FLAGS_AT];
        if (flags & USER_PRESENT == 0) revert UserNotPresent();
        if (flags & USER_VERIFIED == 0) revert UserNotVerified();
        bytes32 counted = _word(data, SIGN_COUNT_AT);
        assembly {
            signCount := shr(224, counted)
        }
    }

    function _checkClientData(bytes calldata json, bytes32 challenge, bytes32 originHash) private pure {
        if (json.length <= ORIGIN_AT) revert ClientDataTooShort();
        if (json.length > MAX_CLIENT_DATA) revert ClientDataTooLong();
        if (!_equal(json[:CHALLENGE_AT], TYPE_MEMBER)) revert ClientDataTypeMismatch();
        if (!_equal(json[CHALLENGE_AT:AFTER_CHALLENGE], _base64UrlAndQuote(challenge))) revert ChallengeMismatch();
        if (!_equal(json[AFTER_CHALLENGE:ORIGIN_AT], ORIGIN_MEMBER)) revert OriginMalformed();
        uint256 originEnd = _closingQuote(json, ORIGIN_AT);
        if (sha256(json[ORIGIN_AT:originEnd]) != originHash) revert OriginMismatch();
        _checkTail(json[originEnd + 1:]);
    }

    /// @dev What follows the origin: the end, or crossOrigin false and then the end or further members.
    function _checkTail(bytes calldata tail) private pure {
        if (_isEnd(tail)) return;
        if (tail.length < CROSS_ORIGIN_LENGTH || !_equal(tail[:CROSS_ORIGIN_LENGTH], CROSS_ORIGIN_MEMBER)) {
            revert CrossOriginRefused();
        }
        tail = tail[CROSS_ORIGIN_LENGTH:];
        if (_isEnd(tail)) return;
        if (tail.length < 2 || tail[0] != "," || tail[tail.length - 1] != "}") revert ClientDataTailRefused();
        for (uint256 i = 0; i < tail.length; ++i) {
            bytes1 c = tail[i];
            // The tail ends with a brace and no name has one, so a name found here lies within the tail.
            if (c == "\\" || (c == '"' && _isTakenName(_word(tail, i)))) revert ClientDataTailRefused();
        }
    }

    /// @dev Whether the name of a member that this contract reads or refuses stands here, in quotes.
    function _isTakenName(bytes32 word) private pure returns (bool) {
        return _begins(word, '"type"', 6) || _begins(word, '"origin"', 8) || _begins(word, '"challenge"', 11)
            || _begins(word, '"topOrigin"', 11) || _begins(word, '"crossOrigin"', 13);
    }

    function _begins(bytes32 word, bytes32 name, uint256 length) private pure returns (bool) {
        return (word ^ name) >> (256 - 8 * length) == 0;
    }

    function _isEnd(bytes calldata rest) private pure returns (bool) {
        return rest.length == 1 && rest[0] == "}";
    }

    /// @dev The position of the first quote at or after start. The stored origin has no character that JSON escapes, so a
    /// backslash before it is a fault, not an escape.
    function _closingQuote(bytes calldata json, uint256 start) private pure returns (uint256 end) {
        for (end = start; end < json.length; ++end) {
            bytes1 c = json[end];
            if (c == '"') return end;
            if (c == "\\") break;
        }
        revert OriginMalformed();
    }

    function _checkSignature(K11Key calldata key, K11Assertion calldata assertion) private view {
        if (assertion.s > HALF_N) revert SignatureMalleable();
        bytes32 digest = sha256(bytes.concat(assertion.authenticatorData, sha256(assertion.clientDataJSON)));
        (bool answered, bytes memory answer) =
            P256.staticcall(abi.encode(digest, assertion.r, assertion.s, key.x, key.y));
        if (!answered) revert P256Unavailable();
        if (answer.length != 32 || abi.decode(answer, (uint256)) != 1) revert SignatureInvalid();
    }

    /// @dev The 32 bytes at an offset. What lies beyond the end of data is not part of it.
    function _word(bytes calldata data, uint256 at) private pure returns (bytes32 word) {
        assembly {
            word := calldataload(add(data.offset, at))
        }
    }

    function _equal(bytes calldata a, bytes memory b) private pure returns (bool) {
        return keccak256(a) == keccak256(b);
    }

    /// @dev The 43 characters of unpadded base64url (RFC 4648, section 5) for 32 bytes, and the quote that closes them.
    function _base64UrlAndQuote(bytes32 data) private pure returns (bytes memory text) {
        text = new bytes(44);
        assembly ("memory-safe") {
            // The alphabet in the scratch space; the word at offset v begins with the character of value v.
            mstore(0x00, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef")
            mstore(0x20, "ghijklmnopqrstuvwxyz0123456789-_")
            let at := add(text, 0x20)
            for { let shift := 256 } gt(shift, 4) {} {
                shift := sub(shift, 6)
                mstore8(at, shr(248, mload(and(shr(shift, data), 0x3f))))
                at := add(at, 1)
            }
            // 42 characters hold 252 bits; the last one holds 4 and two zeros.
            mstore8(at, shr(248, mload(and(shl(2, data), 0x3f))))
            mstore8(add(at, 1), 0x22)
        }
    }
}
