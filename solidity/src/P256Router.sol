// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IP256Errors} from "./interfaces/IP256.sol";

/// @title P-256 verification by precompile where the chain has one, by contract where it has none
/// @notice Raw calling convention as in IP256.sol.
///
/// The precompile at 0x100 (RIP-7212, EIP-7951) answers 1 for a valid signature and nothing at all for an invalid one,
/// which is also what an address without code answers. So only a 1 is believed, and everything else is decided by the
/// verifier: a chain may gain, lose or mend its precompile without changing any result.
///
/// Not verified: that the precompile tells the truth when it says 1. A chain whose 0x100 lies is refused at deployment,
/// which puts known signatures, valid and invalid, to this contract.
contract P256Router is IP256Errors {
    address private constant PRECOMPILE = address(0x100);

    /// @dev The most gas the precompile may take. RIP-7212 asks 3450, EIP-7951 asks 6900. A chain whose precompile burns
    /// all it is given on an invalid signature leaves the verifier its share.
    uint256 private constant PRECOMPILE_GAS = 50_000;

    address private immutable VERIFIER;

    constructor(address verifier) {
        if (verifier.code.length == 0) revert VerifierHasNoCode(verifier);
        VERIFIER = verifier;
    }

    fallback() external {
        uint256 valid;
        if (msg.data.length == 160) {
            valid = _ask(PRECOMPILE, PRECOMPILE_GAS);
            if (valid != 1) {
                valid = _ask(VERIFIER, gasleft());
                // The verifier always answers. If it did not, the call ran out of gas, and that is not a "no".
                if (valid > 1) revert VerifierUnavailable();
            }
        }
        assembly {
            mstore(0x00, valid)
            return(0x00, 0x20)
        }
    }

    /// @dev The answer of one verifier to this call's input, or a value above 1 if it is none.
    function _ask(address verifier, uint256 gasLimit) private view returns (uint256 answer) {
        assembly {
            calldatacopy(0x80, 0x00, 0xa0)
            let ok := staticcall(gasLimit, verifier, 0x80, 0xa0, 0x00, 0x20)
            answer := not(0)
            if and(ok, eq(returndatasize(), 0x20)) { answer := mload(0x00) }
        }
    }
}
