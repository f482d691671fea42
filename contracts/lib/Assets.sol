// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Assets: the chain's coin and ERC-20 tokens, moved in one way
/// @notice `token` is zero for the coin. Tokens of before ERC-20's final text, which return nothing, are taken; tokens that
/// take a fee are not; an address without code is no token.
/// @dev Whoever uses this guards against being called back.
library Assets {
    /// @notice ERC-2612: an approval by signature of `value`, until `deadline` (Unix time in seconds).
    struct Permit {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice The coins that were sent are not those that were named.
    error WrongValue(uint256 expected, uint256 sent);
    /// @notice The token's transfer failed, or moved another amount than was asked for.
    error TransferFailed(address token);

    /// @dev Enough for the wallets that are contracts, and for tokens that keep books; an account or a token that burns
    /// all of it costs the sender this much and no more.
    uint256 private constant COIN_GAS = 50_000;
    uint256 private constant TOKEN_GAS = 200_000;

    /// @notice Takes `amount` from the sender: just the coins that came along, or of a token what this contract may take.
    function take(address token, uint256 amount) internal {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert WrongValue(value, msg.value);
        if (token == address(0)) return;
        uint256 before = held(token);
        bytes memory data =
            abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), amount);
        if (!move(token, data, gasleft()) || held(token) != before + amount) revert TransferFailed(token);
    }

    /// @notice Reverts where it fails.
    function send(address token, address to, uint256 amount) internal {
        if (!trySend(token, to, amount, gasleft(), gasleft())) revert TransferFailed(token);
    }

    /// @notice Whether it went. Neither the account nor the token can make this revert, or cost more than a fixed amount
    /// of gas; with too little gas it may not go, which is no loss to anybody who is then credited.
    function offer(address token, address to, uint256 amount) internal returns (bool) {
        return trySend(token, to, amount, COIN_GAS, TOKEN_GAS);
    }

    /// @notice Hands the sender's permit to the token. Whether it holds shows when the token is taken: somebody else may
    /// have handed it in before, which is no reason to fail.
    function permit(address token, Permit calldata given) internal {
        bytes memory data = abi.encodeWithSignature(
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            msg.sender,
            address(this),
            given.value,
            given.deadline,
            given.v,
            given.r,
            given.s
        );
        callWithoutAnswer(token, 0, data, gasleft());
    }

    function trySend(address token, address to, uint256 amount, uint256 coinGas, uint256 tokenGas)
        private
        returns (bool)
    {
        if (token == address(0)) return callWithoutAnswer(to, amount, "", coinGas);
        return move(token, abi.encodeWithSignature("transfer(address,uint256)", to, amount), tokenGas);
    }

    /// @dev A long answer is not copied, for that would cost our gas.
    function callWithoutAnswer(address to, uint256 value, bytes memory data, uint256 gasLimit)
        private
        returns (bool success)
    {
        assembly ("memory-safe") {
            success := call(gasLimit, to, value, add(data, 0x20), mload(data), 0, 0)
        }
    }

    function move(address token, bytes memory data, uint256 gasLimit) private returns (bool isMoved) {
        assembly ("memory-safe") {
            mstore(0, 0)
            isMoved := call(gasLimit, token, 0, add(data, 0x20), mload(data), 0, 0x20)
            switch returndatasize()
            case 0 { isMoved := and(isMoved, gt(extcodesize(token), 0)) }
            case 32 { isMoved := and(isMoved, eq(mload(0), 1)) }
            default { isMoved := 0 }
        }
    }

    function held(address token) private view returns (uint256) {
        (bool success, bytes memory answer) =
            token.staticcall(abi.encodeWithSignature("balanceOf(address)", address(this)));
        if (!success || answer.length != 32) revert TransferFailed(token);
        return uint256(bytes32(answer));
    }
}
