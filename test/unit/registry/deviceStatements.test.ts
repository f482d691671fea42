// The digests of what is signed to own a device: what viem computes for the same typed data, and a digest for every value.
import fc from 'fast-check'
import { hashTypedData as viemHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Address, type Bytes, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { Eip712Error } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import {
  claimDigest,
  configDigest,
  configTakenDigest,
  type DeviceClaim,
  type DeviceConfig,
  type HandOver,
  handOverDigest,
  handOverTypedData,
  packAttestorKeys,
  type StatementDomain,
} from '../../../src/core/registry/deviceStatements.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hex = (length: number): fc.Arbitrary<Hex> => bytes(length).map(toHex)
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** Math.min(bits, 52) - 1 })

const domain: fc.Arbitrary<StatementDomain> = fc.record({
  chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  registry: hex(20),
})
const claim: fc.Arbitrary<DeviceClaim> = fc.record({
  deviceId: hex(32),
  owner: hex(20),
  account: hex(20),
  modelId: hex(32),
  counter: uint(48),
  deadline: uint(40),
})
const handOver: fc.Arbitrary<HandOver> = fc.record({
  deviceId: hex(32),
  owner: hex(20),
  newOwner: hex(20),
  newAccount: hex(20),
  counter: uint(48),
  deadline: uint(40),
})
const config: fc.Arbitrary<DeviceConfig> = fc.record({
  deviceId: hex(32),
  version: uint(32),
  issuerKey: bytes(64),
  attestors: fc.record({ threshold: uint(8), keys: fc.array(bytes(64), { maxLength: 6 }) }),
  epoch: uint(32),
  market: hex(20),
})

/** The types once more, from the contract's documentation: a field that is renamed or moved on one side alone shows. */
const claimType = fieldsOf(
  'bytes32 deviceId,address owner,address account,bytes32 modelId,uint48 counter,uint40 deadline',
)
const handOverType = fieldsOf(
  'bytes32 deviceId,address owner,address newOwner,address newAccount,uint48 counter,uint40 deadline',
)
const configType = fieldsOf(
  'bytes32 deviceId,uint32 version,bytes32 issuerX,bytes32 issuerY,uint8 attestorThreshold,bytes attestorKeys,uint32 epoch,address market',
)

function fieldsOf(text: string) {
  return text.split(',').map(field => {
    const [type = '', name = ''] = field.split(' ')
    return { type, name }
  })
}

function byViem(
  { chainId, registry }: StatementDomain,
  types: Record<string, { type: string; name: string }[]>,
  primaryType: string,
  message: object,
): Hex {
  const domain = { name: 'Fob', version: '1', chainId, verifyingContract: registry }
  return viemHash({ domain, types, primaryType, message: { ...message } })
}

const configMessage = ({ issuerKey, attestors, ...rest }: DeviceConfig) => ({
  ...rest,
  issuerX: toHex(issuerKey.subarray(0, 32)),
  issuerY: toHex(issuerKey.subarray(32)),
  attestorThreshold: attestors.threshold,
  attestorKeys: `0x${attestors.keys.map(key => toHex(key).slice(2)).join('')}`,
})

describe('the digest is that of any other implementation of EIP-712', () => {
  test('for a claim', () => {
    fc.assert(
      fc.property(domain, claim, (domain, claim) => {
        const expected = byViem(domain, { DeviceClaim: claimType }, 'DeviceClaim', claim)
        expect(toHex(claimDigest(domain, claim))).toBe(expected)
      }),
    )
  })

  test.each([
    ['device', 'DeviceHandOver'],
    ['owner', 'HandOverGiven'],
    ['newOwner', 'HandOverAccepted'],
  ] as const)('for a hand-over, as the %s signs it', (party, type) => {
    fc.assert(
      fc.property(domain, handOver, (domain, handOver) => {
        const expected = byViem(domain, { [type]: handOverType }, type, handOver)
        expect(toHex(handOverDigest(domain, handOver, party))).toBe(expected)
        const shown = handOverTypedData(domain, handOver, party)
        expect(viemHash(shown as unknown as Parameters<typeof viemHash>[0])).toBe(expected)
      }),
    )
  })

  test('for a Config, and for its having been taken', () => {
    fc.assert(
      fc.property(domain, config, (domain, config) => {
        const types = { DeviceConfig: configType, ConfigTaken: [{ type: 'DeviceConfig', name: 'config' }] }
        const message = configMessage(config)
        expect(toHex(configDigest(domain, config))).toBe(byViem(domain, types, 'DeviceConfig', message))
        expect(toHex(configTakenDigest(domain, config))).toBe(
          byViem(domain, types, 'ConfigTaken', { config: message }),
        )
      }),
    )
  })
})

