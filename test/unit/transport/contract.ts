// What every way to a device must hold, run against each of them: the same device, the same questions, the same accidents.
import { describe, expect, test } from 'vitest'
import { MemoryFlash } from '../../../device/flash.ts'
import { installFactoryImage, ReferenceDevice } from '../../../device/referenceDevice.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { verifyIdentity } from '../../../src/core/identity.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { type Failure, fail, ok, type Result } from '../../../src/core/result.ts'
import { SmpClient, type SmpFailure } from '../../../src/core/smp/client.ts'
import { FobCommand, readIdentity } from '../../../src/core/smp/fob.ts'
import { ImageCommand, readState, setState } from '../../../src/core/smp/image.ts'
import { Reassembler, SmpGroup, type SmpMessage, SmpOp } from '../../../src/core/smp/message.ts'
import { echo, OsCommand, readParams, reset } from '../../../src/core/smp/os.ts'
import type { ByteTransport, LinkLoss } from '../../../src/core/smp/transport.ts'
import { uploadImage } from '../../../src/core/smp/upload.ts'
import { IDENTITY, POLICY, testImage } from '../device/fixtures.ts'

/** One way to `device`, for one test. */
export interface Way {
  /** A new link, as the app gets one. Rejects or resolves with undefined where the device can't be reached now. */
  connect(): Promise<ByteTransport | undefined>
  /** The link breaks: out of reach, unplugged. */
  cut(): void
  stop(): Promise<void>
}

const BODY = 5_000
const BUF_SIZE = 2_475
const images = { old: testImage({ bodySize: BODY }), new: testImage({ minor: 1, bodySize: BODY }) }
const firmware = firmwareOf(images.new)
const newHash = toHex(firmware.imageHash)

/** What the registry would say of a test image. */
export function firmwareOf(bytes: Uint8Array): VerifiedFirmware {
  const parsed = parseImage(bytes)
  if (!parsed.ok || !parsed.value.keyHash) throw new Error('the fixture is no image')
  const { version, imageHash, keyHash, securityCounter } = parsed.value
  const manifest = {
    ...{ version, securityCounter: securityCounter ?? 0, cid: '', size: bytes.length },
    ...{ model: 'Fob Lock One', hardware: 'rev B', validUntil: 2_000_000_000, notes: '', peers: [] },
    fileHash: toHex(imageDigest('sha256', bytes)),
    imageHash: toHex(imageHash),
    keyHash: toHex(keyHash),
  }
  const checked = verifyFirmware(bytes, manifest, { hardware: 'rev B', slotSize: null })
  if (!checked.ok) throw new Error(checked.error.kind)
  return checked.value
}

/** A small lock that restarts quickly. */
export function makeDevice(): ReferenceDevice {
  const flash = new MemoryFlash({ slotSize: 16_384, sectorSize: 2_048 })
  installFactoryImage(flash, images.old)
  return new ReferenceDevice({
    ...{ ...IDENTITY, flash, timer, bufSize: BUF_SIZE },
    trustedKeys: POLICY.trustedKeys,
    ...{ resetMs: 5, bootMs: 20, maxWrite: 512 },
  })
}

/** Every kind of message of an update. */
const KINDS = {
  identity: (it: SmpMessage) => it.group === SmpGroup.fob && it.command === FobCommand.identity,
  parameters: (it: SmpMessage) => it.group === SmpGroup.os && it.command === OsCommand.params,
  'image state': (it: SmpMessage) => isImage(it, ImageCommand.state) && it.op === SmpOp.read,
  'the first piece': (it: SmpMessage) => isImage(it, ImageCommand.upload),
  'a later piece': (it: SmpMessage, earlier: number) => isImage(it, ImageCommand.upload) && earlier > 3,
  'the mark for one boot': (it: SmpMessage) => isImage(it, ImageCommand.state) && it.op === SmpOp.write,
  'the reset': (it: SmpMessage) => it.group === SmpGroup.os && it.command === OsCommand.reset,
} satisfies Readonly<Record<string, (message: SmpMessage, earlier: number) => boolean>>

const isImage = (it: SmpMessage, command: number) => it.group === SmpGroup.image && it.command === command

interface Watch {
  /** Sees each message that goes out; true: now. */
  onMessage(message: SmpMessage): boolean
  cut(): void
}

/** `transport`, with somebody who looks at what is written and cuts the link behind one message. */
function watched(transport: ByteTransport, watch: Watch | undefined): ByteTransport {
  if (!watch) return transport
  const sent = new Reassembler(0xffff)
  return {
    maxWrite: transport.maxWrite,
    async write(bytes) {
      const cut = sent.push(bytes)
      const isNow = (cut.ok ? cut.value : []).some(message => watch.onMessage(message))
      await transport.write(bytes)
      if (isNow) watch.cut()
    },
    onData: listener => transport.onData(listener),
    onClose: listener => transport.onClose(listener),
    close: () => transport.close(),
  }
}

