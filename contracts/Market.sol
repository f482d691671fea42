// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DeviceRegistry} from "./DeviceRegistry.sol";
import {Assets} from "./lib/Assets.sol";
import {Calendar} from "./lib/Calendar.sol";
import {Consent} from "./lib/Consent.sol";
import {Ledger} from "./lib/Ledger.sol";
import {Offers} from "./lib/Offers.sol";
import {P256} from "./lib/P256.sol";

/// @title Market: devices sell time and products
/// @notice An order is paid into escrow. Then it is either fulfilled, and the shares of its offer are earned, or refunded,
/// never both. What fulfils a time is the issuer's grant, and what fulfils a product is the device's own receipt; the
/// contract rebuilds each of their fields from the order, so nobody is paid for a grant that the lock would refuse. An
/// instant offer is paid at once, never refunded, and its grant is proven to the lock by an event.
/// @dev Nobody owns the contract, and nothing in it can be upgraded. It calls the DeviceRegistry and the P-256 precompile,
/// tokens, accounts that asked to be paid or get a refund, and, statically, contracts that consent (ERC-1271).
///
/// Offers and orders are known by the hashes of their fields. So an order's id is known before it is on chain, and a device
/// can sign a receipt for an order that is not; nobody can order in advance of somebody under changed terms; and one word
/// each says what became of them. An order's word is never zero again, so no order is opened twice.
///
/// What is sold is counted in the offer's word, whoever has shares in it: the amounts are shared out when somebody
/// withdraws. So a sale costs the same with any number of payees, and no payee can make another's fail.
///
/// Signatures are EIP-712 in the domain {name "Fob", version "1", chainId, verifyingContract}. Those of issuers and devices
/// are P-256 over `sha256` of the 32-byte digest. Nothing is keyed on signatures.
///
/// Storage is written to be read by proof (EIP-1186); `contracts/generated` exports the slots' layout.
contract Market is Ledger {
    using Offers for Offers.Terms;
    using Offers for Offers.Order;
    using Calendar for mapping(uint256 word => Calendar.Word);

    enum OfferStatus {
        Unknown,
        Live,
        Paused
    }

    /// @notice What is known of an offer: one slot. Amounts are in units, each worth the offer's price.
    /// @param counter of the device's last claim or hand-over when the offer was made: it ends with the next
    /// @param sold in all, refunds not counted
    /// @param shared of those, how many the payees were credited with
    struct Offer {
        uint48 counter;
        OfferStatus status;
        uint64 sold;
        uint64 shared;
    }

    enum OrderStatus {
        Unknown,
        Open,
        Fulfilled,
        Refunded
    }

    /// @notice What became of an order: one slot.
    /// @param deadline Unix time in seconds: the last at which it can be fulfilled; zero where it was fulfilled at once
    /// @param seq of the grants that hold: one more each time that the order was bound to another key
    /// @param logBlock block in which it was opened
    /// @param epoch of the grant that fulfilled it; zero for products, and before
    struct OrderState {
        OrderStatus status;
        uint40 deadline;
        uint32 seq;
        uint48 logBlock;
        uint32 epoch;
    }

    /// @notice A device's word on the end of a sale.
    /// @param quantity of units that dropped, from 1 to those ordered; of a failure, those ordered
    /// @param outcome 1: dropped, 2: failed
    /// @param counter of the device's receipts
    struct Receipt {
        uint16 quantity;
        uint8 outcome;
        uint48 counter;
    }

    /// @dev At which minute of the hour a device's hours begin: fixed by its first offer of times.
    struct Phase {
        uint8 minute;
        bool isFixed;
    }

    /// @notice An offer was made, with all its terms.
    event OfferMade(
        bytes32 indexed offerId, bytes32 indexed deviceId, address indexed owner, Offers.Terms terms
    );
    /// @notice New orders are stopped, or taken again.
    event OfferPaused(bytes32 indexed offerId, bool isPaused);
    /// @notice The words from `firstWord` of a device's calendar now have these hours open, and no others.
    event HoursOpened(bytes32 indexed deviceId, uint32 firstWord, uint128[] open);
    /// @notice An order was opened, or settled at once. `deadline` is zero if there is nothing to wait for.
    event Ordered(
        bytes32 indexed orderId,
        bytes32 indexed offerId,
        address indexed payer,
        bytes32 userKeyHash,
        uint40 start,
        uint16 quantity,
        uint64 nonce,
        uint40 validUntil,
        uint40 deadline
    );
    /// @notice The issuer's grant for an order was handed in: with what is known of the order, all that its user needs.
    event Fulfilled(bytes32 indexed orderId, bytes32 indexed offerId, uint32 epoch, bytes32 r, bytes32 s);
    /// @notice The device's receipt was handed in: `quantity` units dropped.
    event Sold(bytes32 indexed orderId, bytes32 indexed offerId, uint16 quantity, uint48 counter);
    /// @notice The payer gets `amount` back: sent to him, or else kept for him to withdraw.
    event Refunded(bytes32 indexed orderId, address indexed payer, uint256 amount, bool isSent);
    /// @notice The device's grant with this digest is paid for and can't be refunded: a lock takes proof of this event.
    event GrantedInstant(bytes32 indexed deviceId, bytes32 indexed grantDigest);
    /// @notice The order's payer has bound it to another key: only grants with this `seq` hold from now on.
    event Rebound(bytes32 indexed orderId, bytes32 userKeyHash, uint32 seq);
    /// @notice What `units` units of an offer earned was credited to its payees.
    event Shared(bytes32 indexed offerId, uint64 units);

    /// @notice Only the device's owner may do this, and an offer names him.
    error NotOwner(bytes32 deviceId, address caller);
    /// @notice The terms contradict themselves, or leave something out.
    error InvalidTerms();
    /// @notice The device has hours that begin at another minute.
    error InvalidPhase(uint8 minute, uint8 given);
    /// @notice The owner has made no such offer.
    error UnknownOffer(bytes32 offerId);
    /// @notice The owner takes no new orders.
    error OfferIsPaused(bytes32 offerId);
    /// @notice The device has changed hands since the offer was made.
    error OfferEnded(bytes32 offerId);
    /// @notice The owner has reported the device lost or stolen: nobody is paid for grants of it.
    error DeviceIsReported(bytes32 deviceId);
    /// @notice This was ordered before.
    error AlreadyOrdered(bytes32 orderId);
    /// @notice Nobody ordered this, or it was fulfilled or refunded.
    error NotOpen(bytes32 orderId, OrderStatus status);
    /// @notice Nobody gets the money that would be refunded, or the order says that it is paid in another way.
    error InvalidPayment();
    /// @notice Too late, by Unix time in seconds.
    error Expired(uint256 deadline);
    /// @notice Not before the deadline has passed.
    error NotExpired(uint256 deadline);
    /// @notice Grants fulfil times, receipts fulfil products.
    error WrongEvidence(bytes32 orderId);
    /// @notice The device's filed Config names another Market.
    error ForeignConfig(bytes32 deviceId, address market);
    /// @notice Not the grant that the order asks for, or not signed by the issuer of the device's filed Config.
    error InvalidGrant(bytes32 orderId);
    /// @notice Not signed by the order's device, or not about this order.
    error InvalidReceipt(bytes32 orderId);
    /// @notice The person has neither sent the transaction nor signed just this.
    error ConsentMissing(address account);
    /// @notice Only an order that was fulfilled with a grant is bound to another key, `seq` by `seq`.
    error NotRebindable(bytes32 orderId, uint32 seq);

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant GRANT_TYPE = keccak256(
        "Grant(bytes32 deviceId,uint256 orderId,bytes32 userKeyHash,uint40 notBefore,uint40 notAfter,bytes21 weeklyHours,uint16 maxUses,uint8 actions,uint32 epoch,uint32 seq)"
    );
    bytes32 private constant RECEIPT_TYPE = keccak256(
        "SaleReceipt(bytes32 deviceId,uint256 orderId,uint16 slot,uint16 quantity,uint8 outcome,uint48 counter)"
    );
    bytes32 private constant PREPAID_ORDER_TYPE = keccak256(
        "PrepaidOrder(bytes32 orderId,bytes32 deviceId,address token,uint256 amount,uint40 validUntil)"
    );
    bytes32 private constant KEY_REBINDING_TYPE =
        keccak256("KeyRebinding(bytes32 orderId,bytes32 userKeyHash,uint32 seq)");

    uint8 private constant DROPPED = 1;
    uint8 private constant FAILED = 2;

    /// @notice Where devices' owners and Configs are read.
    DeviceRegistry public immutable deviceRegistry;

    mapping(bytes32 offerId => Offer) private offers;
    mapping(bytes32 orderId => OrderState) private orders;
    mapping(bytes32 deviceId => mapping(uint256 word => Calendar.Word)) private calendars;
    mapping(bytes32 deviceId => Phase) private phases;
    mapping(bytes32 orderId => bytes32) private reboundKeys;

    /// @notice Reverts with `P256Missing` on a chain that can't verify signatures of devices.
    constructor(DeviceRegistry registry) {
        P256.selfTest();
        deviceRegistry = registry;
    }

    // --- the owner ----------------------------------------------------------------------------------------------------

    /// @notice Makes an offer for a device that the sender owns, and opens hours of its calendar. Made again, an offer is
    /// live again, also after the device came back to the same owner.
    /// @param open as for `openHours`; empty to leave the calendar as it is
    function makeOffer(Offers.Terms calldata terms, uint32 firstWord, uint128[] calldata open)
        external
        returns (bytes32 offerId)
    {
        DeviceRegistry.Device memory device = deviceRegistry.deviceOf(terms.deviceId);
        if (device.owner != msg.sender || terms.owner != msg.sender) revert NotOwner(terms.deviceId, msg.sender);
        if (!terms.isPossible()) revert InvalidTerms();
        if (terms.isTime()) {
            Phase storage phase = phases[terms.deviceId];
            uint8 minute = terms.phaseOf();
            if (!phase.isFixed) (phase.minute, phase.isFixed) = (minute, true);
            else if (phase.minute != minute) revert InvalidPhase(phase.minute, minute);
        }
        offerId = terms.idOf();
        Offer storage offer = offers[offerId];
        offer.counter = device.counter;
        offer.status = OfferStatus.Live;
        emit OfferMade(offerId, terms.deviceId, msg.sender, terms);
        if (open.length > 0) _openHours(terms.deviceId, firstWord, open);
    }

    /// @notice Takes no new orders for an offer, or takes them again. Who made it, alone. Orders that were paid stay.
    function setPaused(Offers.Terms calldata terms, bool isPaused) external {
        if (terms.owner != msg.sender) revert NotOwner(terms.deviceId, msg.sender);
        (bytes32 offerId, Offer storage offer) = _offer(terms);
        offer.status = isPaused ? OfferStatus.Paused : OfferStatus.Live;
        emit OfferPaused(offerId, isPaused);
    }

    /// @notice Says which hours of a device are for sale, for all its offers. Only the owner. Closing hours that are booked
    /// takes them from nobody, and opening them does not sell them twice.
    /// @param firstWord hours are counted from the Unix epoch, 128 to a word
    /// @param open one word of hours after the other; hour 128 * word + i is bit i, from the low end
    function openHours(bytes32 deviceId, uint32 firstWord, uint128[] calldata open) external {
        if (deviceRegistry.ownerOf(uint256(deviceId)) != msg.sender) revert NotOwner(deviceId, msg.sender);
        _openHours(deviceId, firstWord, open);
    }

    // --- the buyer ----------------------------------------------------------------------------------------------------

    /// @notice Orders, and pays the price of what is ordered: of coins, just what is sent along; of a token, what this
    /// contract may take. Anybody may pay for anybody.
    function order(Offers.Terms calldata terms, Offers.Order calldata ordered)
        external
        payable
        once
        returns (bytes32 orderId)
    {
        orderId = _order(terms, ordered);
    }

    /// @notice The same, with a permit (ERC-2612) of the sender.
    function orderWithPermit(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        Assets.Permit calldata permit
    ) external once returns (bytes32 orderId) {
        Assets.permit(terms.token, permit);
        orderId = _order(terms, ordered);
    }

    /// @notice Opens an order that is paid from the payer's prepaid balance. Anybody may, with the payer's signature.
    /// @param consent the payer's, of `PrepaidOrder`, in one of the forms of `Consent`; empty where he sends this
    function orderPrepaid(Offers.Terms calldata terms, Offers.Order calldata ordered, bytes calldata consent)
        external
        returns (bytes32 orderId)
    {
        bytes32 offerId;
        uint256 amount;
        (offerId, orderId, amount) = _open(terms, ordered);
        _checkPrepaid(terms, ordered, orderId, amount, consent);
        _charge(ordered.payer, terms.token, amount);
    }

    /// @notice Binds a fulfilled order to another key, as when the user's phone is lost. Anybody may, with the payer's
    /// signature. Not before it is fulfilled: a grant that is on its way could be made to miss its order.
    /// @param seq one more than the order's present
    /// @param consent the payer's, of `KeyRebinding`, in one of the forms of `Consent`; empty where he sends this
    function rebind(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 userKeyHash,
        uint32 seq,
        bytes calldata consent
    ) external {
        bytes32 orderId = ordered.idOf(terms.idOf());
        OrderState storage state = orders[orderId];
        if (state.status != OrderStatus.Fulfilled || !terms.isTime() || seq != uint256(state.seq) + 1) {
            revert NotRebindable(orderId, state.seq);
        }
        if (userKeyHash == 0) revert Offers.InvalidKey(userKeyHash);
        bytes32 digest = _digest(keccak256(abi.encode(KEY_REBINDING_TYPE, orderId, userKeyHash, seq)));
        if (!Consent.isGiven(ordered.payer, digest, consent)) revert ConsentMissing(ordered.payer);
        state.seq = seq;
        reboundKeys[orderId] = userKeyHash;
        emit Rebound(orderId, userKeyHash, seq);
        // Of the epoch of then: who ends all keys ends this one too, and it is his to sign another.
        if (terms.isInstant) _grantInstant(terms, ordered, orderId, userKeyHash, state.epoch, seq);
    }

    /// @notice Gives the payer of an open order his money back, once the deadline has passed. Anybody may.
    function refund(Offers.Terms calldata terms, Offers.Order calldata ordered) external once {
        (, bytes32 orderId, OrderState storage state) = _opened(terms, ordered);
        if (block.timestamp <= state.deadline) revert NotExpired(state.deadline);
        _refund(terms, ordered, orderId, state);
    }

    // --- the evidence -------------------------------------------------------------------------------------------------

    /// @notice Hands in the issuer's grant for an open order of a time, until the deadline. Anybody may.
    /// @param r and s: the signature by the issuer key of the device's filed Config, of the Grant with `seq` 0 and the
    /// filed epoch
    function fulfil(Offers.Terms calldata terms, Offers.Order calldata ordered, bytes32 r, bytes32 s) external {
        (bytes32 offerId, bytes32 orderId, OrderState storage state) = _opened(terms, ordered);
        if (!terms.isTime()) revert WrongEvidence(orderId);
        if (block.timestamp > state.deadline) revert Expired(state.deadline);
        DeviceRegistry.FiledConfig memory config = _configOf(terms.deviceId);
        bytes32 digest = _grantDigest(terms, ordered, orderId, ordered.userKeyHash, config.epoch, 0);
        if (!P256.isSigned(digest, P256.Signature(config.issuerX, config.issuerY, r, s))) {
            revert InvalidGrant(orderId);
        }
        state.status = OrderStatus.Fulfilled;
        state.epoch = config.epoch;
        offers[offerId].sold += ordered.quantity;
        emit Fulfilled(orderId, offerId, config.epoch, r, s);
    }

    /// @notice Hands in the device's receipt for an open order of products. Anybody may. What dropped is earned, if this is
    /// not after the deadline; what did not drop is refunded.
    function handIn(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        Receipt calldata receipt,
        P256.Signature calldata signature
    ) external once {
        (bytes32 offerId, bytes32 orderId, OrderState storage state) = _opened(terms, ordered);
        _checkReceipt(terms, ordered, orderId, receipt, signature);
        if (receipt.outcome == FAILED) {
            _refund(terms, ordered, orderId, state);
            return;
        }
        if (block.timestamp > state.deadline) revert Expired(state.deadline);
        state.status = OrderStatus.Fulfilled;
        offers[offerId].sold += receipt.quantity;
        emit Sold(orderId, offerId, receipt.quantity, receipt.counter);
        uint256 left = ordered.quantity - receipt.quantity;
        if (left > 0) _giveBack(ordered.payer, terms.token, left * terms.price, orderId);
    }

    /// @notice Opens and fulfils at once an order of products that is paid from the payer's prepaid balance: only what
    /// dropped is charged. Anybody may, until the order's `validUntil`. That the offer has ended or is paused does not
    /// matter: the device has sold.
    /// @param consent the payer's, of `PrepaidOrder`, in one of the forms of `Consent`; empty where he sends this
    /// @param receipt of the outcome `dropped`: after a failure there is nothing to settle
    function settle(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes calldata consent,
        Receipt calldata receipt,
        P256.Signature calldata signature
    ) external {
        (bytes32 offerId, Offer storage offer) = _offer(terms);
        bytes32 orderId = ordered.idOf(offerId);
        OrderState storage state = orders[orderId];
        if (state.status != OrderStatus.Unknown) revert AlreadyOrdered(orderId);
        ordered.check(terms);
        _checkPrepaid(terms, ordered, orderId, uint256(terms.price) * ordered.quantity, consent);
        _checkReceipt(terms, ordered, orderId, receipt, signature);
        if (receipt.outcome == FAILED) revert InvalidReceipt(orderId);
        _begin(state, OrderStatus.Fulfilled, 0, 0);
        offer.sold += receipt.quantity;
        _logOrder(ordered, orderId, offerId, 0);
        emit Sold(orderId, offerId, receipt.quantity, receipt.counter);
        _charge(ordered.payer, terms.token, uint256(terms.price) * receipt.quantity);
    }

    // --- the payees ---------------------------------------------------------------------------------------------------

    /// @notice Shares out what these offers have earned, and pays out all that is kept for the sender.
    /// @param earned any offers, of any token; empty to take what was shared out already
    /// @param to the sender himself, or where he wants it
    function withdraw(Offers.Terms[] calldata earned, address token, address to) external once {
        _share(earned);
        _withdraw(msg.sender, token, to);
    }

    /// @notice The same for somebody else, to his account. Anybody may.
    function payOut(Offers.Terms[] calldata earned, address token, address account) external once {
        _share(earned);
        _withdraw(account, token, account);
    }

    // --- reading ------------------------------------------------------------------------------------------------------

    /// @notice What is known of an offer; all zero if it was not made.
    function offerOf(bytes32 offerId) external view returns (Offer memory) {
        return offers[offerId];
    }

    /// @notice What became of an order; all zero if there is none.
    function orderOf(bytes32 orderId) external view returns (OrderState memory) {
        return orders[orderId];
    }

    /// @notice The key that an order was bound to last; zero if it is that of the order.
    function reboundKeyOf(bytes32 orderId) external view returns (bytes32) {
        return reboundKeys[orderId];
    }

    /// @notice 128 hours of a device, as in `openHours`.
    function hoursOf(bytes32 deviceId, uint32 word) external view returns (Calendar.Word memory) {
        return calendars[deviceId][word];
    }

    /// @notice At which minute past the full hour of UTC a device's hours begin, and whether that is fixed.
    function phaseOf(bytes32 deviceId) external view returns (Phase memory) {
        return phases[deviceId];
    }

    /// @notice EIP-712's hashStruct of the terms.
    function offerIdOf(Offers.Terms calldata terms) external pure returns (bytes32) {
        return terms.idOf();
    }

    /// @notice EIP-712's hashStruct of the order and its offer's id.
    function orderIdOf(bytes32 offerId, Offers.Order calldata ordered) external pure returns (bytes32) {
        return ordered.idOf(offerId);
    }

    // --- the parts of the above ---------------------------------------------------------------------------------------

    function _offer(Offers.Terms calldata terms) private view returns (bytes32 offerId, Offer storage offer) {
        offerId = terms.idOf();
        offer = offers[offerId];
        if (offer.status == OfferStatus.Unknown) revert UnknownOffer(offerId);
    }

    function _openHours(bytes32 deviceId, uint32 firstWord, uint128[] calldata open) private {
        mapping(uint256 word => Calendar.Word) storage words = calendars[deviceId];
        for (uint256 i = 0; i < open.length; i++) {
            words[firstWord + i].open = open[i];
        }
        emit HoursOpened(deviceId, firstWord, open);
    }

    function _order(Offers.Terms calldata terms, Offers.Order calldata ordered) private returns (bytes32 orderId) {
        if (ordered.validUntil != 0) revert InvalidPayment();
        uint256 amount;
        (, orderId, amount) = _open(terms, ordered);
        Assets.take(terms.token, amount);
    }

    /// @dev All of an order but the payment.
    function _open(Offers.Terms calldata terms, Offers.Order calldata ordered)
        private
        returns (bytes32 offerId, bytes32 orderId, uint256 amount)
    {
        Offer storage offer;
        (offerId, offer) = _offer(terms);
        if (offer.status != OfferStatus.Live) revert OfferIsPaused(offerId);
        if (deviceRegistry.counterOf(terms.deviceId) != offer.counter) revert OfferEnded(offerId);
        if (ordered.payer == address(0)) revert InvalidPayment();
        ordered.check(terms);
        amount = uint256(terms.price) * ordered.quantity;
        orderId = ordered.idOf(offerId);
        OrderState storage state = orders[orderId];
        if (state.status != OrderStatus.Unknown) revert AlreadyOrdered(orderId);

        if (terms.isTime()) {
            (uint256 first, uint256 end) = ordered.hoursOf(terms);
            calendars[terms.deviceId].book(first, end);
        }
        if (terms.isInstant) {
            if (block.timestamp >= ordered.endOf(terms)) revert Expired(ordered.endOf(terms));
            offer.sold += ordered.quantity;
            uint32 epoch = _configOf(terms.deviceId).epoch;
            _begin(state, OrderStatus.Fulfilled, 0, epoch);
            _logOrder(ordered, orderId, offerId, 0);
            _grantInstant(terms, ordered, orderId, ordered.userKeyHash, epoch, 0);
        } else {
            uint256 deadline = _deadlineOf(terms, ordered);
            if (block.timestamp >= deadline) revert Expired(deadline);
            _begin(state, OrderStatus.Open, uint40(deadline), 0);
            _logOrder(ordered, orderId, offerId, uint40(deadline));
        }
    }

    /// @dev The whole slot in one write, at the offsets of the struct's members; `seq` is 0.
    function _begin(OrderState storage state, OrderStatus status, uint40 deadline, uint32 epoch) private {
        assembly ("memory-safe") {
            let block_ := and(number(), 0xffffffffffff)
            sstore(state.slot, or(or(status, shl(8, deadline)), or(shl(80, block_), shl(128, epoch))))
        }
    }

    /// @dev A grant must not be of use before it is paid for or refunded. And whoever holds a signed order of products and
    /// relies on its `validUntil` must not lose by somebody's opening it.
    function _deadlineOf(Offers.Terms calldata terms, Offers.Order calldata ordered) private view returns (uint256) {
        if (!terms.isTime() && ordered.validUntil != 0) return ordered.validUntil;
        uint256 deadline = block.timestamp + terms.fulfilWithin;
        return terms.isTime() && ordered.start < deadline ? ordered.start : deadline;
    }

    function _logOrder(Offers.Order calldata ordered, bytes32 orderId, bytes32 offerId, uint40 deadline) private {
        emit Ordered(
            orderId,
            offerId,
            ordered.payer,
            ordered.userKeyHash,
            ordered.start,
            ordered.quantity,
            ordered.nonce,
            ordered.validUntil,
            deadline
        );
    }

    function _opened(Offers.Terms calldata terms, Offers.Order calldata ordered)
        private
        view
        returns (bytes32 offerId, bytes32 orderId, OrderState storage state)
    {
        offerId = terms.idOf();
        orderId = ordered.idOf(offerId);
        state = orders[orderId];
        if (state.status != OrderStatus.Open) revert NotOpen(orderId, state.status);
    }

    function _refund(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 orderId,
        OrderState storage state
    ) private {
        state.status = OrderStatus.Refunded;
        if (terms.isTime()) {
            (uint256 first, uint256 end) = ordered.hoursOf(terms);
            calendars[terms.deviceId].free(first, end);
        }
        _giveBack(ordered.payer, terms.token, uint256(terms.price) * ordered.quantity, orderId);
    }

    /// @dev A stranger who paid from any wallet knows nothing of withdrawing, so the money is sent to him; an account that
    /// does not take it finds it here.
    function _giveBack(address payer, address token, uint256 amount, bytes32 orderId) private {
        bool isSent = Assets.offer(token, payer, amount);
        if (!isSent) balances[payer][token] += amount;
        emit Refunded(orderId, payer, amount, isSent);
    }

    function _share(Offers.Terms[] calldata earned) private {
        for (uint256 i = 0; i < earned.length; i++) {
            Offers.Terms calldata terms = earned[i];
            (bytes32 offerId, Offer storage offer) = _offer(terms);
            uint64 units = offer.sold - offer.shared;
            if (units == 0) continue;
            offer.shared = offer.sold;
            for (uint256 j = 0; j < terms.shares.length; j++) {
                Offers.Share calldata share = terms.shares[j];
                balances[share.payee][terms.token] += uint256(share.amount) * units;
            }
            emit Shared(offerId, units);
        }
    }

    function _checkPrepaid(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 orderId,
        uint256 amount,
        bytes calldata consent
    ) private view {
        if (ordered.validUntil == 0 || ordered.payer == address(0)) revert InvalidPayment();
        if (block.timestamp > ordered.validUntil) revert Expired(ordered.validUntil);
        bytes32 digest = _digest(
            keccak256(
                abi.encode(
                    PREPAID_ORDER_TYPE, orderId, terms.deviceId, terms.token, amount, ordered.validUntil
                )
            )
        );
        if (!Consent.isGiven(ordered.payer, digest, consent)) revert ConsentMissing(ordered.payer);
    }

    function _checkReceipt(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 orderId,
        Receipt calldata receipt,
        P256.Signature calldata signature
    ) private view {
        if (terms.isTime()) revert WrongEvidence(orderId);
        uint16 quantity = receipt.quantity;
        bool isDropped = receipt.outcome == DROPPED && quantity > 0 && quantity <= ordered.quantity;
        bool isFailed = receipt.outcome == FAILED && quantity == ordered.quantity;
        bytes32 digest = _digest(
            keccak256(
                abi.encode(
                    RECEIPT_TYPE, terms.deviceId, orderId, terms.slot, quantity, receipt.outcome, receipt.counter
                )
            )
        );
        bool isDevice = keccak256(abi.encode(signature.x, signature.y)) == terms.deviceId;
        if (!(isDropped || isFailed) || !isDevice || !P256.isSigned(digest, signature)) {
            revert InvalidReceipt(orderId);
        }
    }

    function _grantInstant(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 orderId,
        bytes32 userKeyHash,
        uint32 epoch,
        uint32 seq
    ) private {
        bytes32 digest = _grantDigest(terms, ordered, orderId, userKeyHash, epoch, seq);
        emit GrantedInstant(terms.deviceId, digest);
    }

    /// @dev Of a device that can be opened, as far as is known.
    function _configOf(bytes32 deviceId) private view returns (DeviceRegistry.FiledConfig memory config) {
        if (deviceRegistry.deviceOf(deviceId).report != DeviceRegistry.Report.None) revert DeviceIsReported(deviceId);
        config = deviceRegistry.configOf(deviceId);
        if (config.market != address(this)) revert ForeignConfig(deviceId, config.market);
    }

    function _grantDigest(
        Offers.Terms calldata terms,
        Offers.Order calldata ordered,
        bytes32 orderId,
        bytes32 userKeyHash,
        uint32 epoch,
        uint32 seq
    ) private view returns (bytes32) {
        return _digest(
            keccak256(
                abi.encode(
                    GRANT_TYPE,
                    terms.deviceId,
                    orderId,
                    userKeyHash,
                    ordered.start,
                    ordered.endOf(terms),
                    terms.weeklyHours,
                    terms.maxUses,
                    terms.actions,
                    epoch,
                    seq
                )
            )
        );
    }

    /// @dev EIP-712. The domain is hashed each time, so that it is right on both sides of a fork.
    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Fob"), keccak256("1"), block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
