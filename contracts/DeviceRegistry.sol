// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consent} from "./lib/Consent.sol";
import {LockedToken} from "./lib/LockedToken.sol";
import {P256} from "./lib/P256.sol";

/// @title DeviceRegistry: who owns a device, which account is its own, and which Config it has taken
/// @notice A device is its P-256 key: `deviceId = keccak256(x || y)`. What changes its owner or its filed Config needs the
/// device's own signature, so somebody who stands next to it and whom it obeys.
/// @dev Nobody owns the registry, nothing in it can be upgraded, and it takes no money. It calls the P-256 precompile,
/// and, statically, a contract that is party to a hand-over (ERC-1271).
///
/// Statements are EIP-712 in the domain {name "Fob", version "1", chainId, verifyingContract}, so none holds on another
/// chain or registry. A device's signature is P-256 over `sha256` of the 32-byte digest. Claims and hand-overs of a device
/// share a counter that only grows, and each has a deadline: none holds twice, and an older one dies with a newer one.
///
/// That a device is registered says nothing of its maker: anybody can make a key and claim it. And an account's being
/// named by a device says nothing of the account: its consent is not asked, since all that can be done with a foreign
/// account is to have one's own device earn for it. Nothing may be concluded from an account to a device.
///
/// Storage is written to be read by proof (EIP-1186); `contracts/generated` exports the slots' layout. The events of a
/// device are a list from the newest back: `Device.logBlock` is the block of the last, and each names the block of the one
/// before it (the same block where one holds several: the first of them points further back). Likewise for what an
/// account came to own: `Holder.logBlock`, then `ownerPreviousBlock`. On chains whose BLOCKNUMBER opcode does not count
/// their own blocks these hints are of no use; nothing else depends on them.
contract DeviceRegistry is LockedToken {
    /// @notice What the owner says of a device's whereabouts.
    enum Report {
        None,
        Lost,
        Stolen
    }

    /// @notice A claimed device: three slots.
    /// @param owner zero if the device is not registered
    /// @param counter of the last claim or hand-over. It differs after each, so who has stored it sees that the device
    /// has changed hands
    /// @param logBlock block of the device's last event in this registry, other than `UpdateUser`
    /// @param account the device account
    /// @param report by the owner
    /// @param modelId as the device has signed it; FirmwareRegistry knows what it means
    struct Device {
        address owner;
        uint48 counter;
        uint48 logBlock;
        address account;
        Report report;
        bytes32 modelId;
    }

    /// @notice The part of the filed Config that other contracts need: three slots. The whole is in `ConfigFiled`.
    /// @param issuerX and issuerY: the P-256 key that signs grants; both zero for none
    /// @param market the Market whose grants the device takes; zero for none
    /// @param version 0 if none was filed
    /// @param epoch the lowest that a grant may have
    struct FiledConfig {
        bytes32 issuerX;
        bytes32 issuerY;
        address market;
        uint32 version;
        uint32 epoch;
    }

    /// @notice A Config as the owner key has signed it and the device has taken it.
    /// @param attestorThreshold how many of the attestors must sign
    /// @param attestorKeys P-256, x || y, 64 bytes each, one after the other
    struct Config {
        uint32 version;
        bytes32 issuerX;
        bytes32 issuerY;
        uint8 attestorThreshold;
        bytes attestorKeys;
        uint32 epoch;
        address market;
    }

    /// @notice What is known of an account as owner.
    /// @param balance how many devices it owns
    /// @param logBlock block in which it last came to own one
    struct Holder {
        uint128 balance;
        uint48 logBlock;
    }

    /// @notice A device was claimed: the first entry of its custody log. x, y: its public key.
    event Claimed(
        bytes32 indexed deviceId,
        address indexed owner,
        address indexed account,
        bytes32 modelId,
        bytes32 x,
        bytes32 y,
        uint48 counter,
        uint48 ownerPreviousBlock
    );
    /// @notice A device changed hands; owner and account may also have stayed with the same person.
    event HandedOver(
        bytes32 indexed deviceId,
        address indexed owner,
        address indexed account,
        address previousOwner,
        address previousAccount,
        uint48 counter,
        uint48 previousBlock,
        uint48 ownerPreviousBlock
    );
    /// @notice A Config that the device has taken was filed.
    event ConfigFiled(bytes32 indexed deviceId, Config config, uint48 previousBlock);
    /// @notice The owner reported the device lost or stolen, or found again (`None`).
    event Reported(bytes32 indexed deviceId, Report report, uint48 previousBlock);

    /// @notice The device has an owner already: it changes by `handOver`.
    error AlreadyClaimed(bytes32 deviceId);
    /// @notice Not signed by this device, for this chain and registry, with just these values and low s.
    error InvalidDeviceSignature(bytes32 deviceId);
    /// @notice The person has neither sent the transaction nor signed just this.
    error ConsentMissing(address account);
    /// @notice A statement with this counter or a greater one was taken before.
    error CounterNotGreater(uint48 last, uint48 given);
    /// @notice The statement's deadline (Unix time in seconds) has passed.
    error Expired(uint40 deadline);
    /// @notice A device account is not zero, and a hand-over replaces it.
    error InvalidAccount(address account);
    /// @notice The device is reported lost or stolen: it does not change hands until the owner takes that back.
    error DeviceReported(bytes32 deviceId, Report report);
    /// @notice Only the owner may do this.
    error NotOwner(bytes32 deviceId, address caller);
    /// @notice Only the owner and the device account may file a Config.
    error NotOwnerOrAccount(bytes32 deviceId, address caller);
    /// @notice Only the owner and the Market of the filed Config may set a user.
    error NotOwnerOrMarket(bytes32 deviceId, address caller);
    /// @notice The filed Config has this version or a greater one.
    error VersionNotGreater(uint32 filed, uint32 given);

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant CLAIM_TYPE = keccak256(
        "DeviceClaim(bytes32 deviceId,address owner,address account,bytes32 modelId,uint48 counter,uint40 deadline)"
    );
    bytes32 private constant DEVICE_HAND_OVER_TYPE = keccak256(
        "DeviceHandOver(bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline)"
    );
    bytes32 private constant HAND_OVER_GIVEN_TYPE = keccak256(
        "HandOverGiven(bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline)"
    );
    bytes32 private constant HAND_OVER_ACCEPTED_TYPE = keccak256(
        "HandOverAccepted(bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline)"
    );
    bytes32 private constant CONFIG_TYPE = keccak256(
        "DeviceConfig(bytes32 deviceId,uint32 version,bytes32 issuerX,bytes32 issuerY,uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address market)"
    );
    bytes32 private constant CONFIG_TAKEN_TYPE = keccak256(
        "ConfigTaken(DeviceConfig config)DeviceConfig(bytes32 deviceId,uint32 version,bytes32 issuerX,bytes32 issuerY,uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address market)"
    );

    mapping(bytes32 deviceId => Device) private devices;
    mapping(bytes32 deviceId => FiledConfig) private configs;
    mapping(address owner => Holder) private holders;

    /// @notice Reverts with `P256Missing` on a chain that can't verify the devices' signatures.
    constructor() {
        P256.selfTest();
    }

    // --- custody ------------------------------------------------------------------------------------------------------

    /// @notice Registers the caller as the owner of a device that has none. The device has signed `DeviceClaim` with the
    /// caller as owner, so a copied transaction is of no use to anybody else, and nobody becomes owner unasked.
    /// @param account the device account
    /// @param counter greater than 0
    /// @param deadline Unix time in seconds, inclusive
    function claim(
        address account,
        bytes32 modelId,
        uint48 counter,
        uint40 deadline,
        P256.Signature calldata signature
    ) external returns (bytes32 deviceId) {
        deviceId = _deviceIdOf(signature);
        Device storage device = devices[deviceId];
        if (device.owner != address(0)) revert AlreadyClaimed(deviceId);
        if (account == address(0)) revert InvalidAccount(account);
        _checkFresh(device.counter, counter, deadline);
        bytes32 digest =
            _digest(keccak256(abi.encode(CLAIM_TYPE, deviceId, msg.sender, account, modelId, counter, deadline)));
        if (!P256.isSigned(digest, signature)) revert InvalidDeviceSignature(deviceId);

        device.owner = msg.sender;
        device.counter = counter;
        device.logBlock = uint48(block.number);
        device.account = account;
        device.modelId = modelId;
        uint48 ownerPreviousBlock = _acquire(msg.sender);
        emit Claimed(
            deviceId, msg.sender, account, modelId, signature.x, signature.y, counter, ownerPreviousBlock
        );
        emit Transfer(address(0), msg.sender, uint256(deviceId));
        emit Locked(uint256(deviceId));
    }

    /// @notice Gives a device to a new owner and replaces the device account. The device has signed `DeviceHandOver`, the
    /// present owner `HandOverGiven` and the new owner `HandOverAccepted`, of the same values; a person who sends the
    /// transaction need not sign. Anybody may send what all have signed.
    /// @dev What was paid for stays: filed Config and user are kept, as the device keeps its Config until it takes the
    /// next one. The same person may be both owners, to replace an account whose key is no longer his alone.
    /// @param counter greater than the last
    /// @param deadline Unix time in seconds, inclusive
    /// @param given by the present owner, in one of the forms of `Consent`; empty if he is the sender
    /// @param accepted by the new owner, likewise
    function handOver(
        address newOwner,
        address newAccount,
        uint48 counter,
        uint40 deadline,
        P256.Signature calldata signature,
        bytes calldata given,
        bytes calldata accepted
    ) external {
        bytes32 deviceId = _deviceIdOf(signature);
        Device storage device = devices[deviceId];
        address owner = ownerOf(uint256(deviceId));
        address account = device.account;
        if (device.report != Report.None) revert DeviceReported(deviceId, device.report);
        if (newOwner == address(0)) revert InvalidOwner(newOwner);
        if (newAccount == address(0) || newAccount == account) revert InvalidAccount(newAccount);
        _checkFresh(device.counter, counter, deadline);
        {
            bytes memory values = abi.encode(deviceId, owner, newOwner, newAccount, counter, deadline);
            if (!P256.isSigned(_digestOf(DEVICE_HAND_OVER_TYPE, values), signature)) {
                revert InvalidDeviceSignature(deviceId);
            }
            if (!Consent.isGiven(owner, _digestOf(HAND_OVER_GIVEN_TYPE, values), given)) revert ConsentMissing(owner);
            if (!Consent.isGiven(newOwner, _digestOf(HAND_OVER_ACCEPTED_TYPE, values), accepted)) {
                revert ConsentMissing(newOwner);
            }
        }

        device.owner = newOwner;
        device.counter = counter;
        uint48 previousBlock = _log(device);
        device.account = newAccount;
        holders[owner].balance -= 1;
        uint48 ownerPreviousBlock = _acquire(newOwner);
        emit HandedOver(
            deviceId, newOwner, newAccount, owner, account, counter, previousBlock, ownerPreviousBlock
        );
        emit Transfer(owner, newOwner, uint256(deviceId));
    }

    /// @notice Reports a device lost or stolen, or found again. Only the owner. While it is reported it does not change
    /// hands, not even by a hand-over that the owner signed before.
    function report(bytes32 deviceId, Report value) external {
        Device storage device = devices[deviceId];
        if (ownerOf(uint256(deviceId)) != msg.sender) revert NotOwner(deviceId, msg.sender);
        device.report = value;
        emit Reported(deviceId, value, _log(device));
    }

    // --- what the device was told ---------------------------------------------------------------------------------

    /// @notice Files the Config that a device has taken, as its signed `ConfigTaken` says. Only the owner and the device
    /// account: a former owner may still hold a statement that he never filed.
    /// @param config with a version greater than the filed one's; the registry does not judge its content
    function fileConfig(Config calldata config, P256.Signature calldata signature) external {
        bytes32 deviceId = _deviceIdOf(signature);
        Device storage device = devices[deviceId];
        if (ownerOf(uint256(deviceId)) != msg.sender && device.account != msg.sender) {
            revert NotOwnerOrAccount(deviceId, msg.sender);
        }
        FiledConfig storage filed = configs[deviceId];
        if (config.version <= filed.version) revert VersionNotGreater(filed.version, config.version);
        bytes32 digest = _digest(keccak256(abi.encode(CONFIG_TAKEN_TYPE, _hashOf(deviceId, config))));
        if (!P256.isSigned(digest, signature)) revert InvalidDeviceSignature(deviceId);

        filed.issuerX = config.issuerX;
        filed.issuerY = config.issuerY;
        filed.market = config.market;
        filed.version = config.version;
        filed.epoch = config.epoch;
        emit ConfigFiled(deviceId, config, _log(device));
    }

    /// @notice ERC-4907: sets who uses the device and the last second, in Unix time, at which he does. Only the owner (who
    /// lends it) and the Market of the filed Config (which both the owner and the device have agreed to).
    /// @param user zero for nobody
    function setUser(uint256 tokenId, address user, uint64 expires) external {
        bytes32 deviceId = bytes32(tokenId);
        if (ownerOf(tokenId) != msg.sender && configs[deviceId].market != msg.sender) {
            revert NotOwnerOrMarket(deviceId, msg.sender);
        }
        _setUser(deviceId, user, expires);
    }

    // --- reading ------------------------------------------------------------------------------------------------------

    /// @notice A device's record; all zero if it is not registered.
    function deviceOf(bytes32 deviceId) external view returns (Device memory) {
        return devices[deviceId];
    }

    /// @notice The counter of a device's last claim or hand-over alone, which costs another contract one read of storage;
    /// zero if it is not registered.
    function counterOf(bytes32 deviceId) external view returns (uint48) {
        return devices[deviceId].counter;
    }

    /// @notice The Config that was filed last; all zero if none was.
    function configOf(bytes32 deviceId) external view returns (FiledConfig memory) {
        return configs[deviceId];
    }

    /// @notice What is known of an account as owner; all zero if it never owned a device.
    function holderOf(address owner) external view returns (Holder memory) {
        return holders[owner];
    }

    /// @notice ERC-721 Metadata: a data URI of JSON with the device's id, model and report. It is made here, so that no
    /// host has to be asked, and none learns who looks. Reverts for a token that does not exist.
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        ownerOf(tokenId);
        Device storage device = devices[bytes32(tokenId)];
        string[3] memory reports = ["none", "lost", "stolen"];
        // {"name":"Device 0x…","attributes":[{"trait_type":"model","value":"0x…"},{"trait_type":"report","value":"…"}]},
        // with what a URI may not hold percent-encoded.
        return string.concat(
            "data:application/json,%7B%22name%22:%22Device%200x",
            _hexOf(bytes32(tokenId)),
            "%22,%22attributes%22:%5B%7B%22trait_type%22:%22model%22,%22value%22:%220x",
            _hexOf(device.modelId),
            "%22%7D,%7B%22trait_type%22:%22report%22,%22value%22:%22",
            reports[uint8(device.report)],
            "%22%7D%5D%7D"
        );
    }

    function _ownerOf(bytes32 deviceId) internal view override returns (address) {
        return devices[deviceId].owner;
    }

    function _balanceOf(address owner) internal view override returns (uint256) {
        return holders[owner].balance;
    }

    // --- the parts of the above ---------------------------------------------------------------------------------------

    function _deviceIdOf(P256.Signature calldata signature) private pure returns (bytes32) {
        return keccak256(abi.encode(signature.x, signature.y));
    }

    function _checkFresh(uint48 last, uint48 counter, uint40 deadline) private view {
        if (counter <= last) revert CounterNotGreater(last, counter);
        if (block.timestamp > deadline) revert Expired(deadline);
    }

    /// @dev Puts the event that is about to be emitted at the head of the device's list.
    function _log(Device storage device) private returns (uint48 previousBlock) {
        previousBlock = device.logBlock;
        device.logBlock = uint48(block.number);
    }

    function _acquire(address owner) private returns (uint48 ownerPreviousBlock) {
        Holder storage holder = holders[owner];
        ownerPreviousBlock = holder.logBlock;
        holder.balance += 1;
        holder.logBlock = uint48(block.number);
    }

    function _hashOf(bytes32 deviceId, Config calldata config) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONFIG_TYPE,
                deviceId,
                config.version,
                config.issuerX,
                config.issuerY,
                config.attestorThreshold,
                keccak256(config.attestorKeys),
                config.epoch,
                config.market
            )
        );
    }

    /// @dev For a struct of static members: `values` are its members' words in order.
    function _digestOf(bytes32 typeHash, bytes memory values) private view returns (bytes32) {
        return _digest(keccak256(abi.encodePacked(typeHash, values)));
    }

    /// @dev EIP-712. The domain is hashed each time, so that it is right on both sides of a fork.
    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Fob"), keccak256("1"), block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _hexOf(bytes32 word) private pure returns (string memory) {
        bytes memory text = new bytes(64);
        for (uint256 i = 0; i < 64; i++) {
            uint8 nibble = uint8(word[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0x0f;
            text[i] = bytes16("0123456789abcdef")[nibble];
        }
        return string(text);
    }
}
