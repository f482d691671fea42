// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Anchors: that a log said this, in this order, no later than then
/// @notice A log is a list that only grows, kept by whom it concerns: a device's openings, its updates. Its author now and
/// then puts the root of its Merkle tree here, and whoever is later shown an entry, with the hashes beside its way to the
/// root, knows that it was in the log by then. What a root stands for is not on chain, and can't be found from it as long
/// as entries can't be guessed; those of devices hold signatures.
/// @dev Anybody may anchor anything in his own name, so a reader asks for a log by the author that he has a reason to
/// believe: the device's owner of that time, by the DeviceRegistry.
///
/// Nothing is verified here. Trees are those of RFC 9162, 2.1 (SHA-256); the number of entries is told with the root, which
/// alone does not tell it.
///
/// Storage is written to be read by proof (EIP-1186); `contracts/generated` exports the slots' layout. The events of a log
/// are a list from the newest back: `Head.logBlock` is the block of the last, and each names the block of the one before.
contract Anchors {
    /// @notice What was anchored last of a log: two slots.
    /// @param size entries under the root
    /// @param anchoredAt Unix time in seconds
    /// @param logBlock block of the event
    struct Head {
        bytes32 root;
        uint64 size;
        uint40 anchoredAt;
        uint48 logBlock;
    }

    /// @notice A log had just `size` entries or more, of which the first `size` have this root.
    event Anchored(
        address indexed author, bytes32 indexed logId, bytes32 root, uint64 size, uint48 previousBlock
    );

    /// @notice A log only grows: it was anchored with as many entries before, or with more.
    error SizeNotGreater(uint64 last, uint64 given);

    mapping(address author => mapping(bytes32 logId => Head)) private heads;

    /// @notice Anchors the root of the first `size` entries of the sender's log.
    /// @param logId which of the sender's logs, as he and its readers name it
    function anchor(bytes32 logId, bytes32 root, uint64 size) external {
        Head storage head = heads[msg.sender][logId];
        uint64 last = head.size;
        if (size <= last) revert SizeNotGreater(last, size);
        uint48 previousBlock = head.logBlock;
        head.root = root;
        head.size = size;
        head.anchoredAt = uint40(block.timestamp);
        head.logBlock = uint48(block.number);
        emit Anchored(msg.sender, logId, root, size, previousBlock);
    }

    /// @notice What an author has anchored last of a log; all zero if nothing.
    function headOf(address author, bytes32 logId) external view returns (Head memory) {
        return heads[author][logId];
    }
}
