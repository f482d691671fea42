// The SMP server: framing, dispatch, buffers, the os and Fob groups, and garbage from outside.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { verifyIdentity } from '../../../src/core/identity.ts'
import { encodeCbor } from '../../../src/core/smp/cbor.ts'
import { MgmtError, OsError } from '../../../src/core/smp/errors.ts'
import { parseIdentityAnswer } from '../../../src/core/smp/fob.ts'
import { encodeMessage, SmpOp } from '../../../src/core/smp/message.ts'
import { flashWith, IDENTITY, POLICY, RawClient, startDevice, testImage } from './fixtures.ts'
import { ManualTimer } from './manualTimer.ts'

const IMAGE = testImage()

describe('os group', () => {
  it('echoes, also an empty text', async () => {
    const { client } = await startDevice(IMAGE)
    expect(await client.body('write', 0, 0, { d: 'hello ü' })).toEqual({ r: 'hello ü' })
    expect(await client.body('read', 0, 0, {})).toEqual({ r: '' })
    expect(await client.body('write', 0, 0, { d: 5 })).toEqual({ rc: MgmtError.EINVAL })
  })

  it('tells its buffers', async () => {
    const { client } = await startDevice(IMAGE, { bufSize: 1024, bufCount: 2 })
    expect(await client.body('read', 0, 6, {})).toEqual({ buf_size: 1024, buf_count: 2 })
  })

  it('tells about itself in a fixed order and refuses unknown letters', async () => {
    const { device, client } = await startDevice(IMAGE)
    const { localName } = device.advertisement
    expect(await client.body('read', 0, 7, {})).toEqual({ output: 'Fob-reference' })
    expect(await client.body('read', 0, 7, { format: 'in' })).toEqual({ output: `${localName} rev B` })
    expect(await client.body('read', 0, 7, { format: 'v' })).toEqual({ output: '1.0.0' })
    expect(await client.body('read', 0, 7, { format: 'a' })).toMatchObject({
      output: expect.stringContaining(localName),
    })
    expect(await client.body('read', 0, 7, { format: 'sz' })).toEqual({
      err: { group: 0, rc: OsError.INVALID_FORMAT },
    })
    const v1 = await client.ask('read', 0, 7, { format: 'z' }, 0)
    expect(v1?.body).toEqual({ rc: MgmtError.EINVAL })
  })

  it('names its bootloader and its mode', async () => {
    const { client } = await startDevice(IMAGE)
    expect(await client.body('read', 0, 8, {})).toEqual({ bootloader: 'MCUboot' })
    expect(await client.body('read', 0, 8, { query: 'mode' })).toEqual({ mode: 1, 'no-downgrade': true })
    expect(await client.body('read', 0, 8, { query: 'x' })).toEqual({
      err: { group: 0, rc: OsError.QUERY_YIELDS_NO_ANSWER },
    })
    const lenient = await startDevice(IMAGE, { preventDowngrade: false })
    expect(await lenient.client.body('read', 0, 8, { query: 'mode' })).toEqual({ mode: 1 })
  })
})

describe('Fob group', () => {
  it('proves the identity over the challenge', async () => {
    const { device, client } = await startDevice(IMAGE)
    const challenge = new Uint8Array(32).fill(3)
    const answer = parseIdentityAnswer((await client.body('read', 64, 0, { c: challenge })) ?? {})
    if (!answer) throw new Error('no identity')
    const verified = verifyIdentity({
      ...answer,
      challenge,
      registry: toHex(answer.registry),
      model: { maker: toHex(answer.maker), name: answer.model, hardware: answer.hardware },
    })
    expect(verified).toMatchObject({
      ok: true,
      value: {
        deviceId: device.deviceId,
        model: IDENTITY.model,
        chainId: 31337,
        registry: IDENTITY.registry,
      },
    })
  })

  it('signs nothing but 32 bytes, and is not there on a plain device', async () => {
    const { client } = await startDevice(IMAGE)
    for (const c of [new Uint8Array(31), new Uint8Array(33), 'x'.repeat(32)]) {
      expect(await client.body('read', 64, 0, { c })).toEqual({ rc: MgmtError.EINVAL })
    }
    const plain = await startDevice(IMAGE, { hasFobGroup: false })
    expect(await plain.client.body('read', 64, 0, { c: new Uint8Array(32) })).toEqual({
      rc: MgmtError.ENOTSUP,
    })
  })
})

