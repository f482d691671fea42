// SMP frames: byte-exact against traces of real devices, and reassembly of anything that a radio may deliver.
import { hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import {
  encodeMessage,
  Reassembler,
  responseTo,
  type SmpMessage,
  SmpOp,
  SmpVersion,
} from '../../../src/core/smp/message.ts'
import traces from '../../vectors/smp/mcumgr-traces.json' with { type: 'json' }

const arbitraryMessage: fc.Arbitrary<SmpMessage> = fc.record({
  op: fc.constantFrom(SmpOp.read, SmpOp.readResponse, SmpOp.write, SmpOp.writeResponse),
  version: fc.constantFrom(SmpVersion.v1, SmpVersion.v2),
  flags: fc.nat(0xff),
  group: fc.nat(0xffff),
  sequence: fc.nat(0xff),
  command: fc.nat(0xff),
  payload: fc.uint8Array({ maxLength: 200 }),
})

/** Cuts bytes at arbitrary places; empty chunks are among them. */
const cut = (bytes: Uint8Array, places: number[]): Uint8Array[] => {
  const ends = [...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return ends.map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1], end))
}

describe('traces of mcumgr and real devices', () => {
  const header = { version: SmpVersion.v1, flags: 0, sequence: 0, payload: new Uint8Array() }

  it.each([
    ['taskstat', traces.taskstatRequest, { op: SmpOp.read, group: 0, command: 2 }],
    ['image list', traces.imageListRequest, { op: SmpOp.read, group: 1, command: 0 }],
  ])('encodes the %s request to the same bytes', (_, hex, fields) => {
    expect(toHex(encodeMessage({ ...header, ...fields }))).toBe(`0x${hex}`)
  })

  it.each([
    ['taskstat', traces.taskstatResponse, 0, 2],
    ['image list', traces.imageListResponse, 1, 0],
  ])('reads the %s response, and writes it back to the same bytes', (_, hex, group, command) => {
    const pushed = new Reassembler(4096).push(hexToBytes(hex))
    if (!pushed.ok) throw new Error(pushed.error.detail)
    const [message] = pushed.value
    if (!message) throw new Error('no message')
    expect(message).toMatchObject({
      op: SmpOp.readResponse,
      version: SmpVersion.v1,
      flags: 1,
      group,
      command,
    })
    expect(decodeCborMap(message.payload).ok).toBe(true)
    expect(toHex(encodeMessage(message))).toBe(`0x${hex}`)
  })
})

describe('encoding', () => {
  it('puts version 2 beside op, and every field in network order', () => {
    const message = {
      op: SmpOp.write,
      version: SmpVersion.v2,
      flags: 0x12,
      group: 0x1234,
      sequence: 0x56,
      command: 0x78,
    }
    expect(toHex(encodeMessage({ ...message, payload: Uint8Array.of(0xa0) }))).toBe('0x0a12000112345678a0')
  })

  it.each([
    ['group', 0x10000],
    ['sequence', 256],
    ['command', -1],
    ['flags', 1.5],
  ])('throws for a %s out of range', (field, value) => {
    const message = { op: SmpOp.read, version: SmpVersion.v1, flags: 0, group: 0, sequence: 0, command: 0 }
    expect(() => encodeMessage({ ...message, payload: new Uint8Array(), [field]: value })).toThrow(RangeError)
  })

  it('answers a request with its own group, sequence, command and version', () => {
    const request = { op: SmpOp.write, version: SmpVersion.v2, flags: 0, group: 64, sequence: 9, command: 3 }
    const payload = encodeCbor({ rc: 8 })
    const message: SmpMessage = { ...request, payload: new Uint8Array() }
    expect(responseTo(message, payload)).toEqual({ ...request, op: SmpOp.writeResponse, payload })
  })
})

describe('reassembly', () => {
  it('gives back every message, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryMessage, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (all, places) => {
          const bytes = Uint8Array.from(all.flatMap(message => [...encodeMessage(message)]))
          const reassembler = new Reassembler(0xffff)
          const got = cut(bytes, places).flatMap(chunk => {
            const pushed = reassembler.push(chunk)
            if (!pushed.ok) throw new Error(pushed.error.detail)
            return pushed.value
          })
          expect(got).toEqual(all)
          expect(reassembler.isPartial).toBe(false)
        },
      ),
    )
  })

  it('gives nothing for any truncation, and the message once the rest came', () => {
    fc.assert(
      fc.property(arbitraryMessage, message => {
        const bytes = encodeMessage(message)
        for (let length = 0; length < bytes.length; length++) {
          const reassembler = new Reassembler(0xffff)
          expect(reassembler.push(bytes.subarray(0, length))).toEqual({ ok: true, value: [] })
          expect(reassembler.push(bytes.subarray(length))).toEqual({ ok: true, value: [message] })
        }
      }),
      { numRuns: 30 },
    )
  })

  it('never throws for random chunks, and never holds more than one message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), chunks => {
        const reassembler = new Reassembler(100)
        for (const chunk of chunks) {
          const pushed = reassembler.push(chunk)
          const complete = pushed.ok ? pushed.value : pushed.error.complete
          expect(complete.every(message => message.payload.length <= 100)).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['reserved bits', '2000000000000000'],
    ['an op above 3', '0400000000000000'],
    ['version 3', '1000000000000000'],
    ['a length above the limit', '0000006500000000'],
  ])('refuses %s, and takes the next chunk for a new message', (_, hex) => {
    const reassembler = new Reassembler(100)
    expect(reassembler.push(hexToBytes(hex))).toMatchObject({ ok: false, error: { kind: 'malformedSmp' } })
    const next = reassembler.push(hexToBytes('0300000100000105a0'))
    expect(next.ok && next.value.map(message => message.command)).toEqual([5])
    reassembler.push(hexToBytes(hex))
    const bytewise = [...hexToBytes('0300000100000106a0')].map(byte => reassembler.push(Uint8Array.of(byte)))
    expect(bytewise.every(pushed => pushed.ok)).toBe(true)
    expect(bytewise.at(-1)).toMatchObject({ value: [{ command: 6 }] })
  })

  it('refuses what can be no header by its first byte, without waiting for more', () => {
    expect(new Reassembler(100).push(Uint8Array.of(0xff)).ok).toBe(false)
  })

  it('hands out what was complete before the garbage', () => {
    const pushed = new Reassembler(100).push(hexToBytes('0300000100000105a0ffffffff'))
    expect(pushed).toMatchObject({ ok: false, error: { complete: [{ command: 5 }] } })
  })

  it('does not keep the chunks that it was given', () => {
    const reassembler = new Reassembler(100)
    const chunk = hexToBytes('0300000200000105a0')
    reassembler.push(chunk)
    chunk.fill(0xee)
    const pushed = reassembler.push(Uint8Array.of(1))
    expect(pushed.ok && pushed.value[0]?.payload).toEqual(Uint8Array.of(0xa0, 1))
  })
})
