// Core's own SMP client against the reference device: the main job from verified bytes to a confirmed image.
import { describe, expect, it } from 'vitest'
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import type { ReferenceDevice, ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { verifyIdentity } from '../../../src/core/identity.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { readIdentity } from '../../../src/core/smp/fob.ts'
import { readSlotInfo, readState, setState, uploadCapacity } from '../../../src/core/smp/image.ts'
import { reset } from '../../../src/core/smp/os.ts'
import { uploadImage } from '../../../src/core/smp/upload.ts'
import { IDENTITY, POLICY, SIGNING_KEY, v } from './fixtures.ts'
import { ManualTimer } from './manualTimer.ts'

const image = (minor: number) =>
  buildDemoImage({
    kind: 'lock',
    hardware: 'rev B',
    version: v(1, minor),
    securityCounter: 1,
    signingKey: SIGNING_KEY,
    bodySize: 60_000,
  })

function firmwareOf(bytes: Uint8Array, slotSize: number | null): VerifiedFirmware {
  const parsed = parseImage(bytes)
  if (!parsed.ok || !parsed.value.keyHash) throw new Error('the fixture is no image')
  const { version, imageHash, keyHash, securityCounter } = parsed.value
  const manifest = {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version,
    securityCounter: securityCounter ?? 0,
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    size: bytes.length,
    fileHash: toHex(imageDigest('sha256', bytes)),
    imageHash: toHex(imageHash),
    keyHash: toHex(keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  const verified = verifyFirmware(bytes, manifest, { hardware: 'rev B', slotSize })
  if (!verified.ok) throw new Error(verified.error.kind)
  return verified.value
}

function demoLock(options: Partial<ReferenceDeviceOptions> = {}) {
  const timer = new ManualTimer()
  const { device } = createDemoDevice({
    ...IDENTITY,
    maker: IDENTITY.model.maker,
    kind: 'lock',
    trustedKeys: POLICY.trustedKeys,
    timer,
    storage: { factoryImage: image(0) },
    options,
  })
  return { timer, device }
}

/** Lets time pass until the promise settles, at most ten minutes of it. */
async function passing<T>(timer: ManualTimer, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = promise.finally(() => {
    isSettled = true
  })
  for (let i = 0; i < 6_000 && !isSettled; i++) await timer.advance(100)
  if (!isSettled) throw new Error('nothing happens any more')
  return settled
}

const clientOf = async (device: ReferenceDevice, timer: ManualTimer) =>
  new SmpClient(await device.connect(), { timer })

describe.each(['v2', 'v1'] as const)('a device that speaks SMP %s', protocol => {
  it('is identified, updated, read back and confirmed', async () => {
    const { timer, device } = demoLock({ protocol })
    const client = await clientOf(device, timer)

    const challenge = new Uint8Array(32).fill(4)
    const answer = await passing(timer, readIdentity(client, challenge))
    if (!answer.ok) throw new Error(answer.error.kind)
    const { maker, registry, model, hardware, ...rest } = answer.value
    const claim = {
      challenge,
      registry: toHex(registry),
      model: { maker: toHex(maker), name: model, hardware },
    }
    expect(verifyIdentity({ ...rest, ...claim })).toMatchObject({
      ok: true,
      value: { deviceId: device.deviceId },
    })

    const info = await passing(timer, readSlotInfo(client))
    const firmware = firmwareOf(image(1), info.ok ? uploadCapacity(info.value) : null)
    const uploaded = await passing(timer, uploadImage(client, firmware))
    expect(uploaded).toMatchObject({ ok: true, value: { resumedFrom: 0, rewinds: 0, deviceChecked: true } })
    const marked = await passing(timer, setState(client, { hash: firmware.imageHash, confirm: false }))
    expect(marked).toMatchObject({ ok: true, value: [{ active: true }, { pending: true }] })
    expect((await passing(timer, reset(client))).ok).toBe(true)
    await timer.advance(3000)

    const again = await clientOf(device, timer)
    const trial = await passing(timer, readState(again))
    expect(trial).toMatchObject({
      ok: true,
      value: [{ version: v(1, 1), active: true, confirmed: false }, {}],
    })
    if (!trial.ok) return
    expect(toHex(trial.value[0]?.hash ?? new Uint8Array())).toBe(toHex(firmware.imageHash))
    await passing(timer, setState(again, { hash: firmware.imageHash, confirm: true }))
    device.cyclePower()
    await timer.advance(3000)
    expect(device.runningVersion).toEqual(v(1, 1))
  })
})

it('goes on at the stored offset after the link broke anywhere', async () => {
  const { timer, device } = demoLock({ bufSize: 512 })
  const firmware = firmwareOf(image(1), null)
  let resumed = -1
  for (const at of [0.02, 0.05, 0.13, 0.27, 0.4, 0.55, 0.68, 0.71, 0.83, 0.95]) {
    const client = await clientOf(device, timer)
    const outcome = await passing(
      timer,
      uploadImage(client, firmware, {
        onProgress: ({ sent, total }) => {
          if (sent >= at * total) device.dropLink()
        },
      }),
    )
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'linkLost' } })
  }
  const last = await passing(
    timer,
    uploadImage(await clientOf(device, timer), firmware, {
      onProgress: ({ resumedFrom }) => {
        resumed = resumedFrom
      },
    }),
  )
  expect(last).toMatchObject({ ok: true, value: { deviceChecked: true } })
  expect(resumed).toBeGreaterThanOrEqual(0.95 * firmware.size)
})
