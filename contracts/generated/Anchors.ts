// ABI, creation code and storage layout of Anchors.sol, written by contracts/build.ts. Don't edit.

export const anchorsAbi = [
  {"inputs":[{"internalType":"uint64","name":"last","type":"uint64"},{"internalType":"uint64","name":"given","type":"uint64"}],"name":"SizeNotGreater","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"author","type":"address"},{"indexed":true,"internalType":"bytes32","name":"logId","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"root","type":"bytes32"},{"indexed":false,"internalType":"uint64","name":"size","type":"uint64"},{"indexed":false,"internalType":"uint48","name":"previousBlock","type":"uint48"}],"name":"Anchored","type":"event"},
  {"inputs":[{"internalType":"bytes32","name":"logId","type":"bytes32"},{"internalType":"bytes32","name":"root","type":"bytes32"},{"internalType":"uint64","name":"size","type":"uint64"}],"name":"anchor","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"author","type":"address"},{"internalType":"bytes32","name":"logId","type":"bytes32"}],"name":"headOf","outputs":[{"components":[{"internalType":"bytes32","name":"root","type":"bytes32"},{"internalType":"uint64","name":"size","type":"uint64"},{"internalType":"uint40","name":"anchoredAt","type":"uint40"},{"internalType":"uint48","name":"logBlock","type":"uint48"}],"internalType":"struct Anchors.Head","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
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
export const anchorsLayout = {
  "heads": {
    "slot": 0,
    "offset": 0,
    "keys": [
      "address",
      "bytes32"
    ],
    "value": {
      "slots": 2,
      "members": {
        "root": {
          "slot": 0,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        },
        "size": {
          "slot": 1,
          "offset": 0,
          "bytes": 8,
          "type": "uint64"
        },
        "anchoredAt": {
          "slot": 1,
          "offset": 8,
          "bytes": 5,
          "type": "uint40"
        },
        "logBlock": {
          "slot": 1,
          "offset": 13,
          "bytes": 6,
          "type": "uint48"
        }
      }
    }
  }
} as const

/** Creation code, without the constructor arguments that follow it. */
export const anchorsBytecode =
  '0x608080604052346015576102ec908161001a8239f35b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c806315954b2c1461011e5763cc92a9ed1461002f575f80fd5b3461011a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261011a5760043573ffffffffffffffffffffffffffffffffffffffff811680910361011a575f606061008a610269565b82815282602082015282604082015201525f525f60205260405f206024355f52602052608060405f2065ffffffffffff6100c2610269565b64ffffffffff600184549485845201549167ffffffffffffffff6020820181851681528560606040850194868860401c168652019560681c168552604051968752511660208601525116604084015251166060820152f35b5f80fd5b3461011a5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261011a57600435602435906044359167ffffffffffffffff831680930361011a57335f525f60205260405f20825f5260205260405f2092600184019081549167ffffffffffffffff83168083111561023957508365ffffffffffff9495965572ffffffffffff000000000000000000000000004360681b16827fffffffffffffffffffffffffff000000000000000000000000000000000000008516176cffffffffff00000000000000004260401b1617179055604051938452602084015260681c1660408201527f087edae4db8be59be011794ee370fd0efdb647ed8c89de9cd5db5da15931ffc360603392a3005b90507f8d4d5f81000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b604051906080820182811067ffffffffffffffff82111761028957604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffdfea26469706673582212206ff5bea39e4ca558992ead162efbbe4d6390ac08a882047e07b259608d3ea47b64736f6c63430008250033'
