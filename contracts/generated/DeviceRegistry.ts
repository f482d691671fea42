// ABI, creation code and storage layout of DeviceRegistry.sol, written by contracts/build.ts. Don't edit.

export const deviceRegistryAbi = [
  {"inputs":[],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"AlreadyClaimed","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"ConsentMissing","type":"error"},
  {"inputs":[{"internalType":"uint48","name":"last","type":"uint48"},{"internalType":"uint48","name":"given","type":"uint48"}],"name":"CounterNotGreater","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"internalType":"enum DeviceRegistry.Report","name":"report","type":"uint8"}],"name":"DeviceReported","type":"error"},
  {"inputs":[{"internalType":"uint40","name":"deadline","type":"uint40"}],"name":"Expired","type":"error"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"}],"name":"InvalidAccount","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"InvalidDeviceSignature","type":"error"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"InvalidOwner","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotOwner","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotOwnerOrAccount","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotOwnerOrMarket","type":"error"},
  {"inputs":[],"name":"P256Missing","type":"error"},
  {"inputs":[],"name":"TransferLocked","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"UnknownDevice","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"filed","type":"uint32"},{"internalType":"uint32","name":"given","type":"uint32"}],"name":"VersionNotGreater","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":false,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"x","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"y","type":"bytes32"},{"indexed":false,"internalType":"uint48","name":"counter","type":"uint48"},{"indexed":false,"internalType":"uint48","name":"ownerPreviousBlock","type":"uint48"}],"name":"Claimed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"components":[{"internalType":"uint32","name":"version","type":"uint32"},{"internalType":"bytes32","name":"issuerX","type":"bytes32"},{"internalType":"bytes32","name":"issuerY","type":"bytes32"},{"internalType":"uint8","name":"attestorThreshold","type":"uint8"},{"internalType":"bytes","name":"attestorKeys","type":"bytes"},{"internalType":"uint32","name":"epoch","type":"uint32"},{"internalType":"address","name":"market","type":"address"}],"indexed":false,"internalType":"struct DeviceRegistry.Config","name":"config","type":"tuple"},{"indexed":false,"internalType":"uint48","name":"previousBlock","type":"uint48"}],"name":"ConfigFiled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"owner","type":"address"},{"indexed":true,"internalType":"address","name":"account","type":"address"},{"indexed":false,"internalType":"address","name":"previousOwner","type":"address"},{"indexed":false,"internalType":"address","name":"previousAccount","type":"address"},{"indexed":false,"internalType":"uint48","name":"counter","type":"uint48"},{"indexed":false,"internalType":"uint48","name":"previousBlock","type":"uint48"},{"indexed":false,"internalType":"uint48","name":"ownerPreviousBlock","type":"uint48"}],"name":"HandedOver","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":false,"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"Locked","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"indexed":false,"internalType":"enum DeviceRegistry.Report","name":"report","type":"uint8"},{"indexed":false,"internalType":"uint48","name":"previousBlock","type":"uint48"}],"name":"Reported","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"from","type":"address"},{"indexed":true,"internalType":"address","name":"to","type":"address"},{"indexed":true,"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"Transfer","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"uint256","name":"tokenId","type":"uint256"},{"indexed":true,"internalType":"address","name":"user","type":"address"},{"indexed":false,"internalType":"uint64","name":"expires","type":"uint64"}],"name":"UpdateUser","type":"event"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"uint256","name":"","type":"uint256"}],"name":"approve","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"balanceOf","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"account","type":"address"},{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"uint48","name":"counter","type":"uint48"},{"internalType":"uint40","name":"deadline","type":"uint40"},{"components":[{"internalType":"bytes32","name":"x","type":"bytes32"},{"internalType":"bytes32","name":"y","type":"bytes32"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"internalType":"struct P256.Signature","name":"signature","type":"tuple"}],"name":"claim","outputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"configOf","outputs":[{"components":[{"internalType":"bytes32","name":"issuerX","type":"bytes32"},{"internalType":"bytes32","name":"issuerY","type":"bytes32"},{"internalType":"address","name":"market","type":"address"},{"internalType":"uint32","name":"version","type":"uint32"},{"internalType":"uint32","name":"epoch","type":"uint32"}],"internalType":"struct DeviceRegistry.FiledConfig","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"counterOf","outputs":[{"internalType":"uint48","name":"","type":"uint48"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"}],"name":"deviceOf","outputs":[{"components":[{"internalType":"address","name":"owner","type":"address"},{"internalType":"uint48","name":"counter","type":"uint48"},{"internalType":"uint48","name":"logBlock","type":"uint48"},{"internalType":"address","name":"account","type":"address"},{"internalType":"enum DeviceRegistry.Report","name":"report","type":"uint8"},{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"internalType":"struct DeviceRegistry.Device","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"components":[{"internalType":"uint32","name":"version","type":"uint32"},{"internalType":"bytes32","name":"issuerX","type":"bytes32"},{"internalType":"bytes32","name":"issuerY","type":"bytes32"},{"internalType":"uint8","name":"attestorThreshold","type":"uint8"},{"internalType":"bytes","name":"attestorKeys","type":"bytes"},{"internalType":"uint32","name":"epoch","type":"uint32"},{"internalType":"address","name":"market","type":"address"}],"internalType":"struct DeviceRegistry.Config","name":"config","type":"tuple"},{"components":[{"internalType":"bytes32","name":"x","type":"bytes32"},{"internalType":"bytes32","name":"y","type":"bytes32"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"internalType":"struct P256.Signature","name":"signature","type":"tuple"}],"name":"fileConfig","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"getApproved","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"newOwner","type":"address"},{"internalType":"address","name":"newAccount","type":"address"},{"internalType":"uint48","name":"counter","type":"uint48"},{"internalType":"uint40","name":"deadline","type":"uint40"},{"components":[{"internalType":"bytes32","name":"x","type":"bytes32"},{"internalType":"bytes32","name":"y","type":"bytes32"},{"internalType":"bytes32","name":"r","type":"bytes32"},{"internalType":"bytes32","name":"s","type":"bytes32"}],"internalType":"struct P256.Signature","name":"signature","type":"tuple"},{"internalType":"bytes","name":"given","type":"bytes"},{"internalType":"bytes","name":"accepted","type":"bytes"}],"name":"handOver","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"owner","type":"address"}],"name":"holderOf","outputs":[{"components":[{"internalType":"uint128","name":"balance","type":"uint128"},{"internalType":"uint48","name":"logBlock","type":"uint48"}],"internalType":"struct DeviceRegistry.Holder","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"address","name":"","type":"address"}],"name":"isApprovedForAll","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"locked","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"name","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"ownerOf","outputs":[{"internalType":"address","name":"owner","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"deviceId","type":"bytes32"},{"internalType":"enum DeviceRegistry.Report","name":"value","type":"uint8"}],"name":"report","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"address","name":"","type":"address"},{"internalType":"uint256","name":"","type":"uint256"}],"name":"safeTransferFrom","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"address","name":"","type":"address"},{"internalType":"uint256","name":"","type":"uint256"},{"internalType":"bytes","name":"","type":"bytes"}],"name":"safeTransferFrom","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"bool","name":"","type":"bool"}],"name":"setApprovalForAll","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"},{"internalType":"address","name":"user","type":"address"},{"internalType":"uint64","name":"expires","type":"uint64"}],"name":"setUser","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes4","name":"id","type":"bytes4"}],"name":"supportsInterface","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"pure","type":"function"},
  {"inputs":[],"name":"symbol","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"tokenURI","outputs":[{"internalType":"string","name":"","type":"string"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"","type":"address"},{"internalType":"address","name":"","type":"address"},{"internalType":"uint256","name":"","type":"uint256"}],"name":"transferFrom","outputs":[],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"userExpires","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"uint256","name":"tokenId","type":"uint256"}],"name":"userOf","outputs":[{"internalType":"address","name":"","type":"address"}],"stateMutability":"view","type":"function"},
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
export const deviceRegistryLayout = {
  "users": {
    "slot": 0,
    "offset": 0,
    "keys": [
      "bytes32"
    ],
    "value": {
      "slots": 1,
      "members": {
        "user": {
          "slot": 0,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "expires": {
          "slot": 0,
          "offset": 20,
          "bytes": 8,
          "type": "uint64"
        }
      }
    }
  },
  "devices": {
    "slot": 1,
    "offset": 0,
    "keys": [
      "bytes32"
    ],
    "value": {
      "slots": 3,
      "members": {
        "owner": {
          "slot": 0,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "counter": {
          "slot": 0,
          "offset": 20,
          "bytes": 6,
          "type": "uint48"
        },
        "logBlock": {
          "slot": 0,
          "offset": 26,
          "bytes": 6,
          "type": "uint48"
        },
        "account": {
          "slot": 1,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "report": {
          "slot": 1,
          "offset": 20,
          "bytes": 1,
          "type": "enum DeviceRegistry.Report"
        },
        "modelId": {
          "slot": 2,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        }
      }
    }
  },
  "configs": {
    "slot": 2,
    "offset": 0,
    "keys": [
      "bytes32"
    ],
    "value": {
      "slots": 3,
      "members": {
        "issuerX": {
          "slot": 0,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        },
        "issuerY": {
          "slot": 1,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        },
        "market": {
          "slot": 2,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "version": {
          "slot": 2,
          "offset": 20,
          "bytes": 4,
          "type": "uint32"
        },
        "epoch": {
          "slot": 2,
          "offset": 24,
          "bytes": 4,
          "type": "uint32"
        }
      }
    }
  },
  "holders": {
    "slot": 3,
    "offset": 0,
    "keys": [
      "address"
    ],
    "value": {
      "slots": 1,
      "members": {
        "balance": {
          "slot": 0,
          "offset": 0,
          "bytes": 16,
          "type": "uint128"
        },
        "logBlock": {
          "slot": 0,
          "offset": 16,
          "bytes": 6,
          "type": "uint48"
        }
      }
    }
  }
} as const

/** Creation code, without the constructor arguments that follow it. */
export const deviceRegistryBytecode =
  '0x6080806040523461016d57608081016001600160401b03811182821017610159576040527f60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb681527f7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299602082015260408101907ff1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d383678252606081017f019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083815260205f6004604051631d195cdd60e21b815260025afa1561014e575f5181519091907f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a810158061013e575b1561012f5761011c938151918151905252610194565b61012f57604051612b2690816102648239f35b6396a4c00960e01b5f5260045ffd5b506101498383610194565b610106565b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fd5b601f909101601f19168101906001600160401b0382119082101761015957604052565b5f919082916040810151906060810151906020815191015191604051936020850195865260408501526060840152608083015260a082015260a081526101db60c082610171565b51906101005afa3d1561025c573d6001600160401b038111610159576040519061020f601f8201601f191660200183610171565b81523d5f602083013e5b81610250575b81610228575090565b6001915060208151910151906020811061024157501490565b5f199060200360031b1b161490565b8051602014915061021f565b606061021956fe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a714611f815750806306fdde0314611f0c578063081812fc14611ed2578063095ea7b314611e7257806322aabb0014611cf457806323b872dd146116075780633fdc4f981461165f578063425dfc811461160c57806342842e0e146116075780636352211e146115cb5780636ef61607146114e257806370a082311461143c5780638fc88c48146113e857806395d89b41146113735780639c927a421461122a578063a22cb465146111bf578063af0e1f1b1461110e578063b45a3c0e146110c8578063b88d4fde1461103d578063c2f1f14a14610fa8578063c87b56dd14610c59578063ce0013e01461092f578063da51ad1314610349578063e030565e1461017e5763e985e9c51461012f575f80fd5b3461017a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57610166612203565b5061016f612226565b5060206040515f8152f35b5f80fd5b3461017a5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a576004356101b8612226565b9060443567ffffffffffffffff811680910361017a576101d78261239c565b73ffffffffffffffffffffffffffffffffffffffff163314158061031a575b6102ea5760207f4e06b4e7000e659094299b3533b47b6aa8ad048e95e872d23d1f4ee55af89cfe9173ffffffffffffffffffffffffffffffffffffffff6040519561024087612108565b1694858152828101828152855f525f845273ffffffffffffffffffffffffffffffffffffffff8060405f20935116167fffffffffffffffffffffffff0000000000000000000000000000000000000000835416178255517fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff7bffffffffffffffff000000000000000000000000000000000000000083549260a01b169116179055604051908152a3005b507fa48d40ee000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b50815f5260026020523373ffffffffffffffffffffffffffffffffffffffff600260405f2001541614156101f6565b3461017a5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5760043567ffffffffffffffff811161017a57806004018136039060e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83011261017a5760807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc36011261017a57602435916044359260405160208101908282528560408201526040815261040e606082612140565b51902094855f52600160205260405f20926104288761239c565b73ffffffffffffffffffffffffffffffffffffffff163314158061090b575b6108db57865f52600260205260405f2095610461866123f5565b9663ffffffff6002820198818a5460a01c1691829116111561089c5750610487876123f5565b9760248501359060448601359260648701359460ff861680960361017a577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdd6084890135970187121561017a57868801600481013567ffffffffffffffff811161017a576024820190803603821361017a5761050281612181565b916105106040519384612140565b8183526020830193602060048436930101011161017a578190843781016020015f9052519020988d60a48a019d6105468f6123f5565b9b60c48c019c6105558e612406565b916040519360208501957f7fd5fcaa02cc9cddd4807e80d36add9fb0828a39e63d762a066974413f61f29c8752604086015263ffffffff1660608501528960808501528a60a08501528b60c085015260e084015263ffffffff1661010083015273ffffffffffffffffffffffffffffffffffffffff1661012082015261012081526105e261014082612140565b51902060405160208101917f5336f226bd8aaceb8179c0cc167f553db2e281090e86507d80a3b45d554605428352604082015260408152610624606082612140565b51902061063090612a15565b916040519161063e83612124565b825260208201526064356040820152608435606082015261065e91612520565b156108705760018184869355015573ffffffffffffffffffffffffffffffffffffffff61068a88612406565b167fffffffffffffffffffffffff00000000000000000000000000000000000000008254161781556106bb896123f5565b81547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff77ffffffff00000000000000000000000000000000000000007bffffffff00000000000000000000000000000000000000000000000061071d8f6123f5565b60c01b169360a01b16911617179055610788875460d01c9765ffffffffffff431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b63ffffffff61079d6040519960408b52612427565b1660408901526060880152608087015260a08601520160246004820135910167ffffffffffffffff821161017a57813603811361017a576107f36107f99163ffffffff9360e060c0890152610120880191612438565b95612427565b1660e0840152359273ffffffffffffffffffffffffffffffffffffffff8416840361017a5765ffffffffffff839273ffffffffffffffffffffffffffffffffffffffff7f77983d2e418ea58dc8924202e213885077ca193e12ab6bb5f91ad1ed90d504a296166101008501521660208301520390a2005b8b7f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b63ffffffff906108ab896123f5565b907f35f6e357000000000000000000000000000000000000000000000000000000005f526004521660245260445ffd5b867fe0202c1e000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b503373ffffffffffffffffffffffffffffffffffffffff6001860154161415610447565b3461017a576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57610967612203565b602435906109736122e2565b9061097c6122f7565b9260807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c36011261017a576109af612476565b92835f52600160205260405f209081549373ffffffffffffffffffffffffffffffffffffffff8516610c2d5773ffffffffffffffffffffffffffffffffffffffff16938415610c0157868265ffffffffffff610a0e9360a01c166124a0565b610a9a610a8b60405160208101907f186d4fbcca2c5f45374e2516dc6ef7dfb0b318a7a69dabbbb17f6c9082bc912282528860408201523360608201528760808201528660a082015264ffffffffff65ffffffffffff86169a8b60c08401521660e082015260e08152610a8361010082612140565b519020612a15565b610a9436612346565b90612520565b15610bd5573360a09190911b79ffffffffffff00000000000000000000000000000000000000001681177fffffffffffff00000000000000000000000000000000000000000000000000004360d01b161782556001820180547fffffffffffffffffffffffff00000000000000000000000000000000000000001685179055600290910182905560209465ffffffffffff91610b3590612877565b906040519384526084358785015260a43560408501526060840152166080820152827fb479dea97e4cdc2623f8f3855a5ebb6f08e54902b2f394d7dc5bc35ffb98577d60a03393a47f032bc66be43dbccb7487781d168eb7bda224628a3b2c3388bdf69b532a3a16118260405183335f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4838152a1604051908152f35b847f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b847f4b579b22000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b857fc8426484000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57600435610c948161239c565b50805f52600160205260405f2090604051906060820182811067ffffffffffffffff821117610f7b57604052610d786040918251610cd28482612140565b600481527f6e6f6e6500000000000000000000000000000000000000000000000000000000602082015284528251610d0a8482612140565b600481527f6c6f737400000000000000000000000000000000000000000000000000000000602082015260208501528251610d458482612140565b600681527f73746f6c656e0000000000000000000000000000000000000000000000000000602082015283850152612930565b916001610d886002860154612930565b940154600360ff8260a01c161015610f4e576037602094604986610f4a98605282610f4098611fe0600c99609b1c160151928a519b8c977f646174613a6170706c69636174696f6e2f6a736f6e2c2537422532326e616d65828a01527f2532323a253232446576696365253230307800000000000000000000000000008d8a0152805191829101858a015e8701907f2532322c253232617474726962757465732532323a2535422537422532327472848301527f6169745f747970652532323a2532326d6f64656c2532322c25323276616c756560728301527f2532323a253232307800000000000000000000000000000000000000000000006092830152805192839101609b83015e0101907f2532322537442c25374225323274726169745f747970652532323a2532327265848301527f706f72742532322c25323276616c75652532323a2532320000000000000000006069830152805192839101608083015e01017f25323225374425354425374400000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec810185520183612140565b51918291826121bb565b0390f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a576004355f525f60205260405f20544267ffffffffffffffff8260a01c1610155f146110345773ffffffffffffffffffffffffffffffffffffffff602091165b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5060205f611016565b3461017a5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57611074612203565b5061107d612226565b5060643567ffffffffffffffff811161017a5761109e90369060040161230b565b50507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5761110260043561239c565b50602060405160018152f35b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5773ffffffffffffffffffffffffffffffffffffffff61115a612203565b5f602060405161116981612108565b8281520152165f5260036020526040805f2065ffffffffffff82519161118e83612108565b548160206fffffffffffffffffffffffffffffffff831694858152019160801c168152835192835251166020820152f35b3461017a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a576111f6612203565b506024358015150361017a577f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a575f60a0604051611268816120ec565b82815282602082015282604082015282606082015282608082015201526004355f52600160205260405f2060405161129f816120ec565b815473ffffffffffffffffffffffffffffffffffffffff81168252602082019065ffffffffffff8160a01c168252604083019060d01c8152600184015460ff606085019173ffffffffffffffffffffffffffffffffffffffff8116835260a01c169460808501916003871015610f4e5765ffffffffffff61136b9481600273ffffffffffffffffffffffffffffffffffffffff9560c09b885201549760a08a01988952856040519a51168a52511660208901525116604087015251166060850152516080840190612339565b5160a0820152f35b3461017a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57610f4a6040516113b2604082612140565b600381527f464f4200000000000000000000000000000000000000000000000000000000006020820152604051918291826121bb565b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a576004355f525f602052602067ffffffffffffffff60405f205460a01c16604051908152f35b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5773ffffffffffffffffffffffffffffffffffffffff611488612203565b1680156114b7575f52600360205260206fffffffffffffffffffffffffffffffff60405f205416604051908152f35b7fb20f76e3000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a575f6080604051611520816120d0565b82815282602082015282604082015282606082015201526004355f52600260205260a060405f2063ffffffff60405191611559836120d0565b8181549384815273ffffffffffffffffffffffffffffffffffffffff60026001850154946020840195865201549360408301908286168252846080606086019582898d1c168752019660c01c168652604051978852516020880152511660408601525116606084015251166080820152f35b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57602061101660043561239c565b612249565b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a576004355f526001602052602065ffffffffffff60405f205460a01c16604051908152f35b3461017a576101407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57611697612203565b61169f612226565b906116a86122e2565b916116b16122f7565b60807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c36011261017a576101043567ffffffffffffffff811161017a576116fc90369060040161230b565b91906101243567ffffffffffffffff811161017a5761171f90369060040161230b565b96909561172a612476565b96875f52600160205260405f20926117418961239c565b99600185019283549660ff73ffffffffffffffffffffffffffffffffffffffff89169860a01c166003811015610f4e5780611cc5575073ffffffffffffffffffffffffffffffffffffffff86169a8b15611c995773ffffffffffffffffffffffffffffffffffffffff16998a158015611c90575b611c64579b809d8c9d6117d58c8865ffffffffffff8d5460a01c166124a0565b604051936020850193845273ffffffffffffffffffffffffffffffffffffffff83169e8f604087015260608601528d608086015264ffffffffff65ffffffffffff89169d8e60a08801521660c086015260c0855261183460e086612140565b6118a7610a8b60405160208101907ff10b35842e928ad5e937bcdac6da4be2c2545a912c3d25a2f1ad3b535e59110b8252610a836040828b51808c8484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612140565b15611c37576119269261192060405160208101907f11b3a00b131e43cd5b7c67f6ec1f9049f9a6f684c76f0aa5fd3cfe6c36a747048252610a836040828b51808c8484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612140565b90612691565b15611c0b576119a79392916119a191610a8360408051809360208201957fa98e8b21b0c5aec5e6de6a17f8134bbfb2e44fa6772800bdc0d4cb901874160c87525180918484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612140565b86612691565b15611bdf5783547fffffffffffff000000000000ffffffffffffffffffffffffffffffffffffffff8a167fffffffffffff00000000000000000000000000000000000000000000000000009091161760a09190911b79ffffffffffff000000000000000000000000000000000000000016178355611a77835460d01c9365ffffffffffff431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b857fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055855f52600360205260405f20927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6fffffffffffffffffffffffffffffffff85541601916fffffffffffffffffffffffffffffffff8311611bb257889565ffffffffffff7f11de2123cb84b3cc77615b639589f1f6efdfee5ede14404d44256a6db49e2a5995611b6d82948e996fffffffffffffffffffffffffffffffff60a099167fffffffffffffffffffffffffffffffff00000000000000000000000000000000825416179055612877565b92604051958c875260208701526040860152166060840152166080820152a47fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b887f303174d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8b7f303174d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b508f7f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8a7f4b579b22000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50888b146117b5565b8b7fb20f76e3000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8c7ff3baf46e000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b3461017a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57600435602435600381101561017a57815f52600160205260405f20611d478361239c565b73ffffffffffffffffffffffffffffffffffffffff33911603611e42577f2bf8a835efa95b3724574b1a9991008c8f752314b48de337a6610e14f639ba389165ffffffffffff8260016040940180547fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff74ff00000000000000000000000000000000000000008660a01b169116179055611e2d815460d01c9183431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b611e3984518094612339565b166020820152a2005b827f0e25346d000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b3461017a5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57611ea9612203565b507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5761016f60043561239c565b3461017a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57610f4a604051611f4b604082612140565b600b81527f466f6220646576696365730000000000000000000000000000000000000000006020820152604051918291826121bb565b3461017a5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a57600435907fffffffff00000000000000000000000000000000000000000000000000000000821680920361017a57817f80ac58cd00000000000000000000000000000000000000000000000000000000602093149081156120a6575b811561207c575b8115612052575b8115612028575b5015158152f35b7f01ffc9a70000000000000000000000000000000000000000000000000000000091501483612021565b7fad092b5c000000000000000000000000000000000000000000000000000000008114915061201a565b7fb45a3c0e0000000000000000000000000000000000000000000000000000000081149150612013565b7f5b5e139f000000000000000000000000000000000000000000000000000000008114915061200c565b60a0810190811067ffffffffffffffff821117610f7b57604052565b60c0810190811067ffffffffffffffff821117610f7b57604052565b6040810190811067ffffffffffffffff821117610f7b57604052565b6080810190811067ffffffffffffffff821117610f7b57604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610f7b57604052565b67ffffffffffffffff8111610f7b57601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602060409481855280519182918282880152018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361017a57565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361017a57565b3461017a5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017a5760043573ffffffffffffffffffffffffffffffffffffffff8116810361017a575060243573ffffffffffffffffffffffffffffffffffffffff8116810361017a57507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b6044359065ffffffffffff8216820361017a57565b6064359064ffffffffff8216820361017a57565b9181601f8401121561017a5782359167ffffffffffffffff831161017a576020838186019501011161017a57565b906003821015610f4e5752565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c608091011261017a576040519061237d82612124565b608435825260a435602083015260c435604083015260e4356060830152565b90815f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2054169182156123ca5750565b7fe2f351b2000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3563ffffffff8116810361017a5790565b3573ffffffffffffffffffffffffffffffffffffffff8116810361017a5790565b359063ffffffff8216820361017a57565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b6040516020810190608435825260a43560408201526040815261249a606082612140565b51902090565b65ffffffffffff9182169116808211156124f257505064ffffffffff168042116124c75750565b7ff83d7985000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fa745b705000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b5f60209160405183810191825283815261253b604082612140565b604051918291518091835e8101838152039060025afa15612616575f51906060810151917f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a88311159182612591575b5050905090565b5f938493506040820151916020815191015191604051936020850195865260408501526060840152608083015260a082015260a081526125d260c082612140565b51906101005afa6125e1612621565b8161260a575b816125f6575b50805f8061258a565b6001915061260390612650565b145f6125ed565b805160201491506125e7565b6040513d5f823e3d90fd5b3d1561264b573d9061263282612181565b916126406040519384612140565b82523d5f602084013e565b606090565b602081519101519060208110612664575090565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b1690565b919273ffffffffffffffffffffffffffffffffffffffff831680331461286d576041821461278e575b50905f9361273785949361270b60405193849260208401967f1626ba7e0000000000000000000000000000000000000000000000000000000088526024850152604060448501526064840191612438565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282612140565b51915afa612743612621565b81612782575b81612752575090565b7f1626ba7e00000000000000000000000000000000000000000000000000000000915061277e90612650565b1490565b80516020149150612749565b8160401161017a5760208501357f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08111156127ca575b506126ba565b826040959493951015612840578460201161017a575f60806020928835906040519187835260408b013560f81c868401526040830152606082015282805260015afa156126165773ffffffffffffffffffffffffffffffffffffffff5f5116146128375790915f806127c4565b50505050600190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5050505050600190565b73ffffffffffffffffffffffffffffffffffffffff165f52600360205260405f209081549160016fffffffffffffffffffffffffffffffff65ffffffffffff8560801c169416016fffffffffffffffffffffffffffffffff8111611bb25781547fffffffffffffffffffff00000000000000000000000000000000000000000000166fffffffffffffffffffffffffffffffff91909116174360801b75ffffffffffff0000000000000000000000000000000016179055565b6040519061293f606083612140565b60408083523660208401375f5b6040811061295957505090565b8060011c602081101561284057600f90600183166129ea5760ff7fff00000000000000000000000000000000000000000000000000000000000000856004935b1a60f81b1691161c60f81c16906010821015612840578351811015612840577f30313233343536373839616263646566000000000000000000000000000000006001921a602082860101530161294c565b60ff7fff00000000000000000000000000000000000000000000000000000000000000855f93612999565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f31b5d7145924e1e94b07d05fbc1bd268d3139391f3ec5a56e820cbc8d7cdd44360408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152612aa760c082612140565b519020906040519060208201927f19010000000000000000000000000000000000000000000000000000000000008452602283015260428201526042815261249a60628261214056fea2646970667358221220bc512e09334b37beb01099952a3378c9d75c3ad4f39f0157af3dfde7f91d120364736f6c63430008250033'
