// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Offers: what a device sells, what is ordered of it, and what follows from both
/// @notice Offers and orders are known by the EIP-712 hashes (hashStruct) of their fields, so no field of them needs
/// storage and none can change.
library Offers {
    /// @notice What the price is for one of. Times are booked in the device's calendar, products are not.
    enum Unit {
        Hour,
        Night,
        Stay,
        Product
    }

    /// @notice What one payee gets of the price of one unit.
    struct Share {
        address payee;
        uint96 amount;
    }

    /// @notice An offer. Fields that its unit does not use are zero.
    /// @param owner who makes it, and the device's owner at that time
    /// @param token ERC-20; zero for the chain's coin
    /// @param price of one unit, in the token's smallest
    /// @param isInstant an order is paid at once, and never refunded. Times only
    /// @param slot of the machine in which the product is. Products only
    /// @param maxQuantity of units in one order; 1 for a stay
    /// @param slotHours 1 for an hour; up to 24 from a night's beginning to its end; of a stay, as many as it has
    /// @param startHour of the day, by `utcOffset`, at which a night begins
    /// @param utcOffset the offer's time zone: minutes to be added to UTC, in quarters of an hour. Hours, stays and days
    /// begin by it
    /// @param fulfilWithin seconds from the order to the deadline, which for times is not after their beginning. Zero for
    /// instant offers
    /// @param weeklyHours, maxUses and actions: of the grant. Times only; never manage or own
    /// @param legalHash SHA-256 of the document with the legal terms; zero for none
    /// @param shares add up to the price
    struct Terms {
        bytes32 deviceId;
        address owner;
        address token;
        uint96 price;
        Unit unit;
        bool isInstant;
        uint16 slot;
        uint16 maxQuantity;
        uint16 slotHours;
        uint8 startHour;
        int16 utcOffset;
        uint32 fulfilWithin;
        bytes21 weeklyHours;
        uint16 maxUses;
        uint8 actions;
        bytes32 legalHash;
        Share[] shares;
    }

    /// @notice An order, but for its offer.
    /// @param payer who gets refunds, and may bind a fulfilled order to another key
    /// @param userKeyHash keccak256 of the user's P-256 key (x || y). Times only; zero for products
    /// @param start Unix time in seconds of the first hour, or of the first night's beginning; zero for products
    /// @param quantity of units
    /// @param nonce chosen by the buyer, so that he can order the same again
    /// @param validUntil Unix time in seconds: the last at which an order that is signed for a prepaid balance can be
    /// settled; zero for an order that is paid by whoever sends it
    struct Order {
        address payer;
        bytes32 userKeyHash;
        uint40 start;
        uint16 quantity;
        uint64 nonce;
        uint40 validUntil;
    }

    /// @notice An hour, night or stay of this offer does not begin then.
    error InvalidStart(uint40 start);
    /// @notice None, or more than the offer sells in one order.
    error InvalidQuantity(uint16 quantity);
    /// @notice Times are sold to a key, products are not.
    error InvalidKey(bytes32 userKeyHash);

    bytes32 private constant SHARE_TYPE = keccak256("Share(address payee,uint96 amount)");
    bytes32 private constant TERMS_TYPE = keccak256(
        "Terms(bytes32 deviceId,address owner,address token,uint96 price,uint8 unit,bool isInstant,uint16 slot,uint16 maxQuantity,uint16 slotHours,uint8 startHour,int16 utcOffset,uint32 fulfilWithin,bytes21 weeklyHours,uint16 maxUses,uint8 actions,bytes32 legalHash,Share[] shares)Share(address payee,uint96 amount)"
    );
    bytes32 private constant ORDER_TYPE = keccak256(
        "Order(bytes32 offerId,address payer,bytes32 userKeyHash,uint40 start,uint16 quantity,uint64 nonce,uint40 validUntil)"
    );

    /// @dev Of a Grant's actions (see the device protocol): open, vend, and the mark "also while the time is not known".
    uint8 private constant OPEN_OR_VEND = 0x03;
    uint8 private constant WITHOUT_TIME = 0x80;
    uint256 private constant MAX_SHARES = 16;
    /// @dev A year: what one order can touch of the calendar is bounded.
    uint256 private constant MAX_HOURS = 366 * 24;
    /// @dev 30 days: nobody's money is kept for longer without a grant or a product.
    uint32 private constant MAX_FULFIL_WITHIN = 30 days;

    /// @dev In the ABI, fields lie as in EIP-712's encodeData, one word each, so they are copied as they came. Words that do
    /// not fit their types make no offer (an event holds all of them), and so are of none: their hash is another.
    function idOf(Terms calldata terms) internal pure returns (bytes32 id) {
        Share[] calldata shares = terms.shares;
        bytes32 shareType = SHARE_TYPE;
        bytes32 termsType = TERMS_TYPE;
        assembly ("memory-safe") {
            // Behind what is in use: first a share and its type, and behind it the shares' hashes; then all of the terms.
            let free := mload(0x40)
            let hashes := add(free, 0x60)
            mstore(free, shareType)
            for { let i := 0 } lt(i, shares.length) { i := add(i, 1) } {
                calldatacopy(add(free, 0x20), add(shares.offset, mul(i, 0x40)), 0x40)
                mstore(add(hashes, mul(i, 0x20)), keccak256(free, 0x60))
            }
            let sharesHash := keccak256(hashes, mul(shares.length, 0x20))
            mstore(free, termsType)
            calldatacopy(add(free, 0x20), terms, 0x200)
            mstore(add(free, 0x220), sharesHash)
            id := keccak256(free, 0x240)
        }
    }

    /// @dev As for terms: words that do not fit their types open no order.
    function idOf(Order calldata order, bytes32 offerId) internal pure returns (bytes32 id) {
        bytes32 orderType = ORDER_TYPE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, orderType)
            mstore(add(free, 0x20), offerId)
            calldatacopy(add(free, 0x40), order, 0xc0)
            id := keccak256(free, 0x100)
        }
    }

    function isTime(Terms calldata terms) internal pure returns (bool) {
        return terms.unit != Unit.Product;
    }

    /// @notice Minutes past the full hour of UTC at which hours of this time zone begin: 0, 15, 30 or 45.
    function phaseOf(Terms calldata terms) internal pure returns (uint8) {
        return uint8(uint16((60 - (terms.utcOffset % 60)) % 60));
    }

    /// @notice Whether an order under these terms can be carried out.
    function isPossible(Terms calldata terms) internal pure returns (bool) {
        uint32 within = terms.fulfilWithin;
        return terms.price > 0 && terms.maxQuantity > 0
            && (isTime(terms) ? isPossibleTime(terms) : isPossibleProduct(terms))
            && (terms.isInstant ? within == 0 : within > 0 && within <= MAX_FULFIL_WITHIN)
            && areSharesPossible(terms);
    }

    function areSharesPossible(Terms calldata terms) private pure returns (bool) {
        if (terms.shares.length > MAX_SHARES) return false;
        uint256 sum = 0;
        for (uint256 i = 0; i < terms.shares.length; i++) {
            Share calldata share = terms.shares[i];
            if (share.payee == address(0) || share.amount == 0) return false;
            sum += share.amount;
        }
        return sum == terms.price;
    }

    function isPossibleTime(Terms calldata terms) private pure returns (bool) {
        Unit unit = terms.unit;
        uint16 slotHours = terms.slotHours;
        int16 offset = terms.utcOffset;
        uint8 actions = terms.actions;
        return (unit != Unit.Stay || terms.maxQuantity == 1) && terms.slot == 0
            && slotHours > 0 && slotHours <= (unit == Unit.Hour ? 1 : unit == Unit.Night ? 24 : MAX_HOURS)
            && lengthOf(terms, terms.maxQuantity) <= MAX_HOURS
            && terms.startHour < (unit == Unit.Night ? 24 : 1)
            // Kiribati is 14 hours ahead of UTC, Baker Island 12 behind.
            && offset % 15 == 0 && offset >= -720 && offset <= 840
            && actions & OPEN_OR_VEND != 0 && actions & ~(OPEN_OR_VEND | WITHOUT_TIME) == 0
            // Without the time uses are all that a lock can count.
            && (actions & WITHOUT_TIME == 0 || terms.maxUses > 0);
    }

    function isPossibleProduct(Terms calldata terms) private pure returns (bool) {
        return !terms.isInstant && terms.slotHours == 0 && terms.startHour == 0 && terms.utcOffset == 0
            && terms.weeklyHours == 0 && terms.maxUses == 0 && terms.actions == 0;
    }

    /// @notice Reverts unless these terms sell that: `InvalidQuantity`, `InvalidKey`, `InvalidStart`.
    function check(Order calldata order, Terms calldata terms) internal pure {
        if (order.quantity == 0 || order.quantity > terms.maxQuantity) revert InvalidQuantity(order.quantity);
        if ((order.userKeyHash != 0) != isTime(terms)) revert InvalidKey(order.userKeyHash);
        if (!isTime(terms)) {
            if (order.start != 0) revert InvalidStart(order.start);
            return;
        }
        (int256 period, int256 begin) = terms.unit == Unit.Night
            ? (int256(1 days), int256(uint256(terms.startHour)) * 1 hours)
            : (int256(1 hours), int256(0));
        int256 local = int256(uint256(order.start)) + int256(terms.utcOffset) * 1 minutes;
        if (local % period != begin) revert InvalidStart(order.start);
        if (endOf(order, terms) > type(uint40).max) revert InvalidStart(order.start);
    }

    /// @notice The first second, in Unix time, after what was ordered.
    function endOf(Order calldata order, Terms calldata terms) internal pure returns (uint256) {
        return order.start + lengthOf(terms, order.quantity) * 1 hours;
    }

    /// @notice What was ordered, in hours of the calendar: from `first` to before `end`.
    function hoursOf(Order calldata order, Terms calldata terms) internal pure returns (uint256 first, uint256 end) {
        // Hours of a device all begin at the same minute, so the full hour of UTC tells them apart.
        first = order.start / 1 hours;
        end = first + lengthOf(terms, order.quantity);
    }

    /// @dev In hours. From the first night's beginning to the last one's end, the days between included.
    function lengthOf(Terms calldata terms, uint16 quantity) private pure returns (uint256) {
        if (terms.unit == Unit.Night) return (uint256(quantity) - 1) * 24 + terms.slotHours;
        return uint256(quantity) * terms.slotHours;
    }
}
