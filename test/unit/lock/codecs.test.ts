// Every message between phone and device: there and back, cut at every byte, and of random bytes never more than "no".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import { deviceIdOf } from '../../../src/core/identity.ts'
import { decodeChainProof, encodeChainProof, LONGEST_PROOF } from '../../../src/core/lock/chainProof.ts'
import { type Challenge, challengeBody, parseChallenge } from '../../../src/core/lock/challenge.ts'
import { decodeConfig, encodeConfig, MAX_ATTESTORS } from '../../../src/core/lock/config.ts'
import { PartCollector, sendLong } from '../../../src/core/lock/longMessage.ts'
import { decodeOpen, encodeOpen } from '../../../src/core/lock/openMessage.ts'
import {
  decodeResult,
  encodeResult,
  type OpenStatus,
  statusCode,
  statusOf,
} from '../../../src/core/lock/openResult.ts'
import { ownershipAnswerBody, parseOwnershipAnswer } from '../../../src/core/lock/ownership.ts'
import {
  decodeOwnerKeyOrder,
  decodePairing,
  encodeOwnerKeyOrder,
  encodePairing,
} from '../../../src/core/lock/pairingMessage.ts'
import { seal, unseal } from '../../../src/core/lock/sessionCipher.ts'
import { decodeTime, encodeTime, LONGEST_TIME } from '../../../src/core/lock/timeToken.ts'
import { type CborMap, decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { IDENTITY } from '../device/fixtures.ts'
import { DEVICE_PUBLIC_KEY, LockWorld, must } from './lockWorld.ts'

const HEAP = { take: (length: number) => new Uint8Array(length), release: () => {} }
const DEVICE_ID = deviceIdOf(DEVICE_PUBLIC_KEY)

const bytes = (length: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: length, maxLength: length })
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const address = bytes(20).map(toHex)
const domain = fc.record({ chainId: uint(48), registry: address })
const orderId = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const statuses = Array.from({ length: 256 }, (_, code) => statusOf(code)).filter(
  (status): status is OpenStatus => status !== undefined,
)

const pairing = fc.record({
  domain,
  ownerKey: bytes(64),
  pairingCounter: uint(48),
  signature: bytes(64),
  proof: fc.option(bytes(16)),
})
const ownerKeyOrder = fc.record({
  newOwnerKey: fc.option(bytes(64)),
  pairingCounter: uint(48),
  signature: bytes(64),
})
const config = fc.record({
  config: fc.record({
    version: uint(32),
    epoch: uint(32),
    issuerKey: bytes(64),
    market: address,
    attestors: fc
      .record({ threshold: uint(7), keys: fc.array(bytes(64), { maxLength: MAX_ATTESTORS }) })
      .chain(attestors => fc.constantFrom(attestors, { ...attestors, mayOpen: true })),
  }),
  signature: bytes(64),
})
const open = fc.record({
  action: fc.constantFrom(1, 2, 4) as fc.Arbitrary<1 | 2 | 4>,
  requestId: bytes(16),
  userKey: bytes(64),
  userSignature: bytes(64),
  grant: fc.record({
    orderId,
    notBefore: uint(40),
    notAfter: uint(40),
    weeklyHours: bytes(21),
    maxUses: uint(16),
    actions: uint(8),
    epoch: uint(32),
    seq: uint(32),
  }),
  authorisation: fc.oneof(
    fc.record({ kind: fc.constantFrom(1, 2, 3) as fc.Arbitrary<1 | 2 | 3>, signature: bytes(64) }),
    fc.record({ kind: fc.constant(4 as const), proof: fc.uint8Array({ maxLength: LONGEST_PROOF }) }),
  ),
})
const attestations = fc.array(fc.record({ place: uint(8), signature: bytes(64) }), { maxLength: 8 })
const chainProof = fc.record({
  attestations,
  header: fc.uint8Array({ maxLength: 700 }),
  transactionIndex: uint(24),
  nodes: fc.array(fc.uint8Array({ maxLength: 532 }), { maxLength: 4 }),
})
const time = fc.oneof(
  fc.record({
    kind: fc.constant('token' as const),
    time: uint(40),
    attestations,
    ownerSignature: fc.option(bytes(64)),
  }),
  fc.record({
    kind: fc.constant('header' as const),
    header: fc.uint8Array({ maxLength: 700 }),
    attestations,
  }),
)
const result = fc.record({
  status: fc.constantFrom(...statuses),
  action: uint(8),
  counter: uint(48),
  orderId,
  requestId: bytes(16),
  grantDigest: bytes(32),
  isRepeated: fc.boolean(),
  signature: bytes(64),
})

