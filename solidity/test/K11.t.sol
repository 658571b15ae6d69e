// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {K11Verifier} from "../src/K11Verifier.sol";
import {P256Router} from "../src/P256Router.sol";
import {P256Verifier} from "../src/P256Verifier.sol";
import {IK11Errors} from "../src/interfaces/IK11Errors.sol";
import {K11Assertion, K11Key} from "../src/interfaces/IK11Verifier.sol";
import {IP256Errors} from "../src/interfaces/IP256.sol";
import {Passkeys} from "./Passkeys.sol";
import {vm} from "./Vm.sol";

/// @notice Never answers.
contract Silent {
    fallback() external {
        revert();
    }
}

/// @notice Answers more than a verifier may.
contract Talkative {
    fallback() external {
        assembly {
            mstore(0, 2)
            return(0, 0x20)
        }
    }
}

/// @notice Assertions with forge's own P-256 signatures and the real verifier. The long list of faults and the
///         differential tests run in Go, see k11_faults_test.go; here each error of the contract is met once, beside the
///         assertion that differs in that one thing.
contract K11Test is Passkeys {
    bytes32 private constant DIGEST = keccak256("operation");
    uint256 private constant KEY = 0xfa57;

    K11Verifier private verifier;
    P256Router private router;
    K11Key private own;
    K11Key private other;

    function setUp() public {
        router = new P256Router(address(new P256Verifier()));
        verifier = new K11Verifier(address(router));
        (own, other) = (_keyOf(KEY), _keyOf(KEY + 1));
    }

    function testConstructorsNeedCode() public {
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.P256HasNoCode.selector, address(0xdead)));
        new K11Verifier(address(0xdead));
        vm.expectRevert(abi.encodeWithSelector(IP256Errors.VerifierHasNoCode.selector, address(0xdead)));
        new P256Router(address(0xdead));
    }

    /// @notice The challenge IS the digest, for whatever digest, key, counter, tail and extension.
    /// forge-config: default.fuzz.runs = 1000
    function testFuzzHonest(bytes32 digest, uint256 key, uint32 count, bool short, uint8 extra) public view {
        key = _p256Key(key);
        bytes memory data = bytes.concat(_authenticatorData(5, count), new bytes(extra % 40));
        bytes memory json = _clientData(digest, short ? "}" : _tail(extra));
        K11Assertion memory a = _signedBy(key, data, json);
        vm.assertEq(verifier.verify(digest, _keyOf(key), a), count, "sign count");
    }

    /// @notice One bit of what is signed, of the signature, of the key or of the digest.
    /// forge-config: default.fuzz.runs = 1000
    function testFuzzOneBit(bytes32 digest, uint256 key, uint256 bit, uint8 where) public {
        key = _p256Key(key);
        K11Key memory k = _keyOf(key);
        K11Assertion memory a = _signedBy(key, _authenticatorData(5, 7), _clientData(digest, "}"));
        bytes memory refusal = abi.encodeWithSelector(IK11Errors.SignatureInvalid.selector);
        where %= 5;
        if (where == 0) {
            a.r ^= 1 << bit % 256;
        } else if (where == 1) {
            a.s ^= 1 << bit % 255;
            if (a.s > HALF_N) refusal = abi.encodeWithSelector(IK11Errors.SignatureMalleable.selector);
        } else if (where == 2) {
            k.x ^= 1 << bit % 256;
        } else if (where == 3) {
            a.authenticatorData[33 + bit % 4] ^= bytes1(uint8(1 << bit / 4 % 8));
        } else {
            digest ^= bytes32(1 << bit % 256);
            refusal = abi.encodeWithSelector(IK11Errors.ChallengeMismatch.selector);
        }
        vm.expectRevert(refusal);
        verifier.verify(digest, k, a);
    }

    function testAuthenticatorData() public {
        _ok(_authenticatorData(5, 0), "}");
        _ok(_authenticatorData(0xff, type(uint32).max), "}");
        bytes memory short = _authenticatorData(5, 0);
        assembly {
            mstore(short, 36)
        }
        _refused(short, "}", IK11Errors.AuthenticatorDataTooShort.selector);
        _refused(bytes.concat(sha256("another"), hex"0500000000"), "}", IK11Errors.RpIdHashMismatch.selector);
        _refused(_authenticatorData(4, 0), "}", IK11Errors.UserNotPresent.selector);
        _refused(_authenticatorData(1, 0), "}", IK11Errors.UserNotVerified.selector);
        _refused(_authenticatorData(0, 0), "}", IK11Errors.UserNotPresent.selector);
    }

    function testClientData() public {
        bytes memory honest = _clientData(DIGEST, "}");
        _refusedJson("{}", IK11Errors.ClientDataTooShort.selector);
        _refusedJson(_clientData(DIGEST, _filled(1025 - 114)), IK11Errors.ClientDataTooLong.selector);
        _refusedJson(_replace(honest, "webauthn.get", "payment1.get"), IK11Errors.ClientDataTypeMismatch.selector);
        _refusedJson(_clientData(DIGEST ^ bytes32(uint256(1)), "}"), IK11Errors.ChallengeMismatch.selector);
        _refusedJson(_replace(honest, ',"origin":', ',"0rigin":'), IK11Errors.OriginMalformed.selector);
        _refusedJson(_replace(honest, "companion", "c\\mpanion"), IK11Errors.OriginMalformed.selector);
        _refusedJson(_replace(honest, '8095"}', "80950}"), IK11Errors.OriginMalformed.selector);
        _refusedJson(_replace(honest, "8095", "8096"), IK11Errors.OriginMismatch.selector);
        _ok(_authenticatorData(5, 0), "}");
        _ok(_authenticatorData(5, 0), ',"crossOrigin":false}');
        _ok(_authenticatorData(5, 0), ',"crossOrigin":false,"other":1}');
    }

    function testTail() public {
        bytes4 cross = IK11Errors.CrossOriginRefused.selector;
        bytes4 tail = IK11Errors.ClientDataTailRefused.selector;
        _refused(_authenticatorData(5, 0), ',"crossOrigin":true}', cross);
        _refused(_authenticatorData(5, 0), "}}", cross);
        _refused(_authenticatorData(5, 0), ',"topOrigin":"https://evil.example"}', cross);
        _refused(_authenticatorData(5, 0), ',"crossOrigin":false', tail);
        _refused(_authenticatorData(5, 0), ',"crossOrigin":false;"a":1}', tail);
        _refused(_authenticatorData(5, 0), ',"crossOrigin":false,"a":1', tail);
        _refused(_authenticatorData(5, 0), ',"crossOrigin":false,"a":"\\u0031"}', tail);
        string[5] memory taken = ["type", "origin", "challenge", "topOrigin", "crossOrigin"];
        for (uint256 i = 0; i < taken.length; ++i) {
            _refused(_authenticatorData(5, 0), string.concat(',"crossOrigin":false,"', taken[i], '":1}'), tail);
            _ok(_authenticatorData(5, 0), string.concat(',"crossOrigin":false,"', taken[i], '_":1}'));
        }
    }

    function testSignature() public {
        K11Assertion memory a = _signedBy(KEY, _authenticatorData(5, 0), _clientData(DIGEST, "}"));
        a.s = N - a.s;
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.SignatureMalleable.selector));
        verifier.verify(DIGEST, own, a);
        a.s = N - a.s;
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.SignatureInvalid.selector));
        verifier.verify(DIGEST, other, a);
        verifier.verify(DIGEST, own, a);
    }

    /// @notice No answer is never a "no".
    function testWithoutAnAnswer() public {
        K11Assertion memory a = _signedBy(KEY, _authenticatorData(5, 0), _clientData(DIGEST, "}"));
        K11Verifier silent = new K11Verifier(address(new Silent()));
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.P256Unavailable.selector));
        silent.verify(DIGEST, own, a);
        K11Verifier routed = new K11Verifier(address(new P256Router(address(new Silent()))));
        // The precompile, where there is one, says yes; for a no the verifier is asked, which does not answer.
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.P256Unavailable.selector));
        routed.verify(DIGEST, other, a);
        K11Verifier talkative = new K11Verifier(address(new Talkative()));
        vm.expectRevert(abi.encodeWithSelector(IK11Errors.SignatureInvalid.selector));
        talkative.verify(DIGEST, own, a);
        address deaf = address(new P256Router(address(new Talkative())));
        vm.expectRevert(abi.encodeWithSelector(IP256Errors.VerifierUnavailable.selector));
        this.ask(deaf);
    }

    function ask(address p256) external view {
        (bool done, bytes memory answer) = p256.staticcall(new bytes(160));
        if (done) return;
        assembly {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function _ok(bytes memory data, string memory tail) private view {
        verifier.verify(DIGEST, own, _signedBy(KEY, data, _clientData(DIGEST, tail)));
    }

    function _refused(bytes memory data, string memory tail, bytes4 refusal) private {
        K11Assertion memory a = _signedBy(KEY, data, _clientData(DIGEST, tail));
        vm.expectRevert(abi.encodeWithSelector(refusal));
        verifier.verify(DIGEST, own, a);
    }

    function _refusedJson(bytes memory json, bytes4 refusal) private {
        K11Assertion memory a = _signedBy(KEY, _authenticatorData(5, 0), json);
        vm.expectRevert(abi.encodeWithSelector(refusal));
        verifier.verify(DIGEST, own, a);
    }

    function _tail(uint8 extra) private pure returns (string memory) {
        return extra < 128
            ? ',"crossOrigin":false}'
            : string.concat(',"crossOrigin":false,"x":"', vm.toString(uint256(extra)), '"}');
    }

    function _filled(uint256 length) private pure returns (string memory) {
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[i] = "y";
        }
        return string(text);
    }

    /// @dev The text with the first occurrence of a part replaced by one of the same length.
    function _replace(bytes memory text, bytes memory part, bytes memory by) private pure returns (bytes memory out) {
        out = bytes.concat(text);
        for (uint256 i = 0; i + part.length <= out.length; ++i) {
            bool here = true;
            for (uint256 k = 0; k < part.length && here; ++k) {
                here = out[i + k] == part[k];
            }
            if (!here) continue;
            for (uint256 k = 0; k < by.length; ++k) {
                out[i + k] = by[k];
            }
            return out;
        }
        vm.assertTrue(false, "nothing to replace");
    }
}
