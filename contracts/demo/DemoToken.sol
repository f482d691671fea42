// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title DemoToken: play money for a development chain
/// @notice A plain ERC-20 with six decimals and permits by signature (ERC-2612), as the dollar tokens of real chains have
/// them. Whoever deployed it makes as much as he likes, so it is worth nothing, and belongs on no chain that matters.
contract DemoToken {
    /// @notice ERC-20.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice ERC-20.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice ERC-6093.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice ERC-6093.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// @notice ERC-6093.
    error ERC20InvalidReceiver(address receiver);
    /// @notice Only who deployed the token makes more of it.
    error NotMinter(address caller);
    /// @notice The permit was for a time that has passed.
    error PermitExpired(uint256 deadline);
    /// @notice Not signed by `owner`, for this token and chain, with just these values, the present nonce and low s.
    error InvalidPermit(address owner);

    string public constant name = "Demo Dollar";
    string public constant symbol = "DUSD";
    uint8 public constant decimals = 6;
    /// @notice Of the EIP-712 domain.
    string public constant version = "1";

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PERMIT_TYPE =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    /// @dev (n - 1) / 2, with n the order of secp256k1's group (SEC 2).
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    address public immutable minter = msg.sender;

    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    /// @notice ERC-2612.
    mapping(address owner => uint256) public nonces;

    function mint(address to, uint256 value) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        totalSupply += value;
        // No balance is above the supply.
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    /// @notice The greatest allowance stays as it is, as wallets and contracts expect it.
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < value) revert ERC20InsufficientAllowance(msg.sender, allowed, value);
            unchecked {
                allowance[from][msg.sender] = allowed - value;
            }
        }
        move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allow(msg.sender, spender, value);
        return true;
    }

    /// @notice ERC-2612: an approval by signature, which anybody may hand in, once.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        if (block.timestamp > deadline) revert PermitExpired(deadline);
        bytes32 content = keccak256(abi.encode(PERMIT_TYPE, owner, spender, value, nonces[owner]++, deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", DOMAIN_SEPARATOR(), content));
        // What ecrecover answers for no signature at all is the zero address.
        bool isSigned = owner != address(0) && uint256(s) <= HALF_ORDER && ecrecover(digest, v, r, s) == owner;
        if (!isSigned) revert InvalidPermit(owner);
        allow(owner, spender, value);
    }

    /// @notice ERC-2612; made anew each time, for a chain may split.
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPE, keccak256(bytes(name)), keccak256(bytes(version)), block.chainid, address(this)
            )
        );
    }

    function allow(address owner, address spender, uint256 value) private {
        allowance[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function move(address from, address to, uint256 value) private {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        uint256 balance = balanceOf[from];
        if (balance < value) revert ERC20InsufficientBalance(from, balance, value);
        unchecked {
            balanceOf[from] = balance - value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}
