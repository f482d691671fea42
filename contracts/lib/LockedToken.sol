// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title LockedToken: the face that a device shows to wallets
/// @notice One token per device, `tokenId = uint256(deviceId)`. It is there to be seen (ERC-721 with metadata), and is
/// locked (ERC-5192): nothing that a marketplace or a phishing page can ask a wallet to sign moves it. A user and until
/// when (ERC-4907) can be read from it; a user has no right in the registry, and what opens a lock is a grant.
abstract contract LockedToken {
    /// @notice ERC-721.
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// @notice ERC-5192; emitted once, when the token comes to be.
    event Locked(uint256 tokenId);
    /// @notice ERC-4907; `expires` is Unix time in seconds.
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    /// @notice The token moves by `handOver` only.
    error TransferLocked();
    /// @notice No device with this id is registered.
    error UnknownDevice(bytes32 deviceId);
    /// @notice Nobody owns anything as the zero address, or can become owner as it.
    error InvalidOwner(address owner);

    /// @notice ERC-721 Metadata.
    string public constant name = "Fob devices";
    /// @notice ERC-721 Metadata.
    string public constant symbol = "FOB";

    /// @dev ERC-4907: the user and the last second at which it is one.
    struct User {
        address user;
        uint64 expires;
    }

    mapping(bytes32 deviceId => User) private users;

    /// @notice ERC-721. Reverts for a token that does not exist.
    function ownerOf(uint256 tokenId) public view returns (address owner) {
        owner = _ownerOf(bytes32(tokenId));
        if (owner == address(0)) revert UnknownDevice(bytes32(tokenId));
    }

    /// @notice ERC-721. With the events of an owner it tells whether all of its devices were found.
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert InvalidOwner(owner);
        return _balanceOf(owner);
    }

    /// @notice ERC-5192: true. Reverts for a token that does not exist.
    function locked(uint256 tokenId) external view returns (bool) {
        ownerOf(tokenId);
        return true;
    }

    /// @notice ERC-721: nobody can be approved. Reverts for a token that does not exist.
    function getApproved(uint256 tokenId) external view returns (address) {
        ownerOf(tokenId);
        return address(0);
    }

    /// @notice ERC-721: nobody can be an operator.
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @notice ERC-721; always reverts.
    function approve(address, uint256) external pure {
        revert TransferLocked();
    }

    /// @notice ERC-721; always reverts.
    function setApprovalForAll(address, bool) external pure {
        revert TransferLocked();
    }

    /// @notice ERC-721; always reverts.
    function transferFrom(address, address, uint256) external pure {
        revert TransferLocked();
    }

    /// @notice ERC-721; always reverts.
    function safeTransferFrom(address, address, uint256) external pure {
        revert TransferLocked();
    }

    /// @notice ERC-721; always reverts.
    function safeTransferFrom(address, address, uint256, bytes calldata) external pure {
        revert TransferLocked();
    }

    /// @notice ERC-4907: the present user, zero if there is none or its time is over.
    function userOf(uint256 tokenId) external view returns (address) {
        User storage user = users[bytes32(tokenId)];
        return user.expires >= block.timestamp ? user.user : address(0);
    }

    /// @notice ERC-4907: the last second, in Unix time, at which the user that was set last is one; 0 without one.
    function userExpires(uint256 tokenId) external view returns (uint256) {
        return users[bytes32(tokenId)].expires;
    }

    /// @notice ERC-165: ERC-721 with metadata, ERC-5192, ERC-4907 and ERC-165 itself.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x80ac58cd || id == 0x5b5e139f || id == 0xb45a3c0e || id == 0xad092b5c || id == 0x01ffc9a7;
    }

    function _setUser(bytes32 deviceId, address user, uint64 expires) internal {
        users[deviceId] = User(user, expires);
        emit UpdateUser(uint256(deviceId), user, expires);
    }

    /// @dev Zero for a device that is not registered.
    function _ownerOf(bytes32 deviceId) internal view virtual returns (address);

    function _balanceOf(address owner) internal view virtual returns (uint256);
}