describe('messages', () => {
  it('answers in the version of the request, with its sequence, group and command', async () => {
    const { client } = await startDevice(IMAGE)
    expect(await client.ask('read', 0, 6, {}, 0)).toMatchObject({ version: 0, op: SmpOp.readResponse })
    expect(await client.ask('write', 0, 0, {}, 1)).toMatchObject({ version: 1, op: SmpOp.writeResponse })
  })

  it('as an old server answers everything in version 1, with rc 0 on success', async () => {
    const { client } = await startDevice(IMAGE, { protocol: 'v1' })
    expect(await client.ask('write', 0, 0, { d: 'x' }, 1)).toMatchObject({
      version: 0,
      body: { rc: 0, r: 'x' },
    })
    expect(await client.ask('read', 0, 7, { format: 'z' }, 1)).toMatchObject({
      version: 0,
      body: { rc: MgmtError.EINVAL },
    })
  })

  it.each([
    ['an unknown group', 'read', 9, 0],
    ['an unknown command', 'read', 0, 99],
    ['reading what can only be written', 'read', 0, 5],
    ['writing what can only be read', 'write', 0, 6],
  ] as const)('does not support %s', async (_, op, group, command) => {
    const { client } = await startDevice(IMAGE)
    expect(await client.body(op, group, command, {})).toEqual({ rc: MgmtError.ENOTSUP })
  })

  it('says EINVAL for a body that is no map, where one is needed', async () => {
    const { client } = await startDevice(IMAGE)
    const before = client.answers.length
    await client.send('write', 0, 0, Uint8Array.of(0xff, 0x00))
    await client.timer.advance(10)
    expect(client.answers[before]?.body).toEqual({ rc: MgmtError.EINVAL })
    await client.send('read', 1, 0, new Uint8Array())
    await client.timer.advance(10)
    expect(client.answers[before + 1]?.body).toMatchObject({ images: [{ slot: 0 }] })
  })

  it('says EMSGSIZE where the answer does not fit its buffer', async () => {
    const { client } = await startDevice(IMAGE, { bufSize: 64 })
    expect(await client.body('write', 0, 0, { d: 'x'.repeat(30) })).toEqual({ r: 'x'.repeat(30) })
    expect(await client.body('read', 1, 0, {})).toEqual({ rc: MgmtError.EMSGSIZE })
  })

  it('drops a message longer than its buffer and goes on with the next', async () => {
    const { client } = await startDevice(IMAGE, { bufSize: 64 })
    expect(await client.ask('write', 0, 0, { d: 'x'.repeat(200) })).toBeUndefined()
    expect(await client.body('write', 0, 0, { d: 'y' })).toEqual({ r: 'y' })
  })

  it('takes messages in any fragments, several in one write, and loses those beyond its buffers', async () => {
    const { client } = await startDevice(IMAGE, { bufCount: 3, maxWrite: 400, requestMs: 20 })
    const echo = (sequence: number) =>
      encodeMessage({
        op: SmpOp.write,
        version: 1,
        flags: 0,
        group: 0,
        sequence,
        command: 0,
        payload: encodeCbor({ d: `message ${sequence}` }),
      })
    const all = Uint8Array.from([1, 2, 3, 4, 5].flatMap(sequence => [...echo(sequence)]))
    const written = client.transport.write(all)
    await client.timer.advance(500)
    await written
    expect(client.answers.map(({ body }) => body.r)).toEqual(['message 1', 'message 2', 'message 3'])

    for (const byte of echo(6)) {
      const one = client.transport.write(Uint8Array.of(byte))
      await client.timer.advance(1)
      await one
    }
    await client.timer.advance(100)
    expect(client.answers.at(-1)?.body.r).toBe('message 6')
  })

  it('does not answer responses', async () => {
    const { client } = await startDevice(IMAGE)
    const response = {
      op: SmpOp.readResponse,
      version: 1,
      flags: 0,
      group: 0,
      sequence: 0,
      command: 6,
    } as const
    const written = client.transport.write(encodeMessage({ ...response, payload: encodeCbor({}) }))
    await client.timer.advance(100)
    await written
    expect(client.answers).toEqual([])
  })

  it('never answers in the turn of the write, even with no delays', async () => {
    const { client, timer } = await startDevice(IMAGE)
    let answered = false
    client.transport.onData(() => {
      answered = true
    })
    const message = { op: SmpOp.read, version: 1, flags: 0, group: 0, sequence: 0, command: 6 } as const
    const written = client.transport.write(encodeMessage({ ...message, payload: encodeCbor({}) }))
    expect(answered).toBe(false)
    await timer.advance(0)
    await written
    expect(answered).toBe(true)
  })
})

describe('garbage', () => {
  it('never throws and never changes a slot, and the server still answers', async () => {
    const timer = new ManualTimer()
    const flash = flashWith(IMAGE)
    const device = new ReferenceDevice({ ...IDENTITY, trustedKeys: POLICY.trustedKeys, flash, timer })
    const before = flash.snapshot()
    const header = fc.record({
      op: fc.constantFrom(0, 1, 2, 3),
      group: fc.constantFrom(0, 1, 64, 77),
      // Everything but the commands that may change something with a well-formed body: reset and erase.
      command: fc.constantFrom(0, 1, 6, 7, 8, 200),
    })
    const message = fc
      .tuple(header, fc.uint8Array({ maxLength: 60 }))
      .map(([{ op, group, command }, payload]) =>
        Uint8Array.of((1 << 3) | op, 0, 0, payload.length, 0, group, 7, command, ...payload),
      )
    const fragment = fc.oneof(fc.uint8Array({ maxLength: 80 }), message)
    await fc.assert(
      fc.asyncProperty(fc.array(fragment, { maxLength: 5 }), async fragments => {
        const transport = await device.connect()
        for (const bytes of fragments) {
          const written = transport.write(bytes)
          await timer.advance(5)
          await written
        }
        expect(flash.snapshot()).toEqual(before)
        device.dropLink()
      }),
      { numRuns: 200 },
    )
    const client = new RawClient(timer, await device.connect())
    expect(await client.body('write', 0, 0, { d: 'still here' })).toEqual({ r: 'still here' })
  })

  it('of well-formed CBOR with wrong fields changes nothing either', async () => {
    const { client, flash } = await startDevice(IMAGE)
    const before = flash.snapshot()
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(null),
    )
    const key = fc.constantFrom(
      'd',
      'off',
      'len',
      'data',
      'sha',
      'image',
      'upgrade',
      'hash',
      'confirm',
      'c',
      'slot',
    )
    const command = fc.constantFrom([0, 0], [0, 6], [0, 7], [0, 8], [1, 0], [1, 1], [1, 6], [64, 0])
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value), command, async (body, [group = 0, id = 0]) => {
        expect(await client.ask('write', group, id, body)).toBeDefined()
        expect(flash.snapshot()).toEqual(before)
      }),
      { numRuns: 150 },
    )
  })
})