function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.kind} ${result.error.detail ?? ''}`)
  return result.value
}

const pause = (ms: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, ms)
  })

/** Connects as the app does after a lost link: again, until the device is back. */
async function link(way: Way): Promise<ByteTransport> {
  for (let tries = 0; tries < 100; tries++) {
    const transport = await way.connect().catch(() => undefined)
    if (transport) return transport
    await pause(20)
  }
  throw new Error('the device does not come back')
}

/** What `ask` answers over a link of its own. */
async function over<T>(
  way: Way,
  watch: Watch | undefined,
  ask: (client: SmpClient) => Promise<T>,
): Promise<T> {
  const transport = watched(await link(way), watch)
  const client = new SmpClient(transport, { timer, timeoutMs: 1_000 })
  try {
    return await ask(client)
  } finally {
    client.dispose()
    await transport.close()
  }
}

/** One link's worth of an update; what to do next is read from the device. True once the new image is confirmed. */
async function goOn(client: SmpClient): Promise<Result<boolean, SmpFailure>> {
  const identity = await readIdentity(client, new Uint8Array(32).fill(4))
  if (!identity.ok) return identity
  const state = await readState(client)
  if (!state.ok) return state
  const active = state.value.find(slot => slot.active)
  if (active?.hash && toHex(active.hash) === newHash) {
    const confirmed = active.confirmed ? state : await setState(client, { hash: active.hash, confirm: true })
    return confirmed.ok ? ok(true) : confirmed
  }
  const params = await readParams(client)
  if (!params.ok) return params
  const other = state.value.find(slot => !slot.active && slot.hash && toHex(slot.hash) === newHash)
  if (!other) {
    const uploaded = await uploadImage(client, firmware, { params: { ...params.value, bufSize: 1_000 } })
    if (!uploaded.ok) {
      const { error } = uploaded
      if (error.kind === 'linkLost' || error.kind === 'timeout') return fail(error)
      throw new Error(error.kind)
    }
  }
  if (!other?.pending) {
    const marked = await setState(client, { hash: firmware.imageHash, confirm: false })
    if (!marked.ok) return marked
  }
  const restarted = await reset(client)
  return restarted.ok ? ok(false) : restarted
}

/** How often it had to connect. */
async function update(way: Way, watch?: Watch): Promise<number> {
  for (let links = 1; links <= 8; links++) {
    const done = await over(way, watch, goOn)
    if (done.ok && done.value) return links
    // It restarts: whoever is too quick meets the firmware that is about to end.
    await pause(40)
  }
  throw new Error('the update does not end')
}

/** The suite. `open` is called anew for each test. */
export function transportContract(name: string, open: (device: ReferenceDevice) => Promise<Way>): void {
  const withWay = async (task: (way: Way, device: ReferenceDevice) => Promise<void>): Promise<void> => {
    const device = makeDevice()
    const way = await open(device)
    try {
      await task(way, device)
    } finally {
      await way.stop()
      device.dispose()
    }
  }

  describe(`${name}, as every way to a device`, () => {
    test('tells who the device is, and carries messages of every length up to the device’s buffer', () =>
      withWay((way, device) =>
        over(way, undefined, async client => {
          const challenge = new Uint8Array(32).fill(4)
          const { maker, registry, model, hardware, ...rest } = must(await readIdentity(client, challenge))
          const signed = { maker: toHex(maker), name: model, hardware }
          const identity = must(
            verifyIdentity({ ...rest, challenge, registry: toHex(registry), model: signed }),
          )
          expect(identity.deviceId).toBe(device.deviceId)
          const { bufSize } = must(await readParams(client))
          // The header, and a map of one text with its length.
          const most = bufSize - 8 - 6
          for (const length of [0, 1, 11, 100, 243, 244, 245, 511, 512, 513, 1_024, most]) {
            const text = 'é'.repeat(Math.floor(length / 2)) + 'e'.repeat(length % 2)
            expect(must(await echo(client, text))).toBe(text)
          }
          const several = await Promise.all(['one', 'two', 'three'].map(text => echo(client, text)))
          expect(several.map(must)).toEqual(['one', 'two', 'three'])
        }),
      ))

    test('carries an update to its end', () =>
      withWay(async (way, device) => {
        await update(way)
        expect(device.runningVersion?.minor).toBe(1)
      }))

    test.each(Object.entries(KINDS))('goes on where it was when the link breaks at %s', (_, isKind) =>
      withWay(async (way, device) => {
        let uploads = 0
        let isDue = true
        const links = await update(way, {
          onMessage(message) {
            if (isImage(message, ImageCommand.upload)) uploads++
            const isNow = isDue && isKind(message, uploads)
            if (isNow) isDue = false
            return isNow
          },
          cut: way.cut,
        })
        expect(isDue).toBe(false)
        expect(links).toBeGreaterThan(1)
        expect(device.runningVersion?.minor).toBe(1)
      }),
    )

    test('says once that the link is gone, refuses what is written after that, and is closed as often as one likes', () =>
      withWay(async way => {
        const lost = await link(way)
        const client = new SmpClient(lost, { timer, timeoutMs: 1_000 })
        expect(must(await echo(client, 'here'))).toBe('here')
        client.dispose()
        const heard: LinkLoss[] = []
        const ended = new Promise<void>(resolve => {
          lost.onClose(loss => {
            heard.push(loss)
            resolve()
          })
        })
        way.cut()
        await ended
        await expect(lost.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'LinkError' })
        let late: LinkLoss | undefined
        lost.onClose(loss => {
          late = loss
        })
        expect(late).toBe(heard[0])
        await lost.close()
        await lost.close()
        expect(heard).toHaveLength(1)

        const closed = await link(way)
        let loss: LinkLoss | undefined
        closed.onClose(said => {
          loss = said
        })
        await Promise.all([closed.close(), closed.close()])
        await closed.close()
        expect(loss).toBe('closed')
        await expect(closed.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'LinkError' })
      }))

    test('takes bytes that are no SMP without breaking, and serves the next link as if nothing had been', () =>
      withWay(async way => {
        const transport = await link(way)
        const garbage = Uint8Array.from({ length: transport.maxWrite }, (_, i) => 255 - (i & 0x7f))
        await transport.write(garbage)
        // A header that promises more than ever comes.
        await transport.write(Uint8Array.of(8, 0, 4, 0, 0, 0, 9, 0, 1, 2, 3).subarray(0, transport.maxWrite))
        await transport.close()
        await over(way, undefined, async client => {
          expect(must(await echo(client, 'still here'))).toBe('still here')
        })
      }))
  })
}
