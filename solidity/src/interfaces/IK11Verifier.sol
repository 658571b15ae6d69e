// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What the chain keeps of a passkey (K11) and what an assertion is checked against.
/// @param rpIdHash SHA-256 of the relying party id the credential was made for.
/// @param originHash SHA-256 of the origin: rpIdHash cannot tell one localhost port from another.
/// @param x Public key, P-256, affine x.
/// @param y Public key, P-256, affine y.
struct K11Key {
    bytes32 rpIdHash;
    bytes32 originHash;
    uint256 x;
    uint256 y;
}

/// @notice One WebAuthn assertion as the authenticator produced it. It carries no offsets: the verifier trusts none.
/// @param authenticatorData Raw authenticator data, at least 37 bytes.
/// @param clientDataJSON Raw client data.
/// @param r Signature, P-256.
/// @param s Signature, P-256.
struct K11Assertion {
    bytes authenticatorData;
    bytes clientDataJSON;
    uint256 r;
    uint256 s;
}

/// @notice Verifies WebAuthn assertions over a challenge that IS an operation digest.
interface IK11Verifier {
    /// @notice Reverts with a named custom error on any fault.
    /// @param challenge The operation digest, never hashed again.
    /// @param key The stored credential.
    /// @param assertion What the authenticator answered.
    /// @return signCount The counter read from the signed bytes.
    function verify(bytes32 challenge, K11Key calldata key, K11Assertion calldata assertion)
        external
        view
        returns (uint32 signCount);
}
