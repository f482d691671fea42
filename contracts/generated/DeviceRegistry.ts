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
  '0x6080806040523461016d57608081016001600160401b03811182821017610159576040527f60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb681527f7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299602082015260408101907ff1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d383678252606081017f019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083815260205f6004604051631d195cdd60e21b815260025afa1561014e575f5181519091907f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a810158061013e575b1561012f5761011c938151918151905252610194565b61012f57604051612ac890816102648239f35b6396a4c00960e01b5f5260045ffd5b506101498383610194565b610106565b6040513d5f823e3d90fd5b634e487b7160e01b5f52604160045260245ffd5b5f80fd5b601f909101601f19168101906001600160401b0382119082101761015957604052565b5f919082916040810151906060810151906020815191015191604051936020850195865260408501526060840152608083015260a082015260a081526101db60c082610171565b51906101005afa3d1561025c573d6001600160401b038111610159576040519061020f601f8201601f191660200183610171565b81523d5f602083013e5b81610250575b81610228575090565b6001915060208151910151906020811061024157501490565b5f199060200360031b1b161490565b8051602014915061021f565b606061021956fe6080806040526004361015610012575f80fd5b5f3560e01c90816301ffc9a714611f235750806306fdde0314611eae578063081812fc14611e74578063095ea7b314611e1457806322aabb0014611c9657806323b872dd146115fc5780633fdc4f981461160157806342842e0e146115fc5780636352211e146115c05780636ef61607146114d757806370a08231146114315780638fc88c48146113dd57806395d89b41146113685780639c927a421461121f578063a22cb465146111b4578063af0e1f1b14611103578063b45a3c0e146110bd578063b88d4fde14611032578063c2f1f14a14610f9d578063c87b56dd14610c4e578063ce0013e014610924578063da51ad131461033e578063e030565e146101735763e985e9c514610124575f80fd5b3461016f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5761015b6121a5565b506101646121c8565b5060206040515f8152f35b5f80fd5b3461016f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576004356101ad6121c8565b9060443567ffffffffffffffff811680910361016f576101cc8261233e565b73ffffffffffffffffffffffffffffffffffffffff163314158061030f575b6102df5760207f4e06b4e7000e659094299b3533b47b6aa8ad048e95e872d23d1f4ee55af89cfe9173ffffffffffffffffffffffffffffffffffffffff60405195610235876120aa565b1694858152828101828152855f525f845273ffffffffffffffffffffffffffffffffffffffff8060405f20935116167fffffffffffffffffffffffff0000000000000000000000000000000000000000835416178255517fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff7bffffffffffffffff000000000000000000000000000000000000000083549260a01b169116179055604051908152a3005b507fa48d40ee000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b50815f5260026020523373ffffffffffffffffffffffffffffffffffffffff600260405f2001541614156101eb565b3461016f5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5760043567ffffffffffffffff811161016f57806004018136039060e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc83011261016f5760807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc36011261016f5760243591604435926040516020810190828252856040820152604081526104036060826120e2565b51902094855f52600160205260405f209261041d8761233e565b73ffffffffffffffffffffffffffffffffffffffff1633141580610900575b6108d057865f52600260205260405f209561045686612397565b9663ffffffff6002820198818a5460a01c16918291161115610891575061047c87612397565b9760248501359060448601359260648701359460ff861680960361016f577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdd6084890135970187121561016f57868801600481013567ffffffffffffffff811161016f576024820190803603821361016f576104f781612123565b9161050560405193846120e2565b8183526020830193602060048436930101011161016f578190843781016020015f9052519020988d60a48a019d61053b8f612397565b9b60c48c019c61054a8e6123a8565b916040519360208501957f7fd5fcaa02cc9cddd4807e80d36add9fb0828a39e63d762a066974413f61f29c8752604086015263ffffffff1660608501528960808501528a60a08501528b60c085015260e084015263ffffffff1661010083015273ffffffffffffffffffffffffffffffffffffffff1661012082015261012081526105d7610140826120e2565b51902060405160208101917f5336f226bd8aaceb8179c0cc167f553db2e281090e86507d80a3b45d5546054283526040820152604081526106196060826120e2565b519020610625906129b7565b9160405191610633836120c6565b8252602082015260643560408201526084356060820152610653916124c2565b156108655760018184869355015573ffffffffffffffffffffffffffffffffffffffff61067f886123a8565b167fffffffffffffffffffffffff00000000000000000000000000000000000000008254161781556106b089612397565b81547fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff77ffffffff00000000000000000000000000000000000000007bffffffff0000000000000000000000000000000000000000000000006107128f612397565b60c01b169360a01b1691161717905561077d875460d01c9765ffffffffffff431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b63ffffffff6107926040519960408b526123c9565b1660408901526060880152608087015260a08601520160246004820135910167ffffffffffffffff821161016f57813603811361016f576107e86107ee9163ffffffff9360e060c08901526101208801916123da565b956123c9565b1660e0840152359273ffffffffffffffffffffffffffffffffffffffff8416840361016f5765ffffffffffff839273ffffffffffffffffffffffffffffffffffffffff7f77983d2e418ea58dc8924202e213885077ca193e12ab6bb5f91ad1ed90d504a296166101008501521660208301520390a2005b8b7f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b63ffffffff906108a089612397565b907f35f6e357000000000000000000000000000000000000000000000000000000005f526004521660245260445ffd5b867fe0202c1e000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b503373ffffffffffffffffffffffffffffffffffffffff600186015416141561043c565b3461016f576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5761095c6121a5565b60243590610968612284565b90610971612299565b9260807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c36011261016f576109a4612418565b92835f52600160205260405f209081549373ffffffffffffffffffffffffffffffffffffffff8516610c225773ffffffffffffffffffffffffffffffffffffffff16938415610bf657868265ffffffffffff610a039360a01c16612442565b610a8f610a8060405160208101907f186d4fbcca2c5f45374e2516dc6ef7dfb0b318a7a69dabbbb17f6c9082bc912282528860408201523360608201528760808201528660a082015264ffffffffff65ffffffffffff86169a8b60c08401521660e082015260e08152610a78610100826120e2565b5190206129b7565b610a89366122e8565b906124c2565b15610bca573360a09190911b79ffffffffffff00000000000000000000000000000000000000001681177fffffffffffff00000000000000000000000000000000000000000000000000004360d01b161782556001820180547fffffffffffffffffffffffff00000000000000000000000000000000000000001685179055600290910182905560209465ffffffffffff91610b2a90612819565b906040519384526084358785015260a43560408501526060840152166080820152827fb479dea97e4cdc2623f8f3855a5ebb6f08e54902b2f394d7dc5bc35ffb98577d60a03393a47f032bc66be43dbccb7487781d168eb7bda224628a3b2c3388bdf69b532a3a16118260405183335f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef8180a4838152a1604051908152f35b847f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b847f4b579b22000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b857fc8426484000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57600435610c898161233e565b50805f52600160205260405f2090604051906060820182811067ffffffffffffffff821117610f7057604052610d6d6040918251610cc784826120e2565b600481527f6e6f6e6500000000000000000000000000000000000000000000000000000000602082015284528251610cff84826120e2565b600481527f6c6f737400000000000000000000000000000000000000000000000000000000602082015260208501528251610d3a84826120e2565b600681527f73746f6c656e00000000000000000000000000000000000000000000000000006020820152838501526128d2565b916001610d7d60028601546128d2565b940154600360ff8260a01c161015610f43576037602094604986610f3f98605282610f3598611fe0600c99609b1c160151928a519b8c977f646174613a6170706c69636174696f6e2f6a736f6e2c2537422532326e616d65828a01527f2532323a253232446576696365253230307800000000000000000000000000008d8a0152805191829101858a015e8701907f2532322c253232617474726962757465732532323a2535422537422532327472848301527f6169745f747970652532323a2532326d6f64656c2532322c25323276616c756560728301527f2532323a253232307800000000000000000000000000000000000000000000006092830152805192839101609b83015e0101907f2532322537442c25374225323274726169745f747970652532323a2532327265848301527f706f72742532322c25323276616c75652532323a2532320000000000000000006069830152805192839101608083015e01017f25323225374425354425374400000000000000000000000000000000000000008382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec8101855201836120e2565b519182918261215d565b0390f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576004355f525f60205260405f20544267ffffffffffffffff8260a01c1610155f146110295773ffffffffffffffffffffffffffffffffffffffff602091165b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b5060205f61100b565b3461016f5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576110696121a5565b506110726121c8565b5060643567ffffffffffffffff811161016f576110939036906004016122ad565b50507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576110f760043561233e565b50602060405160018152f35b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5773ffffffffffffffffffffffffffffffffffffffff61114f6121a5565b5f602060405161115e816120aa565b8281520152165f5260036020526040805f2065ffffffffffff825191611183836120aa565b548160206fffffffffffffffffffffffffffffffff831694858152019160801c168152835192835251166020820152f35b3461016f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576111eb6121a5565b506024358015150361016f577f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f575f60a060405161125d8161208e565b82815282602082015282604082015282606082015282608082015201526004355f52600160205260405f206040516112948161208e565b815473ffffffffffffffffffffffffffffffffffffffff81168252602082019065ffffffffffff8160a01c168252604083019060d01c8152600184015460ff606085019173ffffffffffffffffffffffffffffffffffffffff8116835260a01c169460808501916003871015610f435765ffffffffffff6113609481600273ffffffffffffffffffffffffffffffffffffffff9560c09b885201549760a08a01988952856040519a51168a525116602089015251166040870152511660608501525160808401906122db565b5160a0820152f35b3461016f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57610f3f6040516113a76040826120e2565b600381527f464f42000000000000000000000000000000000000000000000000000000000060208201526040519182918261215d565b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576004355f525f602052602067ffffffffffffffff60405f205460a01c16604051908152f35b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5773ffffffffffffffffffffffffffffffffffffffff61147d6121a5565b1680156114ac575f52600360205260206fffffffffffffffffffffffffffffffff60405f205416604051908152f35b7fb20f76e3000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f575f608060405161151581612072565b82815282602082015282604082015282606082015201526004355f52600260205260a060405f2063ffffffff6040519161154e83612072565b8181549384815273ffffffffffffffffffffffffffffffffffffffff60026001850154946020840195865201549360408301908286168252846080606086019582898d1c168752019660c01c168652604051978852516020880152511660408601525116606084015251166080820152f35b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57602061100b60043561233e565b6121eb565b3461016f576101407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f576116396121a5565b6116416121c8565b9061164a612284565b91611653612299565b60807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c36011261016f576101043567ffffffffffffffff811161016f5761169e9036906004016122ad565b91906101243567ffffffffffffffff811161016f576116c19036906004016122ad565b9690956116cc612418565b96875f52600160205260405f20926116e38961233e565b99600185019283549660ff73ffffffffffffffffffffffffffffffffffffffff89169860a01c166003811015610f435780611c67575073ffffffffffffffffffffffffffffffffffffffff86169a8b15611c3b5773ffffffffffffffffffffffffffffffffffffffff16998a158015611c32575b611c06579b809d8c9d6117778c8865ffffffffffff8d5460a01c16612442565b604051936020850193845273ffffffffffffffffffffffffffffffffffffffff83169e8f604087015260608601528d608086015264ffffffffff65ffffffffffff89169d8e60a08801521660c086015260c085526117d660e0866120e2565b611849610a8060405160208101907ff10b35842e928ad5e937bcdac6da4be2c2545a912c3d25a2f1ad3b535e59110b8252610a786040828b51808c8484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826120e2565b15611bd9576118c8926118c260405160208101907f11b3a00b131e43cd5b7c67f6ec1f9049f9a6f684c76f0aa5fd3cfe6c36a747048252610a786040828b51808c8484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826120e2565b90612633565b15611bad5761194993929161194391610a7860408051809360208201957fa98e8b21b0c5aec5e6de6a17f8134bbfb2e44fa6772800bdc0d4cb901874160c87525180918484015e81015f8382015203017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826120e2565b86612633565b15611b815783547fffffffffffff000000000000ffffffffffffffffffffffffffffffffffffffff8a167fffffffffffff00000000000000000000000000000000000000000000000000009091161760a09190911b79ffffffffffff000000000000000000000000000000000000000016178355611a19835460d01c9365ffffffffffff431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b857fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055855f52600360205260405f20927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6fffffffffffffffffffffffffffffffff85541601916fffffffffffffffffffffffffffffffff8311611b5457889565ffffffffffff7f11de2123cb84b3cc77615b639589f1f6efdfee5ede14404d44256a6db49e2a5995611b0f82948e996fffffffffffffffffffffffffffffffff60a099167fffffffffffffffffffffffffffffffff00000000000000000000000000000000825416179055612819565b92604051958c875260208701526040860152166060840152166080820152a47fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b887f303174d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8b7f303174d9000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b508f7f32601b20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8a7f4b579b22000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50888b14611757565b8b7fb20f76e3000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b8c7ff3baf46e000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b3461016f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57600435602435600381101561016f57815f52600160205260405f20611ce98361233e565b73ffffffffffffffffffffffffffffffffffffffff33911603611de4577f2bf8a835efa95b3724574b1a9991008c8f752314b48de337a6610e14f639ba389165ffffffffffff8260016040940180547fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff74ff00000000000000000000000000000000000000008660a01b169116179055611dcf815460d01c9183431679ffffffffffffffffffffffffffffffffffffffffffffffffffff7fffffffffffff000000000000000000000000000000000000000000000000000083549260d01b169116179055565b611ddb845180946122db565b166020820152a2005b827f0e25346d000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b3461016f5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57611e4b6121a5565b507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5761016460043561233e565b3461016f575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57610f3f604051611eed6040826120e2565b600b81527f466f62206465766963657300000000000000000000000000000000000000000060208201526040519182918261215d565b3461016f5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f57600435907fffffffff00000000000000000000000000000000000000000000000000000000821680920361016f57817f80ac58cd0000000000000000000000000000000000000000000000000000000060209314908115612048575b811561201e575b8115611ff4575b8115611fca575b5015158152f35b7f01ffc9a70000000000000000000000000000000000000000000000000000000091501483611fc3565b7fad092b5c0000000000000000000000000000000000000000000000000000000081149150611fbc565b7fb45a3c0e0000000000000000000000000000000000000000000000000000000081149150611fb5565b7f5b5e139f0000000000000000000000000000000000000000000000000000000081149150611fae565b60a0810190811067ffffffffffffffff821117610f7057604052565b60c0810190811067ffffffffffffffff821117610f7057604052565b6040810190811067ffffffffffffffff821117610f7057604052565b6080810190811067ffffffffffffffff821117610f7057604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff821117610f7057604052565b67ffffffffffffffff8111610f7057601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602060409481855280519182918282880152018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361016f57565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361016f57565b3461016f5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016f5760043573ffffffffffffffffffffffffffffffffffffffff8116810361016f575060243573ffffffffffffffffffffffffffffffffffffffff8116810361016f57507f2b36b061000000000000000000000000000000000000000000000000000000005f5260045ffd5b6044359065ffffffffffff8216820361016f57565b6064359064ffffffffff8216820361016f57565b9181601f8401121561016f5782359167ffffffffffffffff831161016f576020838186019501011161016f57565b906003821015610f435752565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7c608091011261016f576040519061231f826120c6565b608435825260a435602083015260c435604083015260e4356060830152565b90815f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f20541691821561236c5750565b7fe2f351b2000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3563ffffffff8116810361016f5790565b3573ffffffffffffffffffffffffffffffffffffffff8116810361016f5790565b359063ffffffff8216820361016f57565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b6040516020810190608435825260a43560408201526040815261243c6060826120e2565b51902090565b65ffffffffffff91821691168082111561249457505064ffffffffff168042116124695750565b7ff83d7985000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fa745b705000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b5f6020916040518381019182528381526124dd6040826120e2565b604051918291518091835e8101838152039060025afa156125b8575f51906060810151917f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a88311159182612533575b5050905090565b5f938493506040820151916020815191015191604051936020850195865260408501526060840152608083015260a082015260a0815261257460c0826120e2565b51906101005afa6125836125c3565b816125ac575b81612598575b50805f8061252c565b600191506125a5906125f2565b145f61258f565b80516020149150612589565b6040513d5f823e3d90fd5b3d156125ed573d906125d482612123565b916125e260405193846120e2565b82523d5f602084013e565b606090565b602081519101519060208110612606575090565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b1690565b919273ffffffffffffffffffffffffffffffffffffffff831680331461280f5760418214612730575b50905f936126d98594936126ad60405193849260208401967f1626ba7e00000000000000000000000000000000000000000000000000000000885260248501526040604485015260648401916123da565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826120e2565b51915afa6126e56125c3565b81612724575b816126f4575090565b7f1626ba7e000000000000000000000000000000000000000000000000000000009150612720906125f2565b1490565b805160201491506126eb565b8160401161016f5760208501357f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a081111561276c575b5061265c565b8260409594939510156127e2578460201161016f575f60806020928835906040519187835260408b013560f81c868401526040830152606082015282805260015afa156125b85773ffffffffffffffffffffffffffffffffffffffff5f5116146127d95790915f80612766565b50505050600190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5050505050600190565b73ffffffffffffffffffffffffffffffffffffffff165f52600360205260405f209081549160016fffffffffffffffffffffffffffffffff65ffffffffffff8560801c169416016fffffffffffffffffffffffffffffffff8111611b545781547fffffffffffffffffffff00000000000000000000000000000000000000000000166fffffffffffffffffffffffffffffffff91909116174360801b75ffffffffffff0000000000000000000000000000000016179055565b604051906128e16060836120e2565b60408083523660208401375f5b604081106128fb57505090565b8060011c60208110156127e257600f906001831661298c5760ff7fff00000000000000000000000000000000000000000000000000000000000000856004935b1a60f81b1691161c60f81c169060108210156127e25783518110156127e2577f30313233343536373839616263646566000000000000000000000000000000006001921a60208286010153016128ee565b60ff7fff00000000000000000000000000000000000000000000000000000000000000855f9361293b565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f31b5d7145924e1e94b07d05fbc1bd268d3139391f3ec5a56e820cbc8d7cdd44360408201527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608201524660808201523060a082015260a08152612a4960c0826120e2565b519020906040519060208201927f19010000000000000000000000000000000000000000000000000000000000008452602283015260428201526042815261243c6062826120e256fea26469706673582212208162285b0bea297d1c1749110d7233ebcdd5865397f9bf9e3762893bb0acb05964736f6c63430008250033'
