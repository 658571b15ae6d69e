// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Why K11Verifier refuses an assertion: one error for each fault, in the order of the checks.
interface IK11Errors {
    /// @notice The verifier was deployed with a P-256 address that holds no code.
    error P256HasNoCode(address p256);

    /// @notice authenticatorData has fewer than the 37 bytes of rpIdHash, flags and signCount.
    error AuthenticatorDataTooShort();
    /// @notice The credential was asked by another relying party id than the stored one.
    error RpIdHashMismatch();
    /// @notice The user present flag is not set.
    error UserNotPresent();
    /// @notice The user verified flag is not set: nobody gave a PIN or a biometric.
    error UserNotVerified();

    /// @notice clientDataJSON cannot hold type, challenge and origin.
    error ClientDataTooShort();
    /// @notice clientDataJSON is longer than the bound.
    error ClientDataTooLong();
    /// @notice clientDataJSON does not begin with type "webauthn.get" and the challenge member.
    error ClientDataTypeMismatch();
    /// @notice The challenge is not the operation digest, or not its 43 base64url characters.
    error ChallengeMismatch();
    /// @notice The origin does not follow the challenge, or is not closed by a quote, or contains a backslash.
    error OriginMalformed();
    /// @notice The ceremony ran on another origin than the stored one.
    error OriginMismatch();
    /// @notice After the origin comes neither the end nor "crossOrigin":false.
    error CrossOriginRefused();
    /// @notice What follows is not closed, or contains an escape, or names a member that was there before.
    error ClientDataTailRefused();

    /// @notice s is above n/2. The relying party normalises s, see K11Verifier.
    error SignatureMalleable();
    /// @notice The signature is not the stored key's signature over these bytes.
    error SignatureInvalid();
    /// @notice The P-256 contract did not answer, which lack of gas causes. It says nothing about the signature.
    error P256Unavailable();
}
