// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Identifiers derived from an address, as pkg/omni derives them.
library Identifiers {
    bytes16 private constant HEX_DIGITS = "0123456789abcdef";

    /// @notice SHA-256 of the ASCII text "agentkeysevm" followed by the lower-case 0x form of the address.
    function omni(address account) internal pure returns (bytes32) {
        bytes memory text = new bytes(40);
        uint160 rest = uint160(account);
        for (uint256 i = 40; i > 0; --i) {
            text[i - 1] = HEX_DIGITS[rest & 15];
            rest >>= 4;
        }
        return sha256(abi.encodePacked("agentkeysevm0x", text));
    }

    /// @notice Device key hash of a K10: keccak256 of the 20 address bytes.
    function deviceKeyHash(address account) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(account));
    }

    /// @notice Device key hash of a master that is a passkey alone: keccak256(0x04 || X || Y).
    function passkeyHash(uint256 x, uint256 y) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(4), x, y));
    }
}
