// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consent} from "./lib/Consent.sol";

/// @title PaymentChannels: one-way payments by cumulative vouchers
/// @notice A payer puts a deposit aside for one payee. Off chain, the channel's signer signs vouchers, each for more in
/// total than the one before; the payee hands in the last. What no voucher says is the payer's, who gets it back after an
/// exit delay that both knew from the start, or at once when the payee agrees.
/// @dev Nobody owns the contract, and nothing in it can be upgraded. It calls tokens, accounts that asked to be paid, and,
/// statically, contracts that consent (ERC-1271).
///
/// A channel is known by the hash of its terms, so nothing of them needs storage and none can change: one word per channel
/// says what it holds. That word is never zero again, so an id is never used twice.
///
/// Whoever sends a transaction is paid in it; what comes to somebody else waits for `withdraw`. So nobody's account can
/// make another's claim, exit or close fail. Tokens that take a fee on transfers are refused; one whose balances change by
/// themselves harms nobody but those who use it.
contract PaymentChannels {
    /// @notice What a channel is, from its opening to its end.
    /// @param signer whose vouchers hold, a key: the payer's own, or one for this channel alone, as on a box that may be
    /// stolen, which can then give the deposit to the payee and do nothing else
    /// @param token ERC-20; zero for the chain's coin
    /// @param exitDelay seconds from the payer's wish to leave until the rest is paid back: the time that the payee has to
    /// hand in the last voucher
    /// @param nonce chosen by the payer, so that the same two can have several channels
    struct Terms {
        address payer;
        address payee;
        address signer;
        address token;
        uint32 exitDelay;
        uint64 nonce;
    }

    /// @notice What a channel holds: one slot. All zero: it was never opened.
    /// @param deposit in all that was paid in
    /// @param claimed in all that went to the payee
    /// @param exitAt first second, in Unix time, at which the payer may finish; 0 unless he has begun to leave; 1 once the
    /// channel is closed
    struct Channel {
        uint104 deposit;
        uint104 claimed;
        uint48 exitAt;
    }

    /// @notice A channel was opened, with all its terms.
    event Opened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        address signer,
        address token,
        uint32 exitDelay,
        uint64 nonce,
        uint256 amount
    );
    /// @notice The deposit grew to `deposit`.
    event ToppedUp(bytes32 indexed channelId, uint256 deposit);
    /// @notice The payee has claimed `claimed` in all.
    event Claimed(bytes32 indexed channelId, uint256 claimed);
    /// @notice The payer wants to leave: from `exitAt` on (Unix time in seconds) he gets the rest back.
    event ExitStarted(bytes32 indexed channelId, uint256 exitAt);
    /// @notice The channel has ended: `claimed` in all went to the payee, `refund` back to the payer.
    event Closed(bytes32 indexed channelId, uint256 claimed, uint256 refund);
    /// @notice Somebody took what was kept for him.
    event Withdrawn(address indexed account, address indexed token, address to, uint256 amount);

    /// @notice The payer has opened a channel with just these terms before.
    error AlreadyOpened(bytes32 channelId);
    /// @notice No payee or no signer, or the payer would pay himself.
    error InvalidTerms();
    /// @notice A deposit is not zero, and fits 104 bits.
    error InvalidAmount(uint256 amount);
    /// @notice The coins that were sent are not those that were named.
    error WrongValue(uint256 expected, uint256 sent);
    /// @notice No channel with these terms was opened, or it is closed.
    error NotOpen(bytes32 channelId);
    /// @notice The payer is on his way out.
    error Exiting(bytes32 channelId, uint48 exitAt);
    /// @notice The payer has not begun to leave, or his delay is not over.
    error ExitNotReady(bytes32 channelId, uint48 exitAt);
    /// @notice Only the channel's payer may do this.
    error NotPayer(bytes32 channelId, address caller);
    /// @notice A voucher for this total or a greater one was handed in before.
    error AmountNotGreater(uint256 claimed, uint256 given);
    /// @notice The voucher is for more than the deposit.
    error AmountExceedsDeposit(uint256 deposit, uint256 given);
    /// @notice Not signed by the channel's signer, for this chain, contract, channel and total.
    error InvalidVoucher(bytes32 channelId);
    /// @notice The payee has neither sent the transaction nor signed just this.
    error ConsentMissing(address account);
    /// @notice Nothing is kept for this account.
    error NothingToWithdraw(address account, address token);
    /// @notice The token's transfer failed, or moved another amount than was asked for.
    error TransferFailed(address token);
    /// @notice The token or the account that is being paid called back.
    error Reentered();

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant CHANNEL_TYPE = keccak256(
        "Channel(address payer,address payee,address signer,address token,uint32 exitDelay,uint64 nonce)"
    );
    bytes32 private constant VOUCHER_TYPE = keccak256("Voucher(bytes32 channelId,uint256 amount)");
    bytes32 private constant CLOSE_TYPE = keccak256("ChannelClose(bytes32 channelId,uint256 amount)");

    /// @dev `exitAt` of a channel that is closed.
    uint48 private constant CLOSED = 1;

    mapping(bytes32 channelId => Channel) private channels;
    mapping(address account => mapping(address token => uint256)) private balances;
    bool private transient isEntered;

    modifier once() {
        if (isEntered) revert Reentered();
        isEntered = true;
        _;
        isEntered = false;
    }

    // --- the payer ------------------------------------------------------------------------------------------------

    /// @notice Opens a channel of the sender, and puts `amount` into it.
    /// @param amount in the smallest unit; of coins, just what is sent along; of a token, what the contract may take
    function open(address payee, address signer, address token, uint32 exitDelay, uint64 nonce, uint256 amount)
        external
        payable
        once
        returns (bytes32 channelId)
    {
        if (payee == address(0) || signer == address(0) || payee == msg.sender) revert InvalidTerms();
        if (amount == 0 || amount > type(uint104).max) revert InvalidAmount(amount);
        channelId = channelIdOf(Terms(msg.sender, payee, signer, token, exitDelay, nonce));
        Channel storage channel = channels[channelId];
        if (channel.deposit != 0) revert AlreadyOpened(channelId);
        channel.deposit = uint104(amount);
        emit Opened(channelId, msg.sender, payee, signer, token, exitDelay, nonce, amount);
        _take(token, amount);
    }

    /// @notice Adds to the deposit. Anybody may; the rest is the payer's all the same.
    function topUp(Terms calldata terms, uint256 amount) external payable once {
        (bytes32 channelId, Channel storage channel) = _open(terms);
        // Once the payer leaves, nobody should be led to believe in more.
        if (channel.exitAt != 0) revert Exiting(channelId, channel.exitAt);
        if (amount == 0 || amount > type(uint104).max - channel.deposit) revert InvalidAmount(amount);
        uint256 deposit = channel.deposit + amount;
        channel.deposit = uint104(deposit);
        emit ToppedUp(channelId, deposit);
        _take(terms.token, amount);
    }

    /// @notice Begins to leave. The payee can claim until `finishExit`, which is possible after the delay.
    function startExit(Terms calldata terms) external {
        (bytes32 channelId, Channel storage channel) = _open(terms);
        if (terms.payer != msg.sender) revert NotPayer(channelId, msg.sender);
        if (channel.exitAt != 0) revert Exiting(channelId, channel.exitAt);
        uint48 exitAt = uint48(block.timestamp + terms.exitDelay);
        channel.exitAt = exitAt;
        emit ExitStarted(channelId, exitAt);
    }

    /// @notice Pays the payer what was not claimed, and ends the channel. Anybody may, once the delay is over.
    function finishExit(Terms calldata terms) external once {
        (bytes32 channelId, Channel storage channel) = _open(terms);
        if (channel.exitAt == 0 || block.timestamp < channel.exitAt) revert ExitNotReady(channelId, channel.exitAt);
        uint256 refund = _end(channelId, channel, channel.claimed);
        _give(terms.payer, terms.token, refund);
    }

    // --- the payee ------------------------------------------------------------------------------------------------

    /// @notice Hands in a voucher: the payee gets what it says beyond what was claimed before. Anybody may.
    /// @param amount in all, since the opening
    /// @param signature the signer's, of `Voucher(bytes32 channelId,uint256 amount)`: r || s || v
    function claim(Terms calldata terms, uint256 amount, bytes calldata signature) external once {
        (bytes32 channelId, Channel storage channel) = _open(terms);
        if (amount <= channel.claimed) revert AmountNotGreater(channel.claimed, amount);
        _checkVoucher(terms, channelId, channel, amount, signature);
        uint256 payment = amount - channel.claimed;
        channel.claimed = uint104(amount);
        emit Claimed(channelId, amount);
        _give(terms.payee, terms.token, payment);
    }

    /// @notice Ends the channel at once, as the payee agrees: by sending this, or by a signature. Anybody may send it.
    /// @param amount what the payee gets in all; with the signer's voucher for it where that is more than was claimed
    /// @param voucher ignored where nothing more is claimed
    /// @param consent the payee's, of `ChannelClose(bytes32 channelId,uint256 amount)`; ignored where the payee sends this
    function close(Terms calldata terms, uint256 amount, bytes calldata voucher, bytes calldata consent)
        external
        once
    {
        (bytes32 channelId, Channel storage channel) = _open(terms);
        uint256 claimed = channel.claimed;
        if (amount < claimed) revert AmountNotGreater(claimed, amount);
        if (amount > claimed) _checkVoucher(terms, channelId, channel, amount, voucher);
        bytes32 digest = _digest(keccak256(abi.encode(CLOSE_TYPE, channelId, amount)));
        if (!Consent.isGiven(terms.payee, digest, consent)) revert ConsentMissing(terms.payee);
        uint256 refund = _end(channelId, channel, amount);
        _give(terms.payee, terms.token, amount - claimed);
        _give(terms.payer, terms.token, refund);
    }

    // --- both -----------------------------------------------------------------------------------------------------

    /// @notice Pays out what is kept for the sender.
    /// @param to the sender himself, or where he wants it
    function withdraw(address token, address to) external once {
        if (to == address(0)) revert TransferFailed(token);
        uint256 amount = balances[msg.sender][token];
        if (amount == 0) revert NothingToWithdraw(msg.sender, token);
        balances[msg.sender][token] = 0;
        emit Withdrawn(msg.sender, token, to, amount);
        _send(token, to, amount);
    }

    /// @notice What a channel holds; all zero if it was never opened.
    function channelOf(bytes32 channelId) external view returns (Channel memory) {
        return channels[channelId];
    }

    /// @notice What is kept for an account.
    function balanceOf(address account, address token) external view returns (uint256) {
        return balances[account][token];
    }

    /// @notice EIP-712's hashStruct of the terms. It is the same on every chain; vouchers are not.
    function channelIdOf(Terms memory terms) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CHANNEL_TYPE,
                terms.payer,
                terms.payee,
                terms.signer,
                terms.token,
                terms.exitDelay,
                terms.nonce
            )
        );
    }

    // --- the parts of the above -----------------------------------------------------------------------------------

    function _open(Terms calldata terms) private view returns (bytes32 channelId, Channel storage channel) {
        channelId = channelIdOf(terms);
        channel = channels[channelId];
        if (channel.deposit == 0 || channel.exitAt == CLOSED) revert NotOpen(channelId);
    }

    function _checkVoucher(
        Terms calldata terms,
        bytes32 channelId,
        Channel storage channel,
        uint256 amount,
        bytes calldata signature
    ) private view {
        if (amount > channel.deposit) revert AmountExceedsDeposit(channel.deposit, amount);
        bytes32 digest = _digest(keccak256(abi.encode(VOUCHER_TYPE, channelId, amount)));
        if (!Consent.isGiven(terms.signer, digest, signature)) revert InvalidVoucher(channelId);
    }

    /// @dev The deposit stays in the word: it keeps the id from being used again.
    function _end(bytes32 channelId, Channel storage channel, uint256 claimed) private returns (uint256 refund) {
        refund = channel.deposit - claimed;
        channel.claimed = uint104(claimed);
        channel.exitAt = CLOSED;
        emit Closed(channelId, claimed, refund);
    }

    /// @dev To the sender at once, to anybody else on his word.
    function _give(address account, address token, uint256 amount) private {
        if (amount == 0) return;
        if (account == msg.sender) _send(token, account, amount);
        else balances[account][token] += amount;
    }

    function _take(address token, uint256 amount) private {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert WrongValue(value, msg.value);
        if (token == address(0)) return;
        uint256 before = _held(token);
        _call(token, abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), amount));
        if (_held(token) != before + amount) revert TransferFailed(token);
    }

    function _send(address token, address to, uint256 amount) private {
        if (token == address(0)) {
            (bool success,) = to.call{value: amount}("");
            if (!success) revert TransferFailed(token);
        } else {
            _call(token, abi.encodeWithSignature("transfer(address,uint256)", to, amount));
        }
    }

    /// @dev Tokens of before ERC-20's final text return nothing; one that is no contract moves nothing.
    function _call(address token, bytes memory data) private {
        (bool success, bytes memory answer) = token.call(data);
        bool isTrue = answer.length == 0 ? token.code.length > 0 : answer.length == 32 && bytes32(answer) == bytes32(uint256(1));
        if (!success || !isTrue) revert TransferFailed(token);
    }

    function _held(address token) private view returns (uint256) {
        (bool success, bytes memory answer) =
            token.staticcall(abi.encodeWithSignature("balanceOf(address)", address(this)));
        if (!success || answer.length != 32) revert TransferFailed(token);
        return uint256(bytes32(answer));
    }

    /// @dev EIP-712. The domain is hashed each time, so that it is right on both sides of a fork.
    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Fob"), keccak256("1"), block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
