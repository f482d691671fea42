// The gateway's messages and code: round trips, truncation, and whatever bytes a stranger sends.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, utf8 } from '../../../src/core/bytes.ts'
import { readGatewayCode, writeGatewayCode } from '../../../src/core/gateway/code.ts'
import {
  decodeGatewayMessage,
  encodeGatewayMessage,
  type GatewayDevice,
  type GatewayMessage,
  gatewayEndings,
  gatewayRefusals,
  listable,
  MAX_GATEWAY_DATA,
  MAX_GATEWAY_MESSAGE,
} from '../../../src/core/gateway/message.ts'

const key = fc.uint8Array({ minLength: 16, maxLength: 16 })
const text = (min: number, max: number) =>
  fc.string({ unit: 'grapheme', maxLength: max }).filter(value => {
    const { length } = utf8(value)
    return length >= min && length <= max && value.isWellFormed()
  })
const uuid = fc.uuid().map(value => value.toLowerCase())
const device: fc.Arbitrary<GatewayDevice> = fc.record({
  id: text(1, 64),
  name: text(0, 60),
  rssi: fc.option(fc.integer({ min: -127, max: 20 })),
  isTaken: fc.boolean(),
  services: fc.array(uuid, { maxLength: 3 }),
})
const message: fc.Arbitrary<GatewayMessage> = fc.oneof(
  key.map(value => ({ kind: 'list' as const, key: value })),
  fc.record({ kind: fc.constant('open' as const), key, id: text(1, 64) }),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => ({ kind: 'data' as const, bytes })),
  fc.constant({ kind: 'battery' as const }),
  fc.array(device, { maxLength: 4 }).map(devices => ({ kind: 'devices' as const, devices })),
  fc.nat(0xffff).map(writeSize => ({ kind: 'opened' as const, writeSize })),
  fc.constant({ kind: 'taken' as const }),
  fc.option(fc.nat(100)).map(percent => ({ kind: 'level' as const, percent })),
  fc
    .constantFrom(...(Object.keys(gatewayEndings) as (keyof typeof gatewayEndings)[]))
    .map(ending => ({ kind: 'ended' as const, ending })),
  fc
    .constantFrom(...(Object.keys(gatewayRefusals) as (keyof typeof gatewayRefusals)[]))
    .map(refusal => ({ kind: 'refused' as const, refusal, detail: 'no such thing' })),
)

