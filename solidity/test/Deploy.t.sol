// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Deploy} from "../script/Deploy.s.sol";
import {vm} from "./Vm.sol";

/// @notice The deployment script: everything is there and names the right others.
contract DeployTest {
    function testDeployment() public {
        Deploy script = new Deploy();
        Deploy.Deployed memory d = script.deploy(address(script), address(0x60), 48 hours);
        vm.assertEq(d.registry.k11Verifier(), address(d.k11Verifier), "verifier");
        vm.assertEq(d.registry.scope(), address(d.scope), "scope");
        vm.assertEq(d.registry.audit(), address(d.audit), "audit");
        vm.assertEq(d.scope.registry(), address(d.registry), "registry of scope");
        vm.assertEq(d.audit.registry(), address(d.registry), "registry of audit");
        vm.assertEq(d.registry.recoveryDelay(), 48 hours, "delay");
        vm.assertEq(d.epoch.signerGovernance(), address(0x60), "governance");
    }
}
