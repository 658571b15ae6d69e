// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ISidecarRegistry} from "../interfaces/ISidecarRegistry.sol";
import {ConsentSignature} from "../interfaces/Operations.sol";

/// @notice Strict recovery of a secp256k1 signer: the precompile alone would accept both forms of every signature.
library AgentSignature {
    /// @dev n/2, rounded down.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice The address that signed the digest; reverts unless s <= n/2, v is 27 or 28, and there is a signer.
    function recover(bytes32 digest, ConsentSignature calldata signature) internal pure returns (address signer) {
        if (uint256(signature.s) > HALF_ORDER) revert ISidecarRegistry.ConsentSignatureSTooHigh();
        if (signature.v != 27 && signature.v != 28) revert ISidecarRegistry.ConsentSignatureVInvalid(signature.v);
        signer = ecrecover(digest, signature.v, signature.r, signature.s);
        if (signer == address(0)) revert ISidecarRegistry.ConsentSignatureInvalid();
    }
}
