// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Market} from "./Market.sol";
import {Offers} from "./lib/Offers.sol";

/// @title Till: orders a machine's products for whoever sends just the right amount of coins
/// @notice Any wallet can pay a kiosk: it sends an amount that the kiosk has shown, and the Till orders at the Market in the
/// sender's name, who gets the refund if nothing drops. The amount itself says what is bought and until when: it is the
/// price, and below a millionth of a coin a tag of twelve digits,
///
///     product (2)  minute (6)  number (4)
///
/// namely the product's place in this Till; the last minute in which it is taken, counted from the Unix epoch, modulo a
/// million; and a number that tells the customers of a minute apart. What the tag is worth is sent back at once. An amount
/// that is unknown, stale or used is not taken at all.
/// @dev The device's owner, whom the DeviceRegistry names, says which products there are. Terms are kept as the code of a
/// contract of their own, which is read for less than storage is. The Till holds no money between two calls, other than
/// tags that their senders did not take back.
contract Till {
    using Offers for Offers.Terms;

    /// @notice Another product is sold here under this number; zero: none.
    event ProductSet(uint8 indexed product, bytes32 offerId);
    /// @notice Somebody paid this amount and has that order.
    event Paid(uint256 indexed amount, bytes32 indexed orderId, address indexed payer);

    /// @notice No product of this Till costs that, a whole number of times.
    error UnknownAmount(uint256 amount);
    /// @notice The amount's minute is over, or too far ahead to be one that the kiosk has shown.
    error StaleAmount(uint256 amount);
    /// @notice Somebody has paid just this amount.
    error UsedAmount(uint256 amount);
    /// @notice Only the device's owner may do this.
    error NotOwner(address caller);
    /// @notice Not a product of this Till's device, for coins, at a price in whole millionths of a coin.
    error InvalidProduct(uint8 product);
    /// @notice The coins did not go.
    error TransferFailed();

    uint256 private constant TAGS = 1e12;
    uint256 private constant PRODUCT_UNIT = 1e10;
    uint256 private constant MINUTE_UNIT = 1e4;
    uint256 private constant MINUTES = 1e6;
    uint256 private constant MAX_PRODUCTS = TAGS / PRODUCT_UNIT;
    /// @dev Minutes. A kiosk shows an amount for a few of them.
    uint256 private constant MAX_AHEAD = 30;
    /// @dev Enough for the wallets that are contracts.
    uint256 private constant CHANGE_GAS = 30_000;

    Market public immutable market;
    bytes32 public immutable deviceId;

    mapping(uint256 product => address) private products;
    mapping(uint256 amount => bytes32) private orders;

    constructor(Market market_, bytes32 deviceId_) {
        market = market_;
        deviceId = deviceId_;
    }

    /// @notice Orders what the amount says, in the sender's name.
    receive() external payable {
        uint256 amount = msg.value;
        uint256 tag = amount % TAGS;
        address product = products[tag / PRODUCT_UNIT];
        if (product == address(0)) revert UnknownAmount(amount);
        uint256 minute = minuteOf(amount, tag / MINUTE_UNIT % MINUTES);
        if (orders[amount] != 0) revert UsedAmount(amount);
        Offers.Terms memory terms = abi.decode(product.code, (Offers.Terms));
        uint256 quantity = (amount - tag) / terms.price;
        if (quantity * terms.price != amount - tag || quantity == 0 || quantity > terms.maxQuantity) {
            revert UnknownAmount(amount);
        }
        // The Market calls nobody who could come back here.
        bytes32 orderId = market.order{value: amount - tag}(
            terms,
            Offers.Order({
                payer: msg.sender,
                userKeyHash: 0,
                start: 0,
                quantity: uint16(quantity),
                nonce: uint64(minute * MINUTE_UNIT + tag % MINUTE_UNIT),
                validUntil: 0
            })
        );
        orders[amount] = orderId;
        emit Paid(amount, orderId, msg.sender);
        if (tag > 0) sendCoins(msg.sender, tag, CHANGE_GAS);
    }

    /// @notice Says what is sold here under a number, from 0 to 99. Only the device's owner.
    /// @param terms of an offer at the Market
    function setProduct(uint8 product, Offers.Terms calldata terms) external {
        checkOwner();
        if (
            product >= MAX_PRODUCTS || terms.deviceId != deviceId || terms.isTime() || terms.token != address(0)
                || terms.price == 0 || terms.price % TAGS != 0
        ) revert InvalidProduct(product);
        products[product] = address(new StoredTerms(abi.encode(terms)));
        emit ProductSet(product, terms.idOf());
    }

    /// @notice Sells nothing more under this number. Only the device's owner.
    function removeProduct(uint8 product) external {
        checkOwner();
        delete products[product];
        emit ProductSet(product, 0);
    }

    /// @notice Sends what was left here: tags that their senders did not take. Only the device's owner.
    function sweep(address to) external {
        checkOwner();
        if (to == address(0) || !sendCoins(to, address(this).balance, gasleft())) revert TransferFailed();
    }

    /// @notice The order that somebody paid with this amount; zero if nobody did.
    function orderOf(uint256 amount) external view returns (bytes32) {
        return orders[amount];
    }

    /// @notice The terms of what is sold under a number. Reverts with `InvalidProduct` if nothing is.
    function termsOf(uint8 product) external view returns (Offers.Terms memory) {
        address stored = products[product];
        if (stored == address(0)) revert InvalidProduct(product);
        return abi.decode(stored.code, (Offers.Terms));
    }

    /// @dev The next minute from now on of which the tag has the last six digits.
    function minuteOf(uint256 amount, uint256 digits) private view returns (uint256) {
        uint256 now_ = block.timestamp / 1 minutes;
        uint256 ahead = (digits + MINUTES - now_ % MINUTES) % MINUTES;
        if (ahead > MAX_AHEAD) revert StaleAmount(amount);
        return now_ + ahead;
    }

    function checkOwner() private view {
        if (market.deviceRegistry().ownerOf(uint256(deviceId)) != msg.sender) revert NotOwner(msg.sender);
    }

    /// @dev What the account answers is not copied, for that would cost our gas.
    function sendCoins(address to, uint256 amount, uint256 gasLimit) private returns (bool success) {
        assembly ("memory-safe") {
            success := call(gasLimit, to, amount, 0, 0, 0, 0)
        }
    }
}

/// @dev Code that is data: terms as `abi.encode` gives them, which begin with a zero byte, the instruction STOP.
contract StoredTerms {
    constructor(bytes memory data) {
        assembly ("memory-safe") {
            return(add(data, 0x20), mload(data))
        }
    }
}
