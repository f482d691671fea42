// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Market} from "./Market.sol";
import {Till} from "./Till.sol";

/// @title Tills: one Till for each device, at an address that is known before
/// @notice Anybody may open a device's Till: its rights are those of the device's owner, whoever opened it.
contract Tills {
    /// @notice A device has a Till.
    event Opened(bytes32 indexed deviceId, address till);

    /// @notice Whose orders the Tills open.
    Market public immutable market;

    constructor(Market market_) {
        market = market_;
    }

    /// @notice Opens the Till of a device. Reverts if it is open.
    function open(bytes32 deviceId) external returns (Till till) {
        till = new Till{salt: deviceId}(market, deviceId);
        emit Opened(deviceId, address(till));
    }

    /// @notice Where a device's Till is, or will be.
    function tillOf(bytes32 deviceId) external view returns (address) {
        bytes32 creation = keccak256(abi.encodePacked(type(Till).creationCode, abi.encode(market, deviceId)));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), deviceId, creation)))));
    }
}