describe('a gateway’s message', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(message, sent => {
        const bytes = encodeGatewayMessage(sent)
        expect(new DataView(bytes.buffer).getUint32(0)).toBe(bytes.length - 4)
        expect(decodeGatewayMessage(bytes.subarray(4))).toEqual({ ok: true, value: sent })
      }),
    )
  })

  test('cut at any byte is another message or malformed, and never throws', () => {
    fc.assert(
      fc.property(message, sent => {
        const body = encodeGatewayMessage(sent).subarray(4)
        for (let end = 0; end < body.length; end++) {
          const read = decodeGatewayMessage(body.subarray(0, end))
          if (read.ok) expect(['data', 'refused']).toContain(read.value.kind)
          else expect(read.error.kind).toBe('gatewayMessageMalformed')
        }
      }),
      { numRuns: 40 },
    )
  })

  test('of random bytes is read or malformed, and what is read is written the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), body => {
        const read = decodeGatewayMessage(body)
        if (!read.ok) expect(read.error.kind).toBe('gatewayMessageMalformed')
        // What a refusal says is shown in printable characters.
        else if (read.value.kind !== 'refused')
          expect(encodeGatewayMessage(read.value).subarray(4)).toEqual(body)
      }),
    )
  })

  test('byte by byte', () => {
    const listed = encodeGatewayMessage({
      kind: 'devices',
      devices: [
        {
          id: 'C0:00:00:00:00:01',
          name: 'Löwe',
          rssi: -51,
          isTaken: true,
          services: ['8d53dc1d-1db7-4cd3-868b-8a527460aa84'],
        },
      ],
    })
    expect(listed).toEqual(
      concat(
        fromHex('0x0000002d8101') ?? new Uint8Array(),
        fromHex('0x11') ?? new Uint8Array(),
        utf8('C0:00:00:00:00:01'),
        fromHex('0x054cc3b67765') ?? new Uint8Array(),
        fromHex('0xcd0101') ?? new Uint8Array(),
        fromHex('0x8d53dc1d1db74cd3868b8a527460aa84') ?? new Uint8Array(),
      ),
    )
    expect(encodeGatewayMessage({ kind: 'data', bytes: Uint8Array.of(1, 2) })).toEqual(
      Uint8Array.of(0, 0, 0, 3, 3, 1, 2),
    )
    expect(encodeGatewayMessage({ kind: 'taken' })).toEqual(Uint8Array.of(0, 0, 0, 1, 0x83))
    expect(encodeGatewayMessage({ kind: 'ended', ending: 'lost' })).toEqual(
      Uint8Array.of(0, 0, 0, 2, 0x85, 2),
    )
  })

  test('lists the nearest 64 of any number of devices, whatever they are called', () => {
    fc.assert(
      fc.property(fc.array(device, { maxLength: 90 }), fc.string({ maxLength: 400 }), (devices, long) => {
        const shown = listable(devices.map((each, i) => ({ ...each, name: i % 2 ? each.name : `ä${long}` })))
        expect(shown.length).toBe(Math.min(devices.length, 64))
        const bytes = encodeGatewayMessage({ kind: 'devices', devices: shown })
        expect(bytes.length - 4).toBeLessThanOrEqual(MAX_GATEWAY_MESSAGE)
        const strengths = shown.map(({ rssi }) => rssi ?? -128)
        expect(strengths).toEqual([...strengths].sort((a, b) => b - a))
      }),
      { numRuns: 30 },
    )
  })

  test('what does not fit its field is a bug of whoever sends it', () => {
    const tooLong = new Uint8Array(MAX_GATEWAY_DATA + 1)
    expect(() => encodeGatewayMessage({ kind: 'data', bytes: tooLong })).toThrow(RangeError)
    expect(() => encodeGatewayMessage({ kind: 'list', key: new Uint8Array(15) })).toThrow(RangeError)
    expect(() => encodeGatewayMessage({ kind: 'level', percent: 101 })).toThrow(RangeError)
  })
})

const PEER = '12D3KooWGRUvqdBLsUE8mNWXVrLmb8NRZ4uBPjnnpNYCh7mzhwp1'
const OTHER = '12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq'

describe('a gateway’s code', () => {
  const secret = Uint8Array.from({ length: 16 }, (_, i) => 200 + i)
  const addresses = [
    `/ip4/192.168.1.7/tcp/8646/ws/p2p/${PEER}`,
    `/dns4/relay.example/tcp/443/tls/ws/p2p/${OTHER}/p2p-circuit/webrtc/p2p/${PEER}`,
  ]
  const code = writeGatewayCode({ addresses, key: secret })

  test('names a peer, its addresses and its key, however it was typed', () => {
    const read = { peerId: PEER, addresses, key: secret }
    expect(readGatewayCode(code)).toEqual(read)
    expect(readGatewayCode(`  ${code.toLowerCase().replace(/(.{40})/g, '$1\n')} `)).toEqual(read)
  })

  test('with any character changed or missing is none', () => {
    for (let at = 0; at < code.length; at++) {
      expect(readGatewayCode(code.slice(0, at))).toBeUndefined()
      const other = code[at] === 'A' ? 'B' : 'A'
      expect(readGatewayCode(code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined()
    }
  })

  test('is not made of addresses that lead to two peers, or to nobody', () => {
    const elsewhere = `/ip4/10.0.0.1/tcp/1/ws/p2p/${OTHER}`
    expect(() => writeGatewayCode({ addresses: [...addresses, elsewhere], key: secret })).toThrow(RangeError)
    expect(() => writeGatewayCode({ addresses: [], key: secret })).toThrow(RangeError)
    expect(() => writeGatewayCode({ addresses: ['/ip4/10.0.0.1/tcp/1/ws'], key: secret })).toThrow(RangeError)
    expect(() => writeGatewayCode({ addresses, key: secret.slice(1) })).toThrow(RangeError)
  })
})
