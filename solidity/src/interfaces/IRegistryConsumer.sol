// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A contract for which the registry consumes assertions; both name each other from deployment on.
interface IRegistryConsumer {
    /// @notice The constructor was given a registry that does not name this contract.
    error RegistryMismatch(address registry);

    /// @notice The registry that knows wallets, devices and masters, and consumes their assertions.
    function registry() external view returns (address);
}
