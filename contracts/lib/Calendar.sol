// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Calendar: a device's hours, each of them closed, open or booked
/// @notice Hours are counted from the Unix epoch, 128 to a word: hour `h` is bit `h % 128`, from the low end, of word
/// `h / 128`. All zero: closed.
library Calendar {
    /// @notice One slot.
    /// @param open hours that the owner sells
    /// @param booked hours that somebody has ordered, whether or not they are open still
    struct Word {
        uint128 open;
        uint128 booked;
    }

    /// @notice Of these hours, all in one word, one at least is closed, or booked by somebody.
    error NotFree(uint256 word, uint128 hoursOfWord);

    /// @notice Marks the hours from `first` to before `end` as booked; reverts unless all of them are free.
    function book(mapping(uint256 word => Word) storage words, uint256 first, uint256 end) internal {
        for (uint256 i = first / 128; i * 128 < end; i++) {
            Word storage word = words[i];
            (uint128 open, uint128 booked) = (word.open, word.booked);
            uint128 mask = maskOf(i, first, end);
            if (open & ~booked & mask != mask) revert NotFree(i, mask);
            word.booked = booked | mask;
        }
    }

    /// @notice Undoes `book`.
    function free(mapping(uint256 word => Word) storage words, uint256 first, uint256 end) internal {
        for (uint256 i = first / 128; i * 128 < end; i++) {
            words[i].booked &= ~maskOf(i, first, end);
        }
    }

    /// @dev The bits in word `i` of the hours from `first` to before `end`, where there are some.
    function maskOf(uint256 i, uint256 first, uint256 end) private pure returns (uint128) {
        uint256 start = i * 128;
        uint256 from = first > start ? first - start : 0;
        uint256 to = end < start + 128 ? end - start : 128;
        return uint128(((1 << to) - 1) & ~((1 << from) - 1));
    }
}
