// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Raw verification of ECDSA signatures over secp256r1 (NIST P-256)
/// @notice P256Verifier and P256Router speak the calling convention of RIP-7212 and EIP-7951 instead of the ABI, so
/// that the precompile and the contracts are interchangeable:
///
///   in   160 bytes: hash || r || s || x || y, each 32 bytes, big endian
///   out  32 bytes: 1 for a valid signature, 0 for anything else, malformed input included
///
/// Neither has functions: a selector would collide with some hash. Both refuse no s in [1, n-1]; whoever cares about the
/// twin (r, n-s) of a signature compares s with n/2. A failing call means that the answer could not be computed, which
/// only a lack of gas (or a broken chain) causes. It never means "invalid".
interface IP256Errors {
    /// @notice The router was deployed with a verifier address that holds no code.
    error VerifierHasNoCode(address verifier);

    /// @notice The answer could not be computed: out of gas, or the verifier behaves unlike a P256Verifier.
    error VerifierUnavailable();
}
