// ABI, creation code and storage layout of FirmwareRegistry.sol, written by contracts/build.ts. Don't edit.

export const firmwareRegistryAbi = [
  {"inputs":[{"internalType":"uint40","name":"rotationDelay","type":"uint40"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"InvalidManifestLength","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"InvalidNameLength","type":"error"},
  {"inputs":[{"internalType":"address","name":"releaseKey","type":"address"}],"name":"InvalidReleaseKey","type":"error"},
  {"inputs":[{"internalType":"uint40","name":"delay","type":"uint40"}],"name":"InvalidRotationDelay","type":"error"},
  {"inputs":[{"internalType":"uint256","name":"length","type":"uint256"}],"name":"InvalidUriLength","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"ModelExists","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"NoRotation","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotMaker","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotPendingReleaseKey","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotReleaseKey","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"caller","type":"address"}],"name":"NotRevoker","type":"error"},
  {"inputs":[{"internalType":"uint40","name":"readyAt","type":"uint40"}],"name":"RotationNotReady","type":"error"},
  {"inputs":[{"internalType":"uint32","name":"head","type":"uint32"},{"internalType":"uint32","name":"given","type":"uint32"}],"name":"SecurityCounterLowered","type":"error"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"UnknownModel","type":"error"},
  {"inputs":[{"internalType":"uint64","name":"head","type":"uint64"},{"internalType":"uint64","name":"given","type":"uint64"}],"name":"VersionNotGreater","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"digest","type":"bytes32"},{"indexed":true,"internalType":"address","name":"auditor","type":"address"},{"indexed":false,"internalType":"bool","name":"approves","type":"bool"},{"indexed":false,"internalType":"string","name":"uri","type":"string"}],"name":"Attested","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"guardian","type":"address"},{"indexed":true,"internalType":"address","name":"previous","type":"address"}],"name":"GuardianSet","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"maker","type":"address"},{"indexed":false,"internalType":"string","name":"name","type":"string"},{"indexed":false,"internalType":"string","name":"hardware","type":"string"},{"indexed":false,"internalType":"address","name":"releaseKey","type":"address"},{"indexed":false,"internalType":"address","name":"guardian","type":"address"}],"name":"ModelCreated","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"releaseKey","type":"address"},{"indexed":true,"internalType":"address","name":"previous","type":"address"}],"name":"ReleaseKeyAccepted","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"releaseKey","type":"address"}],"name":"ReleaseKeyCancelled","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"address","name":"releaseKey","type":"address"},{"indexed":false,"internalType":"uint40","name":"readyAt","type":"uint40"}],"name":"ReleaseKeyProposed","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":true,"internalType":"bytes32","name":"channel","type":"bytes32"},{"indexed":false,"internalType":"uint32","name":"seq","type":"uint32"},{"indexed":false,"internalType":"bytes32","name":"manifestHash","type":"bytes32"},{"indexed":false,"internalType":"bytes","name":"manifest","type":"bytes"}],"name":"Released","type":"event"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"modelId","type":"bytes32"},{"indexed":false,"internalType":"bytes32","name":"digest","type":"bytes32"},{"indexed":false,"internalType":"uint8","name":"reason","type":"uint8"}],"name":"Revoked","type":"event"},
  {"inputs":[],"name":"MAX_MANIFEST_BYTES","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_NAME_BYTES","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"MAX_URI_BYTES","outputs":[{"internalType":"uint256","name":"","type":"uint256"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"ROTATION_DELAY","outputs":[{"internalType":"uint40","name":"","type":"uint40"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"acceptReleaseKey","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"bytes32","name":"digest","type":"bytes32"},{"internalType":"bool","name":"approves","type":"bool"},{"internalType":"string","name":"uri","type":"string"}],"name":"attest","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"bytes32","name":"digest","type":"bytes32"},{"internalType":"address","name":"auditor","type":"address"}],"name":"attestationOf","outputs":[{"components":[{"internalType":"enum FirmwareRegistry.Verdict","name":"verdict","type":"uint8"},{"internalType":"uint40","name":"attestedAt","type":"uint40"},{"internalType":"uint48","name":"blockNumber","type":"uint48"}],"internalType":"struct FirmwareRegistry.Attestation","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"cancelReleaseKey","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"hardware","type":"string"},{"internalType":"address","name":"releaseKey","type":"address"},{"internalType":"address","name":"guardian","type":"address"}],"name":"createModel","outputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"bytes32","name":"channel","type":"bytes32"}],"name":"headOf","outputs":[{"components":[{"internalType":"bytes32","name":"manifestHash","type":"bytes32"},{"internalType":"uint64","name":"version","type":"uint64"},{"internalType":"uint32","name":"seq","type":"uint32"},{"internalType":"uint32","name":"minSecurityCounter","type":"uint32"},{"internalType":"uint40","name":"updatedAt","type":"uint40"},{"internalType":"uint48","name":"blockNumber","type":"uint48"}],"internalType":"struct FirmwareRegistry.Head","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"address","name":"maker","type":"address"},{"internalType":"string","name":"name","type":"string"},{"internalType":"string","name":"hardware","type":"string"}],"name":"modelIdOf","outputs":[{"internalType":"bytes32","name":"","type":"bytes32"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"}],"name":"modelOf","outputs":[{"components":[{"internalType":"bytes32","name":"revocations","type":"bytes32"},{"internalType":"address","name":"maker","type":"address"},{"internalType":"uint48","name":"createdBlock","type":"uint48"},{"internalType":"address","name":"releaseKey","type":"address"},{"internalType":"address","name":"guardian","type":"address"},{"internalType":"address","name":"pendingReleaseKey","type":"address"},{"internalType":"uint40","name":"pendingReadyAt","type":"uint40"}],"internalType":"struct FirmwareRegistry.Model","name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"newKey","type":"address"}],"name":"proposeReleaseKey","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"bytes32","name":"channel","type":"bytes32"},{"internalType":"uint64","name":"version","type":"uint64"},{"internalType":"uint32","name":"minSecurityCounter","type":"uint32"},{"internalType":"bytes","name":"manifest","type":"bytes"}],"name":"publish","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"bytes32","name":"digest","type":"bytes32"},{"internalType":"uint8","name":"reason","type":"uint8"}],"name":"revoke","outputs":[],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"modelId","type":"bytes32"},{"internalType":"address","name":"guardian","type":"address"}],"name":"setGuardian","outputs":[],"stateMutability":"nonpayable","type":"function"},
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
export const firmwareRegistryLayout = {
  "models": {
    "slot": 0,
    "offset": 0,
    "keys": [
      "bytes32"
    ],
    "value": {
      "slots": 5,
      "members": {
        "revocations": {
          "slot": 0,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        },
        "maker": {
          "slot": 1,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "createdBlock": {
          "slot": 1,
          "offset": 20,
          "bytes": 6,
          "type": "uint48"
        },
        "releaseKey": {
          "slot": 2,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "guardian": {
          "slot": 3,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "pendingReleaseKey": {
          "slot": 4,
          "offset": 0,
          "bytes": 20,
          "type": "address"
        },
        "pendingReadyAt": {
          "slot": 4,
          "offset": 20,
          "bytes": 5,
          "type": "uint40"
        }
      }
    }
  },
  "heads": {
    "slot": 1,
    "offset": 0,
    "keys": [
      "bytes32",
      "bytes32"
    ],
    "value": {
      "slots": 2,
      "members": {
        "manifestHash": {
          "slot": 0,
          "offset": 0,
          "bytes": 32,
          "type": "bytes32"
        },
        "version": {
          "slot": 1,
          "offset": 0,
          "bytes": 8,
          "type": "uint64"
        },
        "seq": {
          "slot": 1,
          "offset": 8,
          "bytes": 4,
          "type": "uint32"
        },
        "minSecurityCounter": {
          "slot": 1,
          "offset": 12,
          "bytes": 4,
          "type": "uint32"
        },
        "updatedAt": {
          "slot": 1,
          "offset": 16,
          "bytes": 5,
          "type": "uint40"
        },
        "blockNumber": {
          "slot": 1,
          "offset": 21,
          "bytes": 6,
          "type": "uint48"
        }
      }
    }
  },
  "roles": {
    "slot": 2,
    "offset": 0,
    "keys": [
      "bytes32",
      "address"
    ],
    "value": "uint8"
  },
  "attestations": {
    "slot": 3,
    "offset": 0,
    "keys": [
      "bytes32",
      "bytes32",
      "address"
    ],
    "value": {
      "slots": 1,
      "members": {
        "verdict": {
          "slot": 0,
          "offset": 0,
          "bytes": 1,
          "type": "enum FirmwareRegistry.Verdict"
        },
        "attestedAt": {
          "slot": 0,
          "offset": 1,
          "bytes": 5,
          "type": "uint40"
        },
        "blockNumber": {
          "slot": 0,
          "offset": 6,
          "bytes": 6,
          "type": "uint48"
        }
      }
    }
  }
} as const

/** Creation code, without the constructor arguments that follow it. */
export const firmwareRegistryBytecode =
  '0x60a034609657601f611a0f38819003918201601f19168301916001600160401b03831184841017609a578084926020946040528339810103126096575164ffffffffff811680820360965780158015608a575b6078575060805260405161196090816100af82396080518181816109ec0152610f1e0152f35b6338ae314360e01b5f5260045260245ffd5b506301e1338081116052565b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe6080806040526004361015610012575f80fd5b5f3560e01c90816319b5651e14611578575080632cfbbe4814611321578063382617481461124b57806344f73476146111505780634853aa6b1461102357806364158ece14610f7b578063680c60c714610f425780636d8d0c9114610ee3578063718a60ee14610ea95780638f97386b14610b17578063a9a059731461097b578063af0453241461086d578063b5b3712f14610638578063c7f3144714610260578063cdb035d9146102265763d3674b18146100cc575f80fd5b346102225760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610222576004356101066116b0565b90600361011282611884565b019073ffffffffffffffffffffffffffffffffffffffff8083541693846101d6575b16918261018a575b827fffffffffffffffffffffffff00000000000000000000000000000000000000008254161790557f40b59f5f3f70d628a092496cdd11d2aec22b15d3d58dabc0c3f34b923fee27ca5f80a4005b815f52600260205260405f20835f5260205260405f2060ff60048183541617167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905561013c565b825f52600260205260405f208286165f5260205260405f2060ff60fb825416167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00825416179055610134565b5f80fd5b34610222575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760206040516110008152f35b346102225760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610222576004356024359060443567ffffffffffffffff81168091036102225760643563ffffffff81168082036102225760843567ffffffffffffffff8111610222576102dc9036906004016116d3565b9190855f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f52602052600260405f2054161561060857821580156105fd575b6105d157855f52600160205260405f20875f5260205260405f2092600184019384549363ffffffff8560401c169067ffffffffffffffff861663ffffffff8760601c16908361055d575b5050506001019463ffffffff86116105305767ffffffffffffffff831161050357604051946103bd60207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8701160187611755565b83865260208601973685870111610222576fffffffff0000000000000000000000007fffffffffff000000000000ffffffffffffffffffffffffffffffffffffffffff7fffffffffffffffffffffff0000000000ffffffffffffffffffffffffffffffff7ff9165800f4be304e0a97117e75c1ce4c3e023f83be3eec842e45a0944bcb67129c8c6104fe9b8a63ffffffff9f8d90375f60208c830101525190208098557fffffffffffffffffffffffffffffffff000000000000000000000000000000007affffffffffff0000000000000000000000000000000000000000004360a81b16961617166bffffffff00000000000000008b60401b1617169160601b161774ffffffffff000000000000000000000000000000004260801b161717905560405195869516855260208501526060604085015260608401916117a2565b0390a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b808b11156105a157508082106105735780610366565b7f44236e48000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b8a907f83c42ea7000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b827f76ca5e6a000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50611000831161031c565b857fb2ecafd5000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b346102225760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610222576044356024356004358215158084036102225760643567ffffffffffffffff81116102225761069a9036906004016116d3565b94835f525f60205273ffffffffffffffffffffffffffffffffffffffff600160405f2001541615610841576102008611610815571561080d576001915b6106ed604051936106e78561171d565b84611796565b602083019264ffffffffff421684526040810165ffffffffffff43168152855f52600360205260405f20875f5260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f2091519060038210156107e0577f459ff77c0334f5adf11e8f7f56cfceabae9a3c1061e0c4241fba0280a108b119957fffffffffffffffffffffffffffffffffffffffff00000000000000000000000060ff6bffffffffffff00000000000065ffffffffff008754945160081b16945160301b169416911617171790556107db604051928392835260406020840152339760408401916117a2565b0390a4005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b6002916106d7565b857f3266275c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b837fa2dc0625000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346102225760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760043560243560443560ff811680910361022257825f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f2054161561094b577f799e8692766c832f12a1bc617a24be0539c63bdf6de5d311342848c5e61a1c9c91604091845f525f602052825f208054845160208101918252848682015283606082015260608152610939608082611755565b519020905582519182526020820152a2005b827ff0c73777000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b346102225760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610222576004356109b56116b0565b9073ffffffffffffffffffffffffffffffffffffffff6109d482611884565b92169182158015610af4575b610ac85764ffffffffff7f00000000000000000000000000000000000000000000000000000000000000001664ffffffffff4216019064ffffffffff82116105305760040180547fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff85167fffffffffffffff000000000000000000000000000000000000000000000000009091161760a083901b78ffffffffff00000000000000000000000000000000000000001617905560405164ffffffffff90911681527fbeb53b5849fc90fdb7f53270bcf61a28d3f71dc5cb8b9322784e34fe8ac6de9490602090a3005b827fd3b3d64e000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b5073ffffffffffffffffffffffffffffffffffffffff60028201541683146109e0565b346102225760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760043567ffffffffffffffff811161022257610b669036906004016116d3565b9060243567ffffffffffffffff811161022257610b879036906004016116d3565b90610b9061168d565b906064359173ffffffffffffffffffffffffffffffffffffffff83168093036102225773ffffffffffffffffffffffffffffffffffffffff90610bd387876118e4565b610bdd85846118e4565b16928315610e7d57610bf281838888336117e0565b94855f525f60205260405f206001810173ffffffffffffffffffffffffffffffffffffffff815416610e51579360209893610db5899794847f15fe0759a93cc54fe2b051cdb2a5f9eecd530286b807a8ba6592989a31720f26988a610dc2975573ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffffffffffffff000000000000000000000000000000000000000082541617815580547fffffffffffff000000000000ffffffffffffffffffffffffffffffffffffffff79ffffffffffff00000000000000000000000000000000000000004360a01b169116179055600281018b7fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055895f5260028d5260405f2073ffffffffffffffffffffffffffffffffffffffff33165f528d5260405f2060017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00825416179055895f5260028d5260405f208b5f528d5260405f2060ff60028183541617167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905586610ddb575b50604051966080885260808801916117a2565b918583038b8701526117a2565b94604083015260608201528033940390a3604051908152f35b600301867fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055885f5260028c5260405f20865f528c5260405f2060ff60048183541617167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff008254161790558c610da2565b877f2486e84c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b837fd3b3d64e000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b34610222575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760206040516102008152f35b34610222575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261022257602060405164ffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b34610222575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261022257602060405160408152f35b346102225760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760043573ffffffffffffffffffffffffffffffffffffffff811681036102225760243567ffffffffffffffff811161022257610fea9036906004016116d3565b91906044359167ffffffffffffffff83116102225760209361101361101b9436906004016116d3565b9390926117e0565b604051908152f35b346102225760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610222575f60c060405161106181611739565b8281528260208201528260408201528260608201528260808201528260a082015201526004355f525f60205260e060405f2064ffffffffff60c073ffffffffffffffffffffffffffffffffffffffff6040516110bc81611739565b8185549586835281600182015465ffffffffffff6020860191838116835281604088019160a01c168152838060028701541693606089019485528b60048360038a0154169860808c01998a5201549b8a8460a08f9d019c168c52019b60a01c168b526040519c8d52511660208c0152511660408a01525116606088015251166080860152511660a0840152511660c0820152f35b346102225760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225761118761168d565b5f604080516111958161171d565b82815282602082015201526004355f52600360205260405f206024355f5260205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f5260205260405f20604051906111e78261171d565b54906111f660ff831682611796565b6020810164ffffffffff8360081c16815265ffffffffffff604083019360301c16835260405191519260038410156107e05764ffffffffff65ffffffffffff9260609585525116602084015251166040820152f35b346102225760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261022257600435600461128882611884565b019073ffffffffffffffffffffffffffffffffffffffff8254169182156112f55780547fffffffffffffff000000000000000000000000000000000000000000000000001690557fb9790aec0b4251de4fb92b4677d7d534459ff4442cdb5cdd83574255a3cee31a5f80a3005b507f12a745ec000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346102225760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261022257600435805f525f60205260405f20906004820191825473ffffffffffffffffffffffffffffffffffffffff811633036115485764ffffffffff9060a01c1680421061151d57506002019173ffffffffffffffffffffffffffffffffffffffff83541692825f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff85165f5260205260405f2060ff60fd825416167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00825416179055825f52600260205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f2060ff60028183541617167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905573ffffffffffffffffffffffffffffffffffffffff33167fffffffffffffffffffffffff00000000000000000000000000000000000000008254161790557fffffffffffffffffffffffff000000000000000000000000000000000000000081541681557fffffffffffffff0000000000ffffffffffffffffffffffffffffffffffffffff815416905533907f4b4ad5286b4561cf163e9ecdafa9d6c135b4e74b592100d9d06be0ca2a74565b5f80a4005b7f896a12e3000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b827f1323333c000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b346102225760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102225760a0816115b45f93611701565b82815282602082015282604082015282606082015282608082015201526004355f52600160205260405f206024355f5260205260c060405f2065ffffffffffff60405161160081611701565b64ffffffffff600184549485845201549163ffffffff6020820167ffffffffffffffff851681528160408401818760401c16815267ffffffffffffffff6060860193838960601c1685528960a060808901988a8c60801c168a52019960a81c1689526040519a8b52511660208a0152511660408801525116606086015251166080840152511660a0820152f35b6044359073ffffffffffffffffffffffffffffffffffffffff8216820361022257565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361022257565b9181601f840112156102225782359167ffffffffffffffff8311610222576020838186019501011161022257565b60c0810190811067ffffffffffffffff82111761050357604052565b6060810190811067ffffffffffffffff82111761050357604052565b60e0810190811067ffffffffffffffff82111761050357604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761050357604052565b60038210156107e05752565b601f82602094937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe093818652868601375f8582860101520116010190565b9361187e9291936118529161182260405196879573ffffffffffffffffffffffffffffffffffffffff602088019a168a526060604088015260808701916117a2565b917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08584030160608601526117a2565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08101835282611755565b51902090565b90815f525f60205260405f209173ffffffffffffffffffffffffffffffffffffffff60018401541633036118b55750565b7fd8c22e95000000000000000000000000000000000000000000000000000000005f526004523360245260445ffd5b5080158015611920575b6118f55750565b7f64065c85000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b50604081116118ee56fea2646970667358221220fe48a0058a0af5d4b6dc9bac789a047f0d25fa149abdeb912e8673abff5e4c3a64736f6c63430008250033'
