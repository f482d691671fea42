// The test vectors of docs/device-protocol.md for the time and the chain: made from fixed keys, compared, and checked by other hands.
import path from 'node:path'
import { keccak256, toRlp, hashTypedData as viemHash } from 'viem'
import { expect, it } from 'vitest'
import { concat, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { attestedHeaderDigest, deviceTimeDigest } from '../../../src/core/lock/attestation.ts'
import { buildChainProof } from '../../../src/core/lock/buildChainProof.ts'
import { GRANTED_INSTANT, verifyChainProof } from '../../../src/core/lock/chainProof.ts'
import { challengeDigest } from '../../../src/core/lock/challenge.ts'
import { encodeConfig } from '../../../src/core/lock/config.ts'
import { GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { encodeOpen, openDigest, SessionAction } from '../../../src/core/lock/openMessage.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { deriveSessionKeys, seal } from '../../../src/core/lock/sessionCipher.ts'
import { decodeTime, encodeTime, ownerTimeTypedData } from '../../../src/core/lock/timeToken.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import { headerRlpFromRpc } from '../../../src/core/proof/header.ts'
import { configTypedData } from '../../../src/core/registry/deviceStatements.ts'
import { blockWith, otherLog } from './grantedBlock.ts'
import { must } from './lockWorld.ts'

const FILE = path.resolve(import.meta.dirname, '../../vectors/lock/time-and-chain-v1.json')

const keyOf = (byte: number) => {
  const secret = new Uint8Array(32).fill(byte)
  return { secret, publicKey: devicePublicKey(secret) }
}
const device = keyOf(1)
const owner = keyOf(2)
const issuer = keyOf(4)
const user = keyOf(5)
const deviceEphemeral = keyOf(6)
const phoneEphemeral = keyOf(7)
const attestor0 = keyOf(8)
const attestor1 = keyOf(9)
const attestor2 = keyOf(10)

const domain = { chainId: 31337, registry: `0x${'d1'.repeat(20)}` } as const
const market = `0x${'d2'.repeat(20)}` as const
const deviceId = deviceIdOf(device.publicKey)
const fixed = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)
const attestors = {
  threshold: 2,
  keys: [attestor0, attestor1, attestor2].map(({ publicKey }) => publicKey),
  mayOpen: true,
}
const signed = (digest: Uint8Array, { secret }: { readonly secret: Uint8Array }) => ({
  digest: toHex(digest),
  signature: toHex(signDigest(digest, secret)),
})
/** By the attestors at places 0 and 2. */
const attested = (digest: Uint8Array) => [
  { place: 0, signature: signDigest(digest, attestor0.secret) },
  { place: 2, signature: signDigest(digest, attestor2.secret) },
]

const time = { deviceId, nonce: fixed(16, 0x30), time: 1_800_000_200 }
const grant = {
  deviceId,
  orderId: 99n,
  userKeyHash: keyHash(user.publicKey),
  notBefore: 1_800_000_000,
  notAfter: 1_800_086_400,
  weeklyHours: new Uint8Array(21),
  maxUses: 0,
  actions: GrantAction.open,
  epoch: 3,
  seq: 0,
} as const

function vectors() {
  const terms = { version: 2, issuerKey: issuer.publicKey, attestors, epoch: 3, market }
  const configHash = hashTypedData(configTypedData(domain, { ...terms, deviceId }))
  const configSignature = signDigest(configHash, owner.secret)
  const digest = grantDigest({ chainId: domain.chainId, market }, grant)
  const granted = {
    address: market,
    topics: [toHex(GRANTED_INSTANT), deviceId, toHex(digest)],
    data: '0x',
  } as const
  const block = blockWith(
    [{ logs: [otherLog()] }, { logs: [otherLog(), granted] }, { type: '0x0', logs: [] }],
    { number: 0x1234, timestamp: 1_800_000_050 },
  )
  const header = must(headerRlpFromRpc(block.block))
  const headerDigest = attestedHeaderDigest({ chainId: domain.chainId, ...block })
  const attestations = attested(headerDigest)
  const proof = must(buildChainProof({ ...block, transactionIndex: 1, attestations, threshold: 2 }))

  const timeDigest = deviceTimeDigest(time)
  const ownerTime = hashTypedData(ownerTimeTypedData(domain, time))
  const token = { kind: 'token', time: time.time, attestations: attested(timeDigest) } as const
  const ownerSignature = signDigest(ownerTime, owner.secret)

  const challenge = {
    ...{ deviceId, nonce: fixed(16, 0x20), bootCounter: 9, time: 1_800_000_100, isTimeCertain: true },
    ...{ epoch: 3, configVersion: 2, ephemeralKey: deviceEphemeral.publicKey },
  }
  const phoneKey = phoneEphemeral.publicKey
  const challengeHash = challengeDigest(domain, challenge)
  const keys = deriveSessionKeys(phoneEphemeral.secret, challenge.ephemeralKey, challengeHash, phoneKey)
  if (!keys) throw new Error('no keys')
  const requestId = fixed(16, 0x40)
  const action = SessionAction.open
  const userDigest = openDigest(domain, {
    ...{ deviceId, nonce: challenge.nonce, deviceKey: challenge.ephemeralKey, phoneKey },
    ...{ action, grantDigest: digest, requestId },
  })
  const open = encodeOpen({
    ...{ action, requestId, grant },
    userKey: user.publicKey,
    userSignature: signDigest(userDigest, user.secret),
    authorisation: { kind: 4, proof },
  })
  return {
    about:
      'docs/device-protocol.md, as protocol-v1.json: device 01, owner 02, issuer 04, user 05, ephemeral keys 06 and 07, attestors 08, 09, 0a.',
    domain: { ...domain, market },
    deviceId,
    attestorKeys: attestors.keys.map(toHex),
    config: {
      ...signed(configHash, owner),
      message: toHex(encodeConfig({ config: terms, signature: configSignature })),
    },
    time: {
      nonce: toHex(time.nonce),
      time: time.time,
      attested: {
        digest: toHex(timeDigest),
        byPlace0: signed(timeDigest, attestor0).signature,
        byPlace2: signed(timeDigest, attestor2).signature,
      },
      owner: signed(ownerTime, owner),
      token: toHex(encodeTime({ ...token, ownerSignature: null })),
      tokenOfTheOwner: toHex(encodeTime({ ...token, ownerSignature })),
      tokenWithoutAttestors: toHex(encodeTime({ ...token, attestations: [], ownerSignature })),
      header: toHex(encodeTime({ kind: 'header', header, attestations })),
    },
    chain: {
      grantDigest: toHex(digest),
      header: toHex(header),
      hash: toHex(block.hash),
      receiptsRoot: block.block.receiptsRoot,
      attested: {
        digest: toHex(headerDigest),
        byPlace0: signed(headerDigest, attestor0).signature,
        byPlace2: signed(headerDigest, attestor2).signature,
      },
      transactionIndex: 1,
      proof: toHex(proof),
      challengeHash: toHex(challengeHash),
      open: {
        ...signed(userDigest, user),
        plain: toHex(open),
        message: toHex(concat(phoneKey, seal(keys.toDevice, 'open', 0, open, phoneKey))),
      },
    },
  }
}

it('are those of the stored file', async () => {
  await expect(`${JSON.stringify(vectors(), null, 2)}\n`).toMatchFileSnapshot(FILE)
})

const bytesOf = (text: string) => fromHex(text) ?? new Uint8Array()

it('have the digests that another EIP-712 implementation computes of the types in the document', () => {
  const made = vectors()
  const field = (text: string) => {
    const [type, name] = text.split(' ')
    return { type: type ?? '', name: name ?? '' }
  }
  const fields = (types: string) => types.split(',').map(field)
  const moment = { deviceId, nonce: made.time.nonce as Hex, time: time.time }
  const nowhere = { name: 'Fob', version: '1' }
  const registry = { ...nowhere, chainId: domain.chainId, verifyingContract: domain.registry }
  const asked = fields('bytes32 deviceId,bytes16 nonce,uint40 time')
  const header = { chainId: BigInt(domain.chainId), number: 0x1234n, hash: made.chain.hash as Hex }
  expect(
    viemHash({ domain: nowhere, types: { DeviceTime: asked }, primaryType: 'DeviceTime', message: moment }),
  ).toBe(made.time.attested.digest)
  expect(
    viemHash({ domain: registry, types: { OwnerTime: asked }, primaryType: 'OwnerTime', message: moment }),
  ).toBe(made.time.owner.digest)
  const types = { AttestedHeader: fields('uint256 chainId,uint64 number,bytes32 hash') }
  expect(viemHash({ domain: nowhere, types, primaryType: 'AttestedHeader', message: header })).toBe(
    made.chain.attested.digest,
  )
  for (const [place, key] of [
    [0, attestor0],
    [2, attestor2],
  ] as const) {
    for (const { digest, ...signatures } of [made.time.attested, made.chain.attested]) {
      const signature = signatures[`byPlace${place}`]
      expect(isDigestSignedBy(key.publicKey, bytesOf(digest), bytesOf(signature))).toBe(true)
    }
  }
})

it('prove what they say: the header hashes to what was signed, the proof to the header, and the device takes it', () => {
  const { chain, time: told } = vectors()
  expect(keccak256(chain.header as Hex)).toBe(chain.hash)
  const subject = {
    chainId: domain.chainId,
    market,
    attestors,
    deviceId,
    grantDigest: bytesOf(chain.grantDigest),
  }
  expect(verifyChainProof(bytesOf(chain.proof), subject)).toEqual({ timestamp: 1_800_000_050 })
  expect(verifyChainProof(bytesOf(chain.proof), { ...subject, chainId: 1 })).toBeUndefined()
  // The event as another library encodes it stands in the proof.
  const log = toRlp([market, [toHex(GRANTED_INSTANT), deviceId, chain.grantDigest as Hex], '0x'])
  expect(chain.proof).toContain(log.slice(2))
  expect(keccak256(toHex(new TextEncoder().encode('GrantedInstant(bytes32,bytes32)')))).toBe(
    toHex(GRANTED_INSTANT),
  )
  expect(decodeTime(bytesOf(told.token))).toMatchObject({
    kind: 'token',
    time: time.time,
    ownerSignature: null,
  })
  expect(told.tokenOfTheOwner).toBe(told.token + told.owner.signature.slice(2))
  expect(decodeTime(bytesOf(told.header))).toMatchObject({ kind: 'header', header: bytesOf(chain.header) })
})
