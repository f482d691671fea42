// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Consent: whether a person or a contract agrees to an EIP-712 digest
library Consent {
    /// @dev (n - 1) / 2, with n the order of secp256k1's group (SEC 2).
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    /// @dev ERC-1271's answer for a valid signature, and the selector of its function.
    bytes4 private constant VALID = 0x1626ba7e;

    /// @notice Whether `account`, not zero, agrees: by sending this very call, by a signature r || s || v of 65 bytes (s
    /// in the lower half, v 27 or 28), or, as a contract, by its answer under ERC-1271.
    /// @dev The signature is tried first, for an account with delegated code (EIP-7702) still has its key. The contract is
    /// only ever called statically, so it can change nothing in between; an account without code answers nothing.
    function isGiven(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (msg.sender == account) return true;
        if (signature.length == 65) {
            bytes32 s = bytes32(signature[32:64]);
            if (uint256(s) <= HALF_ORDER) {
                address signer = ecrecover(digest, uint8(signature[64]), bytes32(signature[:32]), s);
                if (signer == account) return true;
            }
        }
        (bool success, bytes memory answer) = account.staticcall(abi.encodeWithSelector(VALID, digest, signature));
        return success && answer.length == 32 && bytes32(answer) == bytes32(VALID);
    }
}
