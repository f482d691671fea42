// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assets} from "./Assets.sol";

/// @title Ledger: what is kept for accounts: credit to withdraw, and balances that orders are paid from
/// @notice `token` is zero for the chain's coin everywhere. Amounts are in the smallest unit.
abstract contract Ledger {
    /// @notice What a buyer has put down for signed orders: one slot.
    /// @param withdrawableAt first second, in Unix time, at which he may have it back; 0 unless he has asked for it
    struct Prepaid {
        uint128 amount;
        uint48 withdrawableAt;
    }

    /// @notice Somebody put down `amount` more for signed orders, `balance` in all; asking for it back is void.
    event Deposited(address indexed account, address indexed token, uint256 amount, uint256 balance);
    /// @notice The buyer wants it back, and gets it from then on (Unix time in seconds).
    event ReturnRequested(address indexed account, address indexed token, uint256 withdrawableAt);
    /// @notice The buyer has it back.
    event Returned(address indexed account, address indexed token, address to, uint256 amount);
    /// @notice Somebody took what was kept for him.
    event Withdrawn(address indexed account, address indexed token, address to, uint256 amount);

    /// @notice A deposit is not zero, and a balance fits 128 bits.
    error InvalidAmount(uint256 amount);
    /// @notice Nothing is kept for this account.
    error NothingToWithdraw(address account, address token);
    /// @notice The buyer has not asked for it back, or the delay is not over.
    error NotYetReturnable(uint48 withdrawableAt);
    /// @notice The buyer's balance does not reach.
    error BalanceTooLow(uint256 balance, uint256 amount);
    /// @notice Nothing is sent to the zero address.
    error InvalidReceiver();
    /// @notice The token or the account that is being paid called back.
    error Reentered();

    /// @notice Seconds from a buyer's wish to have his balance back until he gets it: the time in which whoever holds a
    /// signed order of his can be sure to be paid, unless he has signed more than he has.
    uint256 public constant RETURN_DELAY = 1 days;

    mapping(address account => mapping(address token => uint256)) internal balances;
    mapping(address account => mapping(address token => Prepaid)) private prepaid;
    bool private transient isEntered;

    modifier once() {
        if (isEntered) revert Reentered();
        isEntered = true;
        _;
        isEntered = false;
    }

    /// @notice Puts `amount` down for the sender's signed orders.
    /// @param amount of coins, just what is sent along; of a token, what this contract may take
    function deposit(address token, uint256 amount) external payable once {
        _deposit(token, amount);
    }

    /// @notice The same, with a permit (ERC-2612) for it.
    function depositWithPermit(address token, uint256 amount, Assets.Permit calldata permit) external once {
        Assets.permit(token, permit);
        _deposit(token, amount);
    }

    /// @notice Asks for the sender's balance back. It can still be charged until it is taken.
    function requestReturn(address token) external {
        Prepaid storage balance = prepaid[msg.sender][token];
        if (balance.amount == 0) revert NothingToWithdraw(msg.sender, token);
        // Asked for again, the delay is not begun anew.
        if (balance.withdrawableAt != 0) revert NotYetReturnable(balance.withdrawableAt);
        uint256 withdrawableAt = block.timestamp + RETURN_DELAY;
        balance.withdrawableAt = uint48(withdrawableAt);
        emit ReturnRequested(msg.sender, token, withdrawableAt);
    }

    /// @notice Pays the sender's whole balance back, after the delay.
    function takeBack(address token, address to) external once {
        if (to == address(0)) revert InvalidReceiver();
        Prepaid memory balance = prepaid[msg.sender][token];
        if (balance.withdrawableAt == 0 || block.timestamp < balance.withdrawableAt) {
            revert NotYetReturnable(balance.withdrawableAt);
        }
        delete prepaid[msg.sender][token];
        emit Returned(msg.sender, token, to, balance.amount);
        Assets.send(token, to, balance.amount);
    }

    /// @notice What is kept for an account, without what its offers have earned since they were last shared out.
    function balanceOf(address account, address token) external view returns (uint256) {
        return balances[account][token];
    }

    /// @notice What a buyer has put down.
    function prepaidOf(address account, address token) external view returns (Prepaid memory) {
        return prepaid[account][token];
    }

    function _charge(address account, address token, uint256 amount) internal {
        Prepaid storage balance = prepaid[account][token];
        if (amount > balance.amount) revert BalanceTooLow(balance.amount, amount);
        balance.amount -= uint128(amount);
    }

    function _withdraw(address account, address token, address to) internal {
        if (to == address(0)) revert InvalidReceiver();
        uint256 amount = balances[account][token];
        if (amount == 0) revert NothingToWithdraw(account, token);
        balances[account][token] = 0;
        emit Withdrawn(account, token, to, amount);
        Assets.send(token, to, amount);
    }

    function _deposit(address token, uint256 amount) private {
        Prepaid storage balance = prepaid[msg.sender][token];
        if (amount == 0 || amount > type(uint128).max - balance.amount) revert InvalidAmount(amount);
        uint256 sum = balance.amount + amount;
        balance.amount = uint128(sum);
        balance.withdrawableAt = 0;
        emit Deposited(msg.sender, token, amount, sum);
        Assets.take(token, amount);
    }
}