describe('no two statements have one digest', () => {
  test('whatever single field differs', () => {
    fc.assert(
      fc.property(config, config, fc.constantFrom(...fieldNames), (one, other, field) => {
        const changed = { ...one, [field]: other[field] }
        const isSame = JSON.stringify(plain(one)) === JSON.stringify(plain(changed))
        const digests = [one, changed].map(config => toHex(configTakenDigest(here, config)))
        expect(digests[0] === digests[1]).toBe(isSame)
      }),
    )
  })

  test('though the values are the same, if the kind of statement differs', () => {
    fc.assert(
      fc.property(handOver, config, (handOver, config) => {
        const claim = { ...handOver, account: handOver.newAccount, modelId: handOver.deviceId }
        const digests = [
          claimDigest(here, claim),
          ...(['device', 'owner', 'newOwner'] as const).map(party => handOverDigest(here, handOver, party)),
          configDigest(here, config),
          configTakenDigest(here, config),
        ].map(toHex)
        expect(new Set(digests).size).toBe(digests.length)
      }),
    )
  })
})

const fieldNames = ['deviceId', 'version', 'issuerKey', 'attestors', 'epoch', 'market'] as const
const here: StatementDomain = { chainId: 1, registry: `0x${'11'.repeat(20)}` }
const plain = (config: DeviceConfig) => configMessage(config)

const sample: DeviceConfig = {
  deviceId: `0x${'22'.repeat(32)}`,
  version: 1,
  issuerKey: new Uint8Array(64),
  attestors: { threshold: 1, keys: [new Uint8Array(64)] },
  epoch: 0,
  market: `0x${'33'.repeat(20)}`,
}

describe('what does not fit its type has no digest', () => {
  test.each<[string, Partial<DeviceConfig>]>([
    ['a version beyond 32 bits', { version: 2 ** 32 }],
    ['a negative version', { version: -1 }],
    ['a version that is no whole number', { version: 1.5 }],
    ['an epoch beyond 32 bits', { epoch: 2 ** 32 }],
    ['a threshold beyond 8 bits', { attestors: { threshold: 256, keys: [] } }],
    ['a device id of 31 bytes', { deviceId: `0x${'22'.repeat(31)}` }],
    ['a market of 21 bytes', { market: `0x${'33'.repeat(21)}` as Address }],
  ])('%s', (_, change) => {
    expect(() => configDigest(here, { ...sample, ...change })).toThrow(Eip712Error)
    expect(() => configTakenDigest(here, { ...sample, ...change })).toThrow(Eip712Error)
  })

  test.each([0, 63, 65, 128])('a key of %i bytes', length => {
    const key = new Uint8Array(length)
    expect(() => configDigest(here, { ...sample, issuerKey: key })).toThrow(RangeError)
    const attestors = { threshold: 1, keys: [new Uint8Array(64), key] }
    expect(() => configTakenDigest(here, { ...sample, attestors })).toThrow(RangeError)
    expect(() => packAttestorKeys([key])).toThrow(RangeError)
  })

  test('a counter beyond 48 bits, a deadline beyond 40', () => {
    const claim = { ...sampleClaim, counter: 2 ** 48 }
    expect(() => claimDigest(here, claim)).toThrow(Eip712Error)
    expect(() => claimDigest(here, { ...sampleClaim, deadline: 2 ** 40 })).toThrow(Eip712Error)
    expect(claimDigest(here, { ...sampleClaim, counter: 2 ** 48 - 1, deadline: 2 ** 40 - 1 })).toHaveLength(
      32,
    )
  })
})

const sampleClaim: DeviceClaim = {
  deviceId: `0x${'22'.repeat(32)}`,
  owner: `0x${'44'.repeat(20)}`,
  account: `0x${'55'.repeat(20)}`,
  modelId: `0x${'66'.repeat(32)}`,
  counter: 1,
  deadline: 1,
}

describe('a P-256 signature over a digest', () => {
  const secretKey = new Uint8Array(32).fill(7)
  const publicKey = devicePublicKey(secretKey)
  const digest = claimDigest(here, sampleClaim)

  test('holds for its key and its digest alone', () => {
    const signature = signDigest(digest, secretKey)
    expect(signature).toHaveLength(64)
    expect(isDigestSignedBy(publicKey, digest, signature)).toBe(true)
    expect(isDigestSignedBy(publicKey, configDigest(here, sample), signature)).toBe(false)
    expect(isDigestSignedBy(devicePublicKey(new Uint8Array(32).fill(8)), digest, signature)).toBe(false)
  })

  test('is the one that WebCrypto takes: ECDSA with SHA-256 over the digest as message', async () => {
    const raw = Uint8Array.of(0x04, ...publicKey)
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify'])
    const signature = signDigest(digest, secretKey)
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, digest)).toBe(true)
  })

  test('is false, and nothing worse, for any bytes of any length', () => {
    const any = fc.oneof(fc.uint8Array({ maxLength: 70 }), bytes(64), bytes(32))
    fc.assert(
      fc.property(any, any, any, (key, digest, signature) => {
        expect(isDigestSignedBy(key, digest, signature)).toBe(false)
      }),
    )
  })

  test('cut or lengthened is refused', () => {
    const signature = signDigest(digest, secretKey)
    for (let length = 0; length < 64; length++) {
      expect(isDigestSignedBy(publicKey, digest, signature.subarray(0, length))).toBe(false)
    }
    const longer: Bytes = Uint8Array.of(...signature, 0)
    expect(isDigestSignedBy(publicKey, digest, longer)).toBe(false)
    expect(fromHex(toHex(signature))).toEqual(signature)
  })
})
