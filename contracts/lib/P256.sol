// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title P256: signatures of devices, checked by the chain itself
/// @notice ECDSA over secp256r1 with SHA-256 over a 32-byte EIP-712 digest, as WebCrypto and secure elements make it.
/// @dev Source: EIP-7951, "Precompile for secp256r1 Curve Support": at address 0x100, input of exactly 160 bytes
/// `hash || r || s || x || y`, output the word 1 for a valid signature and nothing for any other input. Before that fork
/// 0x100 is an account without code: the call succeeds and returns nothing. A contract that uses this runs `selfTest` in
/// its constructor.
library P256 {
    /// @notice A signature and the key that is said to have made it; all big-endian.
    /// @param s in the lower half of the group's order
    struct Signature {
        bytes32 x;
        bytes32 y;
        bytes32 r;
        bytes32 s;
    }

    /// @notice This chain has no P-256 precompile at 0x100, or one that does not work.
    error P256Missing();

    address private constant PRECOMPILE = address(0x100);
    /// @dev (n - 1) / 2, with n the order of the group (FIPS 186-5 / SEC 2, secp256r1).
    uint256 private constant HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    /// @notice Whether `signature` is one over `sha256(digest)` by the key that it names. A high s is refused.
    function isSigned(bytes32 digest, Signature memory signature) internal view returns (bool) {
        return isSignedHash(sha256(abi.encodePacked(digest)), signature);
    }

    /// @notice Reverts unless this chain verifies P-256: a known signature must hold, and the same with r and s exchanged
    /// must not. Source: RFC 6979, A.2.5, "With SHA-256, message = "test"".
    function selfTest() internal view {
        Signature memory known = Signature({
            x: 0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6,
            y: 0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299,
            r: 0xf1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367,
            s: 0x019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083
        });
        bytes32 hash = sha256("test");
        if (!isSignedHash(hash, known)) revert P256Missing();
        (known.r, known.s) = (known.s, known.r);
        if (isAcceptedByPrecompile(hash, known)) revert P256Missing();
    }

    function isSignedHash(bytes32 hash, Signature memory signature) private view returns (bool) {
        return uint256(signature.s) <= HALF_ORDER && isAcceptedByPrecompile(hash, signature);
    }

    function isAcceptedByPrecompile(bytes32 hash, Signature memory signature) private view returns (bool) {
        (bool success, bytes memory output) = PRECOMPILE.staticcall(
            abi.encode(hash, signature.r, signature.s, signature.x, signature.y)
        );
        return success && output.length == 32 && bytes32(output) == bytes32(uint256(1));
    }
}