describe.each([
  ['a pairing', pairing, encodePairing, decodePairing, [161, 177]],
  ['an owner key change', ownerKeyOrder, encodeOwnerKeyOrder, decodeOwnerKeyOrder, [71, 135]],
  ['a Config', config, encodeConfig, decodeConfig, [159, 671]],
  ['an Open', open, encodeOpen, decodeOpen, [221, 221 + LONGEST_PROOF]],
  ['a chain proof', chainProof, encodeChainProof, decodeChainProof, [7, LONGEST_PROOF]],
  ['a word on the time', time, encodeTime, decodeTime, [3, LONGEST_TIME]],
  ['a Result', result, encodeResult, decodeResult, [154, 154]],
] as readonly (readonly [
  string,
  fc.Arbitrary<unknown>,
  (value: never) => Bytes,
  (message: Uint8Array) => unknown,
  readonly [number, number],
])[])('%s', (_, arbitrary, encode, decode, [shortest, longest]) => {
  const message = arbitrary.map(value => ({ value, encoded: encode(value as never) }))

  it('comes back as it was, in as many bytes as its layout says', () => {
    fc.assert(
      fc.property(message, ({ value, encoded }) => {
        expect(decode(encoded)).toEqual(value)
        expect(encoded.length).toBeGreaterThanOrEqual(shortest)
        expect(encoded.length).toBeLessThanOrEqual(longest)
      }),
      { numRuns: 60 },
    )
  })

  it('that is cut anywhere, or goes on, is not read as the same', () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ minLength: 1, maxLength: 20 }), ({ value, encoded }, more) => {
        for (let length = 0; length < encoded.length; length++) {
          expect(decode(encoded.subarray(0, length))).not.toEqual(value)
        }
        expect(decode(Uint8Array.of(...encoded, ...more))).not.toEqual(value)
      }),
      { numRuns: 15 },
    )
  })

  it('of random bytes is read or not, and read, it is made of just these bytes', () => {
    const random = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      fc
        .uint8Array({ minLength: longest - 1, maxLength: longest - 1 })
        .map(rest => Uint8Array.of(1, ...rest)),
      fc
        .uint8Array({ minLength: shortest - 1, maxLength: shortest - 1 })
        .map(rest => Uint8Array.of(1, ...rest)),
    )
    fc.assert(
      fc.property(random, noise => {
        const decoded = decode(noise)
        if (decoded !== undefined) expect(toHex(encode(decoded as never))).toBe(toHex(noise))
      }),
    )
  })
})

/** CBOR maps whose fields are mostly those of the message, with values of all kinds. */
const anyBody = (keys: readonly string[]): fc.Arbitrary<CborMap> =>
  fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(
      fc.constantFrom(0, 1, -1, 2 ** 32, 2 ** 48, Number.MAX_SAFE_INTEGER, true, false, null, '', 'x'),
      fc.constantFrom(16, 20, 32, 64).map(length => new Uint8Array(length)),
    ),
  )

describe('a Challenge', () => {
  const challenge: fc.Arbitrary<Challenge> = fc
    .record({
      nonce: bytes(16),
      bootCounter: uint(32),
      time: uint(40),
      isTimeCertain: fc.boolean(),
      epoch: uint(32),
      configVersion: uint(32),
      ephemeralKey: bytes(64),
    })
    .map(rest => ({ deviceId: DEVICE_ID, ...rest }))

  it('comes back as it was', () => {
    fc.assert(
      fc.property(challenge, bytes(64), (value, signature) => {
        const body = must(decodeCborMap(encodeCbor(challengeBody(value, signature))))
        expect(parseChallenge(body, DEVICE_PUBLIC_KEY)).toEqual({ challenge: value, signature })
      }),
    )
  })

  it('of any other map is read or not', () => {
    fc.assert(
      fc.property(anyBody(['v', 'n', 'bc', 't', 'tc', 'ep', 'cv', 'ek', 'sg']), body => {
        const parsed = parseChallenge(body, DEVICE_PUBLIC_KEY)
        if (parsed) expect(challengeBody(parsed.challenge, parsed.signature)).toEqual(body)
      }),
    )
  })
})

describe('what a device says of its owner', () => {
  const claim = fc.record({
    pairingCounter: uint(48),
    claimCounter: uint(48),
    configVersion: uint(32),
    epoch: uint(32),
    hasButton: fc.boolean(),
    hasClaimCode: fc.boolean(),
    buttonSeconds: fc.nat(60),
    claimCodeWait: fc.nat(3600),
    longestMessage: fc.nat(0xffff),
  })
  const owner = fc.oneof(
    fc.constant({ ownerKeyHash: null, domain: null }),
    fc.record({
      ownerKeyHash: bytes(32),
      domain: fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 48 - 1 }), registry: address }),
    }),
  )

  it('comes back as it was, and fits a buffer of 256 bytes', () => {
    fc.assert(
      fc.property(claim, owner, bytes(32), (rest, whose, asked) => {
        const value = { ...rest, ...whose }
        const encoded = encodeCbor(ownershipAnswerBody(asked, DEVICE_ID, value, IDENTITY.key))
        expect(encoded.length + 8).toBeLessThanOrEqual(256)
        expect(parseOwnershipAnswer(must(decodeCborMap(encoded)))?.ownership).toEqual(value)
      }),
      { numRuns: 30 },
    )
  })

  it('of any other map is read or not', () => {
    const keys = ['v', 'oh', 'ch', 'rg', 'pc', 'cc', 'cv', 'ep', 'ab', 'bs', 'cw', 'lm', 'sg']
    fc.assert(
      fc.property(anyBody(keys), body => {
        const parsed = parseOwnershipAnswer(body)
        if (parsed) expect(body.v).toBe(1)
      }),
    )
  })
})

