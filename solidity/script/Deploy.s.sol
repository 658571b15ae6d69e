// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AgentKeysScope} from "../src/AgentKeysScope.sol";
import {CredentialAudit} from "../src/CredentialAudit.sol";
import {K11Verifier} from "../src/K11Verifier.sol";
import {K3EpochCounter} from "../src/K3EpochCounter.sol";
import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {SidecarRegistry} from "../src/SidecarRegistry.sol";

/// @notice The part of forge's cheat codes that a deployment needs.
interface DeployVm {
    function startBroadcast() external;
    function stopBroadcast() external;
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
}

/// @title Deployment in the order of solidity/embed.go
/// @notice For people who have forge at hand:
///
///   forge script script/Deploy.s.sol --sig "run(address,uint64)" GOVERNANCE 172800 --rpc-url URL --private-key KEY --broadcast
///
///         `agentkeys contracts deploy` does the same from the committed artifacts, finds what is there already, never sends
///         a transaction twice, asks the router known answers and writes the addresses down.
contract Deploy {
    struct Deployed {
        P256Verifier p256Verifier;
        P256Router p256Router;
        K11Verifier k11Verifier;
        SidecarRegistry registry;
        AgentKeysScope scope;
        CredentialAudit audit;
        K3EpochCounter epoch;
    }

    DeployVm private constant VM = DeployVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    /// @param governance Who may advance the epoch.
    /// @param recoveryDelay Seconds; 48 hours in production.
    function run(address governance, uint64 recoveryDelay) external returns (Deployed memory d) {
        VM.startBroadcast();
        d = deploy(msg.sender, governance, recoveryDelay);
        VM.stopBroadcast();
    }

    /// @notice The deployment itself, by an account that creates nothing else meanwhile.
    function deploy(address deployer, address governance, uint64 recoveryDelay) public returns (Deployed memory d) {
        d.p256Verifier = new P256Verifier();
        d.p256Router = new P256Router(address(d.p256Verifier));
        d.k11Verifier = new K11Verifier(address(d.p256Router));
        // The registry and its two consumers name each other, and none has an initialiser.
        uint256 nonce = VM.getNonce(deployer);
        d.registry = new SidecarRegistry(
            d.k11Verifier,
            VM.computeCreateAddress(deployer, nonce + 1),
            VM.computeCreateAddress(deployer, nonce + 2),
            recoveryDelay
        );
        d.scope = new AgentKeysScope(d.registry);
        d.audit = new CredentialAudit(d.registry);
        d.epoch = new K3EpochCounter(governance);
    }
}
