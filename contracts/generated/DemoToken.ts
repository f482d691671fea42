// ABI, creation code and storage layout of DemoToken.sol, written by contracts/build.ts. Don't edit.

export const demoTokenAbi = [
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"allowance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientAllowance","type":"error"},
  {"inputs":[{"internalType":"address","name":"sender","type":"address"},{"internalType":"uint256","name":"balance","type":"uint256"},{"internalType":"uint256","name":"needed","type":"uint256"}],"name":"ERC20InsufficientBalance","type":"error"},
  {"inputs":[{"internalType":"address","name":"receiver","type":"address"}],"name":"ERC20InvalidReceiver","type":"error"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"InvalidPermit","type":"error"},
  {"inputs":[{"internalType":"address","name":"caller","type":"address"}],"name":"NotMinter","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"deadline","type":"uint256"}],"name":"PermitExpired","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"spender","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Approval","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":false,"internalType":"uint256","name":"value","type":"uint256"}],"name":"Transfer","type":"event"},
  {"inputs":[],"name":"DOMAIN_SEPARATOR","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"}],"name":"allowance","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"approve","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"decimals","outputs":[{"internalType":"uint8","name":"","type":"uint8"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"mint","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"minter","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"nonces","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"address","name":"spender","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"},{"internalType":"uint256","name":"deadline","type":"uint256"},{"internalType":"uint8","name":"v","type":"uint8"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"name":"permit","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"totalSupply","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transfer","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"from","type":"address"},{"internalType":"address","name":"to","type":"address"},{"internalType":"uint256","name":"value","type":"uint256"}],"name":"transferFrom","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"version","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
] as const

/**
 * Where each state variable lies in storage, for readers of eth_getProof.
 *
 * - `slot` is the variable's own slot. The value under key k of a mapping at slot p begins at
 *   `keccak256(pad32(k) ++ pad32(p))`: 32-byte big-endian words, addresses padded with zeros on the left, bytes32 as they
 *   are. A mapping of mappings applies it once for each of `keys`, in their order.
 * - `value` is the type found there. A struct's members each have the slot counted from the struct's first, and the
 *   offset in bytes from the low-order (right-hand) end of that 32-byte word; numbers are big-endian within their bytes.
 *
 * Source: Solidity documentation, "Layout of State Variables in Storage and Transient Storage".
 */
export const demoTokenLayout = {
  "totalSupply": {
    "slot": 0,
    "offset": 0,
    "keys": [],
    "value": "uint256"
  },
  "balanceOf": {
    "slot": 1,
    "offset": 0,
    "keys": [
      "address"
    ],
    "value": "uint256"
  },
  "allowance": {
    "slot": 2,
    "offset": 0,
    "keys": [
      "address",
      "address"
    ],
    "value": "uint256"
  },
  "nonces": {
    "slot": 3,
    "offset": 0,
    "keys": [
      "address"
    ],
    "value": "uint256"
  }
} as const

/** Creation code, without the constructor arguments that follow it. */
export const demoTokenBytecode =
  '0x60a0806040523460295733608052610db2908161002e823960805181818161064701526109a40152f35b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c806306fdde03146109c8578063075461721461095a578063095ea7b31461091657806318160ddd146108dc57806323b872dd146107aa578063313ce567146107715780633644e5151461073157806340c10f19146105f557806354fd4d501461058057806370a082311461051d5780637ecebe00146104ba57806395d89b4114610441578063a9059cbb146103f2578063d505accf1461014e5763dd62ed3e146100be575f80fd5b3461014a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576100f5610af3565b73ffffffffffffffffffffffffffffffffffffffff610112610b16565b91165f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b5f80fd5b3461014a5760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a57610185610af3565b61018d610b16565b604435906064359260843560ff811680910361014a5760c4358542116103c65773ffffffffffffffffffffffffffffffffffffffff831695865f52600360205260405f20908154917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8314610399576001830190556040519060208201927f6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9845289604084015273ffffffffffffffffffffffffffffffffffffffff8816606084015288608084015260a083015260c082015260c0815261026f60e082610a3d565b51902061027a610b39565b906040519060208201927f1901000000000000000000000000000000000000000000000000000000000000845260228301526042820152604281526102c0606282610a3d565b51902090861515928361036e575b83610314575b505050156102e8576102e69350610c28565b005b837f8b74a474000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b60209350916080915f936040519283528583015260a4356040830152606082015282805260015afa15610363578373ffffffffffffffffffffffffffffffffffffffff5f5116148580806102d4565b6040513d5f823e3d90fd5b7f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a082111593506102ce565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b857f9e96b26f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461014a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a5761043661042c610af3565b6024359033610c87565b602060405160018152f35b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576104b6604051610480604082610a3d565b600481527f4455534400000000000000000000000000000000000000000000000000000000602082015260405191829182610aab565b0390f35b3461014a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a5773ffffffffffffffffffffffffffffffffffffffff610506610af3565b165f526003602052602060405f2054604051908152f35b3461014a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a5773ffffffffffffffffffffffffffffffffffffffff610569610af3565b165f526001602052602060405f2054604051908152f35b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576104b66040516105bf604082610a3d565b600181527f3100000000000000000000000000000000000000000000000000000000000000602082015260405191829182610aab565b3461014a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a5761062c610af3565b6024359073ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001633036107055773ffffffffffffffffffffffffffffffffffffffff169081156106d9575f54908082018092116103995760207fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef915f9384558484526001825260408420818154019055604051908152a3005b507fec442f05000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f361c31f2000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576020610769610b39565b604051908152f35b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a57602060405160068152f35b3461014a5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576107e1610af3565b6107e9610b16565b6044359073ffffffffffffffffffffffffffffffffffffffff831692835f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f2054937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8503610866575b506104369350610c87565b8385106108a85793610436945f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f526020528360405f20910390558461085b565b83857ffb8f41b2000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a5760205f54604051908152f35b3461014a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a57610436610950610af3565b6024359033610c28565b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b3461014a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261014a576104b6604051610a07604082610a3d565b600b81527f44656d6f20446f6c6c6172000000000000000000000000000000000000000000602082015260405191829182610aab565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610a7e57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602060409481855280519182918282880152018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361014a57565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361014a57565b604051610b47604082610a3d565b600b81527f44656d6f20446f6c6c6172000000000000000000000000000000000000000000602090910152604080517f812170f946622e3634aff9e79795be68c8b91a155b8e8bce950bea07c48173ed91610ba29082610a3d565b6001815260208101907f310000000000000000000000000000000000000000000000000000000000000082525190206040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a08152610c2260c082610a3d565b51902090565b602073ffffffffffffffffffffffffffffffffffffffff807f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925931693845f526002835260405f208282165f5283528560405f20556040519586521693a3565b919073ffffffffffffffffffffffffffffffffffffffff16918215610d505773ffffffffffffffffffffffffffffffffffffffff1690815f52600160205260405f2054818110610d1e57817fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef92602092855f52600184520360405f2055845f526001825260405f20818154019055604051908152a3565b827fe450d38c000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b827fec442f05000000000000000000000000000000000000000000000000000000005f5260045260245ffdfea264697066735822122072923c49f99f25805c50ca40dbdc97efcb1fef22916c2b63940360548acf6fba64736f6c63430008250033'