describe('a long message', () => {
  it('arrives in parts of any size as it was', async () => {
    for (const bufSize of [64, 100, 256, 2475]) {
      for (const length of [1, 39, 40, 41, 232, 233, 700, 1000]) {
        const message = Uint8Array.from({ length }, (_, i) => i & 0xff)
        const parts = new PartCollector(HEAP)
        let arrived: Bytes | undefined
        let longest = 0
        const client = scripted(body => {
          longest = Math.max(longest, encodeCbor(body).length + 8)
          const taken = parts.take(2, body, 1000)
          if (taken.kind === 'complete') arrived = taken.message
          return taken.kind === 'part' ? { o: taken.received } : {}
        })
        const world = await LockWorld.start()
        must(await world.passing(sendLong(client, 2, message, { bufSize })))
        expect(arrived && toHex(arrived)).toBe(toHex(message))
        expect(longest).toBeLessThanOrEqual(bufSize)
      }
    }
  })

  it('in any other order is dropped, and never put together from two', () => {
    const part = fc.record(
      { o: fc.nat(12), l: fc.nat(14), d: fc.uint8Array({ maxLength: 8 }) },
      { requiredKeys: ['o', 'd'] },
    )
    const command = fc.integer({ min: 2, max: 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(command, part), { maxLength: 12 }), messages => {
        const parts = new PartCollector(HEAP)
        // What a plain reading of the rules would put together.
        let begun: { command: number; length: number; data: number[] } | undefined
        for (const [at, { o, l, d }] of messages) {
          const taken = parts.take(at, l === undefined ? { o, d } : { o, l, d }, 12)
          if (o === 0) begun = l === undefined || l > 12 ? undefined : { command: at, length: l, data: [] }
          else if (l !== undefined || begun?.command !== at || begun.data.length !== o) begun = undefined
          if (begun && (d.length === 0 || begun.data.length + d.length > begun.length)) begun = undefined
          begun?.data.push(...d)
          if (!begun) expect(taken.kind).toBe('malformed')
          else if (begun.data.length < begun.length)
            expect(taken).toEqual({ kind: 'part', received: begun.data.length })
          else {
            expect(taken).toEqual({ kind: 'complete', message: Uint8Array.from(begun.data) })
            begun = undefined
          }
        }
      }),
    )
  })
})

describe('a sealed message', () => {
  it('opens with its key, purpose, counter and bound bytes alone', () => {
    const purpose = fc.constantFrom('open', 'result', 'managed')
    fc.assert(
      fc.property(
        bytes(16),
        purpose,
        uint(32),
        fc.uint8Array({ maxLength: 80 }),
        (key, use, counter, plain) => {
          const sealed = seal(key, use, counter, plain, key)
          expect(toHex(unseal(key, use, counter, sealed, key) ?? Uint8Array.of(1))).toBe(toHex(plain))
          const other = use === 'open' ? 'managed' : 'open'
          expect(unseal(key, other, counter, sealed, key)).toBeUndefined()
          expect(unseal(key, use, counter === 0 ? 1 : counter - 1, sealed, key)).toBeUndefined()
          expect(unseal(key, use, counter, sealed)).toBeUndefined()
          expect(
            unseal(
              key.map(byte => byte ^ 1),
              use,
              counter,
              sealed,
              key,
            ),
          ).toBeUndefined()
          for (let length = 0; length < sealed.length; length++) {
            expect(unseal(key, use, counter, sealed.subarray(0, length), key)).toBeUndefined()
          }
        },
      ),
      { numRuns: 20 },
    )
  })
})

it('each status has a code of its own', () => {
  expect(statuses.map(statusCode)).toEqual([...new Set(statuses.map(statusCode))])
  expect(statuses.length).toBe(16)
})

/** A client whose requests are answered at once. */
function scripted(answer: (body: CborMap) => CborMap): SmpClient {
  const client = new SmpClient(
    {
      maxWrite: 100,
      write: async () => {},
      onData: () => () => {},
      onClose: () => () => {},
      close: async () => {},
    },
    { timer: { now: () => 0, after: () => () => {} } },
  )
  client.request = async request => ({ ok: true, value: answer(request.body) })
  return client
}
