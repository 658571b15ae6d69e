// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRegistryErrors} from "../interfaces/IRegistryErrors.sol";

/// @notice Strict recovery of a secp256k1 signer: the precompile alone would accept both forms of every signature.
library K10Signatures {
    /// @dev n/2, rounded down.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice The address that signed the digest; reverts unless s <= n/2, v is 27 or 28, and there is a signer.
    function recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) internal pure returns (address signer) {
        if (uint256(s) > HALF_ORDER) revert IRegistryErrors.K10SignatureSTooHigh();
        if (v != 27 && v != 28) revert IRegistryErrors.K10SignatureVInvalid(v);
        signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert IRegistryErrors.K10SignatureInvalid();
    }
}
