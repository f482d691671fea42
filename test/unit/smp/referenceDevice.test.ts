// The client against the reference device: two implementations of SMP that were written apart, for a whole update.
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { readSlotInfo, readState, setState, uploadCapacity } from '../../../src/core/smp/image.ts'
import { readBootloader, readInfo, readParams, reset } from '../../../src/core/smp/os.ts'
import { probeWriteSize } from '../../../src/core/smp/probe.ts'
import { uploadImage } from '../../../src/core/smp/upload.ts'
import { VirtualTime } from './virtualTime.ts'

const signingKey = new Uint8Array(32).fill(5)
const trustedKey = signerPublicKey({ kind: 'ecdsaP256', secretKey: signingKey })
const imageOf = (minor: number) =>
  buildDemoImage({
    kind: 'lock',
    hardware: 'rev B',
    version: { major: 1, minor, revision: 0, build: 0 },
    securityCounter: 1,
    signingKey,
    bodySize: 40_000,
  })

function setUp(options: NonNullable<Parameters<typeof createDemoDevice>[0]['options']> = {}) {
  const time = new VirtualTime()
  const { device } = createDemoDevice({
    kind: 'lock',
    maker: `0x${'11'.repeat(20)}`,
    registry: `0x${'22'.repeat(20)}`,
    chainId: 31337,
    trustedKeys: [trustedKey],
    key: new Uint8Array(32).fill(9),
    timer: time,
    storage: { factoryImage: imageOf(0) },
    options,
  })
  const connect = async () => new SmpClient(await device.connect(), { timer: time })
  return { time, device, connect }
}

function verifiedUpdate() {
  const bytes = imageOf(1)
  const image = parseImage(bytes)
  if (!image.ok || !image.value.keyHash) throw new Error('the demo image must parse')
  const manifest = {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version: image.value.version,
    securityCounter: 1,
    cid: '',
    size: bytes.length,
    fileHash: toHex(sha256(bytes)),
    imageHash: toHex(image.value.imageHash),
    keyHash: toHex(image.value.keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  const verified = verifyFirmware(bytes, manifest, { hardware: 'rev B', slotSize: null })
  if (!verified.ok) throw new Error(verified.error.kind)
  return verified.value
}

describe.each(['v1', 'v2'] as const)('the reference device in %s', protocol => {
  it('tells what it is', async () => {
    const { time, connect } = setUp({ protocol, bufSize: 512, bufCount: 3 })
    const client = await connect()
    expect(await time.until(readParams(client))).toEqual({ ok: true, value: { bufSize: 512, bufCount: 3 } })
    expect(await time.until(readBootloader(client))).toMatchObject({ ok: true, value: { name: 'MCUboot' } })
    expect(await time.until(readInfo(client, 'a'))).toMatchObject({ ok: true })
    expect(await time.until(probeWriteSize(client))).toEqual({
      ok: true,
      value: { writeSize: 244, inSync: true },
    })
    const info = await time.until(readSlotInfo(client))
    expect(info.ok && uploadCapacity(info.value)).toBeGreaterThan(40_000)
    expect(client.protocolVersion).toBe(protocol === 'v1' ? 1 : 2)
  })

  it('is updated: upload over a link that is lost twice, test, reset, confirm', async () => {
    const firmware = verifiedUpdate()
    const { time, device, connect } = setUp({ protocol })
    let resumedFrom = 0
    for (const dropAt of [9_000, 25_000]) {
      const client = await connect()
      const lost = await time.until(
        uploadImage(client, firmware, {
          onProgress: ({ sent }) => {
            if (sent >= dropAt) device.dropLink()
          },
        }),
      )
      expect(lost).toMatchObject({ ok: false, error: { kind: 'linkLost', loss: 'lost' } })
      resumedFrom = dropAt
    }
    const client = await connect()
    const uploaded = await time.until(uploadImage(client, firmware))
    expect(uploaded).toMatchObject({ ok: true })
    if (uploaded.ok) {
      expect(uploaded.value.resumedFrom).toBeGreaterThanOrEqual(resumedFrom)
      expect(uploaded.value.bytesSent).toBeLessThan(firmware.size - resumedFrom + 3_000)
    }

    const state = await time.until(setState(client, { hash: firmware.imageHash, confirm: false }))
    expect(state.ok && state.value.find(({ slot }) => slot === 1)).toMatchObject({
      hash: firmware.imageHash,
      pending: true,
      permanent: false,
    })
    expect((await time.until(reset(client))).ok).toBe(true)
    await time.pass(3_000)

    const again = await connect()
    const booted = await time.until(readState(again))
    const running = { slot: 0, versionText: '1.1.0', active: true, hash: firmware.imageHash }
    expect(booted.ok && booted.value.find(({ active }) => active)).toMatchObject({
      ...running,
      confirmed: false,
    })
    const confirmed = await time.until(setState(again, { hash: null, confirm: true }))
    expect(confirmed.ok && confirmed.value.find(({ active }) => active)).toMatchObject({
      ...running,
      confirmed: true,
    })
  })

  it.each([
    { bufSize: 300, bufCount: 1, maxWrite: 20 },
    { bufSize: 384, bufCount: 2, maxWrite: 100 },
    { bufSize: 4096, bufCount: 8, maxWrite: 498 },
  ])('takes an upload with $bufCount buffers of $bufSize bytes and writes of $maxWrite', async options => {
    const firmware = verifiedUpdate()
    const { time, connect } = setUp({ protocol, ...options })
    const client = await connect()
    expect(await time.until(uploadImage(client, firmware))).toMatchObject({ ok: true, value: { rewinds: 0 } })
    const state = await time.until(readState(client))
    expect(state.ok && state.value.find(({ slot }) => slot === 1)?.hash).toEqual(firmware.imageHash)
  })

  it('refuses to mark the running image for a test', async () => {
    const { time, connect } = setUp({ protocol })
    const client = await connect()
    const state = await time.until(readState(client))
    const hash = (state.ok && state.value[0]?.hash) || new Uint8Array()
    const refused = await time.until(setState(client, { hash, confirm: false }))
    expect(refused).toMatchObject({ ok: false, error: { kind: 'deviceError' } })
    if (protocol === 'v2') expect(refused).toMatchObject({ error: { group: 1, rc: 33 } })
  })

  it('refuses an image that is not newer, when the upload asks for it', async () => {
    const firmware = verifiedUpdate()
    const { time, connect } = setUp({ protocol })
    const client = await connect()
    await time.until(uploadImage(client, firmware))
    await time.until(setState(client, { hash: firmware.imageHash, confirm: true }))
    await time.until(reset(client))
    await time.pass(3_000)
    const refused = await time.until(uploadImage(await connect(), firmware, { upgradeOnly: true }))
    expect(refused).toMatchObject({ ok: false, error: { kind: 'deviceError' } })
    if (protocol === 'v2')
      expect(refused).toMatchObject({ error: { name: 'IMG_MGMT_ERR_CURRENT_VERSION_IS_NEWER' } })
  })
})
