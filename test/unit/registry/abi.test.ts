import fc from 'fast-check'
import { encodeAbiParameters, keccak256, toEventSelector, toHex as viemHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { firmwareRegistryAbi } from '../../../contracts/generated/FirmwareRegistry.ts'
import { fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import {
  abiAddress,
  abiBytes32,
  abiDecode,
  abiEncode,
  abiString,
  abiUint,
} from '../../../src/core/registry/abi.ts'
import { channelId } from '../../../src/core/registry/channel.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import { foldRevocations } from '../../../src/core/registry/revocations.ts'
import { attestedTopic, releasedTopic, revokedTopic } from '../../../src/io/chain/events.ts'
import * as any from './arbitraries.ts'

const bytesOf = (hex: Hex) => fromHex(hex) ?? new Uint8Array()
const uint256 = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })
const event = [
  { type: 'uint256' },
  { type: 'bytes32' },
  { type: 'bytes' },
  { type: 'bool' },
  { type: 'address' },
] as const

describe('ABI encoding', () => {
  it('agrees with viem', () => {
    fc.assert(
      fc.property(
        any.hexOf(20),
        uint256,
        any.hexOf(32),
        fc.string({ unit: 'binary' }),
        fc.string(),
        (a, u, w, s, t) => {
          const types = ['address', 'string', 'uint256', 'string', 'bytes32'].map(type => ({ type }))
          expect(
            toHex(abiEncode([abiAddress(a), abiString(s), abiUint(u), abiString(t), abiBytes32(w)])),
          ).toBe(encodeAbiParameters(types, [a, s, u, t, w]))
        },
      ),
    )
  })

  it('throws for words of the wrong length', () => {
    expect(() => abiAddress('0x00')).toThrow(TypeError)
    expect(() => abiBytes32(`0x${'00'.repeat(33)}`)).toThrow(TypeError)
    expect(() => modelIdOf({ maker: '0xzz', name: 'a', hardware: 'b' })).toThrow(TypeError)
  })
})

describe('ABI decoding', () => {
  const types = ['uint', 'bytes32', 'bytes', 'bool', 'address'] as const
  const anyEvent = fc.tuple(
    uint256,
    any.hexOf(32),
    fc.uint8Array({ maxLength: 100 }),
    fc.boolean(),
    any.hexOf(20),
  )

  it('reads what viem encodes', () => {
    fc.assert(
      fc.property(anyEvent, ([u, w, b, f, a]) => {
        const encoded = bytesOf(encodeAbiParameters(event, [u, w, viemHex(b), f, a]))
        expect(abiDecode(types, encoded)).toEqual([u, w, b, f, a])
      }),
    )
  })

  it('refuses what was cut off, is too long, or is not the strict form, and never throws', () => {
    fc.assert(
      fc.property(anyEvent, fc.nat(), fc.nat({ max: 255 }), ([u, w, b, f, a], at, byte) => {
        const encoded = bytesOf(encodeAbiParameters(event, [u, w, viemHex(b), f, a]))
        for (let length = 0; length < encoded.length; length++) {
          expect(abiDecode(types, encoded.subarray(0, length))).toBeUndefined()
        }
        expect(abiDecode(types, Uint8Array.of(...encoded, ...new Uint8Array(32)))).toBeUndefined()
        const mutant = encoded.with(at % encoded.length, byte)
        const decoded = abiDecode(types, mutant)
        if (decoded) {
          const [u2, w2, b2, f2, a2] = decoded
          expect(encodeAbiParameters(event, [u2, w2, viemHex(b2), f2, a2])).toBe(toHex(mutant))
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('names on chain', () => {
  it('of a model are keccak256(abi.encode(maker, name, hardware))', () => {
    fc.assert(
      fc.property(any.hexOf(20), fc.string({ unit: 'binary' }), fc.string(), (maker, name, hardware) => {
        const types = [{ type: 'address' }, { type: 'string' }, { type: 'string' }]
        expect(modelIdOf({ maker, name, hardware })).toBe(
          keccak256(encodeAbiParameters(types, [maker, name, hardware])),
        )
      }),
    )
    expect(modelIdOf({ maker: `0x${'11'.repeat(20)}`, name: 'Fob Lock One', hardware: 'rev B' })).toBe(
      '0x21a2aebff3769a400673a08f82e344aa956abd75d0b51e68a48f5c4f0f66f9f6',
    )
  })

  it('of a channel are its bytes, left-aligned', () => {
    expect(channelId('stable')).toBe(`0x737461626c65${'00'.repeat(26)}`)
    for (const name of ['', 'x'.repeat(32), 'a\0b']) expect(() => channelId(name)).toThrow(RangeError)
  })

  it('of events are the topics of the contract’s ABI', () => {
    const topicOf = (name: string) => {
      const found = firmwareRegistryAbi.find(item => item.type === 'event' && item.name === name)
      return found?.type === 'event' ? toEventSelector(found) : undefined
    }
    expect([releasedTopic, revokedTopic, attestedTopic]).toEqual(
      ['Released', 'Revoked', 'Attested'].map(topicOf),
    )
  })
})

describe('the fold of a revocation list', () => {
  const list = fc.array(fc.record({ digest: any.hexOf(32), reason: fc.nat({ max: 255 }) }), { maxLength: 6 })

  it('is what the contract computes, step by step', () => {
    fc.assert(
      fc.property(any.hexOf(32), list, (modelId, revocations) => {
        let accumulator: Hex = modelId
        const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }]
        for (const { digest, reason } of revocations) {
          accumulator = keccak256(encodeAbiParameters(types, [accumulator, digest, reason]))
        }
        expect(foldRevocations(modelId, revocations)).toBe(accumulator)
      }),
    )
  })

  it('is another one with any entry missing, changed or moved', () => {
    fc.assert(
      fc.property(any.hexOf(32), list, fc.nat(), (modelId, revocations, pick) => {
        fc.pre(revocations.length > 0)
        const at = pick % revocations.length
        const folded = foldRevocations(modelId, revocations)
        expect(foldRevocations(modelId, revocations.toSpliced(at, 1))).not.toBe(folded)
        const [entry] = revocations.slice(at)
        if (entry) {
          const changed = { ...entry, reason: (entry.reason + 1) % 256 }
          expect(foldRevocations(modelId, revocations.with(at, changed))).not.toBe(folded)
        }
      }),
    )
  })
})
