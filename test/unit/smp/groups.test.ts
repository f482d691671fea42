// The standard groups and Fob's own, byte for byte, and with everything that a device may get wrong.
import { hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import type { Result } from '../../../src/core/result.ts'
import { type CborMap, decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { SmpClient, type SmpFailure } from '../../../src/core/smp/client.ts'
import {
  identityAnswerBody,
  parseIdentityAnswer,
  parseIdentityRequest,
  readIdentity,
} from '../../../src/core/smp/fob.ts'
import { erase, readSlotInfo, readState, setState, uploadCapacity } from '../../../src/core/smp/image.ts'
import { echo, readBootloader, readInfo, readParams, reset } from '../../../src/core/smp/os.ts'
import { chunkLength, openingLength, openingPacket } from '../../../src/core/smp/uploadPacket.ts'
import imageState from '../../vectors/smp/image-state.json' with { type: 'json' }
import traces from '../../vectors/smp/mcumgr-traces.json' with { type: 'json' }
import { answerBytes, type Script, ScriptedLink } from './scriptedLink.ts'
import { VirtualTime } from './virtualTime.ts'

/** Runs one call against a device; what it wrote comes back too, from the header on. */
async function call<T>(
  script: Script | CborMap,
  act: (client: SmpClient) => Promise<Result<T, SmpFailure>>,
): Promise<{ result: Result<T, SmpFailure>; sent: string[]; time: VirtualTime }> {
  const time = new VirtualTime()
  const answer = typeof script === 'function' ? script : () => script
  const device = new ScriptedLink({ timer: time, maxWrite: 500, script: answer })
  const result = await time.until(act(new SmpClient(device, { timer: time })))
  return { result, sent: device.writes.map(toHex), time }
}

const HASH = hexToBytes('d24cb3051354172bb5109f9cb4ae7861d96d6afdfc46db482ceb2d34a8a78ed0')
const malformed = { ok: false, error: { kind: 'malformed' } }

/** Sequence number 0, version 2. */
const frame = (op: number, group: number, command: number, body: CborMap): string => {
  const payload = encodeCbor(body)
  const header = [8 | op, 0, payload.length >> 8, payload.length & 0xff, group >> 8, group & 0xff, 0, command]
  return toHex(Uint8Array.from([...header, ...payload]))
}

describe('requests, to the byte', () => {
  it.each<[string, (client: SmpClient) => Promise<unknown>, string]>([
    ['echo', client => echo(client, 'hi'), '0x0a00000600000000a16164626869'],
    ['reset', client => reset(client), '0x0a00000100000005a0'],
    ['forced reset', client => reset(client, { force: true }), '0x0a00000800000005a165666f72636501'],
    ['parameters', client => readParams(client), '0x0800000100000006a0'],
    ['info', client => readInfo(client, 'sv'), frame(0, 0, 7, { format: 'sv' })],
    ['bootloader info', client => readBootloader(client), '0x0800000100000008a0'],
    ['image state', client => readState(client), '0x0800000100010000a0'],
    [
      'test',
      client => setState(client, { hash: HASH, confirm: false }),
      frame(2, 1, 0, { hash: HASH, confirm: false }),
    ],
    [
      'confirm',
      client => setState(client, { hash: null, confirm: true }),
      '0x0a00000a00010000a167636f6e6669726df5',
    ],
    ['erase', client => erase(client), '0x0a00000100010005a0'],
    ['erase of a slot', client => erase(client, { slot: 1 }), '0x0a00000700010005a164736c6f7401'],
    ['slot info', client => readSlotInfo(client), '0x0800000100010006a0'],
    ['identity', client => readIdentity(client, HASH), `0x0800002500400000a161635820${toHex(HASH).slice(2)}`],
  ])('%s', async (_, act, bytes) => {
    const { sent } = await call(
      () => ({ rc: 8 }),
      async client => {
        await act(client)
        return { ok: true, value: null }
      },
    )
    expect(sent[0]).toBe(bytes)
  })
})

describe('group 0', () => {
  it('reads what a device says', async () => {
    const device: Script = ({ message, body }) => {
      if (message.command === 0) return { r: body.d ?? '' }
      if (message.command === 6) return { buf_size: 2475, buf_count: 4 }
      if (message.command === 7) return { output: 'Zephyr 4.1.0' }
      if (message.command === 8)
        return body.query ? { mode: 1, 'no-downgrade': true } : { bootloader: 'MCUboot' }
      return {}
    }
    expect((await call(device, client => echo(client, 'ü'))).result).toEqual({ ok: true, value: 'ü' })
    expect((await call(device, client => readParams(client))).result).toEqual({
      ok: true,
      value: { bufSize: 2475, bufCount: 4 },
    })
    expect((await call(device, client => readInfo(client, 'a'))).result).toEqual({
      ok: true,
      value: 'Zephyr 4.1.0',
    })
    expect((await call(device, client => readBootloader(client))).result).toEqual({
      ok: true,
      value: { name: 'MCUboot', mode: 1, noDowngrade: true },
    })
    expect((await call(device, client => reset(client))).result.ok).toBe(true)
  })

  it("asks only MCUboot for MCUboot's mode", async () => {
    const { result, sent } = await call({ bootloader: 'Other' }, client => readBootloader(client))
    expect(result).toEqual({ ok: true, value: { name: 'Other', mode: null, noDowngrade: false } })
    expect(sent).toHaveLength(1)
  })

  it.each<[string, (client: SmpClient) => Promise<Result<unknown, SmpFailure>>, CborMap]>([
    ['echo without an answer', client => echo(client, 'x'), {}],
    ['echo with bytes', client => echo(client, 'x'), { r: Uint8Array.of(1) }],
    ['parameters without a count', client => readParams(client), { buf_size: 256 }],
    ['parameters below zero', client => readParams(client), { buf_size: -1, buf_count: 1 }],
    ['info as a number', client => readInfo(client, 's'), { output: 1 }],
    ['a bootloader without a name', client => readBootloader(client), { mode: 1 }],
    ['a mode as text', client => readBootloader(client), { bootloader: 'MCUboot', mode: 'swap' }],
  ])('refuses %s', async (_, act, body) => {
    expect((await call(body, act)).result).toMatchObject(malformed)
  })
})

describe('image state', () => {
  it.each([
    ['a Mynewt device (mcumgr trace)', hexToBytes(traces.imageListResponse).slice(8), '0.3.0'],
    ['a Mynewt device (published body)', hexToBytes(imageState.body), '1.0.0'],
  ])('of %s is read', async (_, payload, versionText) => {
    const { result } = await call(
      request => [answerBytes(request, {}, { payload })],
      client => readState(client),
    )
    expect(result).toMatchObject({
      ok: true,
      value: [
        {
          image: 0,
          slot: 0,
          versionText,
          bootable: true,
          pending: false,
          confirmed: true,
          active: true,
          permanent: false,
        },
      ],
    })
  })

  it('fills in what devices leave out: image 0, false flags, the hash in serial recovery', async () => {
    const { result } = await call({ images: [{ slot: 1, version: '1.2.3.4' }] }, client => readState(client))
    expect(result).toEqual({
      ok: true,
      value: [
        {
          image: 0,
          slot: 1,
          versionText: '1.2.3.4',
          version: { major: 1, minor: 2, revision: 3, build: 4 },
          hash: null,
          bootable: false,
          pending: false,
          confirmed: false,
          active: false,
          permanent: false,
        },
      ],
    })
  })

  it('keeps a version in another form as text', async () => {
    const { result } = await call({ images: [{ slot: 0, version: '<???>' }] }, client => readState(client))
    expect(result).toMatchObject({ ok: true, value: [{ versionText: '<???>', version: null }] })
  })

  it.each([32, 48, 64])('takes a hash of %i bytes', async length => {
    const hash = new Uint8Array(length).fill(1)
    const { result } = await call({ images: [{ slot: 0, version: '1.0.0', hash }] }, client =>
      readState(client),
    )
    expect(result).toMatchObject({ ok: true, value: [{ hash }] })
  })

  const slot = { slot: 0, version: '1.0.0', hash: HASH }
  it.each<[string, CborMap]>([
    ['no list', {}],
    ['a list that is a map', { images: {} }],
    ['an entry that is text', { images: ['x'] }],
    ['no slot', { images: [{ version: '1.0.0', hash: HASH }] }],
    ['a slot as text', { images: [{ ...slot, slot: '0' }] }],
    ['no version', { images: [{ slot: 0, hash: HASH }] }],
    ['a hash of 20 bytes', { images: [{ ...slot, hash: HASH.slice(0, 20) }] }],
    ['a hash as text', { images: [{ ...slot, hash: 'd24c' }] }],
    ['a flag as a number', { images: [{ ...slot, confirmed: 1 }] }],
    ['the same slot twice', { images: [slot, slot] }],
    [
      'two running images',
      {
        images: [
          { ...slot, active: true },
          { ...slot, slot: 1, active: true },
        ],
      },
    ],
    ['a hundred images', { images: Array.from({ length: 100 }, (_, i) => ({ ...slot, slot: i })) }],
  ])('with %s is malformed', async (_, body) => {
    expect((await call(body, client => readState(client))).result).toMatchObject(malformed)
  })

  it('is read again when the device confirms with an empty answer', async () => {
    const device: Script = ({ message }) => (message.op === 2 ? {} : { images: [slot] })
    const { result, sent } = await call(device, client => setState(client, { hash: HASH, confirm: true }))
    expect(result).toMatchObject({ ok: true, value: [{ hash: HASH }] })
    expect(sent).toHaveLength(2)
  })
})

describe('erase', () => {
  it('is waited for longer than other commands', async () => {
    const { result, time } = await call(
      () => undefined,
      client => erase(client),
    )
    expect(result).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(time.now()).toBe(40_000)
  })
})

describe('slot info', () => {
  const images = [
    {
      image: 0,
      slots: [
        { slot: 0, size: 901_120 },
        { slot: 1, size: 884_736, upload_image_id: 0 },
      ],
      max_image_size: 880_000,
    },
    {
      image: 1,
      slots: [
        { slot: 0, size: 65_536 },
        { slot: 1, rc: -19 },
      ],
    },
  ]

  it('says how much can be uploaded, as far as it is known', async () => {
    const { result } = await call({ images }, client => readSlotInfo(client))
    if (!result.ok) throw new Error(result.error.kind)
    expect(uploadCapacity(result.value)).toBe(880_000)
    expect(uploadCapacity(result.value, 1)).toBeNull()
    expect(uploadCapacity(result.value, 2)).toBeNull()
    expect(uploadCapacity(result.value.map(info => ({ ...info, maxImageSize: null })))).toBe(884_736)
  })

  it.each<[string, CborMap]>([
    ['no list', {}],
    ['no slots', { images: [{ image: 0 }] }],
    ['a size as text', { images: [{ image: 0, slots: [{ slot: 0, size: '1' }] }] }],
    ['a limit below zero', { images: [{ image: 0, slots: [], max_image_size: -1 }] }],
  ])('with %s is malformed', async (_, body) => {
    expect((await call(body, client => readSlotInfo(client))).result).toMatchObject(malformed)
  })
})

describe("Fob's group", () => {
  const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const answer = fc.record({
    maker: bytesOf(20),
    model: fc.string(),
    hardware: fc.string(),
    chainId: fc.nat(),
    registry: bytesOf(20),
    publicKey: bytesOf(64),
    signature: bytesOf(64),
  })
  const example = {
    maker: new Uint8Array(20).fill(1),
    model: 'Fob Lock One',
    hardware: 'rev B',
    chainId: 31337,
    registry: new Uint8Array(20).fill(2),
    publicKey: new Uint8Array(64).fill(3),
    signature: new Uint8Array(64).fill(4),
  }

  it('reads an identity as it was written', () => {
    fc.assert(
      fc.property(answer, identity => {
        const body = decodeCborMap(encodeCbor(identityAnswerBody(identity)))
        expect(body.ok && parseIdentityAnswer(body.value)).toEqual(identity)
      }),
    )
  })

  it('asks with a challenge and takes the answer', async () => {
    const device: Script = ({ body }) => {
      expect(parseIdentityRequest(body)).toEqual(HASH)
      return identityAnswerBody(example)
    }
    expect((await call(device, client => readIdentity(client, HASH))).result).toEqual({
      ok: true,
      value: example,
    })
  })

  const body = identityAnswerBody(example)
  it.each<[string, CborMap]>([
    ['another version', { ...body, v: 2 }],
    ['a maker of 19 bytes', { ...body, mk: new Uint8Array(19) }],
    ['a registry of 21 bytes', { ...body, rg: new Uint8Array(21) }],
    ['a compressed key', { ...body, pk: new Uint8Array(33) }],
    ['a DER signature', { ...body, sg: new Uint8Array(70) }],
    ['a model as bytes', { ...body, mo: Uint8Array.of(1) }],
    ['a negative chain', { ...body, ch: -1 }],
    ['nothing', {}],
  ])('refuses an identity with %s', async (_, wrong) => {
    expect((await call(wrong, client => readIdentity(client, HASH))).result).toMatchObject(malformed)
  })

  it('asks with 32 bytes only', async () => {
    await expect(call({}, client => readIdentity(client, new Uint8Array(31)))).rejects.toThrow(RangeError)
    expect(parseIdentityRequest({ c: new Uint8Array(31) })).toBeUndefined()
    expect(parseIdentityRequest({ c: 'text' })).toBeUndefined()
  })

  it('is unknown to plain devices, which say so', async () => {
    const { result } = await call({ rc: 8 }, client => readIdentity(client, HASH))
    expect(result).toMatchObject({ ok: false, error: { kind: 'deviceError', group: null, rc: 8 } })
  })
})

describe('upload packets', () => {
  const target = { image: 0, size: 100_000, fileHash: HASH, upgradeOnly: false }

  it('fill a message of any size as far as alignment lets them, and not further', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 70_000 }),
        fc.integer({ min: 8, max: 99_999 }),
        (limit, offset) => {
          const length = chunkLength(offset, target.size, limit)
          const size = (data: number) => 8 + encodeCbor({ off: offset, data: new Uint8Array(data) }).length
          if (length > 0) expect(size(length)).toBeLessThanOrEqual(limit)
          if (length < target.size - offset && limit < 65_000) {
            expect(length % 8).toBe(0)
            expect(size(length + 8)).toBeGreaterThan(limit)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('open with at least the image header, or not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), limit => {
        const length = openingLength(target, limit)
        const fits = 8 + encodeCbor(openingPacket(target, new Uint8Array(32))).length <= limit
        expect(length !== undefined).toBe(fits)
        if (length !== undefined) {
          expect(length).toBeGreaterThanOrEqual(32)
          expect(8 + encodeCbor(openingPacket(target, new Uint8Array(length))).length).toBeLessThanOrEqual(
            limit,
          )
        }
      }),
    )
  })
})
